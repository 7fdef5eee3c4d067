# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon RDS: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

WRONG_STATE = ("InvalidGlobalClusterStateFault", "InvalidDBClusterStateFault")
SNAPSHOT_EXISTS = "DBClusterSnapshotAlreadyExistsFault"
SNAPSHOT_NOT_READY = ("InvalidDBClusterSnapshotStateFault", "InvalidDBClusterStateFault")


def describe_global_clusters(client: Any, global_cluster_id: str) -> list[dict[str, Any]]:
    """The global cluster of that identifier, as any Region answers it."""
    return client.describe_global_clusters(GlobalClusterIdentifier=global_cluster_id)["GlobalClusters"]


def describe_db_clusters(client: Any, cluster_id: str) -> list[dict[str, Any]]:
    """The cluster of that identifier in ``client``'s Region."""
    return client.describe_db_clusters(DBClusterIdentifier=cluster_id)["DBClusters"]


def describe_all_db_clusters(client: Any) -> list[dict[str, Any]]:
    """All clusters in ``client``'s Region."""
    return [
        cluster for page in client.get_paginator("describe_db_clusters").paginate() for cluster in page["DBClusters"]
    ]


def describe_db_subnet_group(client: Any, name: str) -> dict[str, Any]:
    """The subnet group of that name, as a cluster says it."""
    return client.describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"][0]


def switchover_global_cluster(client: Any, global_cluster_id: str, target_arn: str) -> dict[str, Any]:
    """Start a switchover: ``client`` is that of the current primary's Region."""
    answer = client.switchover_global_cluster(
        GlobalClusterIdentifier=global_cluster_id, TargetDbClusterIdentifier=target_arn
    )
    return answer["GlobalCluster"]


def failover_global_cluster(client: Any, global_cluster_id: str, target_arn: str) -> dict[str, Any]:
    """Start a failover that may lose data: ``client`` is that of the target's Region.

    ``AllowDataLoss`` is always given: without it AWS takes the call for a switchover.
    """
    answer = client.failover_global_cluster(
        GlobalClusterIdentifier=global_cluster_id, TargetDbClusterIdentifier=target_arn, AllowDataLoss=True
    )
    return answer["GlobalCluster"]


def remove_from_global_cluster(client: Any, global_cluster_id: str, cluster_arn: str) -> dict[str, Any]:
    """Take a secondary out of the global cluster: it becomes a writer by itself."""
    answer = client.remove_from_global_cluster(
        GlobalClusterIdentifier=global_cluster_id, DbClusterIdentifier=cluster_arn
    )
    return answer["GlobalCluster"]


def create_global_cluster(client: Any, global_cluster_id: str, source_arn: str) -> dict[str, Any]:
    """Make a global cluster of a cluster that stands alone, in ``client``'s Region. It becomes the writer."""
    answer = client.create_global_cluster(
        GlobalClusterIdentifier=global_cluster_id, SourceDBClusterIdentifier=source_arn
    )
    return answer["GlobalCluster"]


def delete_global_cluster(client: Any, global_cluster_id: str) -> dict[str, Any]:
    """Delete a global cluster without members; RDS refuses to delete one that has some. No database is in it."""
    return client.delete_global_cluster(GlobalClusterIdentifier=global_cluster_id)["GlobalCluster"]


def create_secondary(
    client: Any, cluster_id: str, global_cluster_id: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Begin a new cluster of a global cluster that has a writer: it is filled from there."""
    answer = client.create_db_cluster(
        DBClusterIdentifier=cluster_id, GlobalClusterIdentifier=global_cluster_id, **settings
    )
    return answer["DBCluster"]


def rename_db_cluster(client: Any, cluster_id: str, new_id: str) -> dict[str, Any]:
    """Give a cluster another identifier, and so other endpoints, at once."""
    answer = client.modify_db_cluster(
        DBClusterIdentifier=cluster_id, NewDBClusterIdentifier=new_id, ApplyImmediately=True
    )
    return answer["DBCluster"]


def rename_db_instance(client: Any, instance_id: str, new_id: str) -> dict[str, Any]:
    """Give an instance another identifier at once, which restarts it."""
    answer = client.modify_db_instance(
        DBInstanceIdentifier=instance_id, NewDBInstanceIdentifier=new_id, ApplyImmediately=True
    )
    return answer["DBInstance"]


def remove_tag(client: Any, arn: str, key: str) -> None:
    """Take a tag off a resource. There need be none."""
    client.remove_tags_from_resource(ResourceName=arn, TagKeys=[key])


def add_tag(client: Any, arn: str, key: str, value: str) -> None:
    """Tag a resource, or change that tag."""
    client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": key, "Value": value}])


def describe_db_cluster_snapshots(client: Any, cluster_id: str) -> list[dict[str, Any]]:
    """All snapshots of the cluster in ``client``'s Region, AWS's own and manual ones."""
    pages = client.get_paginator("describe_db_cluster_snapshots").paginate(DBClusterIdentifier=cluster_id)
    return [snapshot for page in pages for snapshot in page["DBClusterSnapshots"]]


def copy_db_cluster_snapshot(client: Any, source: str, target: str, tags: Mapping[str, str]) -> None:
    """Start to copy a snapshot to a manual one in the same Region, under the same key."""
    client.copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier=source,
        TargetDBClusterSnapshotIdentifier=target,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def create_db_cluster_snapshot(client: Any, cluster_id: str, target: str, tags: Mapping[str, str]) -> None:
    """Start to take a manual snapshot of the cluster."""
    client.create_db_cluster_snapshot(
        DBClusterIdentifier=cluster_id,
        DBClusterSnapshotIdentifier=target,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def describe_cluster_events(client: Any, since: float) -> list[dict[str, Any]]:
    """All cluster events in ``client``'s Region from ``since`` (epoch seconds) on."""
    pages = client.get_paginator("describe_events").paginate(
        SourceType="db-cluster", StartTime=datetime.fromtimestamp(since, UTC)
    )
    return [event for page in pages for event in page["Events"]]


def describe_all_db_instances(client: Any) -> list[dict[str, Any]]:
    """All instances in ``client``'s Region."""
    pages = client.get_paginator("describe_db_instances").paginate()
    return [instance for page in pages for instance in page["DBInstances"]]


def clone_db_cluster(client: Any, source_id: str, copy_id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Begin a copy-on-write clone of a cluster: a volume of its own that shares the source's pages until either writes.

    It has the tags in ``settings`` from the first moment on, and no instance yet.
    """
    answer = client.restore_db_cluster_to_point_in_time(
        SourceDBClusterIdentifier=source_id,
        DBClusterIdentifier=copy_id,
        RestoreType="copy-on-write",
        UseLatestRestorableTime=True,
        **settings,
    )
    return answer["DBCluster"]


def restore_db_cluster(
    client: Any, snapshot_id: str, copy_id: str, engine: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Begin a cluster of its own out of a snapshot, with the tags in ``settings``. It has no instance yet."""
    answer = client.restore_db_cluster_from_snapshot(
        SnapshotIdentifier=snapshot_id, DBClusterIdentifier=copy_id, Engine=engine, **settings
    )
    return answer["DBCluster"]


def create_db_instance(client: Any, cluster_id: str, instance_id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Begin an instance of a cluster."""
    answer = client.create_db_instance(DBClusterIdentifier=cluster_id, DBInstanceIdentifier=instance_id, **settings)
    return answer["DBInstance"]


def delete_db_instance(client: Any, instance_id: str) -> dict[str, Any]:
    """Begin to delete a cluster's instance. Its data are the cluster's."""
    return client.delete_db_instance(DBInstanceIdentifier=instance_id)["DBInstance"]


def delete_db_cluster(client: Any, cluster_id: str) -> dict[str, Any]:
    """Begin to delete a cluster and its automated backups, without a last snapshot."""
    return client.delete_db_cluster(
        DBClusterIdentifier=cluster_id, SkipFinalSnapshot=True, DeleteAutomatedBackups=True
    )["DBCluster"]
