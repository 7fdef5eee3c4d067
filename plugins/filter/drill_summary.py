# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges drills, from what their tasks returned, and sums them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import Drill, DrillType
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import drill as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import drill_judges as judges
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill_performance import performance, series
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.evidence import drills_kept


def drill_chosen(asked: str) -> list[str]:
    """The types that are meant."""
    return [each.value for each in plan.chosen(asked)]


def drill_lag(legs: Sequence[Mapping[str, Any]], target: str) -> float | None:
    """The newest replication lag of the target, in seconds; None where it is unknown."""
    return judges.replication_lag(legs, target)


def drill_home_refusals(writer: str | None, home: str, workload: str) -> list[dict[str, str]]:
    """Why a live drill isn't begun."""
    return [each.as_dict() for each in plan.home_refusals(writer, home, workload)]


def drill_plan(types: Sequence[str], workload: str, results: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of a check-mode run: what would be drilled, and the calls on what is the drills' own."""
    calls = [*results["health"].get("calls", []), *results["failover"]["copy"].get("calls", [])]
    lines = plan.plan_lines(workload, [DrillType(each) for each in types], calls)
    return {"workload": workload, "check_mode": True, "calls": calls, "lines": lines}


def drill_summary(
    results: Mapping[str, Any], workload: str, wanted: Mapping[str, Any], objectives: Mapping[str, Any], now: float
) -> dict[str, Any]:
    """All drills that were carried out, judged; ``refusals`` are what ends the play."""
    held = judges.Wanted(
        rto=float(objectives.get("rto_seconds", 900)),
        rpo=float(objectives.get("rpo_seconds", 60)),
        detect=float(wanted["detect_within"]),
        stable_for=float(wanted["stable_for"]),
    )
    drills = _judged(results, held, float(now))
    passed = plan.passed(drills)
    return {
        "workload": workload,
        "passed": passed,
        "outcome": "succeeded" if passed else "failed",
        "drills": [each.as_dict() for each in drills],
        "refusals": [each.as_dict() for each in plan.refusals(workload, drills)],
        "lines": plan.lines(workload, drills),
    }


def _judged(results: Mapping[str, Any], wanted: judges.Wanted, now: float) -> list[Drill]:
    types = set(results["types"])
    found: list[Drill] = []
    if DrillType.HEALTH.value in types:
        found.append(judges.health(results["health"], wanted, results["checkable"]))
    rehearsed = (
        judges.failover(results["failover"] | {"checkable": results["checkable"]}, wanted)
        if DrillType.FAILOVER.value in types
        else None
    )
    if rehearsed:
        found.append(rehearsed)
    if DrillType.CONSISTENCY.value in types:
        found.append(judges.consistency(results["consistency"]))
    if DrillType.PERFORMANCE.value in types:
        found.append(performance(series(results["history"], rehearsed, now, wanted)))
    if DrillType.LIVE.value in types:
        found.append(judges.live(results["there"], results["back"], results["watch"], wanted))
    return found


def drill_evidence(results: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a drill's report shows beside its verdicts: what readiness found, the steps rehearsed, waits, a probe."""
    failover = results["failover"]
    judged = [each for each in failover["readiness"] if "findings" in each]
    found = {(each["code"], each.get("region")): each for one in judged for each in one["findings"]}
    waited = {**{name: results[name] for name in ("health", "consistency", "watch")}, **failover}
    return drills_kept(waited, list(found.values()), steps)


class FilterModule:
    """Filters that judge drills."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "drill_chosen": drill_chosen,
            "drill_evidence": drill_evidence,
            "drill_home_refusals": drill_home_refusals,
            "drill_lag": drill_lag,
            "drill_plan": drill_plan,
            "drill_summary": drill_summary,
        }
