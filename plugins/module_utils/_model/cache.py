# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ElastiCache global datastore as it was observed, a promotion of one of its members, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

AVAILABLE = "available"
PRIMARY_ONLY = "primary-only"
MODIFYING = "modifying"
ASSOCIATED = "associated"
IDLE = (AVAILABLE, PRIMARY_ONLY)
"""Statuses of a datastore in which nothing is under way."""


class CacheRole(str, Enum):
    """What a member is."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


@dataclass(frozen=True)
class CacheMember:
    """A replication group's place in the datastore. ``status`` is an open string: associating, associated, ..."""

    region: str
    group: str
    role: CacheRole | None
    status: str = ""


@dataclass(frozen=True)
class Datastore:
    """What DescribeGlobalReplicationGroups said. ``shards`` is 0 where it didn't say."""

    id: str
    status: str
    members: tuple[CacheMember, ...]
    engine_version: str = ""
    node_type: str = ""
    shards: int = 0

    @property
    def primary(self) -> CacheMember | None:
        return next((member for member in self.members if member.role is CacheRole.PRIMARY), None)

    @property
    def idle(self) -> bool:
        return self.status in IDLE

    def member(self, region: str) -> CacheMember | None:
        return next((member for member in self.members if member.region == region), None)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "primary": self.primary.region if self.primary else None,
            "engine_version": self.engine_version,
            "node_type": self.node_type,
            "members": [
                {
                    "region": member.region,
                    "replication_group_id": member.group,
                    "role": member.role.value if member.role else None,
                    "status": member.status,
                }
                for member in self.members
            ],
        }


@dataclass(frozen=True)
class ReplicationGroup:
    """A member's own replication group, as its Region says; ``tls`` is whether clients must use it."""

    id: str
    status: str
    endpoint: str
    port: int
    node_type: str = ""
    engine_version: str = ""
    shards: int = 0
    tls: bool = False
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CacheOperation:
    """A promotion: what the start returns and the wait takes.

    ``started`` says that this run started it, ``already`` that there was nothing to do; with neither, the datastore was
    busy, towards what AWS doesn't say. ``requested_at`` is the epoch second of the request, 0 where there was none.
    """

    id: str
    from_region: str
    to_region: str
    group: str
    started: bool = False
    already: bool = False
    requested_at: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "from": self.from_region,
            "to": self.to_region,
            "replication_group_id": self.group,
            "started": self.started,
            "already": self.already,
            "requested_at": self.requested_at,
        }


@dataclass(frozen=True)
class CacheLogin:
    """A token, or a user and a password, which no representation of this record shows."""

    password: str = field(repr=False)
    username: str = ""


@dataclass(frozen=True)
class CacheTarget:
    """All that a connection to a Region's cache needs. ``key`` is what a proof writes."""

    region: str
    endpoint: str
    port: int
    tls: bool
    key: str = ""
    login: CacheLogin | None = None
    ca_path: str | None = None


@dataclass(frozen=True)
class CacheProof:
    """A write that was acknowledged. ``seconds`` includes look-up and connection; ``written_at`` is an epoch second."""

    region: str
    endpoint: str
    address: str
    key: str
    nonce: str
    seconds: float
    written_at: float

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))
