# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a health check can be told, what differs, and what it takes to change it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import (
    Alarm,
    HealthCheck,
    Kind,
    Settings,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import health_check as plan

CHECK = Settings(
    kind=Kind.HTTPS_STR_MATCH,
    fqdn="api.shop.example",
    port=443,
    resource_path="/healthz",
    search_string="ok",
    request_interval=10,
    failure_threshold=1,
    measure_latency=False,
    enable_sni=True,
    inverted=False,
    disabled=False,
    regions=(),
    child_health_checks=(),
)
COMPLETE: dict[Kind, dict[str, Any]] = {
    Kind.HTTP: {"fqdn": "api.shop.example"},
    Kind.HTTPS: {"ip_address": "192.0.2.1"},
    Kind.HTTP_STR_MATCH: {"fqdn": "api.shop.example", "search_string": "ok"},
    Kind.HTTPS_STR_MATCH: {"fqdn": "api.shop.example", "search_string": "ok"},
    Kind.TCP: {"ip_address": "192.0.2.1", "port": 5432},
    Kind.CALCULATED: {"child_health_checks": ("a", "b"), "health_threshold": 2},
    Kind.CLOUDWATCH_METRIC: {"alarm": Alarm("eu-west-1", "lag")},
    Kind.RECOVERY_CONTROL: {
        "routing_control_arn": "arn:aws:route53-recovery-control::1:controlpanel/x/routingcontrol/y"
    },
}


def existing(settings: Settings = CHECK, **more: Any) -> HealthCheck:
    return HealthCheck("id-1", "reference", 3, settings, **more)


def codes(wanted: Settings, check: HealthCheck | None = None) -> list[str]:
    found = plan.refusals(wanted, check)
    assert all(each.observed and each.remedy for each in found)
    return [each.code for each in found]


@pytest.mark.parametrize("kind", list(Kind))
def test_each_type_can_be_created_from_what_it_needs(kind: Kind) -> None:
    assert codes(Settings(kind=kind, **COMPLETE[kind])) == []


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in Kind for name in COMPLETE[kind]])
def test_a_new_check_that_lacks_something_is_refused(kind: Kind, name: str) -> None:
    given = {field: value for field, value in COMPLETE[kind].items() if field != name}
    assert codes(Settings(kind=kind, **given)) == ["incomplete"]


def test_a_new_check_without_a_type_is_refused() -> None:
    assert codes(Settings(fqdn="api.shop.example")) == ["no_type"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Settings(kind=Kind.RECOVERY_CONTROL, routing_control_arn="arn", inverted=True), "recovery_control_inverted"),
        (Settings(kind=Kind.RECOVERY_CONTROL, routing_control_arn="arn", request_interval=10), "not_for_type"),
        (Settings(kind=Kind.TCP, ip_address="192.0.2.1", port=1, resource_path="/"), "not_for_type"),
        (Settings(kind=Kind.HTTP, fqdn="a", search_string="ok"), "not_for_type"),
        (Settings(kind=Kind.HTTP, fqdn="a", enable_sni=True), "not_for_type"),
        (Settings(kind=Kind.CALCULATED, child_health_checks=("a",), health_threshold=1, port=80), "not_for_type"),
        (Settings(kind=Kind.CALCULATED, child_health_checks=("a",), health_threshold=-1), "bad_threshold"),
        (Settings(kind=Kind.HTTP, fqdn="a", regions=("eu-west-1", "us-east-1")), "too_few_regions"),
        (Settings(kind=Kind.HTTP, fqdn="a", resource_path="healthz"), "bad_path"),
        (Settings(kind=Kind.HTTP_STR_MATCH, fqdn="a", search_string=""), "no_search_string"),
    ],
)
def test_what_route_53_would_reject_is_refused(wanted: Settings, code: str) -> None:
    assert codes(wanted) == [code]


def test_a_recovery_control_that_is_not_to_be_inverted_is_no_contradiction() -> None:
    assert codes(Settings(kind=Kind.RECOVERY_CONTROL, routing_control_arn="arn", inverted=False)) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": Kind.HTTPS},
        {"request_interval": 30},
        {"measure_latency": True},
        {"ip_address": "192.0.2.1"},
    ],
)
def test_what_cannot_be_changed_is_refused(wanted: dict[str, Any]) -> None:
    assert codes(Settings(**wanted), existing()) == ["immutable"]


def test_an_address_can_be_changed_and_not_be_taken_away() -> None:
    check = existing(Settings(kind=Kind.TCP, ip_address="192.0.2.1", port=80))
    assert codes(Settings(ip_address="192.0.2.2"), check) == []
    assert codes(Settings(ip_address=""), check) == ["immutable"]


def test_a_check_of_another_service_is_left_to_it() -> None:
    assert codes(Settings(inverted=True), existing(linked_service="servicediscovery.amazonaws.com")) == [
        "linked_service"
    ]


def test_nothing_given_and_everything_the_same_are_no_change() -> None:
    assert plan.changes(Settings(), existing()) == {}
    assert plan.changes(CHECK, existing()) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fqdn", "www.shop.example"),
        ("port", 8443),
        ("resource_path", "/ready"),
        ("resource_path", ""),
        ("search_string", "yes"),
        ("failure_threshold", 3),
        ("enable_sni", False),
        ("regions", ("eu-west-1", "us-east-1", "us-west-1")),
        ("inverted", True),
        ("disabled", True),
    ],
)
def test_each_field_that_differs_is_a_change_and_then_is_none(name: str, value: Any) -> None:
    wanted = Settings(**{name: value})
    changed = plan.changes(wanted, existing())
    assert changed == {name: value}
    assert plan.changes(wanted, existing(plan.updated(existing(), changed))) == {}


@pytest.mark.parametrize(
    ("bare", "asked"),
    [
        (Settings(kind=Kind.HTTP), {"port": 80, "resource_path": "/", "failure_threshold": 3, "inverted": False}),
        (Settings(kind=Kind.HTTPS), {"port": 443, "resource_path": "", "regions": (), "disabled": False}),
        (Settings(kind=Kind.HTTPS, resource_path="/", failure_threshold=3), {"resource_path": ""}),
    ],
)
def test_a_default_said_aloud_is_no_change(bare: Settings, asked: dict[str, Any]) -> None:
    assert plan.changes(Settings(**asked), existing(bare)) == {}


def test_an_interval_that_is_the_default_said_aloud_is_not_refused() -> None:
    assert codes(Settings(request_interval=30, measure_latency=False), existing(Settings(kind=Kind.HTTP))) == []


def test_a_new_check_has_no_empty_settings() -> None:
    settings = plan.new_settings(Settings(kind=Kind.HTTP, fqdn="a", regions=(), resource_path=""))
    assert settings == Settings(kind=Kind.HTTP, fqdn="a")


def test_a_new_check_on_an_alarm_keeps_its_status_while_data_lacks() -> None:
    wanted = Settings(kind=Kind.CLOUDWATCH_METRIC, alarm=Alarm("eu-west-1", "lag"))
    assert plan.new_settings(wanted).insufficient_data_health_status == "LastKnownStatus"
    unhealthy = Settings(kind=Kind.CLOUDWATCH_METRIC, insufficient_data_health_status="Unhealthy")
    assert plan.new_settings(unhealthy) == unhealthy


TAGS = {"Name": "shop", "old": "1", "same": "x", "aws:made-by": "stack"}


@pytest.mark.parametrize(
    ("tags", "name", "purge", "add", "remove"),
    [
        (None, None, True, {}, ()),
        (None, "shop", True, {}, ()),
        (None, "other", True, {"Name": "other"}, ()),
        ({"same": "x", "new": "2"}, "shop", True, {"new": "2"}, ("old",)),
        ({"same": "y"}, "shop", False, {"same": "y"}, ()),
        ({}, "shop", True, {}, ("old", "same")),
        ({}, None, True, {}, ("Name", "old", "same")),
    ],
)
def test_tags_are_added_and_purged_as_amazon_aws_does(
    tags: dict[str, str] | None, name: str | None, purge: bool, add: dict[str, str], remove: tuple[str, ...]
) -> None:
    changed = plan.tag_changes(TAGS, tags, name, purge)
    assert (dict(changed.add), changed.remove) == (add, remove)
    after = plan.retagged(TAGS, changed)
    assert not plan.tag_changes(after, tags, name, purge).any


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (Settings(kind=Kind.HTTP, disabled=True), ["disabled_is_healthy"]),
        (Settings(kind=Kind.CALCULATED, child_health_checks=("a",), health_threshold=2), ["threshold_never_met"]),
        (Settings(kind=Kind.CALCULATED, child_health_checks=("a",), health_threshold=0), ["threshold_always_met"]),
        (Settings(kind=Kind.CALCULATED, child_health_checks=("a",), health_threshold=1), []),
    ],
)
def test_what_is_legal_and_rarely_meant_is_warned_about(settings: Settings, found: list[str]) -> None:
    assert [each.code for each in plan.warnings(settings)] == found


def test_a_check_in_use_names_its_users_but_not_hundreds_of_them() -> None:
    assert plan.in_use(existing(), [], []) == ()
    (few,) = plan.in_use(existing(), ["parent"], ["api.shop.example. A eu-west-1"])
    assert "parent" in few.observed
    assert "api.shop.example. A eu-west-1" in few.observed
    (many,) = plan.in_use(existing(), [], [f"n{at}" for at in range(25)])
    assert "and 15 more" in many.observed
