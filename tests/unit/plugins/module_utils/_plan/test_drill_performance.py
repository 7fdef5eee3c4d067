# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import (
    Drill,
    DrillType,
    Point,
    Trend,
    Verdict,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill_judges import Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill_performance import (
    performance,
    series,
    trend,
)

WANTED = Wanted(rto=900, rpo=60, detect=60, stable_for=30)


def run(number: int, outcome: str = "succeeded", kind: str = "failover", **summary: Any) -> dict[str, Any]:
    return {"id": f"r{number}", "kind": kind, "outcome": outcome, "closed_at": number, "summary": summary}


def drilled(number: int, rto: float | None, lag: float | None = 0.2, outcome: str = "succeeded") -> dict[str, Any]:
    figures = {"isolated_rto_seconds": rto, "replication_lag_seconds": lag}
    return run(number, outcome, "drill", drills=[{"type": "failover_simulation", "figures": figures}])


def judged(*history: dict[str, Any], now: Drill | None = None) -> Drill:
    return performance(series(history, now, 99.0, WANTED))


def test_what_keeps_the_objectives_passes() -> None:
    drill = judged(run(1, rto_seconds=300.0, rpo_seconds=2.0, rpo_known_as="measured"), drilled(2, 600.0))
    assert drill.verdict is Verdict.PASSED
    assert drill.figures["recovery_time_of_real_runs"] == 300.0


def test_the_newest_counts_whatever_the_order_of_the_history() -> None:
    slow, fast = run(1, rto_seconds=950.0), run(2, rto_seconds=100.0)
    assert judged(slow, fast, drilled(3, 1.0)).verdict is Verdict.PASSED
    assert "1 missed it" in " ".join(judged(slow, fast).seen)
    late = judged(run(3, rto_seconds=950.0), fast, drilled(4, 1.0))
    assert late.verdict is Verdict.FAILED and "950.00 s in r3" in late.wrong[0]


def test_a_bound_can_prove_an_objective_met_but_never_missed() -> None:
    bounded = run(1, rto_seconds=1.0, rpo_seconds=109.0, rpo_known_as="bounded")
    assert judged(bounded).verdict is Verdict.PASSED
    measured = run(1, rto_seconds=1.0, rpo_seconds=109.0, rpo_known_as="measured")
    assert judged(measured).verdict is Verdict.FAILED


def test_runs_that_failed_or_know_nothing_tell_nothing() -> None:
    drill = judged(run(1, "aborted", rto_seconds=9.0, rpo_seconds=0.0), run(2, rto_seconds=None))
    assert (drill.verdict, len(drill.unknown)) == (Verdict.UNKNOWN, 2)


def test_a_slow_rehearsal_tells_also_where_its_drill_failed() -> None:
    assert judged(drilled(1, 901.0, outcome="failed")).verdict is Verdict.FAILED


def test_the_rehearsal_just_made_counts() -> None:
    now = Drill(DrillType.FAILOVER, figures={"isolated_rto_seconds": 700.0, "replication_lag_seconds": 61.0})
    drill = judged(drilled(1, 600.0), now=now)
    assert drill.verdict is Verdict.FAILED and "this run" in drill.wrong[0]
    assert judged(now=Drill(DrillType.FAILOVER, figures={"isolated_rto_seconds": None})).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([1, 2, 3], Trend.UNKNOWN),
        ([100, 100, 110, 110], Trend.STEADY),
        ([0.2, 0.2, 0.9, 0.9], Trend.STEADY),
        ([100, 100, 150, 150], Trend.WORSE),
        ([150, 150, 140, 100, 100], Trend.BETTER),
        ([100, 900, 100, 100, 100, 100], Trend.STEADY),
    ],
)
def test_the_trend_is_that_of_the_medians(seconds: list[float], expected: Trend) -> None:
    assert trend([Point("r", at, each) for at, each in enumerate(seconds)]) is expected
