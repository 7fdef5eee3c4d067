# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which routing controls to switch. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    Control,
    ControlChange,
    ControlState,
    Endpoint,
    SafetyRule,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.gate import check_gate


def check_cluster(controls: Sequence[Control], endpoints: Sequence[Endpoint]) -> tuple[Finding, ...]:
    """What is wrong with the controls and endpoints themselves."""
    findings = []
    if not controls:
        findings.append(refusal("no_controls", "controls is empty.", "Name the routing control of each Region."))
    if not endpoints:
        remedy = "Give the cluster's endpoints: in a disaster there may be nobody to ask for them."
        findings.append(refusal("no_endpoints", "endpoints is empty.", remedy))
    arns = [control.arn for control in controls]
    twice = sorted({arn for arn in arns if arns.count(arn) > 1})
    if twice:
        seen = f"controls names {', '.join(twice)} more than once."
        findings.append(refusal("same_control_twice", seen, "Give each Region a routing control of its own."))
    return tuple(findings)


def check_switch(
    controls: Sequence[Control], target: str | None, verified: bool, unverified_allowed: bool
) -> tuple[Finding, ...]:
    """What is wrong with a request to switch, before anything is observed."""
    gate = check_gate(verified, target, unverified_allowed, "Routing controls move traffic")
    regions = sorted({control.region for control in controls})
    if target not in regions:
        seen = f"target is {target}; the controls are for {', '.join(regions) or 'no Region'}."
        return (*gate, refusal("target_without_control", seen, "Name as target a Region that has a routing control."))
    return gate


def changes(controls: Sequence[Control], target: str, seen: Mapping[str, ControlState]) -> tuple[ControlChange, ...]:
    """On for the target's controls, off for all others; one that is unknown is switched too, which does no harm."""
    return tuple(
        ControlChange(
            control,
            seen.get(control.arn, ControlState.UNKNOWN),
            ControlState.ON if control.region == target else ControlState.OFF,
        )
        for control in controls
    )


def as_wanted(wanted: Sequence[ControlChange], seen: Mapping[str, ControlState]) -> bool:
    """Whether every control is as it should be."""
    return all(seen.get(change.control.arn) is change.after for change in wanted)


def unknown_controls(controls: Sequence[Control], seen: Mapping[str, ControlState]) -> tuple[Finding, ...]:
    """Controls that the cluster, having answered, doesn't know."""
    missing = [control.arn for control in controls if control.arn not in seen]
    if not missing:
        return ()
    remedy = "Check the ARNs, and that controls and endpoints belong to one cluster."
    return (refusal("unknown_control", f"The cluster knows no {', '.join(missing)}.", remedy),)


def safety_rule(message: str) -> Finding:
    """A change that a safety rule forbids."""
    remedy = (
        "Nothing was switched. Look at what the rule guards; if traffic must move in spite of it, name its ARN in"
        " safety_rules_to_override."
    )
    return refusal("safety_rule", message, remedy)


def broken(
    rules: Sequence[SafetyRule], before: Mapping[str, ControlState], changed: Mapping[str, ControlState]
) -> tuple[SafetyRule, ...]:
    """The rules that forbid to change ``before`` (by ARN) so; those that speak of what changes, and no others."""
    after = {**before, **changed}
    return tuple(
        rule
        for rule in rules
        if any(before.get(arn) is not after.get(arn) for arn in rule.targets or rule.asserted)
        and not _holds(rule, before if rule.targets else after)
    )


def _holds(rule: SafetyRule, states: Mapping[str, ControlState]) -> bool:
    on = sum(states.get(arn) is ControlState.ON for arn in rule.asserted)
    enough = {"AND": len(rule.asserted), "OR": 1}.get(rule.kind, rule.threshold)
    return (on >= enough) is not rule.inverted
