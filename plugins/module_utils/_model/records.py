# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record sets of a hosted zone as they were observed, and the changes made to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Role(str, Enum):
    """A record set's part in a failover pair."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


class Policy(str, Enum):
    """How Route 53 chooses between the record sets of a name. ``OTHER`` is any that can't be switched here."""

    SIMPLE = "simple"
    FAILOVER = "failover"
    WEIGHTED = "weighted"
    OTHER = "other"


@dataclass(frozen=True)
class Zone:
    """A hosted zone: ``id`` without the path before it, ``name`` with its final dot."""

    id: str
    name: str
    private: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "private": self.private}


@dataclass(frozen=True, order=True)
class RecordName:
    """A name, in lower case and with its final dot, and a record type."""

    name: str
    type: str

    def __str__(self) -> str:
        return f"{self.name} {self.type}"


@dataclass(frozen=True)
class Alias:
    """What an alias record set points to."""

    zone_id: str
    dns_name: str
    evaluate_target_health: bool


@dataclass(frozen=True)
class RecordSet:
    """One record set; together with its siblings of the same name and type it makes up what a name answers.

    ``written_name`` is the name as Route 53 gave it (a wildcard is ``\\052``). ``other_policy`` names the routing
    policy that this collection doesn't switch.
    """

    key: RecordName
    written_name: str
    set_identifier: str | None = None
    role: Role | None = None
    weight: int | None = None
    ttl: int | None = None
    values: tuple[str, ...] = ()
    alias: Alias | None = None
    health_check_id: str | None = None
    other_policy: str | None = None

    @property
    def policy(self) -> Policy:
        if self.other_policy:
            return Policy.OTHER
        if self.role:
            return Policy.FAILOVER
        return Policy.SIMPLE if self.weight is None else Policy.WEIGHTED

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.key.name,
            "type": self.key.type,
            "set_identifier": self.set_identifier,
            "failover": self.role.value if self.role else None,
            "weight": self.weight,
            "ttl": self.ttl,
            "resource_records": list(self.values),
            "alias": self.alias
            and {
                "hosted_zone_id": self.alias.zone_id,
                "dns_name": self.alias.dns_name,
                "evaluate_target_health": self.alias.evaluate_target_health,
            },
            "health_check_id": self.health_check_id,
        }


class Action(str, Enum):
    """What a change does. A DELETE must give every value as it is, so it fails where somebody else was faster."""

    DELETE = "DELETE"
    CREATE = "CREATE"


@dataclass(frozen=True)
class Change:
    """One element of a batch."""

    action: Action
    record_set: RecordSet


@dataclass(frozen=True)
class Batch:
    """What one ChangeResourceRecordSets carries: made as a whole or not at all."""

    changes: tuple[Change, ...]

    @property
    def names(self) -> tuple[RecordName, ...]:
        return tuple(dict.fromkeys(change.record_set.key for change in self.changes))


@dataclass(frozen=True)
class Submitted:
    """A batch that Route 53 took in. ``in_sync`` once all its name servers answer by it."""

    id: str
    in_sync: bool
    names: tuple[RecordName, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": "INSYNC" if self.in_sync else "PENDING",
            "names": [{"name": each.name, "type": each.type} for each in self.names],
        }
