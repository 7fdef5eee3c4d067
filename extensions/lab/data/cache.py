# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The caches of both Regions: a Valkey each, one of them a replica of the other across the WAN."""

from __future__ import annotations

import threading
from enum import Enum

from lab.data.journal import Journal
from lab.data.lag import LagSampler
from lab.data.processes import Processes, wait_for
from lab.data.valkey import OffsetQuestion, Valkey, ValkeyError
from lab.settings import REGIONS, VALKEY_PORT, Instance, other

LINK_TIMEOUT = 8.0
"""Seconds until a replica has a copy of everything, across the WAN."""


class CacheRole(Enum):
    """What a Region's cache is. A superseded one was the primary until the other Region's was promoted."""

    PRIMARY = "primary"
    REPLICA = "replica"
    SUPERSEDED = "superseded"


class Caches:
    """Both caches. ``lost`` holds the Regions that are lost at the moment, as the data plane keeps it."""

    def __init__(self, instance: Instance, processes: Processes, journal: Journal, lost: set[str]) -> None:
        self._processes, self._journal, self._lost = processes, journal, lost
        self._locks = {region: threading.RLock() for region in REGIONS}
        self.roles = _seeded()
        self.servers = {
            region: Valkey(
                region,
                instance.address(region),
                instance.wan_address(region),
                instance.log_dir / f"valkey-{region}.log",
            )
            for region in REGIONS
        }
        self.samplers = {region: self._sampler(region) for region in REGIONS}

    def _sampler(self, replica: str) -> LagSampler:
        primary = other(replica)

        def visible() -> bool:
            roles = self.roles[primary] is CacheRole.PRIMARY and self.roles[replica] is CacheRole.REPLICA
            return roles and not self._lost

        addresses = {region: server.address for region, server in self.servers.items()}
        return LagSampler(
            OffsetQuestion(addresses[primary], "master"), OffsetQuestion(addresses[replica], "slave"), visible
        )

    def roll(self) -> None:
        """Both empty, the standby a replica. One that runs isn't started again. Raises ValkeyError."""
        self.roles = _seeded()
        for region in REGIONS:  # the primary first: a replica that finds none asks again only after a second
            with self._locks[region]:
                self._renew(region)
        self._forget_lag()

    def _renew(self, region: str) -> None:
        server, replica = self.servers[region], self.roles[region] is CacheRole.REPLICA
        if self._processes.frozen(server.name) or not server.answers():
            self._start(region)
            return
        server.ask("REPLICAOF", "NO", "ONE")  # also of the replica: it then connects at once, and anew
        server.ask("FLUSHALL")
        if replica:
            server.ask("REPLICAOF", server.upstream, str(VALKEY_PORT))

    def await_link(self) -> None:
        """Wait until the seeded replica has copied its primary. Raises ValkeyError."""
        self._await_link(REGIONS[1])

    def start_missing(self, region: str) -> None:
        """Start a cache that isn't running, as what it was: never one that was superseded. Raises ValkeyError."""
        with self._locks[region]:
            if self.roles[region] is not CacheRole.SUPERSEDED and not self._processes.running(self._name(region)):
                self._start(region)

    def promote(self, region: str) -> None:
        """Make the Region's cache a primary; returns once it takes writes. Raises ValkeyError."""
        with self._locks[region]:
            self.servers[region].ask("REPLICAOF", "NO", "ONE")
            self.roles[region] = CacheRole.PRIMARY
        self._forget_lag()
        self._journal.add("cache_promoted", region)

    def supersede(self, region: str) -> None:
        """From now on it is no primary, though it may not know yet: it comes back only by :meth:`follow`."""
        if self.roles[region] is CacheRole.PRIMARY:
            self.roles[region] = CacheRole.SUPERSEDED

    def follow(self, region: str, upstream: str) -> None:
        """Make the Region's cache a replica; returns once it has a copy of the upstream's. Raises ValkeyError."""
        with self._locks[region]:
            if self.roles[region] is CacheRole.REPLICA and self.servers[region].follows():
                return
            if self._processes.running(self._name(region)):
                self.servers[region].ask("REPLICAOF", self.servers[region].upstream, str(VALKEY_PORT))
            else:
                self._start(region, replica=True)
            self._await_link(region)
            self.roles[region] = CacheRole.REPLICA
        self._forget_lag()
        self._journal.add("cache_rejoined", region, f"replica of {upstream}")

    def lag_seconds(self, region: str) -> float | None:
        """By how much the Region's replica is behind; None when it isn't known."""
        lag = self.samplers[region].lag_ms()
        return None if lag is None else lag / 1000.0

    def _start(self, region: str, *, replica: bool | None = None) -> None:
        """Start it, unless its Region is lost; also when that happened meanwhile."""
        follows = self.roles[region] is CacheRole.REPLICA if replica is None else replica
        if region not in self._lost:
            self.servers[region].start(self._processes, replica=follows)
        if region in self._lost:
            self._processes.kill([self._name(region)])
            raise ValkeyError(f"Region {region} is lost")

    def _await_link(self, region: str) -> None:
        server = self.servers[region]
        linked = wait_for(lambda: server.follows() or region in self._lost, LINK_TIMEOUT)
        if not linked or region in self._lost:
            raise ValkeyError(f"the cache of {region} doesn't follow: see {server.log}")

    def _name(self, region: str) -> str:
        return self.servers[region].name

    def _forget_lag(self) -> None:
        for sampler in self.samplers.values():
            sampler.forget()


def _seeded() -> dict[str, CacheRole]:
    return {REGIONS[0]: CacheRole.PRIMARY, REGIONS[1]: CacheRole.REPLICA}
