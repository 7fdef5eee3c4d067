# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Application Recovery Controller knows: clusters, control panels, routing controls and safety rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.settings import ACCOUNT

ENDPOINT_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")
PREFIX = f"arn:aws:route53-recovery-control::{ACCOUNT}"


def identifier(kind: str, name: str, digits: int) -> str:
    """A hexadecimal identifier. The same name has the same one in every lab, so that an inventory can hold it."""
    return hashlib.sha256(f"{kind}/{name}".encode()).hexdigest()[:digits]


@dataclass(frozen=True)
class Cluster:
    """A cluster, with an endpoint in each of five Regions."""

    name: str

    @property
    def arn(self) -> str:
        """Its ARN."""
        digits = identifier("cluster", self.name, 32)
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return f"{PREFIX}:cluster/{'-'.join(parts)}"

    @property
    def endpoints(self) -> Mapping[str, str]:
        """The endpoints by Region."""
        return {
            region: f"https://{identifier('endpoint', self.name + region, 8)}.route53-recovery-cluster.{region}"
            ".amazonaws.com/v1"
            for region in ENDPOINT_REGIONS
        }

    def serves(self, host: str) -> bool:
        """Say whether a host name is one of its endpoints."""
        return any(f"https://{host}/v1" == endpoint for endpoint in self.endpoints.values())


@dataclass(frozen=True)
class Panel:
    """A control panel of a cluster."""

    cluster: str
    name: str
    default: bool = False

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"{PREFIX}:controlpanel/{identifier('panel', self.cluster + self.name, 32)}"


@dataclass(frozen=True)
class Control:
    """A routing control: on since a moment of the monotonic clock, or off since then."""

    panel: str
    name: str
    on: bool = False
    since: float = float("-inf")

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"{self.panel}/routingcontrol/{identifier('control', self.panel + self.name, 16)}"


@dataclass(frozen=True)
class Rule:
    """A safety rule: of the ``asserted`` controls, so many must be on after a change.

    A gating rule has ``targets`` instead that may be changed only while enough of the ``asserted`` are on.
    """

    panel: str
    name: str
    kind: str
    threshold: int
    inverted: bool
    asserted: tuple[str, ...]
    targets: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"{self.panel}/safetyrule/{identifier('rule', self.panel + self.name, 16)}"

    def holds(self, states: Mapping[str, bool]) -> bool:
        """Say whether enough of the controls are on."""
        on = sum(states.get(arn, False) for arn in self.asserted)
        enough = {"ATLEAST": self.threshold, "AND": len(self.asserted), "OR": 1}[self.kind]
        return (on >= enough) != self.inverted

    def as_answer(self) -> dict[str, Any]:
        """As the API shows it: under the name of its kind."""
        config = {"Type": self.kind, "Threshold": self.threshold, "Inverted": self.inverted}
        common = {
            "ControlPanelArn": self.panel,
            "Name": self.name,
            "RuleConfig": config,
            "SafetyRuleArn": self.arn,
            "Status": "DEPLOYED",
            "WaitPeriodMs": 5000,
            "Owner": ACCOUNT,
        }
        if self.targets:
            gating = {"GatingControls": list(self.asserted), "TargetControls": list(self.targets)}
            return {"GatingRule": common | gating}
        return {"AssertionRule": common | {"AssertedControls": list(self.asserted)}}
