# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication groups: moto's, which it takes to be in us-east-1 whatever their Region, put right and shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from moto.elasticache.models import ReplicationGroup

from lab.aws.elasticache_machine import Member

DIRECTIONS = {
    "central": "c",
    "east": "e",
    "north": "n",
    "northeast": "ne",
    "south": "s",
    "southeast": "se",
    "west": "w",
}
ENGINE_VERSION = "8.1"


def short(region: str) -> str:
    """A Region in the words of ElastiCache's endpoints: euw1 for eu-west-1."""
    area, direction, number = region.rsplit("-", 2)
    return f"{area}{DIRECTIONS[direction]}{number}".replace("-", "")


def put_right(result: Any, region: str, primary: ReplicationGroup | None = None) -> Any:
    """Give a group that has just been made its own Region's names, and a secondary what its primary has."""
    group = result.result["ReplicationGroup"]
    for shard in group.node_groups:
        _rename(shard, region)
    if primary is not None:
        for name in ("engine", "engine_version", "cache_node_type", "auth_token_enabled", "transit_encryption_enabled"):
            setattr(group, name, getattr(primary, name))
    group.engine_version = group.engine_version or ENGINE_VERSION
    return result


def _rename(what: Any, region: str) -> None:
    for name, value in what.items() if isinstance(what, dict) else enumerate(what):
        if isinstance(value, str):
            what[name] = value.replace(".use1.", f".{short(region)}.").replace("us-east-1", region)
        elif isinstance(value, dict | list):
            _rename(value, region)


def show(group: ReplicationGroup, identifier: str, member: Member | None, *, busy: bool) -> None:
    """Let a group say which datastore it is in; ``member`` is None when it has left."""
    group.global_replication_group_id = identifier if member else ""
    group.global_replication_group_member_role = member.role if member else ""
    group.status = "modifying" if busy and member else "available"


def member_view(group: ReplicationGroup, member: Member) -> dict[str, Any]:
    """An item of ``Members``."""
    return {
        "ReplicationGroupId": member.group,
        "ReplicationGroupRegion": member.region,
        "Role": member.role,
        "AutomaticFailover": group.automatic_failover,
        "Status": member.status,
    }


def shared_view(primary: ReplicationGroup) -> dict[str, Any]:
    """What all members have in common."""
    return {
        "CacheNodeType": primary.cache_node_type,
        "Engine": primary.engine,
        "EngineVersion": primary.engine_version,
        "ClusterEnabled": primary.cluster_enabled,
        "GlobalNodeGroups": [{"GlobalNodeGroupId": shard["node_group_id"]} for shard in primary.node_groups],
        "AuthTokenEnabled": primary.auth_token_enabled,
        "TransitEncryptionEnabled": primary.transit_encryption_enabled,
        "AtRestEncryptionEnabled": primary.at_rest_encryption_enabled,
    }


def nodes(groups: Iterable[ReplicationGroup]) -> dict[str, dict[str, Any]]:
    """The groups' nodes as DescribeCacheClusters has them, by their id."""
    return {
        name: {
            "CacheClusterId": name,
            "ReplicationGroupId": group.replication_group_id,
            "CacheNodeType": group.cache_node_type,
            "Engine": group.engine,
            "EngineVersion": group.engine_version,
            "CacheClusterStatus": group.status,
            "NumCacheNodes": 1,
        }
        for group in groups
        for name in group.member_clusters
    }


def endpoints(group: ReplicationGroup) -> Iterator[str]:
    """Every name that leads to the group."""
    if group.cluster_enabled:
        yield group.configuration_endpoint["address"]
        return
    for shard in group.node_groups:
        yield shard["primary_endpoint_address"]
        yield shard["reader_endpoint_address"]
        for node in shard["node_group_members"]:
            yield node["read_endpoint"]["address"]
