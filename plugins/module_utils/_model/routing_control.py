# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routing controls of Application Recovery Controller, and the cluster's endpoints through which they are switched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class ControlState(str, Enum):
    """A routing control as AWS names its states. Unknown is not off."""

    ON = "On"
    OFF = "Off"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Endpoint:
    """One of the cluster's five endpoints."""

    region: str
    url: str


@dataclass(frozen=True)
class Control:
    """A routing control, and the Region whose traffic it lets through."""

    arn: str
    region: str


@dataclass(frozen=True)
class SafetyRule:
    """What a change must not break: enough of the ``asserted`` controls are on after it.

    A gating rule has ``targets`` instead, which may be changed only while enough of the ``asserted`` are on. ``kind``
    says how many are enough: all (``AND``), one (``OR``), ``threshold`` (``ATLEAST``); ``inverted`` turns it round.
    """

    arn: str
    name: str
    kind: str
    threshold: int
    inverted: bool
    asserted: tuple[str, ...]
    targets: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "asserted": list(self.asserted), "targets": list(self.targets)}


@dataclass(frozen=True)
class ControlChange:
    """A control, what it was, and what it is now or would be."""

    control: Control
    before: ControlState
    after: ControlState

    @property
    def changed(self) -> bool:
        return self.before is not self.after

    def as_dict(self) -> dict[str, Any]:
        return {
            "arn": self.control.arn,
            "region": self.control.region,
            "before": self.before.value,
            "state": self.after.value,
            "changed": self.changed,
        }
