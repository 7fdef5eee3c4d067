# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a workload's runs."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.report import Due, SeriesReport
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.series import DAY, series_report
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.report.recorded import T, record


def drill(day: float, outcome: Outcome = Outcome.SUCCEEDED, kind: str = "live", **summary: Any) -> RunRecord:
    at = T + day * DAY
    details = {"type": kind}
    return record(
        id=f"{kind}-{day}", kind=RunKind.DRILL, outcome=outcome, closed_at=at, details=details, summary=summary
    )


def series(*runs: RunRecord, day: float = 10.0, **calendar: float) -> SeriesReport:
    return series_report("shop", runs, calendar, T + day * DAY, "the state table")


def test_a_rehearsal_is_due_from_when_it_last_went_well() -> None:
    found = series(drill(9, Outcome.FAILED), drill(8.5, Outcome.DEGRADED), drill(5), live=30, failover=1)
    live, failover = found.calendar
    assert (live.last_run, live.due_at, live.state) == ("live-5", T + 35 * DAY, Due.DONE)
    assert failover.state is Due.NEVER


def test_it_is_overdue_after_its_days_and_due_soon_before() -> None:
    states = [series(drill(0), day=day, live=10).calendar[0].state for day in (7.9, 8.1, 10.0, 10.1)]
    assert states == [Due.DONE, Due.DUE_SOON, Due.DUE_SOON, Due.OVERDUE]


def test_the_share_counts_those_after_which_users_were_served() -> None:
    outcomes = [*Outcome]
    found = series(*(record(outcome=each) for each in outcomes)).statistics[0]
    assert (found.runs, found.rate, found.split, found.aborted, found.preempted) == (6, 2 / 4, 1, 1, 1)


def test_what_is_unknown_counts_for_nothing() -> None:
    known: dict[str, Any] = {"rto_seconds": 4.0, "objectives": {"rto_seconds": 5.0}}
    slow: dict[str, Any] = {"rto_seconds": 8.0, "objectives": {"rto_seconds": 5.0}}
    found = series(drill(1, **known), drill(2, **slow), drill(3, rto_seconds=None)).statistics[0]
    assert (found.rto_known, found.rto_met, found.rto_median, found.rto_worst) == (2, 1, 6.0, 8.0)
    assert (found.rpo_known, found.rpo_worst) == (0, None)


def test_without_a_run_there_is_no_share() -> None:
    assert series(record(outcome=Outcome.ABORTED)).statistics[0].rate is None
    assert series().statistics == ()


def test_a_drill_of_all_types_counts_for_each_that_passed() -> None:
    made = [{"type": "data_consistency", "verdict": "passed"}, {"type": "live", "verdict": "not applicable"}]
    found = series(drill(5, kind="all", drills=made), data_consistency=30, live=30)
    assert [each.state for each in found.calendar] == [Due.DONE, Due.NEVER]
