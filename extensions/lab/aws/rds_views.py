# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A global database as the API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.rds.models import GlobalCluster

from lab.aws.rds_machine import GlobalDatabase
from lab.aws.rds_records import Operation, region_of


def global_cluster(cluster: GlobalCluster, database: GlobalDatabase) -> dict[str, Any]:
    """Return an item of ``GlobalClusters``."""
    view = {
        "GlobalClusterIdentifier": cluster.global_cluster_identifier,
        "GlobalClusterResourceId": cluster.global_cluster_resource_id,
        "GlobalClusterArn": cluster.global_cluster_arn,
        "Status": status(database),
        "Engine": cluster.engine,
        "EngineVersion": cluster.engine_version,
        "StorageEncrypted": cluster.storage_encrypted,
        "DeletionProtection": cluster.deletion_protection,
        "GlobalClusterMembers": _members(database),
        "Endpoint": cluster.endpoint,
        "TagList": [],
    }
    operation = database.operation
    return view if operation is None else view | {"FailoverState": _failover_state(operation)}


def status(database: GlobalDatabase) -> str:
    """Return the global cluster's Status."""
    if database.detaching:
        return "modifying"
    if database.operation is None:
        return "available"
    return "failing-over" if database.operation.data_loss else "switching-over"


def _members(database: GlobalDatabase) -> list[dict[str, Any]]:
    readers = [member.arn for member in database.members if member.arn != database.writer]
    views = []
    for member in database.members:
        writes = member.arn == database.writer
        view = {
            "DBClusterArn": member.arn,
            "Readers": readers if writes else [],
            "IsWriter": writes,
            "SynchronizationStatus": member.sync.value,
        }
        views.append(view if writes else view | {"GlobalWriteForwardingStatus": "disabled"})
    return views


def _failover_state(operation: Operation) -> dict[str, Any]:
    return {
        "Status": operation.phase.value,
        "FromDbClusterArn": operation.source,
        "ToDbClusterArn": operation.target,
        "IsDataLossAllowed": operation.data_loss,
    }


def regions(view: Mapping[str, Any]) -> set[str]:
    """Return the Regions that hold a member."""
    return {region_of(member["DBClusterArn"]) for member in view["GlobalClusterMembers"]}
