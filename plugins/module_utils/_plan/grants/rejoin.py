# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of what makes one global database again of the two that a detach has left. None deletes a database."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import HOME, STANDBY, Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    CLUSTERS,
    GLOBAL_CLUSTER,
    OPERATOR,
    arn,
    same,
)

CLUSTER, KEPT = arn("rds", "cluster:${LegCluster}"), arn("rds", "cluster:${LegCluster}-kept-*")
INSTANCES = arn("rds", "db:${LegCluster}-*")
IN_HOME = (HOME,)

REJOIN = (
    # By its name, by its mark, or by being in the way: which cluster it is isn't known before. Nobody else lists them.
    Grant("Rejoin", "See", OPERATOR, {"rds:DescribeDBClusters": (), **same("rds", "DescribeDBInstances")}),
    Grant(
        "Rejoin",
        "GlobalCluster",
        OPERATOR,
        same("rds", "DeleteGlobalCluster", "CreateGlobalCluster"),
        (GLOBAL_CLUSTER, *CLUSTERS),
    ),
    Grant("Rejoin", "GiveNameAway", OPERATOR, same("rds", "ModifyDBCluster"), (CLUSTER, KEPT), IN_HOME),
    Grant("Rejoin", "GiveInstanceNameAway", OPERATOR, same("rds", "ModifyDBInstance"), (INSTANCES,), IN_HOME),
    Grant(
        "Rejoin",
        "AddSecondary",
        OPERATOR,
        {
            **same("rds", "CreateDBCluster", "CreateDBInstance"),
            "rds:AddTagsToResource": ("rds:CreateDBCluster",),
        },
        (
            *(GLOBAL_CLUSTER, CLUSTER, INSTANCES, arn("rds", "cluster-pg:*"), arn("rds", "pg:*")),
            arn("rds", "subgrp:${LegSubnetGroup}"),
        ),
        IN_HOME,
    ),
    Grant("Rejoin", "Unmark", OPERATOR, same("rds", "RemoveTagsFromResource"), (CLUSTER,), (STANDBY,)),
)
