# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Having a set of alarms on metrics, and no others by their names' beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.alarm import (
    alarm_request,
    metric_alarm,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import MetricAlarm
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cloudwatch import CloudWatch

Alarms = dict[str, Union[MetricAlarm, None]]


def find(cloudwatch: CloudWatch, prefix: str) -> Alarms:
    """The alarms whose names begin so; ``None`` for one that isn't as any of ours could be."""
    listed = cloudwatch.read("DescribeAlarms", api.describe_metric_alarms, prefix)
    return {raw["AlarmName"]: metric_alarm(raw) for raw in listed}


def have(cloudwatch: CloudWatch, prefix: str, wanted: Sequence[MetricAlarm], purge: bool) -> tuple[Alarms, Alarms]:
    """All of them before and after: what differs is made, what is beside them deleted, if that is wanted."""
    before = find(cloudwatch, prefix)
    after: Alarms = {**({} if purge else before), **{alarm.name: alarm for alarm in wanted}}
    for alarm in wanted:
        if before.get(alarm.name) != alarm:
            cloudwatch.change("PutMetricAlarm", api.put_metric_alarm, alarm_request(alarm))
    for name in before:
        if name not in after:
            cloudwatch.change("DeleteAlarms", api.delete_alarm, name)
    return before, after
