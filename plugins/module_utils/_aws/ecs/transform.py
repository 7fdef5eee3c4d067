# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From ECS's answers to records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Capacity


def capacity(service: Mapping[str, Any]) -> Capacity:
    """A service: steady once one deployment is left, and that has rolled out. Its last event says what is amiss."""
    deployments, events = service.get("deployments", ()), service.get("events", ())
    states = [deployment.get("rolloutState", "COMPLETED") for deployment in deployments]
    failed = "FAILED" in states
    reasons = [str(each.get("rolloutStateReason", "")) for each in deployments if each.get("rolloutState") == "FAILED"]
    last = str(events[0].get("message", "")) if events else ""
    return Capacity(
        desired=int(service["desiredCount"]),
        serving=int(service["runningCount"]),
        steady=len(deployments) <= 1 and set(states) <= {"COMPLETED"},
        blocked="; ".join(reasons) or (last if "unable to" in last else ""),
        final=failed,
    )
