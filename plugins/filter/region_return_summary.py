# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums up what was done about Regions that have returned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_snapshot import snapshot_refusals
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.region_return import lines, still_owed


def region_return_summary(returned: Sequence[dict[str, Any]], workload: str) -> dict[str, Any]:
    """The Regions as region_return returned them, and the same as lines."""
    return {
        "workload": workload,
        "regions": list(returned),
        "owed": still_owed(returned),
        "lines": lines(workload, returned),
    }


def lost_snapshot_refusals(
    known: Mapping[str, Any], region: str, run_id: str = "", subnet_group: str = ""
) -> list[dict[str, str]]:
    """Why the primary that the Region lost can't be restored out of what is kept of it; empty when it can."""
    return [each.as_dict() for each in snapshot_refusals(known, region, run_id, bool(subnet_group))]


class FilterModule:
    """Filters about Regions that have returned."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"lost_snapshot_refusals": lost_snapshot_refusals, "region_return_summary": region_return_summary}
