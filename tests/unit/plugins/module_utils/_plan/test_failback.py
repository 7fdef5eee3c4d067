# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import (
    CachePlace,
    FailbackSeen,
    Losses,
    Resync,
    Side,
    Step,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback import gate, writes
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_losses import unreconciled
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.way_home import (
    HOME,
    PENDING,
    STANDBY,
    cluster,
    codes,
    follower,
    ran,
    side,
    way,
)

STARTED, FINISHED = Resync("shop-a", False, 1.0), Resync("shop-a", True, 2.0)


def fence(state: str, kept: str = "kept") -> FenceRecord:
    return FenceRecord("shop", HOME, state, run_id="shop-1", snapshot_state=kept)


def test_every_gate_is_open_where_home_follows_and_nothing_is_owed() -> None:
    before = (Step.RESYNC, Step.LOSSES, Step.CACHE, Step.LIFT_FENCE, Step.LIFTED, Step.SWITCH_OVER)
    assert {step: codes(gate(step, way())) for step in before} == {step: [] for step in before}


@pytest.mark.parametrize("step", [Step.RESYNC, Step.LIFT_FENCE, Step.LIFTED, Step.SWITCH_OVER])
@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (way(cluster(sync=PENDING)), "resync_running"),
        (way(cluster(sync=None)), "resync_unknown"),
        (way(cluster(failover="switching-over")), "operation_under_way"),
        (way(cluster(detached=True)), "not_joined"),
        (way(home_writable=True), "replica_writes"),
        (
            way(sides={HOME: replace(side(HOME, None, None), missing=True), STANDBY: side(STANDBY, cluster(), True)}),
            "not_joined",
        ),
        (way(sides={STANDBY: side(STANDBY, cluster(), True)}), "database_unreadable"),
        (way(sides={HOME: side(HOME, cluster(), False)}), "database_unreadable"),
        (
            way(sides={HOME: side(HOME, cluster(HOME), False), STANDBY: side(STANDBY, cluster(), True)}),
            "other_writer",
        ),
        (
            way(sides={HOME: side(HOME, cluster(), False, status="creating"), STANDBY: side(STANDBY, cluster(), True)}),
            "replica_not_available",
        ),
        (
            way(
                sides={
                    HOME: side(HOME, cluster(), False, resyncs=(FINISHED, replace(STARTED, at=3.0))),
                    STANDBY: side(STANDBY, cluster(), True),
                }
            ),
            "resync_running",
        ),
    ],
)
def test_nothing_before_the_switchover_passes_a_database_that_is_not_in_step(
    step: Step, seen: FailbackSeen, code: str
) -> None:
    assert code in codes(gate(step, seen))


def test_the_end_of_a_resynchronisation_stands_in_for_a_status_that_aws_does_not_give() -> None:
    told = cluster(sync=None)
    sides = {HOME: side(HOME, told, False, resyncs=(STARTED, FINISHED)), STANDBY: side(STANDBY, told, True)}
    assert gate(Step.RESYNC, way(sides=sides)) == ()


def test_a_fence_may_be_lifted_although_the_server_behind_it_can_not_be_asked() -> None:
    seen = way(
        sides={HOME: side(HOME, cluster(), None), STANDBY: side(STANDBY, cluster(), True)}, fence=fence("fenced")
    )
    assert gate(Step.LIFT_FENCE, seen) == ()
    assert codes(gate(Step.LIFTED, seen)) == ["replica_not_proved"]
    assert set(codes(gate(Step.SWITCH_OVER, seen))) == {"replica_not_proved", "fence_stands"}


@pytest.mark.parametrize(
    ("state", "step", "found"),
    [
        ("owed", Step.LIFT_FENCE, ["fence_owed"]),
        ("fenced", Step.LIFT_FENCE, []),
        ("fenced", Step.SWITCH_OVER, ["fence_stands"]),
        ("partial", Step.SWITCH_OVER, ["fence_stands"]),
        ("unknown", Step.SWITCH_OVER, ["fence_stands"]),
        ("unfenced", Step.SWITCH_OVER, []),
    ],
)
def test_the_fence_is_lifted_before_the_switchover_and_first_put_up_where_it_is_owed(
    state: str, step: Step, found: list[str]
) -> None:
    assert codes(gate(step, way(fence=fence(state)))) == found


def test_the_lost_primarys_snapshot_is_kept_before_its_fence_goes() -> None:
    assert codes(gate(Step.LIFT_FENCE, way(fence=fence("fenced", "copying")))) == ["snapshot_owed"]
    assert codes(gate(Step.LIFT_FENCE, way(fence=fence("fenced", "")))) == ["snapshot_owed"]


def test_what_waiting_can_not_mend_does_not_wait() -> None:
    for seen in (way(cluster(detached=True)), way(home_writable=True)):
        assert not all(each.passes for each in gate(Step.RESYNC, seen))
    for seen in (way(cluster(sync=PENDING)), way(sides={})):
        assert all(each.passes for each in gate(Step.RESYNC, seen))


@pytest.mark.parametrize("step", [Step.RESYNC, Step.LOSSES, Step.CACHE, Step.LIFTED, Step.SWITCH_OVER])
def test_once_home_writes_the_gates_before_the_switchover_are_open(step: Step) -> None:
    seen = way(cluster(HOME), home_writable=True, losses=Losses(history=(ran(1),)))
    assert writes(seen, HOME)
    assert gate(step, seen) == ()


@pytest.mark.parametrize(
    ("told", "home_writable", "found"),
    [
        (cluster(HOME), True, []),
        (cluster(), False, ["home_does_not_write", "home_does_not_write", "replica_writes"]),
        (cluster(HOME), None, ["home_does_not_write", "replica_writes"]),
        (cluster(HOME, failover="switching-over"), True, []),
        (cluster(HOME, failover="cancelling"), True, ["home_does_not_write"]),
        (cluster(HOME, failover="failing-over"), True, ["home_does_not_write"]),
        (cluster(STANDBY, failover="switching-over"), True, ["home_does_not_write"]),
    ],
)
def test_the_latch_is_cleared_only_once_home_writes_by_everybodys_word(
    told: Any, home_writable: bool | None, found: list[str]
) -> None:
    assert codes(gate(Step.CLEAR_LATCH, way(told, home_writable))) == found


def test_afterwards_the_standby_region_has_to_follow() -> None:
    assert gate(Step.REVERSE, way(cluster(HOME), home_writable=True)) == ()
    assert codes(gate(Step.REVERSE, way(cluster(HOME, sync=PENDING), home_writable=True))) == ["resync_running"]
    assert {"other_writer", "replica_writes"} <= set(codes(gate(Step.REVERSE, way())))


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (follower(), []),
        (follower(role="PRIMARY"), ["cache_not_in_step"]),
        (follower(status="associating"), ["cache_not_in_step"]),
        (follower(datastore_status="modifying"), ["cache_not_in_step"]),
        (CachePlace(), ["cache_not_joined"]),
        (CachePlace(why="no answer"), ["cache_unreadable"]),
    ],
)
def test_a_cache_that_does_not_follow_is_said_so(place: CachePlace, found: list[str]) -> None:
    assert codes(gate(Step.CACHE, way(cache={HOME: place}))) == found
    assert codes(gate(Step.REVERSE_CACHE, way(cache={STANDBY: place}))) == found


def test_a_workload_without_a_cache_waits_for_none() -> None:
    assert gate(Step.CACHE, way(cache={})) == ()


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ((ran(1),), ["shop-1"]),
        ((ran(2), ran(1)), ["shop-2", "shop-1"]),
        ((ran(1, outcome=Outcome.FAILED),), []),
        ((ran(1, outcome=Outcome.ABORTED),), ["shop-1"]),
        ((ran(1, outcome=Outcome.PREEMPTED),), ["shop-1"]),
        ((ran(1, mode="planned"),), []),
        ((ran(1, target=HOME),), []),
        ((ran(1, summary={"rpo_known_as": "measured", "rpo_seconds": 0.4}),), []),
        ((ran(1, summary={"rpo_known_as": "bounded", "rpo_seconds": 0.0}),), ["shop-1"]),
        ((ran(2, kind=RunKind.FAILBACK, outcome=Outcome.SUCCEEDED), ran(1)), []),
        ((ran(2, kind=RunKind.FAILBACK, outcome=Outcome.FAILED), ran(1)), ["shop-1"]),
        ((ran(3), ran(2, kind=RunKind.FAILBACK, outcome=Outcome.DEGRADED), ran(1)), ["shop-3"]),
    ],
)
def test_lost_writes_are_open_since_the_last_failback(history: tuple[Any, ...], found: list[str]) -> None:
    assert [run.id for run in unreconciled(Losses(history), STANDBY)] == found


@pytest.mark.parametrize(
    ("losses", "found"),
    [
        (Losses(), ["losses_unknown"]),
        (Losses((ran(1),)), ["losses_unreconciled"]),
        (Losses((ran(1, summary={"rpo_known_as": "measured"}),)), []),
        (Losses((ran(1),), accepted=True), ["no_reason"]),
        (Losses((ran(1),), accepted=True, reason=" "), ["no_reason"]),
        (Losses((ran(1),), accepted=True, reason="they are test orders"), []),
    ],
)
def test_lost_writes_hold_it_up_unless_reconciled_or_accepted_with_a_reason(losses: Losses, found: list[str]) -> None:
    for step in (Step.LOSSES, Step.SWITCH_OVER):
        assert codes(gate(step, way(losses=losses))) == found


def test_home_does_not_write_where_one_region_only_says_so() -> None:
    assert not writes(way(sides={HOME: side(HOME, cluster(HOME), True)}), HOME)
    sides = {HOME: side(HOME, cluster(HOME), True), STANDBY: side(STANDBY, cluster(), True)}
    assert not writes(way(sides=sides), HOME)
    assert not writes(way(cluster(HOME, detached=True)), HOME)


def test_an_unread_side_is_named_with_its_reason() -> None:
    (found,) = gate(Step.RESYNC, way(sides={HOME: Side(HOME, why="it hangs"), STANDBY: side(STANDBY, cluster(), True)}))
    assert "a: it hangs" in found.finding.observed
