# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of one run."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.report import Figure, RunReport, Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    EventState,
    Outcome,
    RunKind,
    RunRecord,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.run import rpo, rto, run_report
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.report.recorded import (
    EVENTS,
    SUMMARY,
    T,
    event,
    record,
)


def report(run: RunRecord | None = None) -> RunReport:
    return run_report(run or record(), EVENTS, "the state table")


def test_the_figures_are_those_of_the_record() -> None:
    found = report()
    assert (found.rto.seconds, found.rto.verdict, found.rto.known_as) == (11.602, Verdict.MET, "measured")
    assert (found.rpo.seconds, found.rpo.verdict, found.rpo.known_as) == (100.69, Verdict.NOT_PROVED, "bounded")


def test_the_phases_follow_each_other_and_add_up_to_the_recovery_time() -> None:
    found = report().phases
    assert found[0].name == "detect"
    assert all(before.ended == after.started for before, after in itertools.pairwise(found))
    assert sum(each.seconds or 0 for each in found) == pytest.approx(11.602, abs=0.002)


def test_a_mark_that_was_never_made_takes_no_time() -> None:
    marks = {**SUMMARY["marks"], "fenced": 0.0}
    found = {each.name: each.seconds for each in report(record(summary={**SUMMARY, "marks": marks})).phases}
    assert found["fence"] == 0.0
    assert found["promote"] == pytest.approx(2.8)


def test_each_attempt_is_a_line_and_one_that_was_killed_has_no_end() -> None:
    found = [(each.span.name, each.state, each.fence, each.span.ended) for each in report().steps]
    assert found == [
        ("scale_compute", "started", 1, None),
        ("scale_compute", "already", 2, T + 8.1),
        ("promote_database", "done", 2, T + 8.3),
        ("promote_cache", "failed", 2, T + 9.9),
    ]


def test_a_line_has_what_was_there_before_and_what_was_seen_then() -> None:
    promoted = report().steps[2]
    assert dict(promoted.seen) == {"before": {"writer": "eu-central-1"}, "answer": "taken in"}
    assert promoted.calls[0]["action"] == "FailoverGlobalCluster"


def test_rows_counted_later_are_the_loss() -> None:
    later = event(90, "reconcile_lost_writes", EventState.NOTE, rows=10, seconds=0.05, complete=True)
    found = run_report(record(), (*EVENTS, later), "the state table")
    told = "10 acknowledged writes were counted, by key and time"
    assert found.rpo == Figure(0.05, 60.0, Verdict.MET, "measured", told)
    assert found.lost_rows == 10


def test_a_count_that_isnt_complete_measures_nothing() -> None:
    later = event(90, "reconcile_lost_writes", EventState.NOTE, rows=10, seconds=0.05, complete=False)
    found = run_report(record(), (*EVENTS, later), "the state table")
    assert (found.rpo.known_as, found.lost_rows) == ("bounded", None)


@pytest.mark.parametrize(
    ("low", "high", "seconds", "known_as", "verdict"),
    [
        (0.0, 0.3, 0.3, "measured", Verdict.MET),
        (50.0, 70.0, 70.0, "measured", Verdict.NOT_PROVED),
        (61.0, 70.0, 70.0, "measured", Verdict.MISSED),
        (0.0, 200.0, 100.69, "bounded", Verdict.NOT_PROVED),
        (0.0, None, 100.69, "bounded", Verdict.NOT_PROVED),
    ],
)
def test_the_canarys_rows_count_where_they_say_more_than_the_ledger(
    low: float, high: float | None, seconds: float, known_as: str, verdict: Verdict
) -> None:
    canary = {"known_as": "measured", "rows": 3, "at_least": low, "at_most": high, "basis": "rows 1 s apart"}
    found = rpo({**SUMMARY, "rpo_canary": canary})
    assert (found.seconds, found.known_as, found.verdict) == (seconds, known_as, verdict)


def test_an_open_run_says_how_it_is_finished() -> None:
    found = report(record(outcome=None, closed_at=0.0, summary={}))
    assert found.rto.verdict is Verdict.UNKNOWN and found.rto.seconds is None
    assert found.run["closed_at"] is None
    assert any(line.startswith("finish it: ansible-playbook") for line in found.way_back)


def test_a_failed_run_shows_its_error() -> None:
    found = report(record(outcome=Outcome.FAILED, summary={"error": "it broke", "way_back": ["one", "two"]}))
    assert (found.lines, found.way_back) == (("it broke",), ("one", "two"))


def test_a_drill_shows_what_it_found_after_it_was_opened() -> None:
    kept = {"findings": [{"code": "headless"}], "plan": [{"name": "promote_database"}], "waits": []}
    drill = record(kind=RunKind.DRILL, details={"type": "all"}, summary={"evidence": kept})
    found = report(drill)
    assert [each["code"] for each in found.findings] == ["headless"]
    assert [each["name"] for each in found.plan] == ["promote_database"]


def test_what_was_too_big_for_the_record_is_named() -> None:
    kept = {**SUMMARY["evidence"], "left_out": {"probe": 200_000}}
    assert report(record(summary={**SUMMARY, "evidence": kept})).left_out == ("probe",)


@pytest.mark.parametrize(
    ("summary", "verdict"),
    [
        ({"rto_seconds": 901.0, "objectives": {"rto_seconds": 900}}, Verdict.MISSED),
        ({"rto_seconds": 900.0, "objectives": {"rto_seconds": 900}}, Verdict.MET),
        ({"rto_seconds": None, "objectives": {"rto_seconds": 900}}, Verdict.UNKNOWN),
        ({"rto_seconds": 1.0}, Verdict.UNKNOWN),
    ],
)
def test_a_recovery_time_is_held_against_its_objective(summary: dict[str, object], verdict: Verdict) -> None:
    assert rto(summary).verdict is verdict


@pytest.mark.parametrize(("known_as", "verdict"), [("measured", Verdict.MISSED), ("bounded", Verdict.NOT_PROVED)])
def test_only_a_measured_loss_can_have_missed_it(known_as: str, verdict: Verdict) -> None:
    found = rpo({"rpo_seconds": 61.0, "rpo_known_as": known_as, "objectives": {"rpo_seconds": 60}})
    assert found.verdict is verdict
