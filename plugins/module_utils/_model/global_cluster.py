# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Aurora global cluster as it was observed, and an operation that moves its writer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

AVAILABLE = "available"
CANCELLING = "cancelling"
DETACHED_TAG = "multiregion.aws_dr/detached-from"
"""On a cluster that was detached: the global cluster that it came from, which RDS itself doesn't tell any more."""


KEPT_TAG = "multiregion.aws_dr/kept-aside"
"""On an old primary that is kept aside: the global cluster that it was in and its identifier there, with a slash."""


class SyncStatus(str, Enum):
    """How a secondary stands to its primary."""

    CONNECTED = "connected"
    PENDING_RESYNC = "pending-resync"


class Kind(str, Enum):
    """What moves the writer: a switchover loses nothing and needs both Regions, a failover needs only the target's.

    A detach takes the target out of the global cluster: it writes by itself then, and the old writer is not told.
    """

    SWITCHOVER = "switchover"
    FAILOVER = "failover"
    DETACH = "detach"


@dataclass(frozen=True)
class Member:
    """A cluster's place in the global cluster. ``sync`` is ``None`` where AWS doesn't say."""

    arn: str
    region: str
    is_writer: bool
    readers: tuple[str, ...] = ()
    sync: SyncStatus | None = None


@dataclass(frozen=True)
class FailoverState:
    """The operation under way. ``status`` is an open string: pending, failing-over, switching-over, cancelling, ..."""

    status: str
    from_arn: str
    to_arn: str
    data_loss_allowed: bool

    @property
    def kind(self) -> Kind:
        return Kind.FAILOVER if self.data_loss_allowed or self.status == "failing-over" else Kind.SWITCHOVER


@dataclass(frozen=True)
class GlobalCluster:
    """What DescribeGlobalClusters said. ``failover`` is ``None`` while nothing is under way.

    ``detached``: its one member stands alone, taken out of the global cluster of that ``id``. It is the writer once it
    is available; ``status`` is the cluster's own.
    """

    id: str
    status: str
    members: tuple[Member, ...]
    failover: FailoverState | None = None
    endpoint: str = ""
    engine_version: str = ""
    detached: bool = False

    @property
    def writer(self) -> Member | None:
        return next((member for member in self.members if member.is_writer), None)

    def member(self, region_or_arn: str) -> Member | None:
        """The member in a Region, or with an ARN."""
        return next((member for member in self.members if region_or_arn in (member.region, member.arn)), None)

    def taken_over_by(self, region_or_arn: str) -> bool:
        """Whether that member is the writer, for good: nothing is under way but a switchover to it.

        Such a one has the old writer left to bring in as a replica, which takes as long again and keeps no client.
        """
        writer, under_way = self.writer, self.failover
        if writer is None or region_or_arn not in (writer.region, writer.arn):
            return False
        return under_way is None or (
            under_way.kind is Kind.SWITCHOVER and under_way.to_arn == writer.arn and under_way.status != CANCELLING
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "endpoint": self.endpoint,
            "engine_version": self.engine_version,
            "detached": self.detached,
            "writer": self.writer.region if self.writer else None,
            "members": [
                {
                    "arn": member.arn,
                    "region": member.region,
                    "is_writer": member.is_writer,
                    "readers": list(member.readers),
                    "sync": member.sync.value if member.sync else None,
                }
                for member in self.members
            ],
            "failover": self.failover
            and {
                "status": self.failover.status,
                "from": self.failover.from_arn,
                "to": self.failover.to_arn,
                "data_loss_allowed": self.failover.data_loss_allowed,
            },
        }


@dataclass(frozen=True)
class Cluster:
    """A member's own cluster, as its Region says. ``instances`` are identifiers; none means headless.

    ``detached_from`` is the global cluster that it was taken out of, or is about to be; else empty. ``kept_from`` is
    the one that it was the old primary of, before a detach.
    """

    arn: str
    endpoint: str
    port: int
    status: str
    engine: str
    engine_version: str
    instances: tuple[str, ...]
    reader_endpoint: str = ""
    detached_from: str = ""
    kept_from: str = ""


@dataclass(frozen=True)
class WriteBlock:
    """An event about keeping the old writer from writing: ``RDS-EVENT-0390`` it is blocked, ``0391`` that timed out."""

    event: str
    cluster: str
    region: str
    seen_at: float
    message: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "event": self.event,
            "cluster": self.cluster,
            "region": self.region,
            "seen_at": self.seen_at,
            "message": self.message,
        }


@dataclass(frozen=True)
class Operation:
    """A move of the writer: what ``start`` returns and ``wait`` takes.

    ``started`` says that this run started it, ``already`` that there was nothing to do; with neither, it was found
    under way. ``requested_at`` is the epoch second of the request, 0 where another run made it.
    """

    id: str
    kind: Kind
    from_arn: str
    to_arn: str
    started: bool = False
    already: bool = False
    requested_at: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "from": self.from_arn,
            "to": self.to_arn,
            "started": self.started,
            "already": self.already,
            "requested_at": self.requested_at,
        }


def region_of(arn: str) -> str:
    """The Region in a cluster's ARN. A global cluster's ARN has none: that gives an empty string."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""


def cluster_id_of(arn: str) -> str:
    """The cluster's identifier, the last part of its ARN."""
    return arn.rsplit(":", 1)[-1]
