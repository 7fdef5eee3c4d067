# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums a failback up, from what its tasks returned: a planned failover to the home Region, and what it waited for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_plan import (
    Gate,
    gate_lines,
    kept_lines,
    plan_lines,
    settled,
)

FOLLOWING = {
    "cache_home": "the home Region's cache didn't follow before the switchover",
    "follows": "the standby Region's database doesn't follow",
    "cache_follows": "the standby Region's cache doesn't follow",
    "buckets_follow": "the buckets don't replicate to the standby Region",
}
"""What held nothing up, as users had to be served: what it lacks is owed."""
GATES = {
    "rejoined": "rejoin",
    "losses": "losses",
    "home_stable": "home_stable",
    "resync": "resync",
    "cache_home": "cache",
    "may_lift": "lift_fence",
    "sure": "switch_over",
}
"""The gates' results, by the step that each is of."""
OWN_CALLS = ("rejoined", "backfill", "lift", "parameters_home", "reverse_cleared")
SECRETS = ("linked", "brought", "linked_home")
"""What was done to secrets, a result for each."""
LEFT_SCALED = (
    "The Region that was left keeps its capacity, which costs: scale it down once home has been well for a while."
)


def failback_plan(
    switchover: Mapping[str, Any], results: Mapping[str, Any], workload: str, home: str
) -> dict[str, Any]:
    """The summary of a check-mode run: what would be waited for and how that stands, then each AWS call, in order.

    ``switchover`` is the plan of the failover that it is.
    """
    gates = _gates(results)
    own = [dict(call) for name in OWN_CALLS for call in results.get(name, {}).get("calls", [])]
    own += [dict(call) for name in SECRETS for each in results.get(name, []) for call in each.get("calls", [])]
    calls = [*own, *(call for call in switchover["calls"] if call not in own)]
    refusals = {each["code"]: each for gate in gates for each in gate.refusals}
    return {
        **switchover,
        "calls": calls,
        "gates": [gate.as_dict() for gate in gates],
        "refusals": [*refusals.values(), *switchover["refusals"]],
        "lines": plan_lines(workload, home, gates, own, switchover["lines"] if switchover["calls"] else []),
    }


def failback_summary(found: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of a run, in figures and as lines; ``found`` is that of the failover that it was."""
    gates = _gates(results)
    owed = settled([*found["owed"], *_owed(results)])
    new = [f"OWED: {each}" for each in owed if each not in found["owed"]]
    kept = (results.get("rejoined", {}).get("rejoin") or {}).get("kept", [])
    changed = found["changed"] or any(results.get(name, {}).get("changed") for name in OWN_CALLS)
    changed = changed or any(each.get("changed") for name in SECRETS for each in results.get(name, []))
    scaled = [LEFT_SCALED] if changed and results.get("scaling") else []
    return {
        **found,
        "changed": changed,
        "gates": [gate.as_dict() for gate in gates],
        "owed": owed,
        "kept_aside": kept,
        "outcome": "degraded" if owed and found["outcome"] == "succeeded" else found["outcome"],
        "lines": [*found["lines"], *gate_lines(gates), *kept_lines(kept), *scaled, *new],
    }


def _gates(results: Mapping[str, Any]) -> list[Gate]:
    """What was waited for, in its order; a gate that wasn't come to has nothing to say."""
    passed = [(step, results.get(name, {})) for name, step in GATES.items()]
    return [
        Gate(step, result.get("refusals", []), _seconds(result), result.get("home_good_for"))
        for step, result in passed
        if result and not result.get("skipped") and (step != "rejoin" or result["rejoin"]["steps"])
    ]


def _seconds(result: Mapping[str, Any]) -> float:
    timing = result.get("timing") or {}
    return round(timing.get("ended", 0.0) - timing.get("started", 0.0), 3)


def _owed(results: Mapping[str, Any]) -> list[str]:
    """What doesn't follow, and the cache's gate where that held nothing up."""
    troubles = {text: results.get(name, {}).get("msg") for name, text in FOLLOWING.items()}
    at_home = [each for name in ("brought", "linked_home") for each in results.get(name, [])]
    secrets = {
        f"the secret {each['dr_failback__secret']} isn't at home": each["msg"] for each in at_home if "msg" in each
    }
    return [f"{text}: {trouble}" for text, trouble in {**troubles, **secrets}.items() if trouble]


class FilterModule:
    """Filters that sum a failback up."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"failback_plan": failback_plan, "failback_summary": failback_summary}
