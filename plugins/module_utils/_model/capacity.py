# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a workload computes with in a Region: what is wanted of it, what serves, and how much AWS allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class TargetKind(str, Enum):
    """What can be scaled."""

    ASG = "asg"  # an Auto Scaling group: instances
    ECS = "ecs"  # an ECS service: tasks
    LAMBDA = "lambda"  # provisioned concurrency of a function's alias or version: execution environments


@dataclass(frozen=True)
class Target:
    """One thing to scale. ``parent`` is a service's cluster or the function that an alias belongs to."""

    kind: TargetKind
    name: str
    parent: str = ""
    desired: int = 0
    minimum: int | None = None
    maximum: int | None = None

    @classmethod
    def from_options(cls, given: Mapping[str, Any]) -> Target:
        """From the option ``targets``; what is missing there is empty here."""
        kind = TargetKind(given["kind"])
        names = {
            TargetKind.ASG: (given.get("name"), ""),
            TargetKind.ECS: (given.get("service"), given.get("cluster")),
            TargetKind.LAMBDA: (given.get("alias"), given.get("function")),
        }
        name, parent = names[kind]
        return cls(
            kind, name or "", parent or "", given.get("desired") or 0, given.get("minimum"), given.get("maximum")
        )

    @property
    def id(self) -> str:
        """Its name among all targets, as results and findings show it."""
        return f"{self.kind.value}:{self.parent}/{self.name}" if self.parent else f"{self.kind.value}:{self.name}"


@dataclass(frozen=True)
class Capacity:
    """What was seen of a target: how many units are wanted and how many serve; ``steady`` when none is replaced.

    ``blocked`` is why more don't come, empty where nothing says so; ``final`` when waiting won't change that.
    """

    desired: int
    serving: int
    steady: bool = True
    minimum: int | None = None
    maximum: int | None = None
    blocked: str = ""
    final: bool = False

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class TargetSeen:
    """A target and what was seen of it: ``None`` is unknown, never zero, and ``error`` says why.

    ``missing``: AWS answered, and has none of that name.
    """

    target: Target
    capacity: Capacity | None
    error: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Goal:
    """How many units of a target are to serve, and how many were wanted ``before`` (``None``: unknown)."""

    target: Target
    desired: int
    before: int | None


@dataclass(frozen=True)
class Quota:
    """A service quota of a Region."""

    service: str
    code: str
    name: str
    value: float
