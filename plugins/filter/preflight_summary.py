# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums a preflight up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.report import (
    canary_finding,
    lines,
    rows,
    there_already,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.split_brain import unasked_findings

UNPROVED = "latch_unproved"
FOLLOWED = "; the canary was flipped, and its name followed"


def preflight_summary(results: Mapping[str, Any], workload: str, target: str, home: str) -> dict[str, Any]:
    """What was found for each mode, merged; ``refusals`` are what a failover would be refused for."""
    by_mode = {each["dr_preflight__mode"]: each["findings"] for each in results["readiness"]}
    ready = {each["dr_preflight__mode"]: bool(each["ready"]) for each in results["readiness"]}
    flipped = results["canary"]
    wrong = canary_finding(flipped is not None, None if (flipped or {}).get("skipped") else flipped)
    proved = bool(flipped and flipped.get("canary"))  # check mode flips none
    if wrong:
        by_mode["canary"] = [wrong.as_dict()]
    if proved:  # what couldn't be told by looking has been seen
        by_mode = {mode: [each for each in found if each["code"] != UNPROVED] for mode, found in by_mode.items()}
    writers = results["writers"]
    by_mode["writers"] = writers.get("findings") or [each.as_dict() for each in unasked_findings(writers)]
    table = rows(by_mode)
    kept = results["baseline"]
    written = bool(kept and kept.get("table_region"))
    where = f"kept in {kept['table_region']}{_stands_in(kept['older'])}" if written else "NOT kept"
    told = f"baseline {where}{FOLLOWED if proved else ''}"
    return {
        "workload": workload,
        "target": target,
        "ready": all(ready.values()) and not any(row.heavy for row in table),
        "modes": ready,
        "findings": [{**row.finding, "refuses": list(row.refuses), "warns": list(row.warns)} for row in table],
        "refusals": [dict(row.finding) for row in table if row.heavy],
        "canary": (flipped or {}).get("canary"),
        "writers": {name: writers.get(name) for name in ("state", "writers", "unknown")},
        "baseline_kept": written,
        "lines": [*lines(workload, target, ready, table, _direction(results["readiness"], target, home)), told],
    }


def _stands_in(older: Mapping[str, Mapping[str, float]]) -> str:
    regions = sorted({region for seen in older.values() for region in seen})
    return f" (of {' and '.join(regions)} partly as an earlier preflight saw it)" if regions else ""


def _direction(readiness: Sequence[Mapping[str, Any]], target: str, home: str) -> list[str]:
    if not any(each["writer_region"] == target for each in readiness):
        return []
    sources = (leg["region"] for each in readiness for leg in each["legs"] if leg["region"] != target)
    return [there_already(target, next(sources), home)]


class FilterModule:
    """The filter that sums a preflight up."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"preflight_summary": preflight_summary}
