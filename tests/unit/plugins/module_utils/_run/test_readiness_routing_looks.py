# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster is asked through all its endpoints at once, and ARC's control plane for its rules."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import ControlState, SafetyRule
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness_routing_looks import (
    see_routing_control,
    see_safety_rules,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import STANDBY
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop_routing import (
    CONTROLS,
    PANEL,
    REGIONS,
    case_of,
)

RULES = [
    {
        "ASSERTION": {
            "SafetyRuleArn": "arn:a",
            "Name": "one-on",
            "RuleConfig": {"Type": "ATLEAST", "Threshold": 1, "Inverted": False},
            "AssertedControls": [CONTROLS[0].arn, CONTROLS[1].arn],
        }
    },
    {
        "GATING": {
            "SafetyRuleArn": "arn:g",
            "Name": "gate",
            "RuleConfig": {"Type": "AND", "Threshold": 0, "Inverted": True},
            "GatingControls": [f"{PANEL}/routingcontrol/switch"],
            "TargetControls": [CONTROLS[0].arn],
        }
    },
]


class FakeArc:
    """``dead`` endpoints refuse, ``hung`` ones never answer; ``rules`` are what the control plane tells, unless it
    is ``broken``."""

    def __init__(self) -> None:
        self.states = {CONTROLS[0].arn: "On", CONTROLS[1].arn: "Off", f"{PANEL}/routingcontrol/switch": "Off"}
        self.dead: set[str] = set()
        self.hung: set[str] = set()
        self.through: set[str] = set()
        self.rules = RULES
        self.broken: ClientError | None = None

    def get_at(self, service: str, region: str, url: str, through: str) -> Any:
        assert (service, url) == ("route53-recovery-cluster", f"https://one.{region}/v1")
        self.through.add(through)
        return OneEndpoint(self, region)

    def get(self, service: str, region: str) -> Any:
        assert (service, region) == ("route53-recovery-control-config", "us-west-2")
        return self

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_safety_rules"
        return self

    def paginate(self, ControlPanelArn: str) -> Any:  # noqa: N803
        assert ControlPanelArn == PANEL
        if self.broken is not None:
            raise self.broken
        return [{"SafetyRules": [rule]} for rule in self.rules]


class OneEndpoint:
    def __init__(self, arc: FakeArc, region: str) -> None:
        self.arc, self.region = arc, region

    def get_routing_control_state(self, RoutingControlArn: str) -> dict[str, str]:  # noqa: N803
        if self.region in self.arc.hung:
            threading.Event().wait(30)
        if self.region in self.arc.dead:
            raise EndpointConnectionError(endpoint_url=self.region)
        if RoutingControlArn not in self.arc.states:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "GetRoutingControlState")
        return {"RoutingControlState": self.arc.states[RoutingControlArn]}


@pytest.fixture
def arc() -> FakeArc:
    return FakeArc()


def context(arc: Any, seconds: float = 5.0) -> Context:
    clock = SystemClock()
    return Context(True, False, clock, Deadline.after(clock, seconds), arc, silent, silent)


def test_a_run_takes_the_first_answer_and_waits_for_no_endpoint_that_hangs(arc: FakeArc) -> None:
    arc.hung = set(REGIONS[:3])
    arc.dead = {REGIONS[3]}
    seen = see_routing_control(STANDBY, case_of("unplanned"), context(arc), [])
    assert seen.answered == (REGIONS[4],)
    assert list(seen.states.values()) == [ControlState.ON, ControlState.OFF]
    assert arc.through == {STANDBY}, "the credentials are the target's"


def test_a_preflight_hears_every_endpoint_and_says_which_is_silent(arc: FakeArc) -> None:
    arc.hung, arc.dead = {REGIONS[0]}, {REGIONS[1]}
    seen = see_routing_control(STANDBY, case_of("unplanned", preflight=True), context(arc, 1.0), [])
    assert seen.answered == REGIONS[2:]
    assert set(seen.silent) == set(REGIONS[:2])
    assert seen.as_dict(0.0)["controls"][0] == {"arn": CONTROLS[0].arn, "region": CONTROLS[0].region, "state": "On"}


@pytest.mark.parametrize("preflight", [True, False])
def test_where_nobody_answers_that_is_what_was_seen(arc: FakeArc, preflight: bool) -> None:
    arc.dead = set(REGIONS)
    seen = see_routing_control(STANDBY, case_of("planned", preflight=preflight), context(arc), [])
    assert (seen.answered, set(seen.silent)) == ((), set(REGIONS))


def test_a_control_that_the_cluster_does_not_know_is_none_of_its(arc: FakeArc) -> None:
    del arc.states[CONTROLS[1].arn]
    seen = see_routing_control(STANDBY, case_of("planned"), context(arc), [])
    assert seen.states == {CONTROLS[0]: ControlState.ON, CONTROLS[1]: None}


def test_rules_of_both_kinds_are_read_with_the_controls_that_they_speak_of(arc: FakeArc) -> None:
    seen = see_safety_rules("us-west-2", case_of("planned"), context(arc), [])
    switch = f"{PANEL}/routingcontrol/switch"
    assert seen.rules == (
        SafetyRule("arn:a", "one-on", "ATLEAST", 1, False, (CONTROLS[0].arn, CONTROLS[1].arn)),
        SafetyRule("arn:g", "gate", "AND", 0, True, (switch,), (CONTROLS[0].arn,)),
    )
    assert seen.states == {arn: ControlState(state) for arn, state in arc.states.items()}
    assert seen.as_dict(0.0)["rules"][1]["targets"] == [CONTROLS[0].arn]


def test_rules_that_are_not_told_are_said_to_be_unknown(arc: FakeArc) -> None:
    arc.broken = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "ListSafetyRules")
    seen = see_safety_rules("us-west-2", case_of("planned"), context(arc), [])
    assert "AccessDenied" in seen.why and seen.rules == ()


def test_a_workload_without_controls_has_nothing_to_be_seen(arc: FakeArc) -> None:
    case = case_of("planned")
    bare = replace(case, workload=replace(case.workload, routing=None))
    assert see_safety_rules("us-west-2", bare, context(arc), []).rules == ()
