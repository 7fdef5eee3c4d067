# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module on a fake AWS: what is asked, what is waited for, and what is said of what never came."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import Identity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import readiness
from ansible_collections.multiregion.aws_dr.plugins.modules.readiness_info import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
)

OPTIONS: dict[str, Any] = {
    "workload": "shop",
    "home": HOME,
    "target": STANDBY,
    "mode": "planned",
    "accept_data_loss": True,
    "legs": [{"region": region, "api_url": None, "cluster_id": None} for region in (HOME, STANDBY)],
    "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"},
    "latch": None,
    "record": None,
    "objectives": {"rto_seconds": 900.0, "rpo_seconds": 60.0},
    "table": "",
    "lock": None,
    "run_id": "",
    "controller": None,
    "planned_calls": [],
    "cache": None,
    "secrets": [],
    "keys": [],
    "buckets": None,
    "compute": [],
    "event_sources": [],
    "parameters": None,
    "first_failure": 0.0,
    "canary": None,
    "routing_control": None,
    "preflight": False,
    "max_lag_age": 180.0,
    "max_baseline_age": 86_400.0,
    "resolvers": [],
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Any:
    fake = FakeAws()
    fake.metrics["AuroraGlobalDBRPOLag"] = ([datetime.now(UTC) - timedelta(seconds=20)], [80.0])
    who = Identity("arn:aws:iam::1:user/x", "1", f"https://sts.{STANDBY}.amazonaws.com", skew=0.0)
    known = readiness.CHECKS["identity"]
    changed = {"identity": readiness.Check(known.regions, lambda *_any: who, known.judge)}
    monkeypatch.setattr(readiness.assess, "__defaults__", ({**readiness.CHECKS, **changed},))
    return fake


def look(aws: Any, timeout: float = 5.0, **given: Any) -> Mapping[str, Any]:
    clock = SystemClock()
    context = Context(True, False, clock, Deadline.after(clock, timeout), aws, silent, silent)
    result = execute({**OPTIONS, **given}, context)
    assert result.changed is False and result.calls == ()
    return result.values


def codes(values: Mapping[str, Any]) -> dict[str, str]:
    return {each["code"]: each["severity"] for each in values["findings"]}


@pytest.mark.parametrize("mode", ["planned", "unplanned"])
def test_two_good_regions_are_ready(aws: Any, mode: str) -> None:
    values = look(aws, mode=mode)
    assert (values["ready"], codes(values), values["writer_region"]) == (True, {}, HOME)


def test_the_legs_carry_what_a_summary_needs(aws: Any) -> None:
    values = look(aws)
    lag = values["legs"][1]["services"]["database"]["replication_lag"]
    assert (lag["ms"], lag["source"], values["legs"][0]["role"]) == (80.0, "AuroraGlobalDBRPOLag", "writer")
    assert values["observed"]["database"][STANDBY]["cluster_status"] == "available"


def test_a_refusal_makes_it_not_ready_and_says_where_more_is_said(aws: Any) -> None:
    aws.instances[STANDBY] = []
    values = look(aws, mode="unplanned")
    assert (values["ready"], codes(values)) == (False, {"target_headless": "refuse"})
    assert values["findings"][0]["runbook"] == "docs/runbooks/readiness.md#target_headless"


def test_an_unplanned_run_does_not_wait_for_the_region_that_is_lost(aws: Any) -> None:
    hung, answer = threading.Event(), aws.get
    aws.get = lambda service, region: hung.wait(20) if region == HOME else answer(service, region)
    began = time.monotonic()
    values = look(aws, mode="unplanned", timeout=20.0)
    assert time.monotonic() - began < 10
    assert (values["ready"], codes(values)) == (True, {"region_unreadable": "warn"})
    assert values["writer_region"] == HOME  # as the target's own Region has it
    hung.set()


def test_a_planned_run_waits_for_it_to_the_deadline_and_is_refused(aws: Any) -> None:
    hung, answer = threading.Event(), aws.get
    aws.get = lambda service, region: hung.wait(20) if region == HOME else answer(service, region)
    values = look(aws, timeout=1.5)
    assert (values["ready"], codes(values)["source_unreachable"]) == (False, "refuse")
    hung.set()


def test_a_target_that_is_gone_refuses_in_each_mode(aws: Any) -> None:
    aws.failing["describe_global_clusters", STANDBY] = EndpointConnectionError(endpoint_url="https://rds.x")
    values = look(aws, mode="unplanned")
    assert codes(values) == {"target_unreachable": "refuse"} and "rds.x" in values["findings"][0]["observed"]


def test_a_wrong_name_fails_the_task(aws: Any) -> None:
    nope = ClientError({"Error": {"Code": "GlobalClusterNotFoundFault", "Message": "nope"}}, "X")
    aws.failing["describe_global_clusters", STANDBY] = nope
    with pytest.raises(DrError, match="nope"):
        look(aws)


def test_a_request_that_cannot_be_looked_at_asks_nothing(aws: Any) -> None:
    with pytest.raises(Refused, match="target_outside_regions"):
        look(aws, target="us-west-2")
    assert aws.calls == []


def test_each_look_is_timed(aws: Any) -> None:
    reads = {(each["topic"], each["region"]): each for each in look(aws, mode="unplanned")["reads"]}
    assert reads["database", STANDBY]["required"] and not reads["database", HOME]["required"]


def test_a_new_topic_is_one_entry(aws: Any) -> None:
    class Seen:
        def as_dict(self, now: float) -> dict[str, Any]:
            return {"replicas": 1}

    entry = readiness.Check(lambda case: [case.target], lambda *_any: Seen(), lambda _seen, _case: ())
    checks = {**readiness.assess.__defaults__[0], "cache": entry}  # type: ignore[index]
    readiness.assess.__defaults__ = (checks,)
    assert look(aws)["observed"]["cache"] == {STANDBY: {"replicas": 1}}
