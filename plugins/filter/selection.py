# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which workloads a play is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.selection import (
    Request,
    is_selected,
    request_findings,
    selection_findings,
)


def workload_refusals(wanted: Any, in_play: Sequence[str]) -> list[dict[str, str]]:
    """The reasons why the play must not start, as a list of findings."""
    return [finding.as_dict() for finding in selection_findings(str(wanted), in_play)]


def request_refusals(request: Mapping[str, Any]) -> list[dict[str, str]]:
    """The reasons why a failover, as it was asked for, can't end well, as a list of findings."""
    asked = Request(
        target=request["target"],
        mode=request["mode"],
        home=request["home"],
        standby=request["standby"],
        legs=tuple(request["legs"]),
        addresses=request["addresses"],
        first_failure=float(request["first_failure"]),
        now=float(request["now"]),
        accept_data_loss=_true(request["accept_data_loss"]),
        accept_detach=_true(request["accept_detach"]),
        traffic=str(request["traffic"]),
        configured=tuple(name for name, value in request["configured"].items() if value),
        origins=tuple(request["origins"]) if request["origins"] is not None else None,
    )
    return [finding.as_dict() for finding in request_findings(asked)]


def _true(value: Any) -> bool:
    """As a module's option of type bool takes it: given with -e it is a string."""
    return str(value).lower() in ("true", "yes", "1", "on")


def workload_selected(wanted: Any, workload: str) -> bool:
    """Whether this workload was asked for."""
    return is_selected(str(wanted), workload)


class FilterModule:
    """Filters about the workloads in play."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "request_refusals": request_refusals,
            "workload_refusals": workload_refusals,
            "workload_selected": workload_selected,
        }
