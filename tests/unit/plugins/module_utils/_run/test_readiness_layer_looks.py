# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the looks ask of which Region, and that what one can't tell hides nothing that another does."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import DatabaseSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import (
    Face,
    FaceSeen,
    Landing,
    ObjectState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import CacheConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import RuleStatus, Versioning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import readiness_layer_looks as looks
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness import CHECKS, Check, assess
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    FORWARD,
    HOME,
    STANDBY,
    database,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop_layers import (
    HEALTHY,
    LAYERED,
    PLANNED_LAYERED,
    UNPLANNED_LAYERED,
)

REPLICA = {"PrimaryRegion": HOME, "VersionIdsToStages": {"v2": ["AWSCURRENT"]}}
DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "x")
GONE = ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}, "x")


class FakeAws:
    """Both Regions with all layers. ``failing`` maps (what is called, Region) to what is raised."""

    def __init__(self) -> None:
        self.failing: dict[tuple[str, str], Exception] = {}
        self.calls: list[tuple[str, str]] = []
        self.hung: dict[str, threading.Event] = {}

    def get(self, service: str, region: str) -> _Client:
        if region in self.hung:
            self.hung[region].wait(20)
        return _Client(self, service, region)

    def asked(self, region: str) -> set[str]:
        return {name for name, where in self.calls if where == region}


class _Client:
    def __init__(self, aws: FakeAws, service: str, region: str) -> None:
        self._aws, self._service, self._region = aws, service, region

    def __getattr__(self, action: str) -> Any:
        def call(*_name: str, **given: Any) -> Any:
            name = next((value for value in given.values() if isinstance(value, str)), "")
            self._aws.calls.append((action, self._region))
            for key in ((action, self._region), (f"{action} {name}", self._region)):
                if key in self._aws.failing:
                    raise self._aws.failing[key]
            return ANSWERS[action](self._region, given)

        return call

    def get_paginator(self, action: str) -> _Client:
        return self

    def paginate(self, **given: Any) -> Any:
        return [
            getattr(self, {"lambda": "mappings", "service-quotas": "quotas"}.get(self._service, "metrics"))(**given)
        ]


def _samples(_region: str, given: Mapping[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC) - timedelta(seconds=60)
    results = [{"Id": each["Id"], "Timestamps": [now], "Values": [0.0]} for each in given["MetricDataQueries"]]
    return {"MetricDataResults": results}


def _datastore(_region: str, given: Mapping[str, Any]) -> dict[str, Any]:
    roles = {HOME: "PRIMARY", STANDBY: "SECONDARY"}
    members = [
        {"ReplicationGroupId": f"shop-{each}", "ReplicationGroupRegion": each, "Role": role, "Status": "associated"}
        for each, role in roles.items()
    ]
    store = {"GlobalReplicationGroupId": given["GlobalReplicationGroupId"], "Status": "available", "Members": members}
    return {"GlobalReplicationGroups": [store]}


def _group(_region: str, given: Mapping[str, Any]) -> dict[str, Any]:
    nodes = [f"{given['ReplicationGroupId']}-001"]
    ends = [{"PrimaryEndpoint": {"Address": "end", "Port": 6379}}]
    group = {"ReplicationGroupId": given["ReplicationGroupId"], "Status": "available", "MemberClusters": nodes}
    return {"ReplicationGroups": [{**group, "NodeGroups": ends}]}


def _rules(region: str, _given: Mapping[str, Any]) -> dict[str, Any]:
    rule, to = ("there", "assets-w") if region == HOME else ("back", "assets-c")
    made = {"ID": rule, "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""}}
    return {
        "ReplicationConfiguration": {"Role": "r", "Rules": [{**made, "Destination": {"Bucket": f"arn:aws:s3:::{to}"}}]}
    }


def _groups(_region: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if given["AutoScalingGroupNames"] != ["shop-web"]:
        return {"AutoScalingGroups": []}
    here = {"LifecycleState": "InService", "HealthStatus": "Healthy", "InstanceId": "i"}
    group = {"DesiredCapacity": 2, "MinSize": 0, "MaxSize": 4, "Instances": [here, here], "SuspendedProcesses": []}
    return {"AutoScalingGroups": [group]}


ANSWERS: dict[str, Any] = {
    "describe_global_replication_groups": _datastore,
    "describe_replication_groups": _group,
    "describe_cache_clusters": lambda *_: {"CacheClusters": [{"EngineVersion": ""}]},
    "metrics": lambda region, _: {"Metrics": [{"Dimensions": [{"Name": "x", "Value": f"shop-{region}"}]}]},
    "get_metric_data": _samples,
    "describe_secret": lambda region, given: {"Name": given["SecretId"], "ARN": region, **REPLICA},
    "describe_key": lambda region, _: {"KeyMetadata": {"KeyId": "mrk-1", "Arn": region, "KeyState": "Enabled"}},
    "get_bucket_versioning": lambda *_: {"Status": "Enabled"},
    "get_bucket_replication": _rules,
    "describe_auto_scaling_groups": _groups,
    "quotas": lambda *_: {"Quotas": [{"ServiceCode": "ec2", "QuotaCode": "L", "QuotaName": "n", "Value": 1.0}]},
    "mappings": lambda region, _: {
        "EventSourceMappings": [
            {
                "UUID": "u",
                "FunctionArn": f"arn:aws:lambda:{region}:1:function:orders",
                "State": "Enabled" if region == HOME else "Disabled",
            }
        ]
    },
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    monkeypatch.setattr(
        looks, "look_at_faces", lambda objects, *_any: tuple(FaceSeen(each, Face.READABLE, 200) for each in objects)
    )
    landed = ObjectState.SET
    monkeypatch.setattr(
        looks, "read_latch", lambda latch, *_any: tuple(Landing(each, landed, landed) for each in latch.objects)
    )
    return FakeAws()


def context(aws: FakeAws, seconds: float = 5.0) -> Context:
    clock = SystemClock()
    clients: Any = aws
    return Context(True, False, clock, Deadline.after(clock, seconds), clients, silent, silent)


def layers(case: Case, aws: FakeAws, seconds: float = 5.0) -> Any:
    """All layers, and a database with nothing wrong."""

    def see_database(region: str, *_any: Any) -> DatabaseSeen:
        return database(region)

    checks = {"database": Check(lambda _case: [STANDBY], see_database, lambda _seen, _case: ())}
    case = replace(case, workload=replace(case.workload, table=""), now=time.time())
    return assess(case, context(aws, seconds), (), {**checks, **{topic: CHECKS[topic] for topic in HEALTHY}})


@pytest.mark.parametrize("case", [replace(PLANNED_LAYERED, preflight=True), PLANNED_LAYERED])
def test_two_good_regions_are_ready_with_all_layers(case: Case, aws: FakeAws) -> None:
    assessment = layers(case, aws)
    assert [each.as_dict() for each in assessment.findings] == []
    assert assessment.ready and all(read.answered for read in assessment.reads)
    for seen in assessment.sightings.values():
        assert all(each.as_dict(time.time()) for each in seen.seen.values())


def test_an_unplanned_run_waits_for_no_layer_of_the_region_that_is_lost(aws: FakeAws) -> None:
    aws.hung[HOME] = threading.Event()
    began = time.monotonic()
    assessment = layers(UNPLANNED_LAYERED, aws, 20.0)
    assert time.monotonic() - began < 10 and assessment.ready
    assert {each.finding.code for each in assessment.findings} == {"region_unreadable"}
    assert {read.region for read in assessment.reads if read.required} == {STANDBY}
    aws.hung[HOME].set()


def test_of_the_cache_only_the_target_is_asked(aws: FakeAws) -> None:
    seen = looks.see_cache(STANDBY, PLANNED_LAYERED, context(aws), ())
    assert seen.lag is not None and seen.group is not None and seen.group.id == f"shop-{STANDBY}"
    assert aws.asked(HOME) == set()


def test_a_lag_that_cannot_be_read_hides_nothing_of_the_cache(aws: FakeAws) -> None:
    aws.failing["get_metric_data", STANDBY] = DENIED
    seen = looks.see_cache(STANDBY, PLANNED_LAYERED, context(aws), ())
    assert seen.lag is None and "AccessDenied" in seen.lag_error and seen.group is not None


def test_a_cache_without_a_member_there_and_one_that_is_not_known_are_told_apart(aws: FakeAws) -> None:
    elsewhere = looks.see_cache("us-west-2", PLANNED_LAYERED, context(aws), ())
    assert elsewhere.datastore is not None and elsewhere.group is None
    unknown = ClientError({"Error": {"Code": "GlobalReplicationGroupNotFoundFault", "Message": "none"}}, "x")
    aws.failing["describe_global_replication_groups", STANDBY] = unknown
    assert looks.see_cache(STANDBY, PLANNED_LAYERED, context(aws), ()).datastore is None


def test_one_secret_that_cannot_be_read_hides_no_other(aws: FakeAws) -> None:
    case = replace(PLANNED_LAYERED, workload=replace(LAYERED, secrets=("a", "b", "c")))
    aws.failing["describe_secret a", STANDBY] = DENIED
    aws.failing["describe_secret b", STANDBY] = GONE
    denied, missing, good = looks.see_secrets(STANDBY, case, context(aws), ()).secrets
    assert denied.value is None and "AccessDenied" in denied.error
    assert (missing.value, missing.error) == (None, "")
    assert good.value is not None and good.value.current_version == "v2"


def test_where_nothing_can_be_read_the_region_is_what_is_unread(aws: FakeAws) -> None:
    aws.failing["describe_key", HOME] = EndpointConnectionError(endpoint_url="https://kms")
    with pytest.raises(EndpointConnectionError):
        looks.see_keys(HOME, PLANNED_LAYERED, context(aws, 1.0), ())


def test_a_bug_is_no_state_of_a_secret(aws: FakeAws) -> None:
    case = replace(PLANNED_LAYERED, workload=replace(LAYERED, secrets=("a", "b")))
    aws.failing["describe_secret a", STANDBY] = KeyError("a")
    with pytest.raises(KeyError):
        looks.see_secrets(STANDBY, case, context(aws), ())


def test_of_a_bucket_pair_each_region_tells_its_own_half(aws: FakeAws) -> None:
    there, back = looks.see_buckets(STANDBY, PLANNED_LAYERED, context(aws), ()).pairs
    assert aws.asked(HOME) == set()
    assert there.backlog.operations is not None and there.rules == {"there": RuleStatus.UNKNOWN}
    assert (there.destination_versioning, there.source_versioning) == (Versioning.ENABLED, Versioning.UNKNOWN)
    assert back.rules == {"back": RuleStatus.ENABLED} and back.backlog.operations is None


def test_a_group_that_is_not_there_is_told_from_one_that_was_not_read(aws: FakeAws) -> None:
    nope = replace(LAYERED.compute[0], name="nope")
    case = replace(PLANNED_LAYERED, workload=replace(LAYERED, compute=(nope,)))
    [missing] = looks.see_capacity(STANDBY, case, context(aws), ()).targets
    aws.failing["describe_auto_scaling_groups", STANDBY] = DENIED
    [unread] = looks.see_capacity(STANDBY, case, context(aws), ()).targets
    assert (missing.missing, unread.missing, unread.capacity) == (True, False, None)


def test_a_service_whose_quotas_are_denied_leaves_the_others(aws: FakeAws) -> None:
    aws.failing["quotas autoscaling", STANDBY] = DENIED
    seen = looks.see_quotas(STANDBY, PLANNED_LAYERED, context(aws), ()).quotas
    assert seen["autoscaling"] is None and seen["ec2"]


def test_the_canary_is_asked_for_in_the_buckets_of_the_region(aws: FakeAws) -> None:
    seen = looks.see_faces(STANDBY, PLANNED_LAYERED, context(aws), ())
    assert [each.where for each in seen.faces] == [FORWARD[0]] and seen.present == (FORWARD[0].bucket,)


def test_a_cache_that_is_not_required_and_not_told_of_refuses_no_planned_run(aws: FakeAws) -> None:
    aws.failing["describe_global_replication_groups", STANDBY] = DENIED
    workload = replace(LAYERED, cache=CacheConfig("abcde-shop", required=False))
    assessment = layers(replace(PLANNED_LAYERED, workload=workload), aws)
    assert assessment.ready and [each.finding.code for each in assessment.findings] == ["cache_unknown"]
