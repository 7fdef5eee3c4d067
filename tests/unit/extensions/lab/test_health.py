# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is healthy, against the reference's section 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lab.control.health import Health, Probe

from .conftest import FakeClock

FLIP = 7.5
HTTP = {"Type": "HTTP", "FailureThreshold": 3}


class Scene:
    """Health checks, and what the world around them says."""

    def __init__(self, **configs: dict[str, Any]) -> None:
        self.clock, self.configs = FakeClock(), configs
        self.alarm: bool | None = None
        self.routing: bool | None = None
        self.health = Health(self.clock, lambda: self.configs, FLIP, self._alarm, lambda arn: self.routing)

    def _alarm(self, identifier: Mapping[str, Any]) -> bool | None:
        return self.alarm

    def probe(self, good: bool, times: int = 1, check: str = "one", threshold: int = 3) -> None:
        for _unused in range(times):
            self.health.record(check, Probe(good, "seen", 5.0), threshold)

    def healthy(self, check: str = "one") -> bool:
        return self.health.healthy(check)


@pytest.mark.parametrize("inverted", [False, True])
def test_a_new_check_starts_healthy_and_an_inverted_one_does_not(inverted: bool) -> None:
    assert Scene(one=HTTP | {"Inverted": inverted}).healthy() is not inverted


def test_as_many_failures_in_a_row_as_the_threshold_make_unhealthy() -> None:
    scene = Scene(one=HTTP)
    scene.probe(False, 2)
    scene.clock.pass_time(FLIP)
    before = scene.healthy()
    scene.probe(False)
    scene.clock.pass_time(FLIP)

    assert (before, scene.healthy()) == (True, False)


def test_a_success_between_failures_starts_the_count_again() -> None:
    scene = Scene(one=HTTP)
    scene.probe(False, 2)
    scene.probe(True)
    scene.probe(False, 2)
    scene.clock.pass_time(FLIP)

    assert scene.healthy()


def test_a_flip_takes_its_time_to_be_seen() -> None:
    scene = Scene(one=HTTP)
    scene.probe(False, 3)
    scene.clock.pass_time(FLIP - 0.1)
    before = scene.healthy()
    scene.clock.pass_time(0.1)

    assert (before, scene.healthy()) == (True, False)


def test_recovery_needs_the_threshold_too() -> None:
    scene = Scene(one=HTTP)
    scene.probe(False, 3)
    scene.clock.pass_time(FLIP)
    scene.probe(True, 2)
    scene.clock.pass_time(FLIP)
    before = scene.healthy()
    scene.probe(True)
    scene.clock.pass_time(FLIP)

    assert (before, scene.healthy()) == (False, True)


@pytest.mark.parametrize("inverted", [False, True])
def test_a_disabled_check_is_always_healthy(inverted: bool) -> None:
    scene = Scene(one=HTTP | {"Disabled": True, "Inverted": inverted})
    scene.probe(False, 3)
    scene.clock.pass_time(FLIP)

    assert scene.healthy()


def test_a_check_that_is_not_there_is_healthy() -> None:
    assert Scene().healthy("nothing")


@pytest.mark.parametrize(("threshold", "healthy"), [(0, True), (1, True), (2, False)])
def test_a_calculated_check_counts_its_healthy_children(threshold: int, healthy: bool) -> None:
    calculated = {"Type": "CALCULATED", "HealthThreshold": threshold, "ChildHealthChecks": ["a", "b"]}
    scene = Scene(one=calculated, a=HTTP, b=HTTP)
    scene.probe(False, 3, "b")
    scene.clock.pass_time(FLIP)

    assert scene.healthy() is healthy


@pytest.mark.parametrize(
    ("found", "healthy"),
    [((False, False), True), ((True, False), False), ((False, True), False), ((True, True), False)],
)
def test_a_latch_holds_until_both_objects_are_gone(found: tuple[bool, bool], healthy: bool) -> None:
    latch = HTTP | {"Inverted": True}
    scene = Scene(one={"Type": "CALCULATED", "HealthThreshold": 2, "ChildHealthChecks": ["a", "b"]}, a=latch, b=latch)
    for check, good in zip(("a", "b"), found, strict=True):
        scene.probe(good, 1, check, 1)
    scene.clock.pass_time(FLIP)

    assert scene.healthy() is healthy


def test_an_inverted_calculated_check_says_the_contrary() -> None:
    scene = Scene(
        one={"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": ["a"], "Inverted": True}, a=HTTP
    )

    assert not scene.healthy()


ALARM = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {}, "InsufficientDataHealthStatus": "Unhealthy"}


@pytest.mark.parametrize(("data", "healthy"), [(True, True), (False, False), (None, False)])
def test_an_alarms_check_follows_its_data(data: bool | None, healthy: bool) -> None:
    scene = Scene(one=ALARM)
    scene.alarm = data

    assert scene.healthy() is healthy


def test_without_data_the_last_known_status_stays() -> None:
    scene = Scene(one=ALARM | {"InsufficientDataHealthStatus": "LastKnownStatus"})
    scene.alarm = False
    scene.healthy()
    scene.alarm = None

    assert not scene.healthy()


@pytest.mark.parametrize(("state", "healthy"), [(True, True), (False, False), (None, False)])
def test_a_recovery_control_check_follows_its_routing_control(state: bool | None, healthy: bool) -> None:
    scene = Scene(one={"Type": "RECOVERY_CONTROL", "RoutingControlArn": "arn:x"})
    scene.routing = state

    assert scene.healthy() is healthy


def test_an_observation_is_the_last_one() -> None:
    scene = Scene(one=HTTP)
    before = scene.health.observation("one")
    scene.probe(False)

    assert (before, scene.health.observation("one")) == (None, ("seen", 5.0))


def test_a_deleted_checks_state_is_forgotten() -> None:
    scene = Scene(one=HTTP)
    scene.probe(False, 3)
    scene.clock.pass_time(FLIP)
    scene.health.forget({})

    assert scene.healthy()
