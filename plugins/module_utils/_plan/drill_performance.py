# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery times and losses of past runs against what was promised, and how they have moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import (
    Drill,
    DrillType,
    Point,
    Series,
    Trend,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill_judges import Wanted

ENDED = ("succeeded", "degraded", "split")
FEWEST = 4  # runs that a trend needs: two earlier ones, two later ones
NOISE = 0.2  # a median that moved by less than this share of the earlier one is steady
TIMES = ("recovery time of real runs", "promotion of an isolated copy")
LEAST = 1.0  # seconds, below which nobody minds a difference


def series(history: Iterable[Mapping[str, Any]], now: Drill | None, at: float, wanted: Wanted) -> list[Series]:
    """The figures of past runs and, with ``now``, of the rehearsal just made; the oldest first."""
    runs = sorted(history, key=lambda run: float(run["closed_at"]))
    rto, rpo = list(_real(runs, "rto_seconds")), list(_real(runs, "rpo_seconds"))
    rehearsed = list(_rehearsed(runs, "isolated_rto_seconds"))
    lags = list(_rehearsed(runs, "replication_lag_seconds"))
    for name, points in (("isolated_rto_seconds", rehearsed), ("replication_lag_seconds", lags)):
        seconds = now.figures.get(name) if now else None
        if seconds is not None:
            points.append(Point("this run", at, seconds))
    made = (
        Series(TIMES[0], wanted.rto, tuple(rto)),
        Series("loss of real runs", wanted.rpo, tuple(rpo)),
        Series(TIMES[1], wanted.rto, tuple(rehearsed)),
        Series("replication lag of rehearsals", wanted.rpo, tuple(lags)),
    )
    return [replace(each, trend=trend(each.points)) for each in made]


def _real(runs: Iterable[Mapping[str, Any]], name: str) -> Iterator[Point]:
    for run in runs:
        seconds = run["summary"].get(name)
        if run["kind"] != "drill" and run["outcome"] in ENDED and seconds is not None:
            bounded = name == "rpo_seconds" and run["summary"].get("rpo_known_as") != "measured"
            yield Point(run["id"], float(run["closed_at"]), float(seconds), measured=not bounded)


def _rehearsed(runs: Iterable[Mapping[str, Any]], name: str) -> Iterator[Point]:
    """Of drills that failed, too: they are the slow ones."""
    for run in runs:
        for each in run["summary"].get("drills", []) if run["kind"] == "drill" else ():
            seconds = each.get("figures", {}).get(name)
            if seconds is not None:
                yield Point(run["id"], float(run["closed_at"]), float(seconds))


def trend(points: Sequence[Point]) -> Trend:
    """The later half's median against the earlier half's. Unknown with less than four."""
    if len(points) < FEWEST:
        return Trend.UNKNOWN
    half = len(points) // 2
    earlier = median(each.seconds for each in points[:half])
    later = median(each.seconds for each in points[-half:])
    if abs(later - earlier) <= max(NOISE * earlier, LEAST):
        return Trend.STEADY
    return Trend.WORSE if later > earlier else Trend.BETTER


def performance(found: Sequence[Series]) -> Drill:
    """The newest of each figure keeps its objective. What gets slower and keeps it is said, and no failure."""
    wrong, seen, figures = [], [], {}
    for each in found:
        if not each.points:
            seen.append(f"{each.name}: no run has told yet")
            continue
        last, missed = each.points[-1], sum(_missed(point, each.objective) for point in each.points)
        figures[each.name.replace(" ", "_")] = last.seconds
        seen.append(
            f"{each.name}: {'' if last.measured else 'at most '}{last.seconds:.2f} s at last ({last.run}), objective"
            f" {each.objective:g} s; {len(each.points)} runs, {missed} missed it, trend {each.trend.value}"
        )
        if _missed(last, each.objective):
            wrong.append(f"{each.name} was {last.seconds:.2f} s in {last.run}, more than {each.objective:g} s")
    unknown = _unknown([each for each in found if each.points])
    return Drill(DrillType.PERFORMANCE, tuple(wrong), tuple(unknown), tuple(seen), figures)


def _missed(point: Point, objective: float) -> bool:
    return point.measured and point.seconds > objective


def _unknown(told: Sequence[Series]) -> list[str]:
    """What must be known of both, time and loss, for a verdict."""
    unknown = []
    if not any(each.name in TIMES for each in told):
        unknown.append("the recovery time: no run has told one yet, rehearse one (type=failover_simulation)")
    if not any(each.name not in TIMES for each in told):
        unknown.append("the loss: no run has told one or a lag yet, rehearse one (type=failover_simulation)")
    return unknown
