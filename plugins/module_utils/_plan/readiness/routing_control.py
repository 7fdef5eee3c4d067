# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether clients could be switched by the routing controls, and whether these are where they should be."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_routing import (
    RoutingConfig,
    RoutingSeen,
    RulesSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import ControlState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    listed,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.routing_control import broken

ENDPOINTS = 5
"""That a cluster has, each in a Region of its own."""


def judge_routing_control(seen: Sightings[RoutingSeen], case: Case) -> Iterator[Remark]:
    config = case.workload.routing
    if config is None:
        return
    yield from _described(config, case)
    found = seen.of(case.target)
    if found is None or not found.answered:
        silent = found.silent if found else seen.unread
        said = listed([f"{region}: {why.rstrip('.')}" for region, why in silent.items()]) or "not asked"
        yield Remark(
            "routing_control_unreachable",
            Weight.PLANNED,
            case.target,
            f"No endpoint of the cluster told the routing controls' states ({said}).",
            "Check aws_dr_routing_control.endpoints, the path to them and"
            " route53-recovery-cluster:GetRoutingControlState: clients are switched through one of them.",
        )
        return
    if found.silent:
        said = listed([f"{region} ({why.rstrip('.')})" for region, why in found.silent.items()])
        yield Remark(
            "routing_control_endpoint_silent",
            Weight.NEVER,
            case.target,
            f"Endpoints of the cluster gave no answer: {said}. {listed(list(found.answered))} did, and one is enough.",
            "Compare their addresses with DescribeCluster's, and check the path to them.",
        )
    unknown = [control.arn for control, state in found.states.items() if state is None]
    if unknown:
        yield _missing(f"The cluster knows no routing control {listed(unknown)}.", case)
    else:
        yield from _positions(found, case)


def _described(config: RoutingConfig, case: Case) -> Iterator[Remark]:
    if case.target not in {control.region for control in config.controls}:
        yield _missing(f"aws_dr_routing_control.controls has none for {case.target}.", case)
    if len(config.endpoints) < ENDPOINTS:
        yield Remark(
            "routing_control_endpoints_few",
            Weight.NEVER,
            case.target,
            f"Of the cluster's {ENDPOINTS} endpoints {len(config.endpoints)} are given"
            f" ({listed([endpoint.region for endpoint in config.endpoints])}).",
            "Give all of them, as DescribeCluster does: any may be away, and in a disaster nobody is there to ask.",
        )


def _missing(observed: str, case: Case) -> Remark:
    return Remark(
        "routing_control_missing",
        Weight.ALWAYS,
        case.target,
        observed,
        "Correct aws_dr_routing_control.controls: each Region's by its ARN, of the cluster that the endpoints are of.",
    )


def _positions(found: RoutingSeen, case: Case) -> Iterator[Remark]:
    """On lets clients through: before a run that of the writer's Region alone, afterwards the target's alone."""
    on = [control.region for control, state in found.states.items() if state is ControlState.ON]
    weight = Weight.NEVER if case.done else Weight.PLANNED
    if len(on) > 1:
        yield Remark(
            "routing_controls_several_on",
            weight,
            case.target,
            f"The routing controls of {listed(on)} are on: clients may be sent to a Region that isn't the writer.",
            f"Switch off all but {case.writer or 'the writer'}'s (arc_routing_control); a failover does it.",
        )
    elif not on:
        yield Remark(
            "routing_controls_all_off",
            weight,
            case.target,
            "All routing controls are off: Route 53 then takes every record for healthy, and nothing holds clients.",
            f"Switch on {case.writer or 'the writer'}'s (arc_routing_control), and give the panel a safety rule that"
            " keeps one on.",
        )
    elif on == [case.target] and not case.done:
        yield Remark(
            "routing_control_already_on",
            weight,
            case.target,
            f"The routing control of {case.target} is on already: clients are sent there, and it isn't known to be the"
            " writer.",
            "Switch back to the writer's (arc_routing_control), or finish the run that switched it.",
        )


def judge_safety_rules(seen: Sightings[RulesSeen], case: Case) -> Iterator[Remark]:
    """The switch itself would be refused, and with the database promoted already: worth knowing before."""
    config = case.workload.routing
    for found in seen.seen.values() if config else ():
        if found.why:
            yield Remark(
                "safety_rules_unknown",
                Weight.NEVER,
                case.target,
                f"Whether a safety rule would refuse the switch is unknown: {found.why.rstrip('.')}.",
                "Grant route53-recovery-control-config:ListSafetyRules, or look at the control panel's rules yourself.",
            )
        yield from _forbidding(found, config, case) if config else ()


def _forbidding(found: RulesSeen, config: RoutingConfig, case: Case) -> Iterator[Remark]:
    wanted = {
        control.arn: ControlState.ON if control.region == case.target else ControlState.OFF
        for control in config.controls
    }
    for rule in broken(found.rules, found.states, wanted):
        if rule.arn not in config.overridden:
            yield Remark(
                "safety_rule_refuses",
                Weight.ALWAYS,
                case.target,
                f"The safety rule {rule.name} ({rule.arn}) would refuse to switch clients to {case.target}.",
                "Change the rule, put the controls right that it asks for, or name its ARN in"
                " aws_dr_routing_control.safety_rules_to_override.",
            )
