# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data stream behind a CloudWatch alarm, which is what a health check follows: not the alarm's own state."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.cloudwatch.models import Alarm, MetricDatum, cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID

from lab.aws.plane_protocol import Clock

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


def data_stream(clock: Clock) -> Callable[[Mapping[str, Any]], bool | None]:
    """Return a function that tells whether an alarm's data is fine; None when there is not enough of it."""

    def fine(identifier: Mapping[str, Any]) -> bool | None:
        alarm = cloudwatch_backends[DEFAULT_ACCOUNT_ID][identifier["Region"]].alarms.get(identifier["Name"])
        if alarm is None or alarm.comparison_operator not in COMPARE or alarm.statistic not in STATISTICS:
            return None
        periods = _periods(alarm, identifier["Region"], clock.wall())
        needed = int(alarm.datapoints_to_alarm or alarm.evaluation_periods)
        if not periods or len(periods) < needed:
            return None
        statistic, compare = STATISTICS[alarm.statistic], COMPARE[alarm.comparison_operator]
        breaches = sum(compare(statistic(values), float(alarm.threshold)) for values in periods)
        return breaches < needed

    return fine


def _periods(alarm: Alarm, region: str, now: float) -> list[list[float]]:
    """Return the values of the last periods that hold any."""
    length, count = float(alarm.period), int(alarm.evaluation_periods)
    wanted = {(dimension.name, dimension.value) for dimension in alarm.dimensions}
    found: list[list[float]] = [[] for _unused in range(count)]
    for datum in list(cloudwatch_backends[DEFAULT_ACCOUNT_ID][region].metric_data):
        if not isinstance(datum, MetricDatum) or (datum.namespace, datum.name) != (alarm.namespace, alarm.metric_name):
            continue
        if {(dimension.name, dimension.value) for dimension in datum.dimensions} != wanted:
            continue
        age = now - datum.timestamp.replace(tzinfo=datetime.UTC).timestamp()
        if 0 <= age < length * count:
            found[int(age // length)].append(datum.value)
    return [values for values in found if values]
