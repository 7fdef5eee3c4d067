# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Auto Scaling's answers to records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Capacity


def capacity(group: Mapping[str, Any], activities: Sequence[Mapping[str, Any]] = ()) -> Capacity:
    """A group: what serves is in service and healthy. A launch that failed last says why no more come."""
    instances = group.get("Instances", ())
    serving = [each for each in instances if (each["LifecycleState"], each["HealthStatus"]) == ("InService", "Healthy")]
    suspended = {each["ProcessName"] for each in group.get("SuspendedProcesses", ())} & {"Launch"}
    blocked = "the process Launch is suspended: resume it" if suspended else ""
    if not blocked and activities and activities[0]["StatusCode"] == "Failed":
        blocked = str(activities[0].get("StatusMessage") or "a launch failed")
    return Capacity(
        desired=int(group["DesiredCapacity"]),
        serving=len(serving),
        minimum=int(group["MinSize"]),
        maximum=int(group["MaxSize"]),
        blocked=blocked,
        final=bool(suspended),
    )
