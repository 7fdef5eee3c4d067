# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon ElastiCache: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

NOT_FOUND = ("GlobalReplicationGroupNotFoundFault", "ReplicationGroupNotFoundFault", "CacheClusterNotFound")
WRONG_STATE = ("InvalidGlobalReplicationGroupState", "InvalidReplicationGroupState")


def describe_global_replication_groups(client: Any, datastore_id: str) -> list[dict[str, Any]]:
    """The global datastore of that id with its members, which AWS leaves out unless it is asked for them."""
    answer = client.describe_global_replication_groups(GlobalReplicationGroupId=datastore_id, ShowMemberInfo=True)
    return answer["GlobalReplicationGroups"]


def list_global_replication_groups(client: Any) -> list[dict[str, Any]]:
    """Every global datastore that has a member in ``client``'s Region, with its members."""
    pages = client.get_paginator("describe_global_replication_groups").paginate(ShowMemberInfo=True)
    return [item for page in pages for item in page["GlobalReplicationGroups"]]


def describe_replication_groups(client: Any, group: str) -> list[dict[str, Any]]:
    """The replication group of that id in ``client``'s Region."""
    return client.describe_replication_groups(ReplicationGroupId=group)["ReplicationGroups"]


def describe_cache_clusters(client: Any, node: str) -> list[dict[str, Any]]:
    """The node of that id in ``client``'s Region: only there its engine's version is told."""
    return client.describe_cache_clusters(CacheClusterId=node)["CacheClusters"]


def failover_global_replication_group(client: Any, datastore_id: str, region: str, group: str) -> dict[str, Any]:
    """Promote the member ``group`` of ``region``; ``client`` is that of any member's Region."""
    answer = client.failover_global_replication_group(
        GlobalReplicationGroupId=datastore_id, PrimaryRegion=region, PrimaryReplicationGroupId=group
    )
    return answer["GlobalReplicationGroup"]


def create_global_replication_group(client: Any, suffix: str, group: str, description: str) -> dict[str, Any]:
    """Make a global datastore of the replication group, its primary, in ``client``'s Region."""
    answer = client.create_global_replication_group(
        GlobalReplicationGroupIdSuffix=suffix,
        PrimaryReplicationGroupId=group,
        GlobalReplicationGroupDescription=description,
    )
    return answer["GlobalReplicationGroup"]


def create_secondary(client: Any, datastore_id: str, options: dict[str, Any]) -> dict[str, Any]:
    """Make a replication group in ``client``'s Region as a secondary of the global datastore."""
    return client.create_replication_group(GlobalReplicationGroupId=datastore_id, **options)["ReplicationGroup"]


def disassociate_global_replication_group(client: Any, datastore_id: str, region: str, group: str) -> dict[str, Any]:
    """Let a secondary go: it becomes a primary of its own."""
    answer = client.disassociate_global_replication_group(
        GlobalReplicationGroupId=datastore_id, ReplicationGroupId=group, ReplicationGroupRegion=region
    )
    return answer["GlobalReplicationGroup"]


def delete_global_replication_group(client: Any, datastore_id: str) -> dict[str, Any]:
    """Delete a global datastore that has no secondary; its primary stays, with its data."""
    answer = client.delete_global_replication_group(
        GlobalReplicationGroupId=datastore_id, RetainPrimaryReplicationGroup=True
    )
    return answer["GlobalReplicationGroup"]
