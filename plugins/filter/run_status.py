# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows runs as a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import left_lines, status_lines
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_text import automation_lines


def run_status(
    workloads: Iterable[Mapping[str, Any]], now: float, policy: Mapping[str, Any] | None = None
) -> list[str]:
    """What run_info returned, as lines; with what stands in the table of automatic failover."""
    lines = []
    for seen in workloads:
        lines += status_lines(seen, float(now))
        if "automation" in seen:
            lines += automation_lines(seen["automation"], policy, float(now))
    return lines


def run_left(overridden: Mapping[str, Any], workload: str) -> list[str]:
    """What run_override returned, as lines."""
    return left_lines(workload, overridden["record"], overridden["events"])


class FilterModule:
    """Filters about runs."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"run_left": run_left, "run_status": run_status}
