# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag of Aurora's secondaries, as CloudWatch shows it: measured on the real replication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lab.aws.cloudwatch_feed import Feed
from lab.aws.plane_protocol import Clock, DataPlane

METRICS = ("AuroraGlobalDBRPOLag", "AuroraGlobalDBReplicationLag")


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
        self._plane, self._secondaries = plane, secondaries
        self._feed = Feed("AWS/RDS", clock, scale)
        self.look_older = self._feed.look_older

    def advance(self) -> None:
        """Take the samples that are due."""
        if self._feed.due():
            self._feed.taken([self._sample(secondary) for secondary in self._secondaries()])

    def _sample(self, secondary: Secondary) -> bool:
        """Take one; False where the lag isn't known."""
        lag = self._plane.lag_ms(secondary.region) if self._plane.reachable(secondary.region) else None
        if lag is None:
            return False
        dimensions = {"DBClusterIdentifier": secondary.cluster, "SourceRegion": secondary.source_region}
        values = dict.fromkeys(METRICS, (lag, "Milliseconds"))
        self._feed.put(secondary.account, secondary.region, values, dimensions)
        return True
