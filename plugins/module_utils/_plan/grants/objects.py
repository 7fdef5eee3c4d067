# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of buckets with objects that users need, and of their replication."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    DATA,
    DRILL,
    OPERATOR,
    PASS_BACKFILL_ROLE,
    PASS_ROLE,
    SETUP,
    WATCHES,
    arn,
    bucket,
    same,
)

BUCKETS = (
    Grant(
        "Buckets",
        "Read",
        WATCHES | SETUP,
        {
            "s3:GetReplicationConfiguration": ("s3:GetBucketReplication",),
            "s3:GetBucketVersioning": ("s3:GetBucketVersioning",),
        },
        (bucket(DATA),),
    ),
    Grant(
        "Buckets",
        "List",
        WATCHES | SETUP,
        {"s3:ListBucket": ("s3:HeadObject", "s3:HeadBucket")},
        (bucket(DATA),),
    ),
    Grant(
        "Buckets",
        "HealthCanary",
        OPERATOR,
        same("s3", "PutObject", "GetObject"),
        (bucket(f"{DATA}/${{HealthCanaryKey}}/*"),),
    ),
    Grant(
        "Buckets",
        "ListVersions",
        OPERATOR | DRILL,
        {"s3:ListBucketVersions": ("s3:ListObjectVersions",)},
        (bucket(DATA),),
    ),
    # How far the replication of an object that differs is, S3 tells with its head only.
    Grant(
        "Buckets",
        "Compare",
        OPERATOR | DRILL,
        {"s3:GetObject": ("s3:HeadObject",)},
        (bucket(f"{DATA}/*"),),
    ),
    # The head of a version needs no right to read the object without one.
    Grant(
        "Buckets",
        "Sentinel",
        OPERATOR,
        {"s3:PutObject": ("s3:PutObject",), "s3:GetObjectVersion": ("s3:HeadObject",)},
        (bucket(f"{DATA}/${{SentinelKey}}"),),
    ),
    Grant(
        "Buckets",
        "Backfill",
        OPERATOR,
        {"s3:CreateJob": ("s3control:CreateJob",), "s3:DescribeJob": ("s3control:DescribeJob",)},
    ),
    Grant(
        "Buckets",
        "BackfillRole",
        OPERATOR,
        {"iam:PassRole": ("s3control:CreateJob",)},
        (arn("iam", "role/${BackfillRole}", ""),),
        conditions=PASS_BACKFILL_ROLE,
    ),
    Grant(
        "Buckets",
        "Replicate",
        SETUP,
        {"s3:PutReplicationConfiguration": ("s3:PutBucketReplication", "s3:DeleteBucketReplication")},
        (bucket(DATA),),
    ),
    Grant(
        "Buckets",
        "ReplicationRole",
        SETUP,
        {"iam:PassRole": ("s3:PutBucketReplication",)},
        (arn("iam", "role/${ReplicationRole}", ""),),
        conditions=PASS_ROLE,
    ),
)
