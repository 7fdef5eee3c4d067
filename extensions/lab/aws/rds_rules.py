# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RDS refuses to do with a global database, and in which words."""

from __future__ import annotations

import re

from moto.rds.models import DBCluster, GlobalCluster

from lab.aws.errors import AwsError
from lab.aws.rds_machine import GlobalDatabase
from lab.aws.rds_records import Sync

PATCH_MAY_DIFFER = {11: 17, 12: 12, 13: 8, 14: 5}
"""Aurora PostgreSQL: from which minor of a major on the patch level need not be equal; 15 and later: always."""


def movable(database: GlobalDatabase, cluster: GlobalCluster, target: str, *, called: str, expected: str) -> None:
    """Refuse to move the writer to ``target`` where AWS would.

    :param called: the Region whose endpoint was called; ``expected`` the one that takes this call.
    :raises AwsError: with AWS's code.
    """
    _idle(database, cluster.global_cluster_arn)
    clusters = {member.db_cluster_arn: member for member in cluster.members}
    member = database.member(target)
    if member is None or target not in clusters:
        raise AwsError("DBClusterNotFoundFault", f"DBCluster {target} is no member of {cluster.global_cluster_arn}.")
    if target == database.writer:
        raise AwsError(
            "InvalidDBClusterStateFault", f"DBCluster {target} is the primary cluster; name a secondary one."
        )
    if called != expected:
        raise AwsError(
            "InvalidGlobalClusterStateFault", f"Call this operation in {expected}: it is not accepted in {called}."
        )
    if member.sync != Sync.CONNECTED:
        raise AwsError("InvalidDBClusterStateFault", f"DBCluster {target} is {member.sync.value}: wait for its resync.")
    if not clusters[target].members:
        raise AwsError("InvalidDBClusterStateFault", f"DBCluster {target} has no DB instance: add one first.")
    _same_version(clusters[database.writer], clusters[target])


def detachable(database: GlobalDatabase, arn: str) -> None:
    """Refuse to take a cluster out where AWS would.

    :raises AwsError: with AWS's code.
    """
    _idle(database, arn)
    if database.member(arn) is None:
        raise AwsError("DBClusterNotFoundFault", f"DBCluster {arn} not found in the global cluster.")
    if arn == database.writer and len(database.members) > 1:
        raise AwsError(
            "InvalidGlobalClusterStateFault",
            f"DBCluster {arn} is the primary cluster: remove the secondary ones first.",
        )


def _idle(database: GlobalDatabase, arn: str) -> None:
    if database.busy:
        raise AwsError("InvalidGlobalClusterStateFault", f"{arn} has an operation in progress.")


def _same_version(source: DBCluster, target: DBCluster) -> None:
    have, want = _version(target.engine_version), _version(source.engine_version)
    if have[:2] != want[:2] or (have != want and not _patch_is_free(source.engine, want)):
        raise AwsError(
            "InvalidDBClusterStateFault",
            f"Engine version {target.engine_version} of {target.db_cluster_arn} is not compatible with "
            f"{source.engine_version} of the primary cluster.",
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def _patch_is_free(engine: str, version: tuple[int, ...]) -> bool:
    major, minor = (*version, 0, 0)[:2]
    if engine != "aurora-postgresql":
        return False
    return major >= 15 or minor >= PATCH_MAY_DIFFER.get(major, minor + 1)
