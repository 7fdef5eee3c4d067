# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag of Aurora's secondaries, as CloudWatch shows it: measured on the real replication."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from moto.cloudwatch.models import CloudWatchBackend, MetricDatum, cloudwatch_backends

from lab.aws.plane_protocol import Clock, DataPlane

NAMESPACE = "AWS/RDS"
METRICS = ("AuroraGlobalDBRPOLag", "AuroraGlobalDBReplicationLag")
PERIOD = 60.0
"""Seconds between two samples in AWS."""
PERIOD_FLOOR = 1.0
HISTORY = 3
"""Samples before the first one that a seeded workload has."""
KEPT = 3600.0
"""Seconds for which samples are kept: moto looks through all of them at every read."""


@dataclass(frozen=True)
class Secondary:
    """A secondary cluster and where its writer is."""

    account: str
    region: str
    cluster: str
    source_region: str


class LagFeed:
    """Puts a sample a period into each secondary's own Region; none where the lag is not known."""

    def __init__(
        self, plane: DataPlane, clock: Clock, scale: float, secondaries: Callable[[], Iterable[Secondary]]
    ) -> None:
        self._plane = plane
        self._clock = clock
        self._period = max(PERIOD * scale, PERIOD_FLOOR)
        self._secondaries = secondaries
        self._next = clock.monotonic()
        self._history = 0

    def look_older(self) -> None:
        """Give the next samples a history of their own value: a seeded workload wasn't born a moment ago."""
        self._history = HISTORY
        self._next = self._clock.monotonic()

    def advance(self) -> None:
        """Take the samples that are due."""
        now = self._clock.monotonic()
        if now < self._next:
            return
        self._next = now + self._period
        taken = sum(self._sample(secondary) for secondary in self._secondaries())
        if taken:
            self._history = 0

    def _sample(self, secondary: Secondary) -> bool:
        """Take one; False where the lag isn't known."""
        lag = self._plane.lag_ms(secondary.region) if self._plane.reachable(secondary.region) else None
        if lag is None:
            return False
        dimensions = [
            {"Name": "DBClusterIdentifier", "Value": secondary.cluster},
            {"Name": "SourceRegion", "Value": secondary.source_region},
        ]
        at = _naive(self._clock.wall())
        backend = cloudwatch_backends[secondary.account][secondary.region]
        _forget(backend, at - datetime.timedelta(seconds=KEPT))
        for name in METRICS:
            for minutes in range(self._history + 1):
                then = at - datetime.timedelta(seconds=minutes * PERIOD)
                backend.metric_data.append(MetricDatum(NAMESPACE, name, lag, dimensions, then, "Milliseconds"))
        return True


def _forget(backend: CloudWatchBackend, before: datetime.datetime) -> None:
    """Drop our samples that are too old."""
    backend.metric_data = [
        datum
        for datum in backend.metric_data
        if datum.name not in METRICS or datum.timestamp.replace(tzinfo=None) >= before
    ]


def _naive(seconds: float) -> datetime.datetime:
    """Moto keeps its times in UTC, without saying so."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(tzinfo=None)
