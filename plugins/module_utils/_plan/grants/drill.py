# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of what a drill makes and takes away again: by its name, so that nothing else can be."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    DRILL,
    GLOBAL,
    KEY,
    PARAMETER_ARNS,
    arn,
    same,
    via,
    zone,
)

COPY = arn("rds", "cluster:aws-dr-drill-*")
COPY_INSTANCE = arn("rds", "db:aws-dr-drill-*")

DRILLS = (
    Grant("Drill", "SeeClusters", DRILL, same("rds", "DescribeDBClusters", "DescribeDBInstances")),
    Grant(
        "Drill",
        "Copy",
        DRILL,
        {
            **same("rds", "RestoreDBClusterToPointInTime", "CreateDBInstance"),
            "rds:AddTagsToResource": ("rds:RestoreDBClusterToPointInTime", "rds:CreateDBInstance"),
        },
        (
            COPY,
            COPY_INSTANCE,
            arn("rds", "cluster:${LegCluster}"),
            arn("rds", "cluster-pg:*"),
            arn("rds", "pg:*"),
            arn("rds", "subgrp:${LegSubnetGroup}"),
        ),
    ),
    Grant("Drill", "RemoveCopy", DRILL, same("rds", "DeleteDBInstance", "DeleteDBCluster"), (COPY, COPY_INSTANCE)),
    Grant("Drill", "ListParameters", DRILL, same("ssm", "DescribeParameters")),
    Grant("Drill", "ReadParameters", DRILL, same("ssm", "GetParametersByPath"), PARAMETER_ARNS),
    Grant("Drill", "ParametersKey", DRILL, {"kms:Decrypt": ()}, KEY, conditions=via("ssm")),
    Grant("Drill", "MakeHealthCheck", DRILL, same("route53", "CreateHealthCheck"), places=GLOBAL),
    # A health check has no name before it is there, and its id is Route 53's to give: only their own are ever changed.
    Grant(
        "Drill",
        "HealthCheck",
        DRILL,
        same(
            "route53",
            "GetHealthCheck",
            "GetHealthCheckStatus",
            "UpdateHealthCheck",
            "DeleteHealthCheck",
            "ListTagsForResources",
            "ChangeTagsForResource",
        ),
        (zone("healthcheck/*"),),
        places=GLOBAL,
    ),
)
