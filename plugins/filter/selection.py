# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which workloads a play is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.selection import (
    is_selected,
    region_findings,
    selection_findings,
)


def workload_refusals(wanted: Any, in_play: Sequence[str]) -> list[dict[str, str]]:
    """The reasons why the play must not start, as a list of findings."""
    return [finding.as_dict() for finding in selection_findings(str(wanted), in_play)]


def region_refusals(target: str, home: str, standby: str, legs: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The reasons why a workload can't be moved as it is described, as a list of findings."""
    return [finding.as_dict() for finding in region_findings(home, standby, target, [leg["region"] for leg in legs])]


def workload_selected(wanted: Any, workload: str) -> bool:
    """Whether this workload was asked for."""
    return is_selected(str(wanted), workload)


class FilterModule:
    """Filters about the workloads in play."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "region_refusals": region_refusals,
            "workload_refusals": workload_refusals,
            "workload_selected": workload_selected,
        }
