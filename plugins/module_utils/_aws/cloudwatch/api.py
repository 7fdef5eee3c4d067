# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon CloudWatch: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def get_metric_data(client: Any, queries: list[dict[str, Any]], start: float, end: float) -> list[dict[str, Any]]:
    """The samples of ``queries`` between two epoch seconds, newest first. A few hundred samples: one page."""
    answer = client.get_metric_data(
        MetricDataQueries=queries,
        StartTime=datetime.fromtimestamp(start, UTC),
        EndTime=datetime.fromtimestamp(end, UTC),
        ScanBy="TimestampDescending",
    )
    return answer["MetricDataResults"]


def list_metrics(client: Any, namespace: str, name: str) -> list[dict[str, Any]]:
    """The metrics of that name, each with its dimensions, of which there have been samples in the last three hours."""
    pages = client.get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=name, RecentlyActive="PT3H")
    return [metric for page in pages for metric in page["Metrics"]]


def describe_alarms(client: Any, names: list[str]) -> list[dict[str, Any]]:
    """The metric and composite alarms of these names that there are. A hundred names at most: one page."""
    answer = client.describe_alarms(AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=100)
    return [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
