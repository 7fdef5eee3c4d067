# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A global database `shop` for tests: made, moved and looked at through the API."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import HOME, STANDBY, Lab

ENGINE = {"Engine": "aurora-postgresql", "EngineVersion": "16.4"}


def arn(region: str) -> str:
    return f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}"


def make(lab: Lab, instances: tuple[str, ...] = (HOME, STANDBY), standby_version: str = "16.4") -> None:
    lab.client("rds", HOME).create_global_cluster(GlobalClusterIdentifier="shop", **ENGINE)
    for region in (HOME, STANDBY):
        rds = lab.client("rds", region)
        version = standby_version if region == STANDBY else "16.4"
        master = {"MasterUsername": "app", "MasterUserPassword": "of-no-use"} if region == HOME else {}
        rds.create_db_cluster(
            DBClusterIdentifier=f"shop-{region}",
            GlobalClusterIdentifier="shop",
            Port=25432,
            Engine="aurora-postgresql",
            EngineVersion=version,
            **master,
        )
        if region in instances:
            rds.create_db_instance(
                DBInstanceIdentifier=f"shop-{region}-1",
                DBClusterIdentifier=f"shop-{region}",
                DBInstanceClass="db.r6g.large",
                Engine="aurora-postgresql",
            )


def describe(lab: Lab, region: str = STANDBY) -> dict[str, Any]:
    (cluster,) = lab.client("rds", region).describe_global_clusters(GlobalClusterIdentifier="shop")["GlobalClusters"]
    return dict(cluster)


def failover(lab: Lab, region: str = STANDBY, target: str = arn(STANDBY), **options: bool) -> dict[str, Any]:
    given = options or {"AllowDataLoss": True}
    answer = lab.client("rds", region).failover_global_cluster(
        GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=target, **given
    )
    return dict(answer["GlobalCluster"])


def switchover(lab: Lab, region: str = HOME, target: str = arn(STANDBY)) -> dict[str, Any]:
    answer = lab.client("rds", region).switchover_global_cluster(
        GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=target
    )
    return dict(answer["GlobalCluster"])


def error_of(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def writers(cluster: dict[str, Any]) -> list[str]:
    return [member["DBClusterArn"] for member in cluster["GlobalClusterMembers"] if member["IsWriter"]]


def finish(lab: Lab) -> None:
    """Let any operation come to its end."""
    for _unused in range(5):
        lab.look(500)
