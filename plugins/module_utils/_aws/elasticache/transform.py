# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From ElastiCache's answers to records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import (
    CacheMember,
    CacheRole,
    Datastore,
    ReplicationGroup,
)


def datastore(raw: Mapping[str, Any]) -> Datastore:
    """A record from an item of ``GlobalReplicationGroups``."""
    return Datastore(
        id=raw["GlobalReplicationGroupId"],
        status=raw.get("Status", ""),
        members=tuple(_member(member) for member in raw.get("Members", [])),
        engine_version=raw.get("EngineVersion", ""),
        node_type=raw.get("CacheNodeType", ""),
        shards=len(raw.get("GlobalNodeGroups", [])),
    )


def _member(raw: Mapping[str, Any]) -> CacheMember:
    known = {role.value: role for role in CacheRole}
    return CacheMember(
        region=raw.get("ReplicationGroupRegion", ""),
        group=raw.get("ReplicationGroupId", ""),
        role=known.get(raw.get("Role", "").upper()),
        status=raw.get("Status", ""),
    )


def replication_group(raw: Mapping[str, Any], engine_version: str = "") -> ReplicationGroup:
    """A record from an item of ``ReplicationGroups``. With cluster mode, the endpoint is the configuration's."""
    shards = raw.get("NodeGroups", [])
    endpoint = raw.get("ConfigurationEndpoint") or (shards[0].get("PrimaryEndpoint") if shards else None) or {}
    return ReplicationGroup(
        id=raw["ReplicationGroupId"],
        status=raw.get("Status", ""),
        endpoint=endpoint.get("Address", ""),
        port=int(endpoint.get("Port", 0)),
        node_type=raw.get("CacheNodeType", ""),
        engine_version=engine_version,
        shards=len(shards),
        tls=bool(raw.get("TransitEncryptionEnabled", False)),
        nodes=tuple(raw.get("MemberClusters", [])),
    )
