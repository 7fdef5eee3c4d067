# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks from end to end: found, made, changed, tagged and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.route53.fake_route53 import (
    HOME,
    ZONE,
    half,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.health_check_stage import LATCH, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


COMPLETE: list[dict[str, Any]] = [
    LATCH,
    {"name": "a", "type": "HTTP", "ip_address": "192.0.2.1", "regions": ["us-east-1", "eu-west-1", "sa-east-1"]},
    {"name": "b", "type": "TCP", "ip_address": "2001:0DB8:0:0:0:0:0:1", "port": 5432, "disabled": True},
    {"name": "c", "type": "CALCULATED", "child_health_checks": ["y", "x"], "health_threshold": 2},
    {
        "name": "d",
        "type": "CLOUDWATCH_METRIC",
        "alarm": {"name": "lag", "region": "eu-west-1"},
        "insufficient_data_health_status": "Unhealthy",
    },
    {"name": "e", "type": "RECOVERY_CONTROL", "routing_control_arn": "arn:x"},
    {
        "caller_reference": "mine",
        "type": "HTTPS",
        "fqdn": "api.shop.example",
        "enable_sni": True,
        "measure_latency": True,
    },
]


@pytest.mark.parametrize("options", COMPLETE, ids=lambda options: options["type"])
def test_every_type_is_made_once(stage: Stage, options: dict[str, Any]) -> None:
    made = stage.cycle(**options, tags={"workload": "shop"})
    assert made == ["CreateHealthCheck", "ChangeTagsForResource"]
    assert len(stage.aws.checks) == 1
    (tags,) = stage.aws.tags.values()
    assert tags == {"workload": "shop"} | ({"Name": options["name"]} if "name" in options else {})


def test_it_is_what_was_asked_for_on_the_wire(stage: Stage) -> None:
    stage.run(**LATCH)
    (check,) = stage.aws.checks.values()
    assert check["HealthCheckConfig"] == {
        "Type": "HTTPS_STR_MATCH",
        "FullyQualifiedDomainName": "shop-latch-eu-west-1.s3.eu-west-1.amazonaws.com",
        "ResourcePath": "/latch/shop",
        "SearchString": "aws-dr-latch:shop",
        "Inverted": True,
        "RequestInterval": 10,
        "FailureThreshold": 1,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"inverted": False},
        {"disabled": True},
        {"failure_threshold": 3},
        {"resource_path": "/other"},
        {"resource_path": ""},
        {"search_string": "x"},
        {"port": 8443},
        {"regions": ["us-east-1", "eu-west-1", "sa-east-1"]},
    ],
    ids=str,
)
def test_every_field_is_updated_once(stage: Stage, change: dict[str, Any]) -> None:
    stage.run(**LATCH)
    stage.aws.calls.clear()
    assert stage.cycle(**LATCH | change) == ["UpdateHealthCheck"]
    (check,) = stage.aws.checks.values()
    assert check["HealthCheckVersion"] == 2


def test_an_update_leaves_alone_what_is_not_given(stage: Stage) -> None:
    identifier = stage.run(**LATCH).after["id"]
    stage.run(health_check_id=identifier, inverted=False)
    (check,) = stage.aws.checks.values()
    assert check["HealthCheckConfig"]["ResourcePath"] == "/latch/shop"
    assert stage.aws.tags[identifier] == {"Name": "shop latch"}


def test_children_are_replaced_whatever_their_order(stage: Stage) -> None:
    stage.run(name="c", type="CALCULATED", child_health_checks=["x", "y"], health_threshold=2)
    assert not stage.run(name="c", child_health_checks=["y", "x"]).changed
    assert stage.run(name="c", child_health_checks=["y", "z"]).after["child_health_checks"] == ["y", "z"]


def test_tags_are_purged_only_where_tags_are_given(stage: Stage) -> None:
    stage.run(**LATCH, tags={"a": "1", "b": "2"})
    assert not stage.run(**LATCH).changed
    assert stage.run(**LATCH, tags={"a": "1"}, purge_tags=False).changed is False
    assert stage.run(**LATCH, tags={"a": 3}).after["tags"] == {"Name": "shop latch", "a": "3"}


def test_a_refused_change_changes_nothing(stage: Stage) -> None:
    stage.run(**LATCH)
    stage.aws.calls.clear()
    with pytest.raises(Refused, match=r"immutable.*request_interval 10; 30"):
        stage.run(**LATCH | {"request_interval": 30, "inverted": False}, tags={"a": "b"})
    assert stage.aws.changing_calls() == []


def test_inverting_a_recovery_control_is_refused(stage: Stage) -> None:
    stage.run(name="e", type="RECOVERY_CONTROL", routing_control_arn="arn:x")
    with pytest.raises(Refused, match="recovery_control_inverted"):
        stage.run(name="e", inverted=True)


def test_an_id_that_is_not_there_is_refused_and_makes_no_check(stage: Stage) -> None:
    with pytest.raises(Refused, match="no_such_health_check"):
        stage.run(health_check_id="gone", type="HTTP", fqdn="a")
    assert stage.aws.checks == {}
    assert not stage.run(health_check_id="gone", state="absent").changed


def test_a_name_that_several_have_is_refused(stage: Stage) -> None:
    for _check in range(2):
        stage.aws.add_check({"Name": "shop latch"}, Type="HTTP", FullyQualifiedDomainName="a")
    for state in ("present", "absent"):
        with pytest.raises(Refused, match="name_not_unique"):
            stage.run(name="shop latch", state=state)


def test_a_name_is_found_among_hundreds(stage: Stage) -> None:
    for at in range(250):
        stage.aws.add_check({"Name": f"check {at}"}, Type="HTTP", FullyQualifiedDomainName="a")
    assert stage.run(name="check 203").after["tags"] == {"Name": "check 203"}
    assert stage.aws.calls.count("list_health_checks") == 3
    assert stage.aws.calls.count("list_tags_for_resources") == 25


def test_a_check_is_deleted_once(stage: Stage) -> None:
    stage.run(**LATCH)
    stage.aws.calls.clear()
    assert stage.run(check_mode=True, name="shop latch", state="absent").changed
    assert stage.aws.changing_calls() == []
    result = stage.run(name="shop latch", state="absent")
    assert (result.changed, stage.aws.checks, result.values["health_check"]) == (True, {}, None)
    assert not stage.run(name="shop latch", state="absent").changed


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_check_that_a_record_uses_is_not_deleted(stage: Stage, check_mode: bool) -> None:
    identifier = stage.run(**LATCH).after["id"]
    stage.aws.records[ZONE] = [half("api.shop.example.", HOME, "PRIMARY", HealthCheckId=identifier)]
    with pytest.raises(Refused, match=r"health_check_in_use.*api.shop.example. A eu-central-1"):
        stage.run(check_mode=check_mode, name="shop latch", state="absent")
    assert identifier in stage.aws.checks
    assert stage.run(name="shop latch", state="absent", force=True).changed


def test_a_check_that_a_calculated_one_counts_is_not_deleted(stage: Stage) -> None:
    child = stage.run(**LATCH).after["id"]
    parent = stage.run(name="c", type="CALCULATED", child_health_checks=[child], health_threshold=1).after["id"]
    with pytest.raises(Refused, match=f"the calculated check {parent}"):
        stage.run(name="shop latch", state="absent")
    stage.run(name="c", state="absent")
    assert stage.run(name="shop latch", state="absent").changed


def test_a_check_of_another_service_is_not_deleted(stage: Stage) -> None:
    identifier = stage.aws.add_check({"Name": "map"}, Type="HTTP", FullyQualifiedDomainName="a")
    stage.aws.checks[identifier]["LinkedService"] = {"ServicePrincipal": "servicediscovery.amazonaws.com"}
    with pytest.raises(Refused, match="linked_service"):
        stage.run(name="map", state="absent")


def test_a_disabled_check_is_warned_about(stage: Stage) -> None:
    stage.run(**LATCH, disabled=True)
    assert any("disabled" in warning for warning in stage.warnings)
