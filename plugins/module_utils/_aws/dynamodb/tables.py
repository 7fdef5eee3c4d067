# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DynamoDB's tables: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# A table that is busy with something else, or too many that are: none had an effect, and each passes.
PASSING = ("ContinuousBackupsUnavailableException", "LimitExceededException", "ResourceInUseException")
NO_SUCH_TABLE = ("ResourceNotFoundException", "TableNotFoundException")


def describe_table(client: Any, name: str) -> dict[str, Any]:
    """The table in ``client``'s Region."""
    return client.describe_table(TableName=name)["Table"]


def list_tags(client: Any, arn: str) -> list[dict[str, str]]:
    """The tags of the table in ``client``'s Region."""
    pages = client.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn)
    return [tag for page in pages for tag in page["Tags"]]


def describe_recovery(client: Any, name: str) -> dict[str, Any]:
    """The point-in-time recovery of the table in ``client``'s Region."""
    answer = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return answer.get("PointInTimeRecoveryDescription") or {}


def describe_time_to_live(client: Any, name: str) -> dict[str, Any]:
    """Whether items expire."""
    return client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]


def has_items(client: Any, name: str) -> bool:
    """Whether the table holds any item now; the count in its description is up to six hours old."""
    return bool(client.scan(TableName=name, Limit=1)["Items"])


def create_table(client: Any, name: str, keys: Iterable[tuple[str, str, str]]) -> None:
    """Start creating a table that is paid per request. ``keys``: (attribute, HASH or RANGE, type)."""
    keys = list(keys)
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": kind} for attribute, _role, kind in keys],
        KeySchema=[{"AttributeName": attribute, "KeyType": role} for attribute, role, _kind in keys],
        BillingMode="PAY_PER_REQUEST",
    )


def make_strong(client: Any, name: str, replicas: Iterable[str], witness: str | None) -> None:
    """Start making an empty table global, with multi-Region strong consistency."""
    given = {"GlobalTableWitnessUpdates": [{"Create": {"RegionName": witness}}]} if witness else {}
    client.update_table(
        TableName=name,
        ReplicaUpdates=[{"Create": {"RegionName": region}} for region in replicas],
        MultiRegionConsistency="STRONG",
        **given,
    )


def reduce(client: Any, name: str, replicas: Iterable[str], witness: str | None) -> None:
    """Start removing these replicas and the witness: the Region called keeps the table."""
    given = {"GlobalTableWitnessUpdates": [{"Delete": {"RegionName": witness}}]} if witness else {}
    client.update_table(
        TableName=name, ReplicaUpdates=[{"Delete": {"RegionName": region}} for region in replicas], **given
    )


def set_protection(client: Any, name: str, on: bool) -> None:
    """Switch deletion protection in ``client``'s Region."""
    client.update_table(TableName=name, DeletionProtectionEnabled=on)


def set_recovery(client: Any, name: str, on: bool) -> None:
    """Switch point-in-time recovery in ``client``'s Region."""
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on}
    )


def tag(client: Any, arn: str, tags: Mapping[str, str]) -> None:
    """Set tags in ``client``'s Region."""
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()])


def untag(client: Any, arn: str, keys: Iterable[str]) -> None:
    """Take tags away in ``client``'s Region."""
    client.untag_resource(ResourceArn=arn, TagKeys=list(keys))


def delete_table(client: Any, name: str) -> None:
    """Start deleting the table in ``client``'s Region."""
    client.delete_table(TableName=name)
