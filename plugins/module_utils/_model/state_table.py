# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state table: a DynamoDB global table with multi-Region strong consistency, as it is observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

ACTIVE = "ACTIVE"

KEYS = (("pk", "HASH", "S"), ("sk", "RANGE", "S"))


class Consistency(str, Enum):
    """How a global table's Regions agree."""

    STRONG = "STRONG"
    EVENTUAL = "EVENTUAL"


@dataclass(frozen=True)
class Replica:
    """The table in one Region. Protection, recovery and tags are that Region's own: AWS doesn't replicate them."""

    region: str
    arn: str = ""
    status: str = ACTIVE
    deletion_protection: bool = False
    point_in_time_recovery: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "tags": dict(self.tags)}


@dataclass(frozen=True)
class Witness:
    """The Region that holds the writes and can't be asked."""

    region: str
    status: str = ACTIVE

    def as_dict(self) -> dict[str, str]:
        return dict(vars(self))


@dataclass(frozen=True)
class StateTable:
    """``keys`` are (attribute, HASH or RANGE, type); ``consistency`` is ``None`` in one Region; ``empty`` is ``None``
    where it was not asked.
    """

    name: str
    replicas: tuple[Replica, ...]
    keys: tuple[tuple[str, str, str], ...] = KEYS
    consistency: Consistency | None = None
    witness: Witness | None = None
    time_to_live: bool = False
    local_indexes: bool = False
    empty: bool | None = None

    @property
    def home(self) -> Replica:
        """The replica through which the table is changed."""
        return self.replicas[0]

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(replica.region for replica in self.replicas)

    @property
    def steady(self) -> bool:
        """Whether nothing is under way."""
        members = (*self.replicas, *((self.witness,) if self.witness else ()))
        return all(member.status == ACTIVE for member in members)

    def __str__(self) -> str:
        parts = [f"{replica.region} {replica.status}" for replica in self.replicas]
        parts += [f"witness {self.witness.region} {self.witness.status}"] if self.witness else []
        return f"{self.name}: {', '.join(parts)}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "arn": self.home.arn,
            "status": self.home.status,
            "consistency": self.consistency.value.lower() if self.consistency else None,
            "replicas": [replica.as_dict() for replica in self.replicas],
            "witness": self.witness.as_dict() if self.witness else None,
        }


@dataclass(frozen=True)
class Observed:
    """The table, if there is one, and the Regions in which another table has its name."""

    table: StateTable | None
    strays: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.table or "no table")


@dataclass(frozen=True)
class WantedTable:
    """What is asked for. ``tags`` of ``None`` are left as they are."""

    name: str
    replicas: tuple[str, ...]
    witness: str | None
    deletion_protection: bool = True
    point_in_time_recovery: bool = True
    tags: Mapping[str, str] | None = None
    purge_tags: bool = True
