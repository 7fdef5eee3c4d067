# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon CloudWatch: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

NO_SUCH_DASHBOARD = ("DashboardNotFoundError", "ResourceNotFound")


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


def put_metric_data(client: Any, namespace: str, data: Sequence[dict[str, Any]]) -> None:
    """Publish ``MetricData``; at most 1,000 of it, and 1 MB, are taken. Either all of it is, or none."""
    client.put_metric_data(Namespace=namespace, MetricData=list(data))


def get_dashboard(client: Any, name: str) -> str:
    """The body of a dashboard."""
    return str(client.get_dashboard(DashboardName=name)["DashboardBody"])


def put_dashboard(client: Any, name: str, body: str) -> list[dict[str, Any]]:
    """Make the dashboard, or replace its body; gives what CloudWatch warns of in it."""
    answer = client.put_dashboard(DashboardName=name, DashboardBody=body)
    return list(answer.get("DashboardValidationMessages") or [])


def delete_dashboard(client: Any, name: str) -> None:
    """Delete the dashboard."""
    client.delete_dashboards(DashboardNames=[name])


def describe_metric_alarms(client: Any, prefix: str) -> list[dict[str, Any]]:
    """The alarms on metrics whose names begin so."""
    pages = client.get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"])
    return [alarm for page in pages for alarm in page["MetricAlarms"]]


def put_metric_alarm(client: Any, alarm: dict[str, Any]) -> None:
    """Make the alarm, or replace all of it but its tags."""
    client.put_metric_alarm(**alarm)


def describe_composite_alarm(client: Any, name: str) -> dict[str, Any] | None:
    """The composite alarm of that name. Without the type CloudWatch shows metric alarms only."""
    answer = client.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])
    return next(iter(answer.get("CompositeAlarms", [])), None)


def put_composite_alarm(client: Any, alarm: dict[str, Any]) -> None:
    """Make the composite alarm, or replace all of it but its tags."""
    client.put_composite_alarm(**alarm)


def delete_alarm(client: Any, name: str) -> None:
    """Delete one alarm: a request may have no more than one composite one."""
    client.delete_alarms(AlarmNames=[name])


def list_tags(client: Any, arn: str) -> list[dict[str, str]]:
    """The tags of an alarm."""
    return list(client.list_tags_for_resource(ResourceARN=arn)["Tags"])


def tag(client: Any, arn: str, tags: list[dict[str, str]]) -> None:
    """Add tags, or give them another value."""
    client.tag_resource(ResourceARN=arn, Tags=tags)


def untag(client: Any, arn: str, keys: list[str]) -> None:
    """Take tags away."""
    client.untag_resource(ResourceARN=arn, TagKeys=keys)


def describe_alarms(client: Any, names: list[str]) -> list[dict[str, Any]]:
    """The metric and composite alarms of these names that there are. A hundred names at most: one page."""
    answer = client.describe_alarms(AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=100)
    return [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
