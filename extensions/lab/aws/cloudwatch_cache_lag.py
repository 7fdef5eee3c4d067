# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag of a global datastore's secondaries, as CloudWatch shows it: measured on the real replication.

Its dimensions aren't published. Here they are those that ElastiCache's metrics of a node have; who reads it should
find them with ListMetrics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from moto.elasticache.models import ReplicationGroup

from lab.aws.cloudwatch_feed import Feed
from lab.aws.elasticache_machine import Member
from lab.aws.plane_protocol import Clock, DataPlane

METRIC = "GlobalDatastoreReplicationLag"

Secondaries = Callable[[], Iterable[tuple[str, ReplicationGroup, Member]]]


class CacheLagFeed:
    """Puts a sample a period, in seconds, into each secondary's own Region; none where the lag is not known."""

    def __init__(self, plane: DataPlane, clock: Clock, scale: float, secondaries: Secondaries) -> None:
        self._plane, self._secondaries = plane, secondaries
        self._feed = Feed("AWS/ElastiCache", clock, scale)
        self.look_older = self._feed.look_older

    def advance(self) -> None:
        """Take the samples that are due."""
        if self._feed.due():
            self._feed.taken([self._sample(*secondary) for secondary in self._secondaries()])

    def _sample(self, account: str, group: ReplicationGroup, member: Member) -> bool:
        """Take one; False where the lag isn't known."""
        lag = self._plane.cache_lag_seconds(member.region) if self._plane.reachable(member.region) else None
        if lag is None:
            return False
        node = {"CacheClusterId": group.member_clusters[0], "CacheNodeId": "0001"}
        self._feed.put(account, member.region, {METRIC: (lag, "Seconds")}, node)
        return True
