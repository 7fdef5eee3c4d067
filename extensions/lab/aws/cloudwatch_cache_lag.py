# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag of a global datastore's secondaries, as CloudWatch shows it: measured on the real replication.

Its dimensions aren't published. Here they are those that ElastiCache's metrics of a node have; who reads it should
find them with ListMetrics.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from moto.cloudwatch.models import MetricDatum, cloudwatch_backends
from moto.elasticache.models import ReplicationGroup

from lab.aws.cloudwatch_lag import KEPT, PERIOD, PERIOD_FLOOR, forget, naive
from lab.aws.elasticache_machine import Member
from lab.aws.plane_protocol import Clock, DataPlane

NAMESPACE = "AWS/ElastiCache"
METRIC = "GlobalDatastoreReplicationLag"

Secondaries = Callable[[], Iterable[tuple[str, ReplicationGroup, Member]]]


class CacheLagFeed:
    """Puts a sample a period, in seconds, into each secondary's own Region; none where the lag is not known."""

    def __init__(self, plane: DataPlane, clock: Clock, scale: float, secondaries: Secondaries) -> None:
        self._plane, self._clock, self._secondaries = plane, clock, secondaries
        self._period = max(PERIOD * scale, PERIOD_FLOOR)
        self._next = clock.monotonic()

    def advance(self) -> None:
        """Take the samples that are due."""
        now = self._clock.monotonic()
        if now < self._next:
            return
        self._next = now + self._period
        for account, group, member in self._secondaries():
            lag = self._plane.cache_lag_seconds(member.region) if self._plane.reachable(member.region) else None
            if lag is None:
                continue
            dimensions = [
                {"Name": "CacheClusterId", "Value": group.member_clusters[0]},
                {"Name": "CacheNodeId", "Value": "0001"},
            ]
            at = naive(self._clock.wall())
            backend = cloudwatch_backends[account][member.region]
            forget(backend, (METRIC,), at - datetime.timedelta(seconds=KEPT))
            backend.metric_data.append(MetricDatum(NAMESPACE, METRIC, lag, dimensions, at, "Seconds"))
