# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of a leg: its role, its lag with source and age, and its answer to a PING."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.cache_server import CacheServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.test_region_health_info import look

METRIC = "GlobalDatastoreReplicationLag"


@pytest.fixture
def aws() -> Any:
    fake = FakeAws()
    fake.metrics[METRIC] = ([datetime.now(UTC) - timedelta(seconds=20)], [0.4])
    return fake


def caches(aws: Any, **options: Any) -> dict[str, dict[str, Any]]:
    values = look(aws, **{"global_cluster_id": None, "global_replication_group_id": "abcde-shop", **options})
    return {leg["region"]: leg["services"]["cache"] for leg in values["legs"]}


def test_both_are_seen_with_role_and_the_secondary_with_its_lag(aws: Any) -> None:
    seen = caches(aws)
    assert [(region, each["role"], each["status"]) for region, each in seen.items()] == [
        (HOME, "primary", "healthy"),
        (STANDBY, "secondary", "healthy"),
    ]
    lag = seen[STANDBY]["replication_lag"]
    assert (lag["ms"], lag["source"]) == (400.0, METRIC)
    assert 19 < lag["age_s"] < 40
    assert seen[HOME]["replication_lag"] is None
    assert seen[STANDBY]["response_ms"] is None


def test_only_the_metric_of_its_own_node_is_asked_for(aws: Any) -> None:
    caches(aws)
    ((region, asked),) = [(region, call) for action, region, call in aws.calls if action == "get_metric_data"]
    assert region == STANDBY
    (query,) = asked["MetricDataQueries"]
    assert query["MetricStat"]["Metric"]["Dimensions"] == aws.cache_dimensions


def test_a_missing_lag_is_unknown_and_not_zero(aws: Any) -> None:
    aws.metrics.clear()
    seen = caches(aws)[STANDBY]
    assert (seen["status"], seen["replication_lag"]) == ("unknown", None)
    assert "no metric has a sample" in seen["reasons"][0]


def test_a_lag_that_cannot_be_read_costs_nothing_else(aws: Any) -> None:
    aws.failing["list_metrics", STANDBY] = aws.failing["paginate", STANDBY] = EndpointConnectionError(endpoint_url="x")
    seen = caches(aws)[STANDBY]
    assert (seen["status"], seen["role"], seen["group_status"]) == ("unknown", "secondary", "available")


def test_a_lag_above_the_threshold_is_degraded(aws: Any) -> None:
    assert caches(aws, max_lag_ms=100.0)[STANDBY]["status"] == "degraded"


def test_an_old_sample_is_unknown(aws: Any) -> None:
    assert "s old" in caches(aws, max_lag_age=5.0)[STANDBY]["reasons"][0]


@pytest.mark.parametrize(
    ("what", "value", "status"),
    [
        ("cache_membership", "associating", "degraded"),
        ("cache_status", "modifying", "degraded"),
        ("cache_status", "create-failed", "unhealthy"),
        ("cache_status", "", "unknown"),
    ],
)
def test_what_aws_says_of_it_is_judged(aws: Any, what: str, value: str, status: str) -> None:
    setattr(aws, what, value)
    assert caches(aws)[STANDBY]["status"] == status


@pytest.mark.parametrize("token", ["", "hunter2"])
def test_a_ping_is_timed_also_where_a_token_is_wanted(aws: Any, token: str) -> None:
    with CacheServer(token=token) as server:
        aws.cache_port = server.port
        seen = caches(aws, ping_cache=True)[HOME]
    assert seen["status"] == "healthy"
    assert seen["response_ms"] > 0


def test_a_cache_that_does_not_answer_is_unhealthy(aws: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        aws.cache_port = free.getsockname()[1]
        seen = caches(aws, ping_cache=True)[HOME]
    assert (seen["status"], seen["response_ms"]) == ("unhealthy", None)


def test_a_group_alone_has_no_known_role(aws: Any) -> None:
    seen = caches(aws, global_replication_group_id=None, legs=[{"region": HOME, "cache_id": "mine"}])[HOME]
    assert (seen["replication_group_id"], seen["role"], seen["datastore_status"]) == ("mine", "unknown", None)


def test_a_wrong_name_ends_the_task(aws: Any) -> None:
    missing = ClientError({"Error": {"Code": "GlobalReplicationGroupNotFoundFault", "Message": "no"}}, "describe")
    aws.failing["describe_global_replication_groups", STANDBY] = missing
    with pytest.raises(DrError, match="GlobalReplicationGroupNotFoundFault"):
        caches(aws)


def test_a_group_that_is_no_member_is_unknown(aws: Any) -> None:
    seen = caches(aws, legs=[{"region": HOME, "cache_id": "another"}])[HOME]
    assert seen["status"] == "unknown"
    assert f"shop-{HOME} in {HOME}" in seen["reasons"][0]
