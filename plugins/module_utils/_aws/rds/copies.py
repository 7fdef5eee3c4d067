# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clusters of a Region with their instances and tags: where copies are looked for, and what they are made like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import ClusterSeen, InstanceSeen

IO_OPTIMIZED = "aurora-iopt1"
"""The one storage type that has to be named."""
# What was asked for is so already, or is under way: look again, and decide anew.
OVERTAKEN = (
    "DBClusterAlreadyExistsFault",
    "DBClusterNotFoundFault",
    "DBInstanceAlreadyExists",
    "DBInstanceNotFound",
    "InvalidDBInstanceState",
)


def list_clusters(clients: Clients, region: str) -> tuple[ClusterSeen, ...]:
    """Every cluster of the Region. Raises botocore's errors."""
    client = clients.get("rds", region)
    clusters = [cluster_seen(raw) for raw in api.describe_all_db_clusters(client)]
    instances = [instance_seen(raw) for raw in api.describe_all_db_instances(client)]
    return tuple(
        replace(each, instances=tuple(one for one in instances if one.cluster_id == each.id)) for each in clusters
    )


def instance_seen(raw: Mapping[str, Any]) -> InstanceSeen:
    """A record from an item of ``DBInstances``."""
    return InstanceSeen(
        id=raw["DBInstanceIdentifier"],
        cluster_id=raw.get("DBClusterIdentifier") or "",
        status=raw.get("DBInstanceStatus", ""),
        instance_class=raw.get("DBInstanceClass", ""),
        settings=_instance_settings(raw),
    )


def cluster_seen(raw: Mapping[str, Any]) -> ClusterSeen:
    """A record from an item of ``DBClusters``, still without its instances."""
    return ClusterSeen(
        cluster=transform.cluster(raw),
        tags=_tags(raw.get("TagList")),
        settings=_settings(raw),
        global_cluster_id=raw.get("GlobalClusterIdentifier") or "",
        protected=bool(raw.get("DeletionProtection")),
        own=_own(raw),
    )


def _own(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a cluster that takes its place has to have, and a clone has anyhow or must not have."""
    settings = {
        "StorageEncrypted": raw.get("StorageEncrypted"),
        "KmsKeyId": raw.get("KmsKeyId"),
        "BackupRetentionPeriod": raw.get("BackupRetentionPeriod"),
        "PreferredBackupWindow": raw.get("PreferredBackupWindow"),
        "PreferredMaintenanceWindow": raw.get("PreferredMaintenanceWindow"),
        "DeletionProtection": raw.get("DeletionProtection"),
        "CopyTagsToSnapshot": raw.get("CopyTagsToSnapshot"),
        "EnableCloudwatchLogsExports": raw.get("EnabledCloudwatchLogsExports"),
        "StorageType": raw.get("StorageType") if raw.get("StorageType") == IO_OPTIMIZED else None,
    }
    return {name: value for name, value in settings.items() if value}


def _instance_settings(raw: Mapping[str, Any]) -> dict[str, Any]:
    groups = [each["DBParameterGroupName"] for each in raw.get("DBParameterGroups") or ()]
    settings = {
        "DBInstanceClass": raw.get("DBInstanceClass"),
        "DBParameterGroupName": groups[0] if groups else None,
        "PromotionTier": raw.get("PromotionTier"),
        "PubliclyAccessible": raw.get("PubliclyAccessible"),
        "AutoMinorVersionUpgrade": raw.get("AutoMinorVersionUpgrade"),
        "MonitoringInterval": raw.get("MonitoringInterval") or None,
        "MonitoringRoleArn": raw.get("MonitoringRoleArn"),
        "EnablePerformanceInsights": raw.get("PerformanceInsightsEnabled") or None,
    }
    return {name: value for name, value in settings.items() if value is not None}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """As RDS takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _tags(raw: Any) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in raw or ()}


def _settings(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A clone gets the Region's default network unless it is told: it must be reached as its source is."""
    groups = [each["VpcSecurityGroupId"] for each in raw.get("VpcSecurityGroups") or ()]
    scaling = raw.get("ServerlessV2ScalingConfiguration") or {}
    settings = {
        "Port": raw.get("Port"),
        "DBSubnetGroupName": raw.get("DBSubnetGroup"),
        "VpcSecurityGroupIds": groups,
        "DBClusterParameterGroupName": raw.get("DBClusterParameterGroup"),
        "EnableIAMDatabaseAuthentication": raw.get("IAMDatabaseAuthenticationEnabled"),
        "ServerlessV2ScalingConfiguration": {
            name: scaling[name] for name in ("MinCapacity", "MaxCapacity", "SecondsUntilAutoPause") if name in scaling
        },
    }
    return {name: value for name, value in settings.items() if value}
