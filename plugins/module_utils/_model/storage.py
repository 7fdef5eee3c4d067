# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets that replicate to each other: what is configured, what waits, what arrived. ``None`` is unknown, not zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

RULE_PREFIX = "aws-dr-to-"


class Versioning(str, Enum):
    """Whether a bucket keeps versions, without which S3 replicates nothing."""

    ENABLED = "enabled"
    SUSPENDED = "suspended"
    OFF = "off"
    UNKNOWN = "unknown"


class RuleStatus(str, Enum):
    """What the source bucket says of a rule."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Drain(str, Enum):
    """Whether what was written to the source is all at the destination, as far as is known."""

    DRAINED = "drained"
    BEHIND = "behind"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Bucket:
    """A bucket and its Region."""

    name: str
    region: str

    def as_dict(self) -> dict[str, str]:
        return {"bucket": self.name, "region": self.region}


@dataclass(frozen=True)
class Rule:
    """A replication rule. ``everything``: no prefix or tag narrows it. ``raw`` is what S3 gave, and is given back.

    ``kms_key_arn`` is the destination's key for objects that KMS encrypted; without it those are not replicated.
    """

    id: str
    destination: str
    priority: int
    enabled: bool = True
    everything: bool = True
    delete_markers: bool = True
    replica_modifications: bool = True
    metrics: bool = True
    time_control: bool = False
    kms_key_arn: str = ""
    newer_schema: bool = True
    raw: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "destination": self.destination,
            "priority": self.priority,
            "status": "enabled" if self.enabled else "disabled",
            "everything": self.everything,
            "delete_markers": self.delete_markers,
            "replica_modifications": self.replica_modifications,
            "metrics": self.metrics,
            "time_control": self.time_control,
            "kms_key_arn": self.kms_key_arn,
        }


@dataclass(frozen=True)
class ReplicationConfig:
    """A bucket's replication: the one role of all its rules, and the rules in their order."""

    role: str
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def as_dict(self) -> dict[str, Any]:
        return {"role": self.role, "rules": [rule.as_dict() for rule in self.rules]}


@dataclass(frozen=True)
class BucketSeen:
    """A bucket as it was read. ``replication`` is ``None`` where none is configured."""

    bucket: Bucket
    exists: bool
    versioning: Versioning = Versioning.UNKNOWN
    replication: ReplicationConfig | None = None


@dataclass(frozen=True)
class Pair:
    """One direction: from a bucket to the other, under the rules of these ids."""

    source: Bucket
    destination: Bucket
    rule_ids: tuple[str, ...]

    @classmethod
    def from_options(cls, given: Mapping[str, Any]) -> Pair:
        """As the modules' options have it. Without rules' ids it is the one that we make."""
        source, destination = (Bucket(given[end]["bucket"], given[end]["region"]) for end in ("source", "destination"))
        return cls(source, destination, tuple(given["rule_ids"] or [rule_id_to(destination.name)]))

    def __str__(self) -> str:
        return f"{self.source.name} -> {self.destination.name}"


@dataclass(frozen=True)
class Sample:
    """A metric's newest value and the epoch second that its minute began at."""

    value: float
    metric: str
    taken_at: float

    def as_dict(self, now: float, region: str) -> dict[str, Any]:
        return {
            "value": self.value,
            "source": f"{self.metric} in {region}",
            "sampled_at": self.taken_at,
            "age_s": max(0.0, now - self.taken_at),
        }


@dataclass(frozen=True)
class Backlog:
    """What waits under all of a pair's rules together: operations, bytes, and the seconds that it is behind."""

    operations: Sample | None = None
    bytes: Sample | None = None
    latency: Sample | None = None
    error: str = ""


@dataclass(frozen=True)
class Sentinel:
    """An object written to the source on purpose. ``arrived_at``: when its version was seen at the destination."""

    key: str
    version_id: str = ""
    written_at: float | None = None
    arrived_at: float | None = None
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "version_id": self.version_id,
            "written_at": self.written_at,
            "arrived_at": self.arrived_at,
            "error": self.error,
        }


@dataclass(frozen=True)
class PairSeen:
    """A pair as it was read: the source's rules by id, both versionings, the backlog from the destination's Region.

    ``unwatched`` are ids of enabled rules to the destination whose backlog nobody asked for.
    """

    pair: Pair
    backlog: Backlog
    rules: Mapping[str, RuleStatus]
    source_versioning: Versioning = Versioning.UNKNOWN
    destination_versioning: Versioning = Versioning.UNKNOWN
    unwatched: tuple[str, ...] = ()
    source_error: str = ""
    sentinel: Sentinel | None = None

    def as_dict(self, now: float) -> dict[str, Any]:
        region = self.pair.destination.region

        def shown(sample: Sample | None) -> dict[str, Any] | None:
            return sample.as_dict(now, region) if sample else None

        return {
            "source": self.pair.source.as_dict(),
            "destination": self.pair.destination.as_dict(),
            "rules": [{"id": rule_id, "status": self.rules[rule_id].value} for rule_id in self.pair.rule_ids],
            "versioning": {
                "source": self.source_versioning.value,
                "destination": self.destination_versioning.value,
            },
            "operations_pending": shown(self.backlog.operations),
            "bytes_pending": shown(self.backlog.bytes),
            "latency_s": shown(self.backlog.latency),
            "sentinel": self.sentinel.as_dict() if self.sentinel else None,
        }


def rule_id_to(destination: str) -> str:
    """The id of our rule to a bucket."""
    return f"{RULE_PREFIX}{destination}"
