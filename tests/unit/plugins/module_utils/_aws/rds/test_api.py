# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api

GLOBAL = {"GlobalClusterIdentifier": "shop", "Status": "available", "GlobalClusterMembers": []}
TARGET = "arn:aws:rds:eu-west-1:123456789012:cluster:shop-eu-west-1"


@pytest.fixture
def client() -> Any:
    return boto3.client("rds", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_a_failover_always_allows_data_loss_or_aws_would_take_it_for_a_switchover(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response(
            "failover_global_cluster",
            {"GlobalCluster": GLOBAL},
            {"GlobalClusterIdentifier": "shop", "TargetDbClusterIdentifier": TARGET, "AllowDataLoss": True},
        )
        assert api.failover_global_cluster(client, "shop", TARGET) == GLOBAL


def test_a_switchover_names_the_target_by_its_arn(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response(
            "switchover_global_cluster",
            {"GlobalCluster": GLOBAL},
            {"GlobalClusterIdentifier": "shop", "TargetDbClusterIdentifier": TARGET},
        )
        assert api.switchover_global_cluster(client, "shop", TARGET) == GLOBAL


def test_reads_ask_for_one_identifier(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response("describe_global_clusters", {"GlobalClusters": [GLOBAL]}, {"GlobalClusterIdentifier": "shop"})
        stub.add_response("describe_db_clusters", {"DBClusters": []}, {"DBClusterIdentifier": "shop-eu-west-1"})
        assert api.describe_global_clusters(client, "shop") == [GLOBAL]
        assert api.describe_db_clusters(client, "shop-eu-west-1") == []


def test_events_are_read_page_by_page_from_a_time_on(client: Any) -> None:
    asked: dict[str, Any] = {"SourceType": "db-cluster", "StartTime": datetime(2026, 1, 1, tzinfo=UTC)}
    with Stubber(client) as stub:
        stub.add_response("describe_events", {"Events": [{"Message": "one"}], "Marker": "more"}, asked)
        stub.add_response("describe_events", {"Events": [{"Message": "two"}]}, {**asked, "Marker": "more"})
        events = api.describe_cluster_events(client, asked["StartTime"].timestamp())
    assert [event["Message"] for event in events] == ["one", "two"]
