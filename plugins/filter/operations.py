# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what the records say of a month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Target
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.operations import (
    audit_findings,
    audit_lines,
    capacity_findings,
    capacity_lines,
)


def operations_capacity(seen: Mapping[str, Any], compute: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Lines and findings on what a workload computes with, of what run_info read of the table."""
    targets = [Target.from_options(each) for each in compute]
    found = capacity_findings(targets, seen["baselines"])
    return {"lines": capacity_lines(targets, seen["baselines"]), "findings": [each.as_dict() for each in found]}


def operations_audit(
    seen: Mapping[str, Any], calendar: Sequence[Mapping[str, Any]], verified: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Lines and findings on who did what. ``verified`` are report_archive's results, of a loop over paths."""
    checked = [
        {"path": each["item"], "wrong": str(each.get("msg") or "unknown") if each.get("failed") else ""}
        for each in verified
    ]
    found = audit_findings(calendar, checked)
    return {"lines": audit_lines(seen, calendar, checked), "findings": [each.as_dict() for each in found]}


class FilterModule:
    """Filters about the operating rhythm."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"operations_audit": operations_audit, "operations_capacity": operations_capacity}
