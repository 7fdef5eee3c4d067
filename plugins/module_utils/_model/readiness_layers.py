# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readiness saw of a workload's layers beside its database: of each layer, in one Region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import Datastore, ReplicationGroup
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Quota, TargetSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import EventSource
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import FaceSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import PairSeen

T = TypeVar("T")


@dataclass(frozen=True)
class Named(Generic[T]):
    """One of several that were asked for: ``None`` where the Region has none of it, or ``error`` says why not known."""

    name: str
    value: T | None
    error: str = ""


@dataclass(frozen=True)
class CacheSight:
    """The global datastore through a Region, and that Region's own replication group; its lag where it replicates."""

    datastore: Datastore | None
    group: ReplicationGroup | None = None
    lag: Lag | None = None
    lag_error: str = ""

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "datastore": self.datastore.as_dict() if self.datastore else None,
            "group_status": self.group.status if self.group else None,
            "replication_lag": self.lag.as_dict(now) if self.lag else None,
        }


@dataclass(frozen=True)
class SecretsSeen:
    """The secrets of a Region. Their values were not read."""

    secrets: tuple[Named[Secret], ...]

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "secrets": [
                {
                    "name": each.name,
                    "standing": each.value.standing.value if each.value else None,
                    "version": each.value.current_version if each.value else None,
                    "error": each.error,
                }
                for each in self.secrets
            ]
        }


@dataclass(frozen=True)
class KeysSeen:
    """The keys of a Region."""

    keys: tuple[Named[Key], ...]

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "keys": [
                {"name": each.name, "key": each.value.as_dict() if each.value else None, "error": each.error}
                for each in self.keys
            ]
        }


@dataclass(frozen=True)
class BucketsSeen:
    """Of each pair, what one Region knows: a source's its rules, a destination's the backlog. The rest is unknown."""

    pairs: tuple[PairSeen, ...]

    def as_dict(self, now: float) -> dict[str, Any]:
        return {"pairs": [each.as_dict(now) for each in self.pairs]}


@dataclass(frozen=True)
class FacesSeen:
    """What a checker is answered who asks the latch's buckets for the canary's object; in ``present`` it is there."""

    faces: tuple[FaceSeen, ...]
    present: tuple[str, ...] = ()

    def as_dict(self, now: float) -> dict[str, Any]:
        return {"faces": [{**each.as_dict(), "present": each.where.bucket in self.present} for each in self.faces]}


@dataclass(frozen=True)
class CapacitySeen:
    """What a Region computes with."""

    targets: tuple[TargetSeen, ...]

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "targets": [
                {
                    "id": each.target.id,
                    "desired": each.capacity.desired if each.capacity else None,
                    "serving": each.capacity.serving if each.capacity else None,
                    "error": each.error or (each.capacity.blocked if each.capacity else ""),
                }
                for each in self.targets
            ]
        }


@dataclass(frozen=True)
class QuotasSeen:
    """A Region's quotas by service; ``None`` where the service's weren't told."""

    quotas: Mapping[str, tuple[Quota, ...] | None]

    def as_dict(self, now: float) -> dict[str, Any]:
        """How many: the figures themselves are hundreds."""
        return {"read": {service: None if found is None else len(found) for service, found in self.quotas.items()}}


@dataclass(frozen=True)
class EventSourcesSeen:
    """The event source mappings of a Region."""

    sources: tuple[EventSource, ...]

    def as_dict(self, now: float) -> dict[str, Any]:
        return {"mappings": [dict(vars(each)) for each in self.sources]}
