# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of asking what is granted, and of making the state table."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    DRILL,
    GLOBAL,
    IN_THREE,
    PREFLIGHT,
    SETUP,
    TABLE,
    arn,
    same,
)

FOUNDATION = (
    Grant(
        "Permissions",
        "Ask",
        PREFLIGHT | DRILL,
        same("iam", "SimulatePrincipalPolicy", "GetRole"),
        (arn("iam", "role/${OperatorRole}", ""),),
        places=GLOBAL,
    ),
    Grant(
        "StateTable",
        "Make",
        SETUP,
        {
            **same(
                "dynamodb",
                "DescribeTable",
                "DescribeContinuousBackups",
                "DescribeTimeToLive",
                "ListTagsOfResource",
                "CreateTable",
                "UpdateTable",
                "DeleteTable",
                "UpdateContinuousBackups",
                "TagResource",
                "UntagResource",
                "Scan",
            ),
            # What DynamoDB asks of whoever makes or removes a replica or a witness.
            **{
                f"dynamodb:{action}": ("dynamodb:UpdateTable",)
                for action in (
                    "CreateTableReplica",
                    "DeleteTableReplica",
                    "CreateGlobalTableWitness",
                    "DeleteGlobalTableWitness",
                )
            },
            **{
                f"dynamodb:{action}": ()
                for action in ("Query", "GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
            },
        },
        (TABLE,),
        places=IN_THREE,
    ),
    Grant(
        "StateTable",
        "ServiceRole",
        SETUP,
        {"iam:CreateServiceLinkedRole": ()},
        ("arn:${Partition}:iam::${AccountId}:role/aws-service-role/replication.dynamodb.amazonaws.com/*",),
        places=GLOBAL,
        conditions={"StringEquals": {"iam:AWSServiceName": ("replication.dynamodb.amazonaws.com",)}},
    ),
)
