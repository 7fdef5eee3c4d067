# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums a workload's health up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_lines import findings, lines


def health_summary(seen: Mapping[str, Any], workload: str, strict: bool = False) -> dict[str, Any]:
    """What region_health_info returned, in short; ``refusals`` are what a play is to end for."""
    services = {leg["region"]: {name: each["status"] for name, each in leg["services"].items()} for leg in seen["legs"]}
    return {
        "workload": workload,
        "status": seen["status"],
        "writer_region": seen["writer_region"],
        "serving_region": seen["serving_region"],
        **seen["summary"],
        "services": services,
        "refusals": [each.as_dict() for each in findings(seen, workload, strict)],
        "lines": lines(seen, workload),
    }


class FilterModule:
    """The filter that sums a workload's health up."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"health_summary": health_summary}
