# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was seen of a leg's services, and the verdict on each. ``None`` is unknown, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Union

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import ServerState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    GlobalCluster,
    region_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_layers import SecretsSeen, StorageSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair


class Status(str, Enum):
    """A verdict. ``unknown`` is what couldn't be read in time; it is neither good nor bad."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    UNHEALTHY = "unhealthy"


class Role(str, Enum):
    """What a Region's database is at this moment."""

    WRITER = "writer"
    READER = "reader"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Leg:
    """A workload's half in one Region, and where its services are found."""

    region: str
    api_url: str | None = None
    cluster_id: str | None = None
    global_cluster_id: str | None = None
    cache_id: str | None = None
    datastore_id: str | None = None
    buckets: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    secrets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lag:
    """A replication lag in milliseconds, the metric it is from, and the epoch second its minute began at.

    ``samples`` are that metric's latest, this one included, newest first, each with its minute: a sample may have been
    taken anywhere in it, so what was so before some moment is told by an earlier one.
    """

    milliseconds: float
    source: str
    sampled_at: float
    samples: tuple[tuple[float, float], ...] = ()

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "ms": self.milliseconds,
            "source": self.source,
            "sampled_at": self.sampled_at,
            "age_s": max(0.0, now - self.sampled_at),
            "samples": [{"ms": milliseconds, "sampled_at": minute} for minute, milliseconds in self.samples],
        }


@dataclass(frozen=True)
class ApiSeen:
    """One request to a Region's API: its ``status`` or, without one, the ``error``; look-up included.

    ``certificate_ends`` is the epoch second until which its certificate is good; ``None`` without TLS.
    """

    url: str
    status: int | None = None
    address: str | None = None
    response_ms: float | None = None
    error: str = ""
    certificate_ends: float | None = None

    def certificate_days(self, now: float) -> float | None:
        return None if self.certificate_ends is None else (self.certificate_ends - now) / 86_400

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "url": self.url,
            "http_status": self.status,
            "address": self.address,
            "response_ms": self.response_ms,
            "certificate_days": self.certificate_days(now),
        }


@dataclass(frozen=True)
class Query:
    """One real query: who answered, or why none did. ``answered_no``: it is there, and refuses this user."""

    server: ServerState | None = None
    error: str = ""
    answered_no: bool = False


@dataclass(frozen=True)
class DatabaseSeen:
    """A member cluster as AWS describes it, its lag, and what the server itself said where it was asked.

    ``cluster`` and ``global_cluster`` are the whole of what was described, the latter as this Region answers it.
    """

    cluster_id: str
    role: Role
    cluster_status: str = ""
    engine_version: str = ""
    instances: tuple[str, ...] = ()
    synchronization: str | None = None
    failover_status: str | None = None
    lag: Lag | None = None
    lag_error: str = ""
    query: Query | None = None
    cluster: Cluster | None = None
    global_cluster: GlobalCluster | None = None

    @property
    def response_ms(self) -> float | None:
        server = self.query.server if self.query else None
        return server.seconds * 1000 if server else None

    def as_dict(self, now: float) -> dict[str, Any]:
        server = self.query.server if self.query else None
        under_way = self.global_cluster.failover if self.global_cluster else None
        return {
            "cluster_id": self.cluster_id,
            "role": self.role.value,
            "cluster_status": self.cluster_status,
            "engine_version": self.engine_version,
            "instances": list(self.instances),
            "synchronization_status": self.synchronization,
            "failover_status": self.failover_status,
            "failover_to": region_of(under_way.to_arn) if under_way else None,
            "replication_lag": self.lag.as_dict(now) if self.lag else None,
            "response_ms": self.response_ms,
            "server_id": server.server_id if server else None,
            "writable": server.writable if server else None,
        }


@dataclass(frozen=True)
class CacheSeen:
    """A replication group as AWS describes it, its place in the global datastore, its lag, and its answer to a PING.

    ``role`` is primary, secondary or unknown. ``response_ms`` and ``ping_error`` are empty where it wasn't asked.
    """

    group: str
    role: str
    group_status: str = ""
    membership: str | None = None
    datastore_status: str | None = None
    lag: Lag | None = None
    lag_error: str = ""
    response_ms: float | None = None
    ping_error: str = ""

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "replication_group_id": self.group,
            "role": self.role,
            "group_status": self.group_status,
            "membership_status": self.membership,
            "datastore_status": self.datastore_status,
            "replication_lag": self.lag.as_dict(now) if self.lag else None,
            "response_ms": self.response_ms,
        }


Seen = Union[ApiSeen, DatabaseSeen, CacheSeen, StorageSeen, SecretsSeen]


@dataclass(frozen=True)
class ServiceHealth:
    """The verdict on one service, why it isn't healthy, and what was seen; ``seen`` is ``None`` where nothing was."""

    status: Status
    reasons: tuple[str, ...] = ()
    seen: Seen | None = None

    @property
    def response_ms(self) -> float | None:
        """Milliseconds that its answer took; ``None`` where none came, or none was timed."""
        return self.seen.response_ms if self.seen else None

    def as_dict(self, now: float) -> dict[str, Any]:
        details = self.seen.as_dict(now) if self.seen else {}
        return {"status": self.status.value, "reasons": list(self.reasons), "response_ms": None, **details}


@dataclass(frozen=True)
class LegHealth:
    """The verdict on a leg, from those on its services by name."""

    region: str
    status: Status
    role: Role
    services: Mapping[str, ServiceHealth] = field(default_factory=dict)

    def as_dict(self, now: float) -> dict[str, Any]:
        return {
            "region": self.region,
            "status": self.status.value,
            "role": self.role.value,
            "reasons": [f"{name}: {reason}" for name, each in self.services.items() for reason in each.reasons],
            "services": {name: each.as_dict(now) for name, each in self.services.items()},
        }
