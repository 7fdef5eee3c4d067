# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import (
    Capacity,
    Goal,
    Quota,
    Target,
    TargetKind,
    TargetSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import capacity as plan

ASG = Target(TargetKind.ASG, "web", desired=4)
API = Target(TargetKind.ECS, "api", "shop", desired=4)
LIVE = Target(TargetKind.LAMBDA, "live", "orders", desired=4)


def test_a_target_that_wants_enough_needs_nothing() -> None:
    assert plan.decide(API, Capacity(4, 0), False) is None


@pytest.mark.parametrize("target", [API, LIVE])
def test_what_wants_more_is_left_alone_unless_scaling_down_is_allowed(target: Target) -> None:
    assert plan.decide(target, Capacity(9, 9), False) is None
    assert plan.decide(target, Capacity(9, 9), True) == plan.Scale(target, 4)


@pytest.mark.parametrize(
    ("target", "service", "action"),
    [
        (ASG, "autoscaling", "UpdateAutoScalingGroup"),
        (API, "ecs", "UpdateService"),
        (LIVE, "lambda", "PutProvisionedConcurrencyConfig"),
    ],
)
def test_each_kind_has_its_one_call(target: Target, service: str, action: str) -> None:
    scale = plan.decide(target, Capacity(1, 1, minimum=0, maximum=9), False)
    assert scale is not None
    assert (scale.service, scale.action) == (service, action)


def test_concurrency_scaled_to_none_is_deleted() -> None:
    scale = plan.decide(Target(TargetKind.LAMBDA, "live", "orders", desired=0), Capacity(3, 3), True)
    assert scale is not None
    assert scale.action == "DeleteProvisionedConcurrencyConfig"


def test_a_maximum_in_the_way_is_raised() -> None:
    assert plan.decide(ASG, Capacity(1, 1, minimum=0, maximum=2), False) == plan.Scale(ASG, 4, None, 4)


def test_bounds_only_widen_upwards_unless_scaling_down_is_allowed() -> None:
    target = Target(TargetKind.ASG, "web", desired=2, minimum=1, maximum=3)
    seen = Capacity(2, 2, minimum=2, maximum=9)
    assert plan.decide(target, seen, False) is None
    assert plan.decide(target, seen, True) == plan.Scale(target, 2, 1, 3)


def test_a_minimum_never_stands_above_what_is_wanted() -> None:
    target = Target(TargetKind.ASG, "web", desired=0)
    assert plan.decide(target, Capacity(2, 2, minimum=2, maximum=9), True) == plan.Scale(target, 0, 0, None)


@pytest.mark.parametrize(
    ("seen", "serves"),
    [
        (None, False),
        (Capacity(4, 3), False),
        (Capacity(4, 4), True),
        (Capacity(4, 5), True),
        (Capacity(4, 4, steady=False), False),
        (Capacity(3, 4), False),
    ],
)
def test_scaled_up_it_serves_when_enough_do_and_nothing_is_replaced(seen: Capacity | None, serves: bool) -> None:
    assert plan.serves(Goal(API, 4, 1), seen) is serves


@pytest.mark.parametrize(("serving", "serves"), [(2, False), (0, True)])
def test_scaled_down_it_is_done_when_no_more_are_left(serving: int, serves: bool) -> None:
    assert plan.serves(Goal(API, 0, 2), Capacity(0, serving)) is serves


def test_waiting_ends_where_it_is_of_no_use() -> None:
    assert plan.failed(Goal(LIVE, 4, 0), Capacity(4, 0, steady=False, blocked="no", final=True))
    assert not plan.failed(Goal(LIVE, 4, 0), Capacity(4, 0, blocked="not now"))
    assert not plan.failed(Goal(LIVE, 4, 0), None)


@pytest.mark.parametrize(
    ("targets", "codes"),
    [
        ([], ["no_targets"]),
        ([API, API], ["same_target_twice"]),
        ([Target(TargetKind.ECS, "api", desired=1)], ["incomplete_target"]),
        ([Target(TargetKind.ASG, "", desired=1)], ["incomplete_target"]),
        ([Target(TargetKind.ECS, "api", "shop", 1, minimum=1)], ["bounds_not_possible"]),
        ([Target(TargetKind.ASG, "web", desired=-1)], ["wrong_bounds"]),
        ([Target(TargetKind.ASG, "web", desired=3, maximum=2)], ["wrong_bounds"]),
        ([Target(TargetKind.ASG, "web", desired=3, minimum=4)], ["wrong_bounds"]),
        ([ASG, API, LIVE], []),
    ],
)
def test_a_wrong_request_is_refused(targets: list[Target], codes: list[str]) -> None:
    assert [finding.code for finding in plan.check_targets(targets)] == codes


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        (TargetSeen(API, None, "no answer"), ["capacity_unknown"]),
        (TargetSeen(API, Capacity(4, 3)), ["capacity_below_desired"]),
        (TargetSeen(API, Capacity(2, 2)), ["capacity_below_baseline"]),
        (TargetSeen(API, Capacity(4, 2)), ["capacity_below_desired", "capacity_below_baseline"]),
        (TargetSeen(API, Capacity(3, 3)), []),
    ],
)
def test_capacity_is_compared_with_what_is_wanted_and_with_the_baseline(seen: TargetSeen, codes: list[str]) -> None:
    assert [finding.code for finding in plan.capacity_findings([seen], {"ecs:shop/api": 3}, "eu-west-1")] == codes


def test_without_a_baseline_nothing_is_compared_with_it() -> None:
    assert plan.capacity_findings([TargetSeen(API, Capacity(0, 0))], {}, "eu-west-1") == ()


def quota(value: float, code: str = "L-1") -> Quota:
    return Quota("lambda", code, "Concurrent executions", value)


@pytest.mark.parametrize(
    ("target", "codes"),
    [([quota(999)], ["quota_below_source"]), ([quota(1000)], []), ([quota(5, "L-2")], ["quota_unknown"])],
)
def test_a_lower_quota_in_the_target_is_found(target: list[Quota], codes: list[str]) -> None:
    found = plan.quota_findings([quota(1000)], target, "eu-central-1", "eu-west-1")
    assert [finding.code for finding in found] == codes
