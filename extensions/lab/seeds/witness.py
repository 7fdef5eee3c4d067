# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What looks at the workload from a third Region: an alarm for each Region's API, and the queue that hears of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.settings import REGIONS, STANDBY, THIRD

QUEUE = "shop-witness"


def alarm_name(region: str) -> str:
    """Of the alarm that is in alarm while the Region's API fails."""
    return f"shop-api-{region}"


def seed(client: Callable[[str, str], Any]) -> None:
    """Make it all. Raises botocore's errors."""
    client("sqs", STANDBY).create_queue(QueueName=QUEUE)
    for region in REGIONS:
        client("cloudwatch", THIRD).put_metric_alarm(
            AlarmName=alarm_name(region),
            Namespace="CloudWatchSynthetics",
            MetricName="SuccessPercent",
            Dimensions=[{"Name": "CanaryName", "Value": alarm_name(region)}],
            Statistic="Average",
            Period=10,
            EvaluationPeriods=1,
            Threshold=100,
            ComparisonOperator="LessThanThreshold",
            TreatMissingData="breaching",
        )
