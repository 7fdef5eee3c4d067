# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a workload's runs: how recovery developed, how often it went well, which rehearsal is due."""

from __future__ import annotations

import statistics as numbers
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model import drill as judged
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.report import (
    Due,
    Entry,
    Figure,
    SeriesReport,
    Statistics,
    Verdict,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.run import drill_type, rpo, rto

DAY = 86400.0  # seconds
SOON = 0.8  # of the time between two rehearsals, after which the next one is due soon
SERVED = (Outcome.SUCCEEDED, Outcome.DEGRADED)
WENT_WRONG = (Outcome.SPLIT, Outcome.FAILED)


def series_report(
    workload: str, runs: Sequence[RunRecord], calendar: Mapping[str, float], as_of: float, read_from: str
) -> SeriesReport:
    """``runs`` are the closed ones, the newest first; ``calendar`` has each rehearsal's days between two."""
    return SeriesReport(
        workload=workload,
        read_from=read_from,
        as_of=as_of,
        runs=tuple(map(_line, runs)),
        statistics=tuple(
            _statistics(kind.value, [run for run in runs if run.kind is kind])
            for kind in RunKind
            if any(run.kind is kind for run in runs)
        ),
        calendar=tuple(_entry(name, float(days), runs, as_of) for name, days in calendar.items()),
    )


def _line(run: RunRecord) -> dict[str, Any]:
    took, lost = rto(run.summary), rpo(run.summary)
    return {
        "id": run.id,
        "kind": run.kind.value,
        "type": drill_type(run),
        "mode": run.mode,
        "target": run.target,
        "outcome": run.outcome.value if run.outcome else None,
        "opened_at": run.opened_at,
        "closed_at": run.closed_at or None,
        "rto": took,
        "rpo": lost,
        "approved_by": run.approved_by,
    }


def _statistics(kind: str, runs: Sequence[RunRecord]) -> Statistics:
    ended = {outcome: sum(run.outcome is outcome for run in runs) for outcome in Outcome}
    judged = sum(ended[each] for each in (*SERVED, *WENT_WRONG))
    times, losses = [rto(run.summary) for run in runs], [rpo(run.summary) for run in runs]
    took, lost = _known(times), _known(losses)
    return Statistics(
        kind=kind,
        runs=len(runs),
        **{outcome.value: count for outcome, count in ended.items()},
        rate=sum(ended[each] for each in SERVED) / judged if judged else None,
        rto_median=numbers.median(took) if took else None,
        rto_worst=max(took, default=None),
        rto_met=_met(times),
        rto_known=len(took),
        rpo_worst=max(lost, default=None),
        rpo_met=_met(losses),
        rpo_known=len(lost),
    )


def _known(figures: Iterable[Figure]) -> list[float]:
    return [each.seconds for each in figures if each.seconds is not None]


def _met(figures: Iterable[Figure]) -> int:
    return sum(each.verdict is Verdict.MET for each in figures)


def _went_well(run: RunRecord) -> bool:
    """A drill must leave nothing owed; an unplanned failover always does."""
    return run.outcome is Outcome.SUCCEEDED or (run.outcome is Outcome.DEGRADED and run.kind is not RunKind.DRILL)


def _rehearsed(run: RunRecord) -> set[str]:
    """What the run was a rehearsal of. One drill of several types is that of each that passed."""
    drills = run.summary.get("drills") or ()
    passed = {str(each.get("type")) for each in drills if each.get("verdict") == judged.Verdict.PASSED.value}
    return {drill_type(run), run.kind.value, *passed}


def _entry(name: str, days: float, runs: Iterable[RunRecord], as_of: float) -> Entry:
    """What went wrong wasn't rehearsed. A calendar may name a kind of run as well: a real failover is practice, too."""
    done = [run for run in runs if name in _rehearsed(run) and _went_well(run)]
    last = max(done, key=lambda run: run.closed_at, default=None)
    if last is None:
        return Entry(name, days, "", None, None, Due.NEVER)
    due_at = last.closed_at + days * DAY
    soon = last.closed_at + SOON * days * DAY
    state = Due.OVERDUE if as_of > due_at else Due.DUE_SOON if as_of > soon else Due.DONE
    return Entry(name, days, last.id, last.closed_at, due_at, state)
