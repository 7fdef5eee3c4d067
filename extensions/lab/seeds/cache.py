# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workload's cache: a global datastore with a replication group a Region, and the secret with its token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.settings import CACHE_TOKEN, HOME, STANDBY, VALKEY_PORT

WORKLOAD = "shop"


def seed(client: Callable[[str, str], Any]) -> None:
    """Make it all. Raises botocore's errors."""
    client("elasticache", HOME).create_replication_group(
        ReplicationGroupId=f"{WORKLOAD}-{HOME}",
        ReplicationGroupDescription=WORKLOAD,
        Engine="valkey",
        EngineVersion="8.1",
        CacheNodeType="cache.r7g.large",
        Port=VALKEY_PORT,
        AuthToken=CACHE_TOKEN,
    )
    made = client("elasticache", HOME).create_global_replication_group(
        GlobalReplicationGroupIdSuffix=WORKLOAD, PrimaryReplicationGroupId=f"{WORKLOAD}-{HOME}"
    )
    identifier = made["GlobalReplicationGroup"]["GlobalReplicationGroupId"]
    client("elasticache", HOME).describe_global_replication_groups(GlobalReplicationGroupId=identifier)
    client("elasticache", STANDBY).create_replication_group(
        ReplicationGroupId=f"{WORKLOAD}-{STANDBY}",
        ReplicationGroupDescription=WORKLOAD,
        GlobalReplicationGroupId=identifier,
        Port=VALKEY_PORT,
    )
    client("secretsmanager", HOME).create_secret(
        Name=f"{WORKLOAD}/cache", SecretString=CACHE_TOKEN, AddReplicaRegions=[{"Region": STANDBY}]
    )
