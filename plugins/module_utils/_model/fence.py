# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fence: what keeps an old Region from acknowledging writes, what it was before, and how it is proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any


class FenceState(str, Enum):
    """Where a Region's fence stands. Unknown is not fenced."""

    FENCED = "fenced"
    UNFENCED = "unfenced"
    OWED = "owed"  # wanted, and not to be had yet: on first contact
    PARTIAL = "partial"  # some of it stands, which may be too little
    UNKNOWN = "unknown"


class Method(str, Enum):
    """How a Region is fenced."""

    NETWORK_ACL = "network_acl"
    COMPUTE = "compute"
    HOOK = "hook"


class Proved(str, Enum):
    """Whether writes were seen to be refused. False: one was accepted."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AclEntry:
    """A rule of a network ACL. ``protocol`` is a number as text, -1 for all; ports are 0 and 65535 for all."""

    number: int
    egress: bool
    allow: bool
    protocol: str
    cidr: str
    first_port: int = 0
    last_port: int = 65535

    @property
    def ipv6(self) -> bool:
        return ":" in self.cidr

    def __str__(self) -> str:
        way, act = "out" if self.egress else "in", "allow" if self.allow else "deny"
        return f"{way} {self.number} {act} {self.protocol} {self.cidr} {self.first_port}-{self.last_port}"


@dataclass(frozen=True)
class NetworkAcl:
    """A network ACL with the subnets that it governs."""

    id: str
    subnets: tuple[str, ...]
    entries: tuple[AclEntry, ...]


class ComputeKind(str, Enum):
    """What runs the application."""

    ECS = "ecs"
    ASG = "asg"
    LAMBDA = "lambda"


@dataclass(frozen=True)
class Compute:
    """How much of one thing may run: an ECS service's desired count, a group's sizes, a function's reserved
    concurrency (``desired``; ``None``: none is reserved)."""

    kind: ComputeKind
    name: str
    cluster: str = ""
    desired: int | None = None
    minimum: int | None = None
    maximum: int | None = None

    @property
    def key(self) -> tuple[ComputeKind, str, str]:
        return self.kind, self.cluster, self.name

    def stopped(self) -> Compute:
        if self.kind is ComputeKind.ASG:
            return replace(self, desired=0, minimum=0, maximum=0)
        return replace(self, desired=0)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "kind": self.kind.value}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Compute:
        return cls(**{**given, "kind": ComputeKind(given["kind"])})


@dataclass(frozen=True)
class Before:
    """What there was before the fence.

    ``reached`` says whether the database answered then: a write that fails afterwards proves something only if so.
    """

    reached: bool | None = None
    network_acls: tuple[NetworkAcl, ...] = ()
    compute: tuple[Compute, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        acls = {acl.id: [str(entry) for entry in acl.entries] for acl in self.network_acls}
        return {"reached": self.reached, "network_acls": acls, "compute": [each.as_dict() for each in self.compute]}


@dataclass(frozen=True)
class Attempt:
    """A write that was tried: accepted, refused or, where it says nothing, ``None``; and what was seen."""

    accepted: bool | None
    seen: str
