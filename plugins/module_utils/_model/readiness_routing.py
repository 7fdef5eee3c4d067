# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readiness is told of a workload's routing controls, and what it saw of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    Control,
    ControlState,
    Endpoint,
    SafetyRule,
)


@dataclass(frozen=True)
class RoutingConfig:
    """The cluster's endpoints, the workload's controls, and the ARNs of safety rules that the switch may break."""

    endpoints: tuple[Endpoint, ...]
    controls: tuple[Control, ...]
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoutingSeen:
    """The workload's controls, each as the cluster knows it; ``None``: it knows no such control.

    ``answered`` are the Regions of the endpoints that gave an answer, ``silent`` those that gave none, with why. A run
    is content with the first answer; a preflight asks each.
    """

    states: Mapping[Control, ControlState | None]
    answered: tuple[str, ...] = ()
    silent: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "controls": [
                {**vars(control), "state": state.value if state else None} for control, state in self.states.items()
            ],
            "answered": list(self.answered),
            "silent": dict(self.silent),
        }


@dataclass(frozen=True)
class RulesSeen:
    """The safety rules of the controls' panels, and the state of every control that they speak of, by ARN.

    ``why`` says why they aren't known, if so.
    """

    rules: tuple[SafetyRule, ...] = ()
    states: Mapping[str, ControlState] = field(default_factory=dict)
    why: str = ""

    def as_dict(self, now: float) -> dict[str, Any]:
        states = {arn: state.value for arn, state in self.states.items()}
        return {"rules": [rule.as_dict() for rule in self.rules], "states": states, "why": self.why}
