# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    FailoverState,
    GlobalCluster,
    Kind,
    Member,
    SyncStatus,
)

HOME = "arn:aws:rds:eu-central-1:123456789012:cluster:shop-eu-central-1"
STANDBY = "arn:aws:rds:eu-west-1:123456789012:cluster:shop-eu-west-1"


def test_a_global_cluster_in_the_middle_of_a_failover() -> None:
    raw = {
        "GlobalClusterIdentifier": "shop",
        "Status": "failing-over",
        "EngineVersion": "16.4",
        "Endpoint": "shop.global",
        "GlobalClusterMembers": [
            {"DBClusterArn": HOME, "IsWriter": True, "Readers": [STANDBY]},
            {"DBClusterArn": STANDBY, "IsWriter": False, "SynchronizationStatus": "pending-resync"},
        ],
        "FailoverState": {
            "Status": "failing-over",
            "FromDbClusterArn": HOME,
            "ToDbClusterArn": STANDBY,
            "IsDataLossAllowed": True,
        },
    }
    seen = transform.global_cluster(raw)
    assert seen == GlobalCluster(
        "shop",
        "failing-over",
        (
            Member(HOME, "eu-central-1", True, (STANDBY,)),
            Member(STANDBY, "eu-west-1", False, (), SyncStatus.PENDING_RESYNC),
        ),
        FailoverState("failing-over", HOME, STANDBY, True),
        "shop.global",
        "16.4",
    )
    assert seen.failover is not None
    assert seen.failover.kind is Kind.FAILOVER


def test_what_aws_leaves_out_is_unknown_and_what_it_says_newly_does_no_harm() -> None:
    raw = {
        "GlobalClusterIdentifier": "shop",
        "GlobalClusterMembers": [{"DBClusterArn": HOME, "SynchronizationStatus": "brand-new"}],
        "FailoverState": {},
    }
    seen = transform.global_cluster(raw)
    assert (seen.status, seen.failover, seen.writer) == ("", None, None)
    assert seen.members == (Member(HOME, "eu-central-1", False),)


def test_a_switchover_is_told_from_a_failover() -> None:
    raw = {"GlobalClusterIdentifier": "shop", "FailoverState": {"Status": "switching-over", "ToDbClusterArn": STANDBY}}
    failover = transform.global_cluster(raw).failover
    assert failover is not None
    assert failover.kind is Kind.SWITCHOVER


def test_a_cluster_with_its_instances() -> None:
    raw = {
        "DBClusterArn": HOME,
        "Endpoint": "shop.cluster",
        "Port": 5432,
        "Status": "available",
        "Engine": "aurora-postgresql",
        "EngineVersion": "16.4",
        "DBClusterMembers": [{"DBInstanceIdentifier": "shop-1"}],
    }
    assert transform.cluster(raw) == Cluster(
        HOME, "shop.cluster", 5432, "available", "aurora-postgresql", "16.4", ("shop-1",)
    )


def test_write_blocks_are_told_by_their_message_oldest_first() -> None:
    def event(second: int, message: str) -> dict[str, object]:
        return {"Date": datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC), "Message": message}

    blocks = transform.write_blocks(
        [
            event(3, "Attempt to block writes for DB cluster shop-a in Region eu-central-1 timed out."),
            event(2, "Global failover to DB cluster shop-b in Region eu-west-1 completed."),
            event(1, "Attempt to block writes for DB cluster `shop-a` in Region `eu-central-1` succeeded."),
        ]
    )
    assert [(block.event, block.cluster, block.region) for block in blocks] == [
        ("RDS-EVENT-0390", "shop-a", "eu-central-1"),
        ("RDS-EVENT-0391", "shop-a", "eu-central-1"),
    ]
