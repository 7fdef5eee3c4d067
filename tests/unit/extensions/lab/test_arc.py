# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routing controls through the cluster's five endpoints, and the health checks that follow them."""

from __future__ import annotations

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from lab.control.checks import Checkers
from lab.control.faults import Fault, Kind
from lab.settings import LATENCY

from .computing import endpoint, endpoints, make_controls
from .conftest import Lab


def entries(arns: dict[str, str], **wanted: str) -> list[dict[str, str]]:
    return [{"RoutingControlArn": arns[name], "RoutingControlState": state} for name, state in wanted.items()]


def shown(lab: Lab, region: str = "us-east-1") -> dict[str, str]:
    found = endpoint(lab, region).list_routing_controls()["RoutingControls"]
    return {control["RoutingControlName"]: control["RoutingControlState"] for control in found}


def test_every_endpoint_says_the_same(lab: Lab) -> None:
    make_controls(lab)
    assert len(endpoints(lab)) == 5
    assert all(shown(lab, region) == {"home": "On", "standby": "Off"} for region in endpoints(lab))


def test_several_controls_are_switched_at_once(lab: Lab) -> None:
    arns = make_controls(lab)
    endpoint(lab, "us-west-2").update_routing_control_states(
        UpdateRoutingControlStateEntries=entries(arns, home="Off", standby="On")
    )
    assert shown(lab) == {"home": "Off", "standby": "On"}
    assert endpoint(lab).get_routing_control_state(RoutingControlArn=arns["standby"])["RoutingControlState"] == "On"


def test_a_safety_rule_keeps_one_on_and_nothing_is_changed_then(lab: Lab) -> None:
    arns = make_controls(lab)
    with pytest.raises(ClientError) as caught:
        endpoint(lab).update_routing_control_states(UpdateRoutingControlStateEntries=entries(arns, home="Off"))
    assert caught.value.response["Error"]["Code"] == "ConflictException"
    assert "one-on" in str(caught.value)
    assert shown(lab) == {"home": "On", "standby": "Off"}


def test_a_safety_rule_can_be_overridden_by_its_arn(lab: Lab) -> None:
    arns = make_controls(lab)
    panel = arns["home"].rsplit("/routingcontrol/", 1)[0]
    config = lab.client("route53-recovery-control-config", "us-west-2")
    (rule,) = config.list_safety_rules(ControlPanelArn=panel)["SafetyRules"]
    endpoint(lab).update_routing_control_states(
        UpdateRoutingControlStateEntries=entries(arns, home="Off"),
        SafetyRulesToOverride=[rule["ASSERTION"]["SafetyRuleArn"]],
    )
    assert shown(lab) == {"home": "Off", "standby": "Off"}


def test_a_gating_rule_guards_its_targets(lab: Lab) -> None:
    arns = make_controls(lab)
    panel = arns["home"].rsplit("/routingcontrol/", 1)[0]
    rule = {
        "ControlPanelArn": panel,
        "Name": "gate",
        "GatingControls": [arns["standby"]],
        "TargetControls": [arns["home"]],
        "RuleConfig": {"Type": "ATLEAST", "Threshold": 1, "Inverted": False},
        "WaitPeriodMs": 5000,
    }
    lab.client("route53-recovery-control-config", "us-west-2").create_safety_rule(GatingRule=rule)
    with pytest.raises(ClientError, match="gate"):
        endpoint(lab).update_routing_control_states(
            UpdateRoutingControlStateEntries=entries(arns, home="Off", standby="On")
        )


def test_an_unknown_control_is_not_found_and_nothing_is_changed(lab: Lab) -> None:
    arns = make_controls(lab)
    with pytest.raises(ClientError) as caught:
        endpoint(lab).update_routing_control_states(
            UpdateRoutingControlStateEntries=entries({**arns, "nope": f"{arns['home']}0"}, standby="On", nope="On")
        )
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert shown(lab)["standby"] == "Off"


def test_an_endpoint_is_lost_with_its_region_and_the_others_go_on(lab: Lab) -> None:
    make_controls(lab)
    west = endpoint(lab, "eu-west-1")
    lab.faults.lose_region("eu-west-1")
    with pytest.raises(BotoCoreError):
        west.list_routing_controls()
    assert shown(lab, "ap-northeast-1")["home"] == "On"


def test_an_endpoint_can_be_broken_like_any_other_call(lab: Lab) -> None:
    make_controls(lab)
    code = "EndpointTemporarilyUnavailableException"
    lab.faults.add(Fault(Kind.ERROR, service="route53-recovery-cluster", region="us-east-1", status=503, code=code))
    with pytest.raises(ClientError) as caught:
        shown(lab)
    assert caught.value.response["Error"]["Code"] == code


def test_the_control_plane_is_in_one_region_whatever_the_clients(lab: Lab) -> None:
    lab.client("route53-recovery-control-config", "eu-west-1").list_clusters()
    assert lab.calls.since()[-1].region == "us-west-2"


def test_a_health_check_follows_its_routing_control_after_a_while(lab: Lab) -> None:
    arns = make_controls(lab)
    checkers = Checkers(lab.clock, 1.0, proxy=("127.0.0.1", 1), routing_control=lab.state.recovery.health)
    made = lab.client("route53").create_health_check(
        CallerReference="arc", HealthCheckConfig={"Type": "RECOVERY_CONTROL", "RoutingControlArn": arns["standby"]}
    )
    check = made["HealthCheck"]["Id"]
    assert not checkers.healthy(check)
    endpoint(lab).update_routing_control_state(RoutingControlArn=arns["standby"], RoutingControlState="On")
    assert not checkers.healthy(check)
    lab.look(LATENCY["routing_control"])
    assert checkers.healthy(check)
