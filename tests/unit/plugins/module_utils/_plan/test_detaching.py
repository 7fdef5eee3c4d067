# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    FailoverState,
    GlobalCluster,
    Kind,
    Member,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import DETACH_STEP
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import detaching
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import way_back
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import (
    Mode,
    Refuse,
    Start,
    Wanted,
    after_refusal,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"
FROM, TO = (f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}" for region in (HOME, STANDBY))
WANTED = Wanted("shop", STANDBY, Mode.UNPLANNED, (HOME, STANDBY), accept_data_loss=True, detach=True)
FAILOVER = Start(Kind.FAILOVER, FROM, TO, STANDBY)
ALONE = GlobalCluster("shop", "available", (Member(FROM, HOME, is_writer=True),))
TARGET = Cluster(TO, "shop.example", 5432, "promoting", "aurora-postgresql", "16.4", ("one",), detached_from="shop")


def test_a_refused_failover_is_tried_again_until_patience_is_over() -> None:
    assert after_refusal(FAILOVER, 119.9, "seen", WANTED) is None


def test_then_the_target_is_detached_through_its_own_region_at_a_price_that_is_named() -> None:
    last = after_refusal(FAILOVER, 120.0, "seen", WANTED)
    assert isinstance(last, Start)
    assert (last.kind, last.region, last.to_arn) == (Kind.DETACH, STANDBY, TO)
    assert last.actions == ("AddTagsToResource", "RemoveFromGlobalCluster")
    assert [(each.severity, HOME in each.remedy) for each in last.warnings] == [(Severity.WARN, True)]


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        (FAILOVER, replace(WANTED, detach=False)),
        (replace(FAILOVER, kind=Kind.SWITCHOVER), replace(WANTED, mode=Mode.PLANNED)),
        (replace(FAILOVER, kind=Kind.DETACH), WANTED),
    ],
)
def test_what_has_no_further_step_is_refused(start: Start, wanted: Wanted) -> None:
    decision = after_refusal(start, 1000.0, "seen", wanted)
    assert isinstance(decision, Refuse)
    assert [finding.code for finding in decision.findings] == ["refused_by_rds"]


def test_only_a_refused_failover_names_the_last_resort() -> None:
    assert "detach=true" in detaching.refused("seen", last_resort=True).remedy
    assert "detach" not in detaching.refused("seen").remedy


@pytest.mark.parametrize(
    ("target", "leaves"),
    [
        (TARGET, True),
        (replace(TARGET, status="available"), False),
        (replace(TARGET, detached_from=""), False),
        (replace(TARGET, detached_from="other"), False),
    ],
)
def test_a_target_that_is_marked_and_not_available_is_leaving(target: Cluster, leaves: bool) -> None:
    assert detaching.leaving(ALONE, target) is leaves


@pytest.mark.parametrize(
    ("detached", "unread", "planned", "code"),
    [
        ((STANDBY,), (), False, "detached_elsewhere"),
        ((STANDBY,), (), True, "detached_elsewhere"),
        ((), (STANDBY,), True, "detached_unknown"),
        ((), (STANDBY,), False, None),
        ((), (), True, None),
    ],
)
def test_a_lone_member_is_the_writer_only_if_nothing_was_detached_from_it(
    detached: tuple[str, ...], unread: tuple[str, ...], planned: bool, code: str | None
) -> None:
    found = detaching.elsewhere(ALONE, detached, unread, planned)
    assert (found and found.code) == code


def test_the_way_back_from_a_detach_is_no_planned_run_at_once() -> None:
    run = {"workload": "shop", "target": STANDBY, "mode": "unplanned", "kind": "failover"}
    events = [{"step": step, "state": "done"} for step in ("promote_database", DETACH_STEP)]
    finish, back = way_back(run, events)
    assert finish.startswith("finish it: ")
    assert detaching.REBUILD in back


def test_a_switchover_that_hangs_is_told_with_its_state() -> None:
    found = detaching.hangs(FailoverState("switching-over", FROM, TO, data_loss_allowed=False), 120.0)
    assert found.code == "switchover_hangs"
    assert "switching-over" in found.observed and "120 s" in found.observed
