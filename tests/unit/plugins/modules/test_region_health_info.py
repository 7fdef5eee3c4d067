# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module on a fake AWS: what is asked, through which Region, and what becomes of answers that never come."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import DatabaseTarget, ServerState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import health
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import Unreachable
from ansible_collections.multiregion.aws_dr.plugins.modules.region_health_info import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import WebServer

DATABASE = {
    "global_cluster_id": "shop",
    "name": "shop",
    "secret_id": "shop/db",
    "sslmode": "prefer",
    "sslrootcert": None,
}


@pytest.fixture
def aws() -> Any:
    fake = FakeAws()
    fake.metrics["AuroraGlobalDBRPOLag"] = ([datetime.now(UTC) - timedelta(seconds=20)], [80.0])
    return fake


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer({("api.eu-west-1.shop.example.", "A"): ["60 A 127.0.0.1"]}) as running:
        yield running


WORKLOAD: dict[str, Any] = {
    "legs": [{"region": HOME}, {"region": STANDBY}],
    "global_cluster_id": "shop",
    "global_replication_group_id": None,
    "database": None,
    "record": None,
    "buckets": None,
    "bucket_canary_key": None,
    "secrets": [],
    "keys": [],
    "thresholds": None,
}


def described(**given: Any) -> dict[str, Any]:
    """A workload as the options describe it."""
    found = {**WORKLOAD, **given}
    return {**found, "legs": [{"api_url": None, "cluster_id": None, "cache_id": None, **leg} for leg in found["legs"]]}


def run(aws: Any, timeout: float = 5.0, check_mode: bool = True, **given: Any) -> Result:
    options = {
        **described(),
        "workloads": None,
        "ping_cache": False,
        "read_secrets": False,
        "required": None,
        "expect_status": [200],
        "expect_standby_status": [200, 503],
        "max_response_ms": 1000.0,
        "max_lag_ms": 5000.0,
        "max_lag_age": 180.0,
        "ca_path": None,
        "request_timeout": 1.0,
        "resolvers": [],
        **given,
    }
    if not options["workloads"]:
        options |= described(legs=options["legs"], **{name: options[name] for name in WORKLOAD if name != "legs"})
    clock = SystemClock()
    return execute(options, Context(check_mode, False, clock, Deadline.after(clock, timeout), aws, silent, silent))


def look(aws: Any, timeout: float = 5.0, **given: Any) -> dict[str, Any]:
    result = run(aws, timeout, **given)
    assert result.changed is False and result.calls == ()
    return dict(result.values)


def database(values: dict[str, Any], region: str) -> dict[str, Any]:
    [leg] = [leg for leg in values["legs"] if leg["region"] == region]
    return dict(leg["services"]["database"])


def test_both_regions_are_seen_with_role_and_lag(aws: Any) -> None:
    values = look(aws)
    assert (values["status"], values["writer_region"]) == ("healthy", HOME)
    assert [(leg["region"], leg["role"]) for leg in values["legs"]] == [(HOME, "writer"), (STANDBY, "reader")]
    lag = database(values, STANDBY)["replication_lag"]
    assert (lag["ms"], lag["source"]) == (80.0, "AuroraGlobalDBRPOLag") and 19 < lag["age_s"] < 30
    assert database(values, HOME)["replication_lag"] is None


def test_lag_is_read_in_one_call_in_the_replicas_region(aws: Any) -> None:
    look(aws)
    calls = [(region, call) for action, region, call in aws.calls if action == "get_metric_data"]
    assert [region for region, _call in calls] == [STANDBY]
    assert len(calls[0][1]["MetricDataQueries"]) == 4


def test_each_leg_is_asked_through_its_own_region_only(aws: Any) -> None:
    look(aws, legs=[{"region": STANDBY}])
    assert {region for _action, region, _call in aws.calls} == {STANDBY}


def test_lost_region_is_unknown_and_is_not_waited_for(aws: Any) -> None:
    hung = threading.Event()
    answer = aws.get
    aws.get = lambda service, region: hung.wait(20) if region == HOME else answer(service, region)
    began = time.monotonic()
    values = look(aws, required=[STANDBY], timeout=20.0)
    assert time.monotonic() - began < 10
    assert database(values, HOME)["status"] == "unknown" and database(values, STANDBY)["status"] == "healthy"
    assert values["status"] == "unknown"
    hung.set()


def test_required_region_that_hangs_costs_the_deadline_and_no_more(aws: Any) -> None:
    hung = threading.Event()
    answer = aws.get
    aws.get = lambda service, region: hung.wait(20) if region == HOME else answer(service, region)
    began = time.monotonic()
    values = look(aws, timeout=1.5)
    assert 1.4 < time.monotonic() - began < 10
    assert database(values, HOME)["status"] == "unknown" and database(values, STANDBY)["status"] == "healthy"
    hung.set()


def test_hung_metric_costs_only_the_lag(aws: Any) -> None:
    hung = threading.Event()
    aws.hang = hung
    answer = aws.get
    aws.get = lambda service, region: hung.wait(20) if service == "cloudwatch" else answer(service, region)
    seen = database(look(aws, timeout=2.0), STANDBY)
    assert (seen["status"], seen["replication_lag"], seen["cluster_status"]) == ("unknown", None, "available")
    assert "replication lag unknown" in seen["reasons"][0]
    hung.set()


def test_refused_region_is_unknown_with_the_reason(aws: Any) -> None:
    aws.failing["describe_global_clusters", HOME] = EndpointConnectionError(endpoint_url="https://rds.x")
    seen = database(look(aws), HOME)
    assert seen["status"] == "unknown" and "rds.x" in seen["reasons"][0]


@pytest.mark.parametrize(
    "error",
    [ClientError({"Error": {"Code": "GlobalClusterNotFoundFault", "Message": "nope"}}, "X"), NoCredentialsError()],
)
def test_question_that_was_wrong_fails_the_task(aws: Any, error: Exception) -> None:
    for region in (HOME, STANDBY):
        aws.failing["describe_global_clusters", region] = error
    with pytest.raises(DrError, match="Looking at the database in eu-central-1"):
        look(aws)


def test_passing_fault_of_a_call_is_asked_again(aws: Any) -> None:
    throttled = ClientError({"Error": {"Code": "Throttling", "Message": "Rate exceeded"}}, "X")
    aws.failing_once["describe_db_clusters", STANDBY] = throttled
    assert database(look(aws), STANDBY)["status"] == "healthy"


def test_role_of_a_cluster_that_stands_alone_is_unknown(aws: Any) -> None:
    values = look(aws, legs=[{"region": STANDBY, "cluster_id": "shop-eu-west-1"}], global_cluster_id=None)
    assert (values["legs"][0]["role"], values["writer_region"], values["status"]) == ("unknown", None, "healthy")


def test_cluster_that_is_not_the_regions_member_is_not_looked_at(aws: Any) -> None:
    values = look(aws, legs=[{"region": STANDBY, "cluster_id": "other"}])
    assert values["status"] == "unknown" and "its members are" in values["legs"][0]["reasons"][0]


def test_region_without_a_member_says_who_the_members_are(aws: Any) -> None:
    aws.members = [HOME]
    seen = database(look(aws), STANDBY)
    assert seen["status"] == "unknown" and "cluster:shop-eu-central-1" in seen["reasons"][0]


def test_same_region_twice_is_refused_before_anything_is_asked(aws: Any) -> None:
    with pytest.raises(Refused, match="same Region"):
        look(aws, legs=[{"region": HOME}, {"region": HOME}])
    assert aws.calls == []


def test_api_is_asked_through_the_resolvers_given(aws: Any, web: WebServer, names: DnsServer) -> None:
    url = f"http://api.eu-west-1.shop.example:{web.port}/healthz"
    values = look(aws, legs=[{"region": STANDBY, "api_url": url}], global_cluster_id=None, resolvers=[names.address])
    api = values["legs"][0]["services"]["api"]
    assert (api["status"], api["http_status"], api["address"]) == ("healthy", 200, "127.0.0.1")
    assert api["response_ms"] > 0 and aws.calls == []


def test_clients_that_are_sent_past_the_writer_are_not_served(aws: Any, names: DnsServer) -> None:
    def asked(region: str) -> dict[str, Any]:
        record = {"name": "api.eu-west-1.shop.example", "addresses": {region: ["127.0.0.1"]}}
        return look(aws, record=record, resolvers=[names.address])

    well, astray = asked(HOME), asked(STANDBY)
    assert (well["clients_sent_to"], well["summary"]["verdict"]) == ([HOME], "ok")
    assert (astray["clients_sent_to"], astray["summary"]["verdict"]) == ([STANDBY], "critical")
    assert (well["summary"]["astray"], astray["summary"]["astray"]) == (False, True)
    assert astray["summary"]["line"] == f"clients are sent to {STANDBY}, and the database that writes is in {HOME}"


def test_where_no_name_server_says_where_clients_are_sent_nothing_is_made_of_it(aws: Any, names: DnsServer) -> None:
    record = {"name": "gone.shop.example", "addresses": {STANDBY: ["127.0.0.1"]}}
    values = look(aws, record=record, resolvers=[names.address])
    assert (values["clients_sent_to"], values["summary"]["verdict"]) == (None, "ok")
    assert "where clients are sent isn't known" in values["summary"]["line"] and "NXDOMAIN" in values["summary"]["line"]


def test_an_address_of_no_region_is_said(aws: Any, names: DnsServer) -> None:
    record = {"name": "api.eu-west-1.shop.example", "addresses": {HOME: ["192.0.2.1"], STANDBY: None}}
    values = look(aws, record=record, resolvers=[names.address])
    assert (values["clients_sent_to"], values["summary"]["verdict"]) == ([], "ok")
    assert "leads to no address of its Regions" in values["summary"]["line"]


def test_api_whose_name_is_gone_is_unhealthy(aws: Any, names: DnsServer) -> None:
    legs = [{"region": STANDBY, "api_url": "http://gone.shop.example/healthz"}]
    values = look(aws, legs=legs, global_cluster_id=None, resolvers=[names.address])
    assert values["status"] == "unhealthy" and "NXDOMAIN" in values["legs"][0]["reasons"][0]


def test_reader_is_queried_at_its_reader_endpoint(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read_state(target: DatabaseTarget, *_rest: Any) -> ServerState:
        asked.append(target.endpoint)
        return ServerState(target.instances[0], "aurora_server_id", "192.0.2.1", target.region == HOME, 0.02)

    monkeypatch.setattr(health, "read_state", read_state)
    values = look(aws, database=DATABASE, global_cluster_id=None)
    assert sorted(asked) == [
        "shop.cluster-ro-x.eu-west-1.rds.amazonaws.com",
        "shop.cluster-x.eu-central-1.rds.amazonaws.com",
    ]
    assert [database(values, region)["writable"] for region in (HOME, STANDBY)] == [True, False]
    assert database(values, HOME)["response_ms"] == 20.0
    assert values["status"] == "healthy"


def test_database_that_does_not_answer_is_unhealthy(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_any: Any) -> ServerState:
        raise Unreachable("Asking", "connection refused", "Look.")

    monkeypatch.setattr(health, "read_state", refused)
    seen = database(look(aws, database=DATABASE), HOME)
    assert seen["status"] == "unhealthy" and "connection refused" in seen["reasons"][0]


def test_secret_is_in_no_result(aws: Any) -> None:
    aws.secret = '{"username": "app", "password": 7, "note": "hunter2"}'
    values = look(aws, database=DATABASE)
    assert "hunter2" not in str(values) and "no password" in str(values)
    assert database(values, HOME)["status"] == "unknown"
