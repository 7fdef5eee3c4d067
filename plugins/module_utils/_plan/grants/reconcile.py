# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of the reconciliation: what a lost primary's snapshot is restored into, by its name, and removed again."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import OPERATOR, arn, same

RESTORED = (arn("rds", "cluster:aws-dr-lost-*"), arn("rds", "db:aws-dr-lost-*"))

RECONCILE = (
    # What a killed run left is found by its tag: which cluster that is isn't known before.
    Grant("Reconcile", "See", OPERATOR, {"rds:DescribeDBClusters": (), **same("rds", "DescribeDBInstances")}),
    Grant(
        "Reconcile",
        "Restore",
        OPERATOR,
        {
            **same("rds", "RestoreDBClusterFromSnapshot", "CreateDBInstance"),
            "rds:AddTagsToResource": ("rds:RestoreDBClusterFromSnapshot", "rds:CreateDBInstance"),
        },
        (
            *RESTORED,
            arn("rds", "cluster-snapshot:lost-*"),
            arn("rds", "cluster-pg:*"),
            arn("rds", "pg:*"),
            arn("rds", "subgrp:${LegSubnetGroup}"),
            arn("rds", "subgrp:${LostSubnetGroup}"),
        ),
    ),
    Grant("Reconcile", "Remove", OPERATOR, same("rds", "DeleteDBInstance", "DeleteDBCluster"), RESTORED),
)
