# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can happen to the data plane, and its healing."""

from __future__ import annotations

from lab.data.cache import CacheRole
from lab.data.plane import Plane, Role
from lab.settings import REGIONS, WAN_DELAY

SERVICES = ("postgres", "api", "valkey")


class PlaneFaults:
    """Breaks and heals a plane; every act is journalled."""

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self.processes, self.journal = plane.processes, plane.journal

    def lose_region(self, region: str) -> None:
        """WAN cut and kill -9 of all the Region's processes, as nearly at once as can be."""
        self.journal.add("region_lost", region)
        self.plane.wan.cut()
        self.plane.lost.add(region)
        self.processes.kill(name for name in self.processes.names() if name.endswith(region))

    def heal_region(self, region: str) -> None:
        """The Region is back: its processes start, but for a database that was failed over. Raises PostgresError.

        That one comes back only as a rebuilt replica, by the control plane's :meth:`Plane.follow`.
        """
        self.journal.add("region_healed", region)
        self.plane.lost.discard(region)
        self._heal_wan()
        self.start_missing(region)

    def partition(self) -> None:
        """Both Regions live on and don't see each other."""
        self.plane.partitioned = True
        self.plane.wan.cut()
        self.journal.add("partitioned")

    def heal_partition(self) -> None:
        self.plane.partitioned = False
        self._heal_wan()
        self.journal.add("partition_healed")

    def kill(self, service: str, region: str) -> bool:
        """kill -9 one service of a Region; False when it wasn't running."""
        killed = bool(self.processes.kill([f"{service}-{region}"]))
        self.journal.add("process_killed", region, service)
        return killed

    def freeze(self, service: str, region: str) -> bool:
        """Stop one service of a Region in its tracks; False when it wasn't running."""
        frozen = self.processes.freeze(f"{service}-{region}")
        self.journal.add("process_frozen", region, service)
        return frozen

    def slow(self, delay: float | None, rate: float | None) -> None:
        """Change the WAN: seconds one way, bytes a second (None: no limit)."""
        conditions = self.plane.wan.conditions
        conditions.delay, conditions.rate = WAN_DELAY if delay is None else delay, rate
        self.journal.add("wan_changed", detail=f"delay {conditions.delay} s, rate {rate or 'unlimited'}")

    def heal_process(self, region: str) -> None:
        """Let the Region's frozen processes go on, and start what isn't running."""
        for service in SERVICES:
            self.processes.thaw(f"{service}-{region}")
        self.start_missing(region)
        self.journal.add("processes_healed", region)

    def heal_all(self) -> None:
        """Heal everything, whatever is broken."""
        self.slow(None, None)
        self.heal_partition()
        for region in REGIONS:
            for service in SERVICES:
                self.processes.thaw(f"{service}-{region}")
        for region in REGIONS:
            self.heal_region(region)

    def start_missing(self, region: str) -> None:
        """Start the Region's processes that aren't running and may. Raises PostgresError."""
        if region in self.plane.lost:
            return
        self.plane.start_missing_database(region)
        self.plane.caches.start_missing(region)
        self.plane.apis.start_missing(region)

    def missing(self) -> list[str]:
        """The processes that should run and don't, or are frozen: what a half-dead lab lacks."""
        names = [f"api-{region}" for region in REGIONS if region not in self.plane.apis.scaled_to_none]
        names += [f"postgres-{region}" for region in REGIONS if self.plane.roles[region] is not Role.SUPERSEDED]
        caches = self.plane.caches.roles
        names += [f"valkey-{region}" for region in REGIONS if caches[region] is not CacheRole.SUPERSEDED]
        return [name for name in names if not self.processes.running(name) or self.processes.frozen(name)]

    def _heal_wan(self) -> None:
        if not self.plane.lost and not self.plane.partitioned:
            self.plane.wan.heal()
