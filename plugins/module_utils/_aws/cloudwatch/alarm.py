# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between CloudWatch's alarms on metrics and our records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import MetricAlarm

_FIELDS = {
    "name": "AlarmName",
    "description": "AlarmDescription",
    "namespace": "Namespace",
    "metric": "MetricName",
    "statistic": "Statistic",
    "comparison": "ComparisonOperator",
    "threshold": "Threshold",
    "period": "Period",
    "periods": "EvaluationPeriods",
    "missing": "TreatMissingData",
}


def alarm_request(alarm: MetricAlarm) -> dict[str, Any]:
    """The arguments of PutMetricAlarm, which replaces all of it."""
    return {
        **{theirs: getattr(alarm, ours) for ours, theirs in _FIELDS.items()},
        "Dimensions": [{"Name": name, "Value": value} for name, value in alarm.dimensions],
        "AlarmActions": list(alarm.actions),
        "OKActions": list(alarm.ok_actions),
        "ActionsEnabled": True,
    }


def metric_alarm(raw: Mapping[str, Any]) -> MetricAlarm | None:
    """A record from a ``MetricAlarm``; ``None`` of one that is more than it can say, such as one on an expression."""
    more = ("Metrics", "ExtendedStatistic", "DatapointsToAlarm", "Unit", "InsufficientDataActions")
    if any(raw.get(each) for each in more) or not raw.get("ActionsEnabled", True) or "MetricName" not in raw:
        return None
    values: dict[str, Any] = {ours: raw.get(theirs) for ours, theirs in _FIELDS.items()}
    return MetricAlarm(
        **{**values, "missing": values["missing"] or "missing", "description": values["description"] or ""},
        dimensions=tuple(sorted((each["Name"], each["Value"]) for each in raw.get("Dimensions", []))),
        actions=tuple(raw.get("AlarmActions") or ()),
        ok_actions=tuple(raw.get("OKActions") or ()),
    )
