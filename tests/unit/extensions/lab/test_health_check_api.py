# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53's health checks through the API, against the reference's section 2."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Lab

HTTPS = {"Type": "HTTPS", "FullyQualifiedDomainName": "www.shop.example"}
counter = itertools.count()


def create_check(lab: Lab, reference: str | None = None, **config: Any) -> dict[str, Any]:
    answer = lab.client("route53").create_health_check(
        CallerReference=reference or f"check-{next(counter)}", HealthCheckConfig=config
    )
    return dict(answer["HealthCheck"])


def refusal(lab: Lab, **config: Any) -> str:
    with pytest.raises(ClientError) as caught:
        create_check(lab, **config)
    return str(caught.value.response["Error"]["Code"])


def test_a_health_check_has_awss_defaults(lab: Lab) -> None:
    config = create_check(lab, **HTTPS)["HealthCheckConfig"]

    assert {
        name: config[name] for name in ("Port", "RequestInterval", "FailureThreshold", "Inverted", "EnableSNI")
    } == {
        "Port": 443,
        "RequestInterval": 30,
        "FailureThreshold": 3,
        "Inverted": False,
        "EnableSNI": True,
    }


@pytest.mark.parametrize(
    "config",
    [
        {
            "Type": "CLOUDWATCH_METRIC",
            "AlarmIdentifier": {"Region": "eu-west-1", "Name": "lag"},
            "InsufficientDataHealthStatus": "LastKnownStatus",
        },
        {"Type": "RECOVERY_CONTROL", "RoutingControlArn": "arn:aws:route53-recovery-control::1:x"},
        {"Type": "TCP", "IPAddress": "127.0.61.1", "Port": 25432},
    ],
)
def test_nothing_of_a_configuration_is_dropped(lab: Lab, config: dict[str, Any]) -> None:
    check = create_check(lab, **config)
    kept = lab.client("route53").get_health_check(HealthCheckId=check["Id"])["HealthCheck"]["HealthCheckConfig"]

    assert {name: kept[name] for name in config} == config


@pytest.mark.parametrize(
    "config",
    [
        {"Type": "RECOVERY_CONTROL", "RoutingControlArn": "arn:x", "Inverted": True},
        {"Type": "HTTPS_STR_MATCH", "FullyQualifiedDomainName": "www.shop.example"},
        {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": ["nothing"]},
        {"Type": "CLOUDWATCH_METRIC"},
        {"Type": "HTTP"},
        HTTPS | {"RequestInterval": 20},
        HTTPS | {"FailureThreshold": 10, "Port": 443, "RequestInterval": 11},
    ],
)
def test_a_broken_configuration_is_refused(lab: Lab, config: dict[str, Any]) -> None:
    assert refusal(lab, **config) == "InvalidInput"


def test_a_recovery_control_check_is_not_inverted_later_either(lab: Lab) -> None:
    check = create_check(lab, Type="RECOVERY_CONTROL", RoutingControlArn="arn:x")
    with pytest.raises(ClientError) as caught:
        lab.client("route53").update_health_check(HealthCheckId=check["Id"], Inverted=True)

    assert caught.value.response["Error"]["Code"] == "InvalidInput"


def test_the_same_reference_is_the_same_check(lab: Lab) -> None:
    assert create_check(lab, "same", **HTTPS)["Id"] == create_check(lab, "same", **HTTPS)["Id"]


def test_the_same_reference_for_another_check_is_refused(lab: Lab) -> None:
    create_check(lab, "same", **HTTPS)

    assert refusal(lab, reference="same", **HTTPS, Inverted=True) == "HealthCheckAlreadyExists"


def test_an_update_raises_the_version(lab: Lab) -> None:
    check = create_check(lab, **HTTPS)
    answer = lab.client("route53").update_health_check(HealthCheckId=check["Id"], HealthCheckVersion=1, Inverted=True)

    assert (answer["HealthCheck"]["HealthCheckVersion"], answer["HealthCheck"]["HealthCheckConfig"]["Inverted"]) == (
        2,
        True,
    )


def test_an_update_of_an_older_version_is_refused(lab: Lab) -> None:
    check = create_check(lab, **HTTPS)
    route53 = lab.client("route53")
    route53.update_health_check(HealthCheckId=check["Id"], Inverted=True)
    with pytest.raises(ClientError) as caught:
        route53.update_health_check(HealthCheckId=check["Id"], HealthCheckVersion=1, Inverted=False)

    assert caught.value.response["Error"]["Code"] == "HealthCheckVersionMismatch"


def test_an_element_can_be_reset(lab: Lab) -> None:
    check = create_check(lab, **HTTPS, ResourcePath="/x")
    answer = lab.client("route53").update_health_check(HealthCheckId=check["Id"], ResetElements=["ResourcePath"])

    assert "ResourcePath" not in answer["HealthCheck"]["HealthCheckConfig"]


def test_a_status_is_what_the_checkers_saw(lab: Lab) -> None:
    class Seen:
        def observation(self, check_id: str) -> tuple[str, float]:
            return "Failure: HTTP Status Code 503.", 1_790_000_000.0

    lab.state.health = Seen()
    check = create_check(lab, **HTTPS)
    answer = lab.client("route53").get_health_check_status(HealthCheckId=check["Id"])

    assert {item["StatusReport"]["Status"] for item in answer["HealthCheckObservations"]} == {
        "Failure: HTTP Status Code 503."
    }


def test_a_calculated_check_has_no_status_of_its_own(lab: Lab) -> None:
    child = create_check(lab, **HTTPS)["Id"]
    check = create_check(lab, Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[child])
    with pytest.raises(ClientError) as caught:
        lab.client("route53").get_health_check_status(HealthCheckId=check["Id"])

    assert caught.value.response["Error"]["Code"] == "InvalidInput"
