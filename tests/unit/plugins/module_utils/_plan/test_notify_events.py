# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import EventKind, Level, Stage
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify_events as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import summary as summaries
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import Loss

NOW = 2_000.0
SUMMARY: dict[str, Any] = {
    "writer": "eu-west-1",
    "old_writer": "fenced (network_acl): refused",
    "rto_seconds": 10.04,
    "rpo_seconds": 109.2,
    "rpo_known_as": "bounded",
    "run_seconds": 9.0,
    "objectives": {"rto_seconds": 900.0, "rpo_seconds": 60.0},
    "owed": [],
    "way_back": "ansible-playbook multiregion.aws_dr.failover -e target=eu-central-1",
}


def run(**changed: Any) -> RunRecord:
    values: dict[str, Any] = {
        "id": "shop-1",
        "kind": RunKind.FAILOVER,
        "workload": "shop",
        "lock": "shop",
        "mode": "unplanned",
        "target": "eu-west-1",
        "reason": "the Region is gone",
        "initiated_by": "ada",
        "approved_by": "grace",
        "opened_at": 1_000.0,
        "fence": 3,
        "details": {"ledger": {"first_failure": 1_960.0, "lines": ["database: at most 109 s"]}},
    }
    return RunRecord(**{**values, **changed})


def ended(**changed: Any) -> RunRecord:
    return run(outcome=Outcome.SUCCEEDED, closed_at=1_990.0, summary={**SUMMARY, **changed})


def event(step: str, state: str = "started", **seen: Any) -> dict[str, Any]:
    return {"step": step, "state": state, "seen": seen}


PROMOTING = [event("promote_database")]


def kinds(record: RunRecord, stage: Stage = Stage.ENDED) -> dict[EventKind, Level]:
    return {each.kind: each.level for each in plan.of_run(record, [], stage, "", NOW).events}


def test_past_the_point_of_no_return_it_says_who_why_and_how_long_users_are_cut_off() -> None:
    notice = plan.of_run(run(), PROMOTING, Stage.PROMOTING, "https://wiki", NOW)
    assert [each.kind for each in notice.events] == [EventKind.START, EventKind.POINT_OF_NO_RETURN]
    assert notice.level is Level.CRITICAL
    assert "by ada, approved by grace. Reason: the Region is gone." in notice.happened[0]
    assert notice.figures == (
        "RTO so far 40 s, from the first failed sample",
        "What may be lost: database: at most 109 s",
    )
    assert notice.runbook == "https://wiki"


def test_what_was_planned_wakes_nobody() -> None:
    assert plan.of_run(run(mode="planned"), PROMOTING, Stage.PROMOTING, "", NOW).level is Level.INFO


def test_without_a_probe_the_recovery_time_so_far_is_unknown() -> None:
    notice = plan.of_run(run(details={}), PROMOTING, Stage.PROMOTING, "", NOW)
    assert notice.figures == ("RTO so far unknown",)


def test_the_end_is_one_message_with_figures_and_the_way_back() -> None:
    notice = plan.of_run(ended(), [], Stage.ENDED, "", NOW)
    assert notice.figures == (
        "RTO 10.04 s to the last client; objective 900 s: met",
        "RPO at most 109.20 s (bounded); objective 60 s: not proved",
    )
    assert any("-e target=eu-central-1" in step for step in notice.next_steps)


def test_what_is_unknown_is_said_to_be() -> None:
    notice = plan.of_run(ended(rto_seconds=None, rpo_seconds=None), [], Stage.ENDED, "", NOW)
    assert notice.figures == ("RTO unknown: no outside probe was named; the run took 9 s", "RPO unknown")


def test_a_missed_objective_is_critical_and_an_unknown_recovery_time_misses_none() -> None:
    assert kinds(ended(rto_seconds=901.0))[EventKind.OBJECTIVE_MISSED] is Level.CRITICAL
    assert EventKind.OBJECTIVE_MISSED not in kinds(ended(rto_seconds=None))
    assert EventKind.OBJECTIVE_MISSED not in kinds(ended())


def test_home_again_needs_no_failback() -> None:
    assert EventKind.FAILBACK_DUE in kinds(ended())
    assert EventKind.FAILBACK_DUE not in kinds(ended(way_back=""))


def test_what_a_summary_owes_is_an_event_of_its_own() -> None:
    """In the words of the summary itself: should they change, this notices."""
    owes = summaries.Outcome(
        workload="shop",
        inventories=(),
        home="eu-central-1",
        target="eu-west-1",
        server="shop-eu-west-1-1",
        changed=True,
        recovery=summaries.recovery(summaries.Marks(0, 1, 1, 1, 1, 1, 1, 1)),
        loss=Loss(None, "unknown", ""),
        objectives=summaries.Objectives(),
        old_writer="unknown",
        latch_holds=True,
        unplanned=True,
    ).owed
    found = kinds(ended(owed=list(owes)))
    assert found[EventKind.FENCE_OWED] is Level.CRITICAL
    assert found[EventKind.NO_STANDBY] is Level.WARNING


def test_a_fence_that_is_owed_is_told() -> None:
    """In the words of the filter that sums a failover up."""
    owed = ["the fence of eu-central-1 is owed: it is to be put up when that Region is back"]
    assert EventKind.FENCE_OWED in kinds(ended(owed=owed))


@pytest.mark.parametrize("stage", [Stage.ENDED, Stage.FAILED])
def test_a_drill_has_a_result_and_nothing_else(stage: Stage) -> None:
    drill = replace(ended(), kind=RunKind.DRILL, mode="planned")
    assert list(kinds(drill, stage)) == [EventKind.DRILL_RESULT]


HELD_UP = {"refusals": [{"code": "losses_unreconciled", "observed": "9 rows.", "remedy": "Reconcile."}]}


def test_a_failback_that_a_gate_held_up_was_refused_and_did_not_fail() -> None:
    record = run(kind=RunKind.FAILBACK, mode="planned", outcome=Outcome.FAILED, closed_at=1_990.0, summary=HELD_UP)
    notice = plan.of_run(record, [], Stage.FAILED, "", NOW)
    assert [(each.kind, each.level) for each in notice.events] == [(EventKind.REFUSAL, Level.WARNING)]
    assert notice.title == "shop: a failback to eu-west-1 was refused (losses_unreconciled)"
    assert notice.happened == ("Nothing was promoted.", "[losses_unreconciled] 9 rows.")
    assert notice.next_steps == ("Reconcile.",)


@pytest.mark.parametrize(
    ("kind", "events", "summary"),
    [
        (RunKind.FAILBACK, PROMOTING, HELD_UP),
        (RunKind.FAILBACK, [], {"error": "it broke"}),
        (RunKind.FAILOVER, [], HELD_UP),
    ],
)
def test_any_other_run_that_stopped_has_failed(kind: RunKind, events: Any, summary: dict[str, Any]) -> None:
    record = run(kind=kind, outcome=Outcome.FAILED, closed_at=1_990.0, summary=summary)
    notice = plan.of_run(record, events, Stage.FAILED, "", NOW)
    assert [each.kind for each in notice.events] == [EventKind.FAILED]


def test_a_failure_says_where_it_stopped_and_both_ways_on() -> None:
    said = event("suspend", "note", failed_task="Wait for the writer", error="no answer", way_back=["finish it: x"])
    notice = plan.of_run(run(), [*PROMOTING, said], Stage.FAILED, "", NOW)
    assert notice.level is Level.CRITICAL
    assert notice.title.endswith("FAILED; the promotion was asked for before that")
    assert notice.happened == ("It stopped at: Wait for the writer.", "no answer")
    assert notice.next_steps == ("finish it: x",)
    assert notice.figures == ("RTO so far 40 s, from the first failed sample",)


def test_one_that_was_killed_has_no_last_words_and_a_way_on_all_the_same() -> None:
    notice = plan.of_run(run(), PROMOTING, Stage.FAILED, "", NOW)
    assert notice.happened == ("It stopped without a word.",)
    assert any("failover" in step for step in notice.next_steps)


def test_each_stage_has_one_id_and_each_failed_attempt_its_own() -> None:
    ids = {plan.notice_id(run(fence=fence), stage) for fence in (3, 4) for stage in Stage}
    assert len(ids) == 4
    assert all(each.startswith("000000001000000#shop-1#") for each in ids)


CLOSED = ended()
FAILED = run(outcome=Outcome.FAILED, closed_at=1_990.0)


@pytest.mark.parametrize(
    ("record", "events", "told", "nobody", "now", "wanted"),
    [
        (CLOSED, [], (), True, NOW, (Stage.ENDED,)),
        (CLOSED, [], (Stage.ENDED,), True, NOW, ()),
        (CLOSED, [], (), True, NOW + plan.NEWS, ()),
        (FAILED, [], (), True, NOW, (Stage.FAILED,)),
        # Every minute somebody looks again: it is told as a refusal, which isn't repeated.
        (replace(FAILED, kind=RunKind.REGION_RETURN), [], (), True, NOW, ()),
        (replace(CLOSED, kind=RunKind.REGION_RETURN), [], (), True, NOW, (Stage.ENDED,)),
        (run(outcome=Outcome.ABORTED, closed_at=1_990.0), [], (), True, NOW, ()),
        (run(), [], (), True, NOW, (Stage.FAILED,)),
        (run(), [], (Stage.FAILED,), True, NOW, ()),
        # Somebody is at it: only what it should have said by now.
        (run(), [], (), False, NOW, ()),
        (run(), PROMOTING, (), False, NOW, (Stage.PROMOTING,)),
        (run(), PROMOTING, (Stage.PROMOTING,), False, NOW, ()),
    ],
)
def test_what_a_killed_run_left_untold(
    record: RunRecord, events: Any, told: tuple[Stage, ...], nobody: bool, now: float, wanted: tuple[Stage, ...]
) -> None:
    ids = [plan.notice_id(record, stage) for stage in told]
    assert plan.untold(record, events, ids, nobody, now) == wanted


FINDING = {"code": "no_standby", "observed": "It isn't in sync.", "remedy": "Wait.", "runbook": "https://wiki#x"}


def test_a_refusal_says_why_and_what_to_do() -> None:
    notice = plan.refused("shop", RunKind.FAILOVER, "eu-west-1", True, [FINDING], "https://wiki", NOW)
    assert (notice.level, notice.runbook) == (Level.CRITICAL, "https://wiki#x")
    assert notice.happened == ("Nothing was changed.", "[no_standby] It isn't in sync.")
    assert notice.next_steps == ("Wait.",)
    assert plan.refused("shop", RunKind.FAILOVER, "eu-west-1", False, [FINDING], "", NOW).level is Level.WARNING


@pytest.mark.parametrize("kind", list(RunKind))
def test_a_refusal_says_what_was_refused(kind: RunKind) -> None:
    notice = plan.refused("shop", kind, "eu-west-1", False, [FINDING], "", NOW)
    assert f"a {kind.value.replace('_', ' ')} to eu-west-1" in notice.title
    assert ("Nothing was changed." in notice.happened) is (kind is not RunKind.REGION_RETURN)


def test_where_the_record_cannot_be_read_that_much_is_told() -> None:
    notice = plan.unrecorded("shop", RunKind.FAILOVER, "shop-1", Stage.FAILED, "eu-west-1", ["no answer"], "", NOW)
    assert notice.level is Level.CRITICAL and "no answer" in notice.happened
    drill = plan.unrecorded("shop", RunKind.DRILL, "shop-1", Stage.FAILED, "eu-west-1", ["no answer"], "", NOW)
    assert [(each.kind, each.level) for each in drill.events] == [(EventKind.DRILL_RESULT, Level.WARNING)]


def test_a_split_is_told_as_one_and_never_as_a_failed_run() -> None:
    record = replace(ended(owed=["SPLIT BRAIN: Two take writes. Fence a."]), outcome=Outcome.SPLIT)
    notice = plan.of_run(record, [], Stage.ENDED, "", NOW)
    assert "TWO Regions" in notice.title and Level.CRITICAL in {each.level for each in notice.events}
    assert plan.untold(record, [], [], nobody_at_it=True, now=NOW) == (Stage.ENDED,)
