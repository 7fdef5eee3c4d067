# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routing controls of Application Recovery Controller: one call per function, through one of a cluster's endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SERVICE = "route53-recovery-cluster"
NOT_FOUND = ("ResourceNotFoundException",)
SAFETY_RULE = "ConflictException"


def get_state(client: Any, arn: str) -> str:
    """A routing control's state as AWS names it."""
    return client.get_routing_control_state(RoutingControlArn=arn)["RoutingControlState"]


def update_states(client: Any, states: Mapping[str, str], rules_to_override: Sequence[str]) -> None:
    """Set the states (by ARN) all at once, or none of them."""
    entries = [{"RoutingControlArn": arn, "RoutingControlState": state} for arn, state in states.items()]
    client.update_routing_control_states(
        UpdateRoutingControlStateEntries=entries, SafetyRulesToOverride=list(rules_to_override)
    )
