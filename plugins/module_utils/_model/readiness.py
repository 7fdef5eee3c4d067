# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readiness is about: the workload as it is configured, and a record of what was seen for each topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Target
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import Selector
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Landing, LatchObject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_routing import RoutingConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import RecordSet
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair

US_EAST_1 = "us-east-1"


@dataclass(frozen=True)
class LatchConfig:
    """``forward`` sends clients to the standby Region, ``reverse`` home."""

    key: str
    token: str
    forward: tuple[LatchObject, ...]
    reverse: tuple[LatchObject, ...] = ()

    @property
    def objects(self) -> tuple[LatchObject, ...]:
        return self.forward + self.reverse


@dataclass(frozen=True)
class RecordConfig:
    """The public name, and by Region the addresses that it has there; none where the record is an alias."""

    name: str
    addresses: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, region: str) -> tuple[str, ...]:
        return dict(self.addresses).get(region, ())

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> RecordConfig:
        return cls(options["name"], tuple((where, tuple(own or ())) for where, own in options["addresses"].items()))


@dataclass(frozen=True)
class Controller:
    """What the controller needs before it can run: its image, its Git host, and Regions that its user knows of."""

    image: str = ""
    git: str = ""
    regions: tuple[str, ...] = ()
    role: str = ""  # ARN of the role that failovers run as, where a preflight runs as another one


@dataclass(frozen=True)
class CacheConfig:
    """The global datastore. One that isn't ``required`` stops no failover."""

    datastore_id: str
    required: bool = True


@dataclass(frozen=True)
class Canary:
    """A latch that no client hangs on, in the latch's own buckets."""

    key: str
    token: str


@dataclass(frozen=True)
class Workload:
    """A workload as its inventory describes it. What it hasn't got is ``None`` or empty, and isn't looked at."""

    name: str
    home: str
    legs: tuple[Leg, ...]
    database: Database
    latch: LatchConfig | None = None
    record: RecordConfig | None = None
    table: str = ""
    lock: str = ""
    controller: Controller | None = None
    calls: tuple[Call, ...] = ()  # that the steps will make, beside those that every failover makes
    cache: CacheConfig | None = None
    secrets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    compute: tuple[Target, ...] = ()
    event_sources: tuple[Selector, ...] = ()
    canary: Canary | None = None
    routing: RoutingConfig | None = None
    parameters: tuple[str, ...] = ()  # paths
    rto_seconds: float = 900.0
    rpo_seconds: float = 60.0

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(leg.region for leg in self.legs)

    @property
    def standby(self) -> str:
        return next((region for region in self.regions if region != self.home), self.home)

    def leg(self, region: str) -> Leg:
        return next(leg for leg in self.legs if leg.region == region)


class Seen(Protocol):
    """A record of what was seen: plain values for the result and for the baseline."""

    def as_dict(self, now: float) -> dict[str, Any]: ...


@dataclass(frozen=True)
class LatchSeen:
    """The latch's objects in one Region."""

    landings: tuple[Landing, ...]

    def as_dict(self, now: float) -> dict[str, Any]:
        return {"objects": [{name: landing.as_dict()[name] for name in _SHOWN} for landing in self.landings]}


_SHOWN = ("bucket", "region", "state", "error")


@dataclass(frozen=True)
class AliasSeen:
    """How many of the targets behind an alias are healthy; ``None`` where that couldn't be told, and ``why``."""

    dns_name: str
    region: str = ""
    healthy: int | None = None
    targets: int | None = None
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class RecordsSeen:
    """The record sets of the public name, the account's health checks that they lead to, and what their aliases have
    behind them. ``zone`` is empty where the name is in no public zone of the account."""

    zone: str
    record_sets: tuple[RecordSet, ...] = ()
    checks: tuple[HealthCheck, ...] = ()
    aliases: tuple[AliasSeen, ...] = ()

    def check(self, health_check_id: str) -> HealthCheck | None:
        return next((check for check in self.checks if check.id == health_check_id), None)

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "zone": self.zone,
            "record_sets": [each.as_dict() for each in self.record_sets],
            "health_checks": [each.as_dict() for each in self.checks],
            "aliases": [each.as_dict() for each in self.aliases],
        }


@dataclass(frozen=True)
class Identity:
    """Who we are to AWS, through which endpoint we learnt it, and how far our clock is ahead of AWS's.

    ``regions`` are those that signing in has to reach, as far as the profile says; ``method`` is where botocore found
    the credentials. ``skew`` is in seconds, ``None`` where the answer carried no date.
    """

    arn: str
    account: str
    endpoint: str
    method: str = ""
    regions: tuple[str, ...] = ()
    skew: float | None = None

    def as_dict(self, now: float) -> dict[str, Any]:
        return {**vars(self), "regions": list(self.regions)}


@dataclass(frozen=True)
class ContextEntry:
    """What a call will carry for a condition key; ``many``: the key is one that may have several values."""

    key: str
    values: tuple[str, ...]
    many: bool = False


@dataclass(frozen=True)
class Question:
    """What IAM's simulation is asked: whether these actions are allowed on each of the resources, in that context."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[ContextEntry, ...] = ()


@dataclass(frozen=True)
class Denied:
    """An action that the policies of the role asked about don't allow on a resource."""

    action: str
    resource: str
    missing_context: tuple[str, ...] = ()


@dataclass(frozen=True)
class PermissionsSeen:
    """What IAM's simulation said of the planned calls' actions. ``why`` says why it couldn't be asked, if so."""

    principal: str
    asked: int = 0
    denied: tuple[Denied, ...] = ()
    why: str = ""

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "principal": self.principal,
            "asked": self.asked,
            "denied": [{**vars(each), "missing_context": list(each.missing_context)} for each in self.denied],
            "why": self.why,
        }


@dataclass(frozen=True)
class TableSeen:
    """The state table through one Region: the lock with its run, and the fences of the workload's Regions."""

    lock: Lock | None = None
    run: RunRecord | None = None
    holder_is_dead: bool = False
    fences: Sequence[FenceRecord] = field(default_factory=tuple)

    def as_dict(self, now: float) -> dict[str, Any]:
        held = self.lock is not None and not self.lock.free
        return {
            "lock_held_by": self.lock.run_id if self.lock and held else None,
            "fence": self.lock.fence if self.lock else 0,
            "fences": [each.as_dict() for each in self.fences],
        }
