# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an alarm's metric holds, period by period."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping, Sequence

from moto.cloudwatch.models import Alarm, CloudWatchBackend, MetricDatum

COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Sum": sum,
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
}


def readable(alarm: Alarm) -> bool:
    """Whether it is about one metric, compared with one threshold."""
    return alarm.comparison_operator in COMPARE and alarm.statistic in STATISTICS


def needed(alarm: Alarm) -> int:
    """How many periods have to breach."""
    return int(alarm.datapoints_to_alarm or alarm.evaluation_periods)


def breaches(alarm: Alarm, values: Sequence[float]) -> bool:
    """Whether a period with these values does."""
    return COMPARE[alarm.comparison_operator](STATISTICS[alarm.statistic](values), float(alarm.threshold))


def periods(alarm: Alarm, backend: CloudWatchBackend, now: float) -> list[list[float]]:
    """Return the values of each of the periods that it looks at, the newest first."""
    length, count = float(alarm.period), int(alarm.evaluation_periods)
    wanted = {(dimension.name, dimension.value) for dimension in alarm.dimensions}
    found: list[list[float]] = [[] for _unused in range(count)]
    for datum in list(backend.metric_data):
        if not isinstance(datum, MetricDatum) or (datum.namespace, datum.name) != (alarm.namespace, alarm.metric_name):
            continue
        if {(dimension.name, dimension.value) for dimension in datum.dimensions} != wanted:
            continue
        age = now - datum.timestamp.replace(tzinfo=datetime.UTC).timestamp()
        if 0 <= age < length * count:
            found[int(age // length)].append(datum.value)
    return found
