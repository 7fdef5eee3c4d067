# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of what holds data, and of the state table's items."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    AUTOMATION,
    BASELINES,
    CACHES,
    CANARY,
    CANARY_LOG,
    CLUSTERS,
    DATASTORE,
    DRILL,
    EVERY_SECRET,
    EVIDENCE,
    FENCES,
    GLOBAL_CLUSTER,
    KEY,
    LOCK_AND_RUNS,
    LOOKS,
    OPERATOR,
    OUTBOX,
    PARAMETER_ARNS,
    PREFLIGHT,
    REPORTER,
    SECRET_ARNS,
    SETUP,
    TABLE,
    WATCHES,
    arn,
    bucket,
    keys,
    same,
    via,
)

OWN_CLUSTER = arn("rds", "cluster:${LegCluster}")

DATABASE = (
    Grant("Database", "ReadGlobal", WATCHES | CANARY | SETUP, same("rds", "DescribeGlobalClusters"), (GLOBAL_CLUSTER,)),
    Grant("Database", "Read", WATCHES | CANARY | SETUP, same("rds", "DescribeDBClusters"), (OWN_CLUSTER,)),
    Grant("Database", "Events", OPERATOR, same("rds", "DescribeEvents")),
    # Both need every member, whichever Region is called.
    Grant(
        "Database",
        "Promote",
        OPERATOR,
        same("rds", "FailoverGlobalCluster", "SwitchoverGlobalCluster"),
        (GLOBAL_CLUSTER, *CLUSTERS),
    ),
    # The last resort. A detached cluster is recognised by its tag.
    Grant(
        "Database",
        "Detach",
        OPERATOR,
        same("rds", "RemoveFromGlobalCluster", "AddTagsToResource"),
        (GLOBAL_CLUSTER, *CLUSTERS),
    ),
    # A Region that returns: AWS's snapshot of its lost primary becomes a manual one. AWS's names begin with rds:.
    Grant(
        "Database",
        "FindLostPrimary",
        OPERATOR,
        same("rds", "DescribeDBClusterSnapshots"),
        (arn("rds", "cluster:${LegCluster}"), arn("rds", "cluster-snapshot:*")),
    ),
    Grant(
        "Database",
        "KeepLostPrimary",
        OPERATOR,
        {
            **same("rds", "CopyDBClusterSnapshot", "CreateDBClusterSnapshot"),
            "rds:AddTagsToResource": ("rds:CopyDBClusterSnapshot", "rds:CreateDBClusterSnapshot"),
        },
        (
            arn("rds", "cluster:${LegCluster}"),
            arn("rds", "cluster-snapshot:rds:unplanned-global-failover-${LegCluster}-*"),
            arn("rds", "cluster-snapshot:lost-*"),
        ),
    ),
    Grant("Database", "Credentials", LOOKS, same("secretsmanager", "GetSecretValue"), SECRET_ARNS),
    Grant("Database", "CredentialsKey", LOOKS | CANARY, {"kms:Decrypt": ()}, KEY, conditions=via("secretsmanager")),
    Grant("Database", "Lag", WATCHES | SETUP, same("cloudwatch", "GetMetricData")),
)

STATE = (
    Grant(
        "State",
        "Read",
        WATCHES | REPORTER,
        same("dynamodb", "GetItem", "Query"),
        (TABLE,),
        conditions=keys(*LOCK_AND_RUNS, *FENCES, *BASELINES, *OUTBOX, *CANARY_LOG, *AUTOMATION),
    ),
    Grant(
        "State",
        "Write",
        OPERATOR | DRILL,
        same("dynamodb", "PutItem", "UpdateItem"),
        (TABLE,),
        conditions=keys(*LOCK_AND_RUNS, *FENCES, *OUTBOX),
    ),
    # Whoever may fail over may switch automation off and on; a watcher's own role may not.
    Grant("State", "Automation", OPERATOR, same("dynamodb", "PutItem"), (TABLE,), conditions=keys(*AUTOMATION)),
    Grant(
        "State",
        "WriteBaseline",
        PREFLIGHT,
        same("dynamodb", "PutItem"),
        (TABLE,),
        conditions=keys(*BASELINES),
    ),
    Grant(
        "Canary",
        "Log",
        CANARY,
        same("dynamodb", "Query", "PutItem", "DeleteItem"),
        (TABLE,),
        conditions=keys(*CANARY_LOG),
    ),
    Grant("Canary", "Credentials", CANARY, same("secretsmanager", "GetSecretValue"), SECRET_ARNS[:1]),
)

CACHE = (
    Grant("Cache", "ReadGlobal", WATCHES | SETUP, same("elasticache", "DescribeGlobalReplicationGroups"), (DATASTORE,)),
    Grant(
        "Cache",
        "Read",
        WATCHES | SETUP,
        same("elasticache", "DescribeReplicationGroups"),
        (arn("elasticache", "replicationgroup:${LegReplicationGroup}"),),
    ),
    Grant("Cache", "Lag", WATCHES | SETUP, same("cloudwatch", "ListMetrics")),
    Grant(
        "Cache",
        "Promote",
        OPERATOR,
        same("elasticache", "FailoverGlobalReplicationGroup"),
        (DATASTORE, *CACHES),
    ),
    Grant(
        "Cache",
        "Version",
        LOOKS | SETUP,
        same("elasticache", "DescribeCacheClusters"),
        (arn("elasticache", "cluster:${LegReplicationGroup}-*"),),
    ),
    Grant(
        "Cache",
        "Associate",
        SETUP,
        {
            "elasticache:DescribeGlobalReplicationGroups": (),
            "elasticache:DescribeReplicationGroups": (),
            **same(
                "elasticache",
                "CreateGlobalReplicationGroup",
                "CreateReplicationGroup",
                "DisassociateGlobalReplicationGroup",
                "DeleteGlobalReplicationGroup",
            ),
        },
        (
            arn("elasticache", "globalreplicationgroup:*", ""),
            *CACHES,
            arn("elasticache", "cluster:${LegReplicationGroup}-*"),
            arn("elasticache", "subnetgroup:*"),
            arn("elasticache", "parametergroup:*"),
        ),
    ),
)

PARAMETERS = (
    Grant("Parameters", "List", OPERATOR, same("ssm", "DescribeParameters")),
    Grant(
        "Parameters",
        "Sync",
        OPERATOR,
        same("ssm", "GetParametersByPath", "GetParameter", "PutParameter", "DeleteParameters"),
        PARAMETER_ARNS,
    ),
    Grant(
        "Parameters",
        "Key",
        OPERATOR,
        {"kms:Decrypt": (), "kms:Encrypt": (), "kms:GenerateDataKey": ()},
        KEY,
        conditions=via("ssm"),
    ),
)

SECRETS = (
    Grant("Secrets", "Read", WATCHES | SETUP, same("secretsmanager", "DescribeSecret"), EVERY_SECRET),
    Grant(
        "Secrets",
        "Replicate",
        OPERATOR,
        {
            "secretsmanager:GetSecretValue": (),  # to compare, of those that aren't a database's
            **same("secretsmanager", "StopReplicationToReplica", "ReplicateSecretToRegions"),
        },
        EVERY_SECRET,
    ),
    Grant(
        "Secrets",
        "Key",
        OPERATOR,
        {"kms:Decrypt": (), "kms:Encrypt": (), "kms:GenerateDataKey": ()},
        KEY,
        conditions=via("secretsmanager"),
    ),
)

KEYS = (
    Grant("Keys", "Find", SETUP, same("kms", "ListAliases")),
    Grant("Keys", "Read", WATCHES | SETUP, same("kms", "DescribeKey"), KEY),
    Grant("Keys", "ReadPolicy", SETUP, same("kms", "GetKeyPolicy"), KEY),
    # AWS asks it of the key in both Regions.
    Grant("Keys", "MovePrimary", OPERATOR, same("kms", "UpdatePrimaryRegion"), KEY),
    Grant(
        "Keys",
        "Replicate",
        SETUP,
        same("kms", "ReplicateKey", "PutKeyPolicy", "CreateAlias"),
        (*KEY, arn("kms", "alias/${KeyAlias}")),
    ),
    Grant("Keys", "CreateReplica", SETUP, {"kms:CreateKey": ("kms:ReplicateKey",)}),
)

REPORTS = (
    Grant(
        "Evidence",
        "Keep",
        REPORTER,
        {
            **same("s3", "PutObject", "GetObject"),
            # For an object that is written, or read, with its retention.
            **dict.fromkeys(("s3:PutObjectRetention", "s3:GetObjectRetention"), ()),
        },
        (bucket(f"{EVIDENCE}/aws-dr/*"),),
    ),
    # Without it S3 doesn't say that an object isn't there.
    Grant("Evidence", "List", REPORTER, {"s3:ListBucket": ("s3:GetObject",)}, (bucket(EVIDENCE),)),
)
