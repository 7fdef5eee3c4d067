# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the answers of Application Recovery Controller's control plane to records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import SafetyRule


def panel_of(arn: str) -> str:
    """The ARN of the control panel that a routing control is in."""
    return arn.partition("/routingcontrol/")[0]


def safety_rule(found: Mapping[str, Any]) -> SafetyRule:
    """A rule of either kind, as ListSafetyRules gives it."""
    gating = "GATING" in found
    rule = found["GATING"] if gating else found["ASSERTION"]
    config = rule["RuleConfig"]
    return SafetyRule(
        arn=rule["SafetyRuleArn"],
        name=rule["Name"],
        kind=config["Type"],
        threshold=int(config["Threshold"]),
        inverted=bool(config["Inverted"]),
        asserted=tuple(rule["GatingControls"] if gating else rule["AssertedControls"]),
        targets=tuple(rule["TargetControls"]) if gating else (),
    )
