# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several workloads in one task, what they amount to, and the thresholds of each service."""

from __future__ import annotations

import statistics
import threading
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec import turns
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import CONNECTIONS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import HOME, STANDBY
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.health_stage import BUCKETS, LayeredAws
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.test_region_health_info import described, look


@pytest.fixture
def aws() -> Any:
    return LayeredAws()


def workloads(*names: str, **given: Any) -> list[dict[str, Any]]:
    return [{"name": name, **described(**given)} for name in names]


def sweep(aws: Any, *described_ones: dict[str, Any], **given: Any) -> dict[str, Any]:
    return look(aws, workloads=list(described_ones), legs=[], **given)


def test_each_workload_is_told_by_its_name(aws: Any) -> None:
    found = sweep(aws, *workloads("shop", "bank", secrets=["x"], buckets=BUCKETS))
    assert [each["workload"] for each in found["workloads"]] == ["shop", "bank"]
    assert [each["serving_region"] for each in found["workloads"]] == [HOME, HOME]
    assert (found["status"], found["summary"]["verdict"]) == ("healthy", "ok")
    assert found["summary"]["checks"] == 12 and found["summary"]["success_percent"] == 100.0
    assert found["summary"]["regions"][STANDBY]["checks"] == 6
    assert found["summary"]["slowest"]["workload"] in ("shop", "bank")
    assert found["summary"]["line"] == "2 workloads: all are well"


def test_a_workload_that_is_wrongly_described_does_not_end_the_task(aws: Any) -> None:
    answer = aws.get

    def get(service: str, region: str) -> Any:
        client = answer(service, region)
        real = client._describe_global_clusters

        def describe(**wanted: str) -> Any:
            if wanted["GlobalClusterIdentifier"] == "nope":
                raise ClientError({"Error": {"Code": "GlobalClusterNotFoundFault", "Message": "no"}}, "x")
            return real(**wanted)

        client._describe_global_clusters = describe
        return client

    aws.get = get
    found = sweep(aws, *workloads("shop"), *workloads("bank", global_cluster_id="nope"))
    assert [each["summary"]["verdict"] for each in found["workloads"]] == ["ok", "unknown"]
    assert found["summary"]["verdict"] == "unknown"
    assert found["summary"]["line"] == "2 workloads: 1 unknown (bank)"
    assert "GlobalClusterNotFoundFault" in found["workloads"][1]["legs"][0]["reasons"][0]


def test_workloads_of_one_name_are_refused_before_anything_is_asked(aws: Any) -> None:
    with pytest.raises(Refused, match="same_workload_twice"):
        sweep(aws, *workloads("shop", "shop"))
    assert aws.calls == []


def test_a_workload_whose_legs_are_wrong_is_named(aws: Any) -> None:
    with pytest.raises(Refused, match="bank: Several legs are in the same Region"):
        sweep(aws, *workloads("shop"), *workloads("bank", legs=[{"region": HOME}, {"region": HOME}]))


def test_a_region_that_hangs_costs_all_of_them_one_deadline(aws: Any) -> None:
    hung = threading.Event()
    answer = aws.get
    aws.get = lambda service, region: hung.wait(20) if region == HOME else answer(service, region)
    began = time.monotonic()
    found = sweep(aws, *workloads(*(f"w{number}" for number in range(20))), timeout=1.5)
    assert time.monotonic() - began < 10
    assert {each["legs"][1]["status"] for each in found["workloads"]} == {"healthy"}
    # The standby's word is enough to know where users are served from.
    assert {each["serving_region"] for each in found["workloads"]} == {HOME}
    assert found["summary"]["verdict"] == "unknown"
    hung.set()


def test_no_more_calls_go_to_a_region_at_once_than_a_client_keeps_connections(
    aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "STALLED", 60.0)  # a busy machine is none on which nobody gets on
    busy = {HOME: 0, STANDBY: 0}
    most = dict(busy)
    lock = threading.Lock()
    answer = aws.get

    def get(service: str, region: str) -> Any:
        client = answer(service, region)
        real = client._describe_secret

        def describe(**wanted: str) -> Any:
            with lock:
                busy[region] += 1
                most[region] = max(most[region], busy[region])
            time.sleep(0.3)
            with lock:
                busy[region] -= 1
            return real(**wanted)

        client._describe_secret = describe
        return client

    aws.get = get
    names = [f"w{number}" for number in range(3 * CONNECTIONS)]
    given = workloads(*names, global_cluster_id=None, secrets=["x"])
    found = sweep(aws, *given, timeout=30.0, max_response_ms=20_000.0)
    assert found["status"] == "healthy"
    assert 1 < max(most.values()) <= CONNECTIONS
    # The 0.3 or 0.6 s that most of them waited for their turn aren't said to be Secrets Manager's.
    took = [leg["services"]["secrets"]["response_ms"] for each in found["workloads"] for leg in each["legs"]]
    assert statistics.median(took) < 600


@pytest.mark.parametrize(
    ("thresholds", "status"),
    [
        (None, "degraded"),
        ({"database": {"max_lag_ms": 100.0}}, "healthy"),
        ({"database": {"max_lag_ms": None, "max_lag_age": 1000.0}}, "degraded"),
        ({"cache": {"max_lag_ms": 100.0}}, "degraded"),
    ],
)
def test_a_services_own_threshold_goes_before_the_common_one(aws: Any, thresholds: Any, status: str) -> None:
    found = look(aws, max_lag_ms=79.0, thresholds=thresholds)
    assert found["legs"][1]["services"]["database"]["status"] == status


def test_one_workload_has_its_figures_too(aws: Any) -> None:
    aws.metrics.clear()
    found = look(aws, secrets=["x"])
    assert (found["summary"]["verdict"], found["serving_region"]) == ("degraded", HOME)
    assert found["summary"]["counts"] == {"healthy": 3, "degraded": 0, "unknown": 1, "unhealthy": 0}
    assert found["summary"]["success_percent"] == 75.0
    assert found["summary"]["line"] == (
        f"users are served from {HOME}, but not everything is well: {STANDBY} database unknown"
    )
