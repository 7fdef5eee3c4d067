# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS events of a global database, in the words that RDS documents: DescribeEvents gives no event id."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

DEFAULT_MINUTES = 60
"""How far back DescribeEvents looks when it is not told."""


class Number(str, Enum):
    """RDS-EVENT numbers."""

    SWITCHOVER_STARTED = "0181"
    OLD_PRIMARY_DOWN = "0182"
    WAITING_FOR_SYNC = "0183"
    NEW_PRIMARY_PROMOTED = "0184"
    SWITCHOVER_FINISHED = "0185"
    SWITCHOVER_CANCELLED = "0186"
    SWITCHOVER_FAILED = "0187"
    FAILOVER_COMPLETED = "0238"
    FAILOVER_FAILED = "0239"
    RESYNC_STARTED = "0240"
    RESYNC_FINISHED = "0241"
    WRITES_BLOCKED = "0390"
    WRITE_BLOCK_TIMED_OUT = "0391"
    ENDPOINT_MOVED = "0397"


MESSAGES = {
    Number.SWITCHOVER_STARTED: "Global switchover to DB cluster {name} in Region {region} started.",
    Number.OLD_PRIMARY_DOWN: "Old primary DB cluster {name} in Region {region} successfully shut down.",
    Number.WAITING_FOR_SYNC: (
        "Waiting for data synchronization across global cluster members, up to DB cluster {name} in Region {region}."
    ),
    Number.NEW_PRIMARY_PROMOTED: "New primary DB cluster {name} in Region {region} was successfully promoted.",
    Number.SWITCHOVER_FINISHED: "Global switchover to DB cluster {name} in Region {region} finished.",
    Number.SWITCHOVER_CANCELLED: "Global switchover to DB cluster {name} in Region {region} is cancelled.",
    Number.SWITCHOVER_FAILED: "Global switchover to DB cluster {name} in Region {region} failed.",
    Number.FAILOVER_COMPLETED: "Global failover to DB cluster {name} in Region {region} completed.",
    Number.FAILOVER_FAILED: "Global failover to DB cluster {name} in Region {region} failed.",
    Number.RESYNC_STARTED: (
        "Started resynchronizing members of DB cluster {name} in Region {region} post global failover."
    ),
    Number.RESYNC_FINISHED: (
        "Finished resynchronizing members of DB cluster {name} in Region {region} post global failover."
    ),
    Number.WRITES_BLOCKED: "Attempt to block writes for DB cluster {name} in Region {region} succeeded.",
    Number.WRITE_BLOCK_TIMED_OUT: "Attempt to block writes for DB cluster {name} in Region {region} timed out.",
    Number.ENDPOINT_MOVED: "The DNS entry of the global endpoint was changed to DB cluster {name} in Region {region}.",
}

Recorder = Callable[[Number, str, Sequence[str], float], None]
"""Takes the event, the cluster (ARN) it is about, the clusters whose Regions list it, and the time (epoch seconds)."""


@dataclass(frozen=True)
class ClusterEvent:
    """An event as one Region lists it."""

    number: Number
    arn: str
    message: str
    at: float

    @property
    def cluster(self) -> str:
        """The identifier of the cluster that lists it."""
        return self.arn.rsplit(":", 1)[-1]

    @property
    def region(self) -> str:
        """The Region that lists it."""
        return self.arn.split(":")[3]

    @property
    def categories(self) -> tuple[str, ...]:
        """The event's categories."""
        blocking = self.number in (Number.WRITES_BLOCKED, Number.WRITE_BLOCK_TIMED_OUT)
        return ("failover",) if blocking else ("global-failover",)

    def as_answer(self) -> dict[str, Any]:
        """Return the event as DescribeEvents shows it."""
        return {
            "SourceIdentifier": self.cluster,
            "SourceType": "db-cluster",
            "Message": self.message,
            "EventCategories": list(self.categories),
            "Date": datetime.datetime.fromtimestamp(self.at, datetime.UTC),
            "SourceArn": self.arn,
        }


@dataclass(frozen=True)
class EventQuery:
    """What DescribeEvents was asked for; times in seconds since the epoch."""

    region: str
    start: float
    end: float
    source: str | None = None
    source_type: str | None = None
    categories: tuple[str, ...] = ()


class EventLog:
    """All cluster events; thread-safe. Each is listed in the Region of every member."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[ClusterEvent] = []

    def record(self, number: Number, about: str, listed_by: Sequence[str], at: float) -> None:
        """Take an event down."""
        parts = about.split(":")
        message = MESSAGES[number].format(name=parts[-1], region=parts[3])
        with self._lock:
            self._events.extend(ClusterEvent(number, arn, message, at) for arn in listed_by)

    def find(self, query: EventQuery) -> list[ClusterEvent]:
        """Return the events asked for, oldest first."""
        if query.source_type not in (None, "db-cluster"):
            return []
        with self._lock:
            return [event for event in self._events if _wanted(event, query)]

    def numbers(self, region: str) -> list[str]:
        """Return the numbers of a Region's events, oldest first."""
        with self._lock:
            return [event.number.value for event in self._events if event.region == region]

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._events.clear()


def _wanted(event: ClusterEvent, query: EventQuery) -> bool:
    return (
        event.region == query.region
        and query.start <= event.at <= query.end
        and query.source in (None, event.cluster)
        and (not query.categories or bool(set(query.categories) & set(event.categories)))
    )
