# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    Control,
    ControlState,
    Endpoint,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import routing_control as plan

HOME, STANDBY = Control("arn:home", "eu-central-1"), Control("arn:standby", "eu-west-1")
ENDPOINT = Endpoint("us-east-1", "https://one.example/v1")
SEEN = {"arn:home": ControlState.ON, "arn:standby": ControlState.OFF}


def test_the_targets_control_is_on_and_all_others_off() -> None:
    changes = plan.changes([HOME, STANDBY], "eu-west-1", SEEN)
    assert [(change.after, change.changed) for change in changes] == [(ControlState.OFF, True), (ControlState.ON, True)]


def test_what_is_as_wanted_is_not_changed() -> None:
    assert not any(change.changed for change in plan.changes([HOME, STANDBY], "eu-central-1", SEEN))


def test_an_unknown_state_is_switched() -> None:
    assert [change.changed for change in plan.changes([HOME, STANDBY], "eu-central-1", {})] == [True, True]


def test_read_back_states_must_all_be_as_wanted() -> None:
    wanted = plan.changes([HOME, STANDBY], "eu-west-1", SEEN)
    assert not plan.as_wanted(wanted, SEEN)
    assert not plan.as_wanted(wanted, {"arn:home": ControlState.OFF})
    assert plan.as_wanted(wanted, {"arn:home": ControlState.OFF, "arn:standby": ControlState.ON})


@pytest.mark.parametrize(
    ("controls", "endpoints", "codes"),
    [
        ([], [ENDPOINT], ["no_controls"]),
        ([HOME], [], ["no_endpoints"]),
        ([HOME, HOME], [ENDPOINT], ["same_control_twice"]),
        ([HOME, STANDBY], [ENDPOINT], []),
    ],
)
def test_a_wrong_cluster_is_refused(controls: list[Control], endpoints: list[Endpoint], codes: list[str]) -> None:
    assert [finding.code for finding in plan.check_cluster(controls, endpoints)] == codes


@pytest.mark.parametrize(
    ("target", "verified", "allowed", "codes"),
    [
        ("eu-west-1", True, False, []),
        ("eu-west-1", False, True, []),
        ("eu-west-1", False, False, ["writer_unverified"]),
        ("eu-west-3", True, False, ["target_without_control"]),
    ],
)
def test_a_wrong_switch_is_refused(target: str, verified: bool, allowed: bool, codes: list[str]) -> None:
    found = plan.check_switch([HOME, STANDBY], target, verified, allowed)
    assert [finding.code for finding in found] == codes


def test_a_control_that_the_cluster_does_not_know_is_refused() -> None:
    (found,) = plan.unknown_controls([HOME, STANDBY], {"arn:home": ControlState.ON})
    assert (found.code, "arn:standby" in found.observed) == ("unknown_control", True)


def test_a_safety_rule_says_how_it_is_overridden() -> None:
    assert "safety_rules_to_override" in plan.safety_rule("one-on").remedy
