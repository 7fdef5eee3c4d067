# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane: two real databases, caches and APIs, the WAN between them, and what can happen to all of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import Enum
from functools import partial

import psycopg

from lab.background import Background
from lab.data.api_process import ApiProcesses
from lab.data.aside import Aside
from lab.data.cache import Caches
from lab.data.gate import Gates
from lab.data.journal import Journal
from lab.data.lag import REPLICA_POSITION, WRITER_POSITION, LagSampler, Question
from lab.data.network import NetworkThread
from lab.data.postgres import Postgres, PostgresError, install
from lab.data.processes import Processes, wait_for
from lab.data.wan import between_regions
from lab.settings import REGIONS, WAN_DELAY, Instance, other, state_root
from lab.vpc import Admission

STREAM_TIMEOUT = 5.0
PROMOTE_TIMEOUT = 20.0


class Role(Enum):
    """What a Region's database is. A superseded one was the writer until the other Region was promoted."""

    WRITER = "writer"
    REPLICA = "replica"
    SUPERSEDED = "superseded"


class PlaneError(Exception):
    """The data plane couldn't do what it was asked; nothing is known to have changed."""


class Plane:
    """Implements :class:`lab.aws.plane_protocol.DataPlane`, and the faults of the data plane."""

    def __init__(self, instance: Instance, processes: Processes, network: NetworkThread, journal: Journal) -> None:
        self.instance, self.processes, self.network, self.journal = instance, processes, network, journal
        self.lost: set[str] = set()
        self.partitioned = False
        self.roles = {REGIONS[0]: Role.WRITER, REGIONS[1]: Role.REPLICA}
        self._stopped_cleanly: set[str] = set()
        self._generation = 0
        self._locks = {region: threading.RLock() for region in REGIONS}
        self.apis = ApiProcesses(instance, processes, network)
        self.gates = Gates(instance, network)
        self.caches = Caches(instance, processes, journal, self.lost)
        tools, data_dir = install(state_root()), instance.data_dir
        self.aside = Aside(instance, processes, journal, tools, self.gates)
        self.servers = {
            region: Postgres(
                region,
                instance.address(region),
                instance.wan_address(region),
                f"shop-{region}-1",
                data_dir / region,
                instance.log_dir / f"postgres-{region}.log",
                tools,
            )
            for region in REGIONS
        }
        self.wan = between_regions(instance, network.loop)
        self._samplers = {region: self._make_sampler(region) for region in REGIONS}
        self._sampling: list[Future[None]] = []

    def _make_sampler(self, replica: str) -> LagSampler:
        writer = other(replica)

        def visible() -> bool:
            roles = self.roles[writer] is Role.WRITER and self.roles[replica] is Role.REPLICA
            return roles and not self.lost

        return LagSampler(
            Question(self.instance.address(writer), WRITER_POSITION),
            Question(self.instance.address(replica), REPLICA_POSITION),
            visible,
        )

    # Up, reset, down

    def start(self) -> None:
        """Bring everything up in the seeded state. Raises PostgresError, PlaneError, OSError (address taken)."""
        self.servers[REGIONS[0]].ensure_template(self.processes)
        self.wan.start()
        self.gates.start()
        for region in REGIONS:
            self.apis.start_missing(region)
        self._roll()
        self._sampling = [
            asyncio.run_coroutine_threadsafe(sampler.run(), self.network.loop)
            for sampler in (*self._samplers.values(), *self.caches.samplers.values())
        ]
        self._await_apis()

    def reset(self) -> None:
        """Back to the seeded state: fresh databases, roles home and standby, a healthy WAN."""
        self._generation += 1  # what is under way must not go on in the new world
        self.processes.kill(f"rebuild-{region}" for region in REGIONS)
        self._stop_databases()
        self.aside.reset()
        self.lost.clear()
        self.apis.scaled_to_none.clear()
        self.partitioned = False
        self.wan.conditions.delay, self.wan.conditions.rate = WAN_DELAY, None
        self.wan.conditions.cut = False
        self.wan.reset()
        self.gates.reset()
        for region in REGIONS:
            self.apis.start_missing(region)
        self._roll()
        self._await_apis()

    def _roll(self) -> None:
        """Databases and caches anew, the standby's streaming. All are made at the same time."""
        caches = Background(self.caches.roll)
        self._stop_databases()
        self.roles = {REGIONS[0]: Role.WRITER, REGIONS[1]: Role.REPLICA}
        self._stopped_cleanly.clear()
        usual, self.wan.conditions.delay = self.wan.conditions.delay, 0.0  # nobody waits for the first handshakes
        rolls = [Background(partial(self._roll_region, region)) for region in REGIONS]
        for roll in (*rolls, caches):
            roll.join()
        for sampler in self._samplers.values():
            sampler.forget()
        self._await_stream(REGIONS[1])
        self.caches.await_link()
        self.wan.conditions.delay = usual

    def _stop_databases(self) -> None:
        stops = [Background(partial(server.stop_at_once, self.processes)) for server in self.servers.values()]
        for stop in stops:
            stop.join()

    def _roll_region(self, region: str) -> None:
        server = self.servers[region]
        with self._locks[region]:
            server.make()
            if self.roles[region] is Role.REPLICA:
                server.mark_replica()
            server.start(self.processes)

    def stop(self) -> None:
        """End every process of the data plane."""
        for sampling in self._sampling:
            sampling.cancel()
        self._stop_databases()
        self.processes.kill(self.processes.names())
        self.wan.stop()
        self.gates.stop()

    def start_missing_database(self, region: str) -> None:
        """Start a database that isn't running, as what it was: never one that was superseded. Raises PostgresError."""
        if self.roles[region] is Role.SUPERSEDED:
            return  # nor wait for its rebuild
        with self._locks[region]:
            stopped = region in self._stopped_cleanly or self.processes.running(self.servers[region].name)
            if self.roles[region] is not Role.SUPERSEDED and not stopped:
                self._start_database(region)

    def _await_apis(self) -> None:
        for region in REGIONS:
            if not self.apis.await_listening(region):
                raise PlaneError(f"the API of {region} doesn't listen: see {self.instance.log_dir}/api-{region}.log")

    # What the control plane asks: lab.aws.plane_protocol.DataPlane

    def reachable(self, region: str) -> bool:
        return region not in self.lost

    def linked(self, a: str, b: str) -> bool:
        return not self.partitioned and a not in self.lost and b not in self.lost

    def promote(self, region: str, *, alone: bool = False) -> None:
        """Make the Region's database a writer; returns once it accepts writes. Raises PlaneError.

        ``alone``: it leaves the other one, which stays a writer, or comes back as one: nothing fences it.
        """
        if self.roles[region] is Role.WRITER and region in self._stopped_cleanly:
            with self._locks[region]:  # a switchover that is taken back
                self._stopped_cleanly.discard(region)
                self._start_database(region)
        self._demand_running(region)
        self.journal.add("promoting", region)  # what the other one acknowledges from here on may be stale
        if self._in_recovery(region):
            self._ask(region, "SELECT pg_promote(true, 15)", PROMOTE_TIMEOUT)
        if not wait_for(lambda: self._in_recovery(region) is False, PROMOTE_TIMEOUT):
            raise PlaneError(f"the database of {region} doesn't become a writer")
        self.roles[region] = Role.WRITER
        if self.roles[other(region)] is Role.WRITER and not alone:
            self.roles[other(region)] = Role.SUPERSEDED
        self._forget_lag()
        self.journal.add("promoted", region, "detached" if alone else "")

    def block_writes(self, region: str) -> bool:
        """Stop the writer cleanly: all it wrote is shipped. False when it can't be reached, or can't ship."""
        name = self.servers[region].name
        if region in self.lost or self.processes.frozen(name) or not self.processes.running(name):
            return region in self._stopped_cleanly
        if not self.linked(*REGIONS):
            return False
        with self._locks[region]:
            if not self.servers[region].stop_cleanly(self.processes):
                return False
            self._stopped_cleanly.add(region)
        self.journal.add("writes_blocked", region)
        return True

    def follow(self, region: str, upstream: str) -> None:
        """Make the Region's database a replica of the upstream's; returns once it streams. Raises PlaneError.

        After a clean stop it just starts; else what the upstream never got is undone by a rewind, and where that
        can't be, it is copied anew.
        """
        if not self.linked(region, upstream):
            raise PlaneError(f"{region} and {upstream} don't reach each other")
        generation = self._generation
        with self._locks[region]:
            if generation != self._generation:
                raise PlaneError("the lab was reset meanwhile")
            if self.roles[region] is Role.REPLICA and self._streams(region):
                return
            self._ask(upstream, "CHECKPOINT", PROMOTE_TIMEOUT)  # a rewind reads the new timeline from disk
            self._rebuild(region)
            self.roles[region] = Role.REPLICA
        self._forget_lag()
        self.journal.add("rejoined", region, f"replica of {upstream}")

    def keep_aside(self, region: str, name: str) -> None:
        generation, server = self._generation, self.servers[region]
        with self._locks[region]:
            if generation != self._generation or region in self.lost:
                raise PlaneError(f"Region {region} is lost, or the lab was reset meanwhile")
            if self.roles[region] is Role.SUPERSEDED:
                self.processes.kill([server.name])
            (self.aside.back_up if self.processes.running(server.name) else self.aside.keep)(server, name)

    def forget_aside(self, name: str) -> None:
        self.aside.forget(name)

    def restore(self, region: str, name: str, cluster: str, port: int) -> None:
        if region in self.lost:
            raise PlaneError(f"Region {region} is lost")
        self.aside.restore(region, name, cluster, port)

    def end_restored(self, region: str, cluster: str) -> None:
        self.aside.end(region, cluster)

    def serve(self, region: str, serving: bool) -> None:
        """Start the Region's API, or end it. One whose Region is lost starts when that is back. Raises PlaneError."""
        generation = self._generation
        with self._locks[region]:
            if generation != self._generation:
                raise PlaneError("the lab was reset meanwhile")
            if not serving:
                self.apis.scaled_to_none.add(region)
                self.processes.kill([f"api-{region}"])
            else:
                self.apis.scaled_to_none.discard(region)
                if region not in self.lost:
                    self.apis.start_missing(region)
        if serving and region not in self.lost and not self.apis.await_listening(region):
            raise PlaneError(f"the API of {region} doesn't listen: see {self.instance.log_dir}/api-{region}.log")
        self.journal.add("api_scaled", region, "up" if serving else "to none")

    def lag_ms(self, region: str) -> float | None:
        return self._samplers[region].lag_ms()

    def admit(self, region: str, client: str, admission: Admission) -> None:
        if self.gates.admit(region, client, admission):
            self.journal.add("admitted", region, f"{client}: {admission}")

    def promote_cache(self, region: str, *, alone: bool = False) -> None:
        if not self.processes.running(f"valkey-{region}") or self.processes.frozen(f"valkey-{region}"):
            raise PlaneError(f"the cache of {region} isn't running")
        self.caches.promote(region)
        if not alone:
            self.caches.supersede(other(region))

    def follow_cache(self, region: str, upstream: str) -> None:
        if not self.linked(region, upstream):
            raise PlaneError(f"{region} and {upstream} don't reach each other")
        self.caches.follow(region, upstream)

    def cache_lag_seconds(self, region: str) -> float | None:
        return self.caches.lag_seconds(region)

    def _rebuild(self, region: str) -> None:
        server = self.servers[region]
        ways: list[tuple[str, Callable[[Processes], bool]]] = []
        if region in self._stopped_cleanly:
            ways.append(("restart", server.turn_replica))
        ways += [("rewind", server.rewind), ("base backup", server.copy_upstream)]
        self._stopped_cleanly.discard(region)
        generation = self._generation
        for name, prepare in ways:
            self.processes.kill([server.name])
            if prepare(self.processes) and self._starts_streaming(region):
                self.journal.add("rebuilt", region, name)
                return
            if region in self.lost or generation != self._generation:
                break
        raise PlaneError(f"the database of {region} couldn't be rebuilt: see {server.log}")

    def _starts_streaming(self, region: str) -> bool:
        try:
            self._start_database(region)
        except (PlaneError, PostgresError):
            return False
        name = self.servers[region].name
        wait_for(lambda: self._streams(region) or not self.processes.running(name), STREAM_TIMEOUT)
        return self._streams(region)

    def _start_database(self, region: str) -> None:
        """Start it, unless its Region is lost; also when that happened meanwhile."""
        if region not in self.lost:
            self.servers[region].start(self.processes)
        if region in self.lost:
            self.processes.kill([self.servers[region].name])
            raise PlaneError(f"Region {region} is lost")

    # Questions to the databases

    def _ask(self, region: str, statement: str, timeout: float = 2.0) -> object:
        """The first value of the answer. Raises PlaneError."""
        try:
            row = self.network.ask(self.instance.address(region), statement, timeout)
        except (psycopg.Error, TimeoutError) as error:
            raise PlaneError(f"the database of {region} doesn't answer {statement!r}: {error}") from error
        return row[0] if row else None

    def _in_recovery(self, region: str) -> bool | None:
        try:
            return bool(self._ask(region, "SELECT pg_is_in_recovery()"))
        except PlaneError:
            return None

    def _streams(self, region: str) -> bool:
        try:
            return bool(self._ask(region, "SELECT true FROM pg_stat_wal_receiver WHERE status = 'streaming'"))
        except PlaneError:
            return False

    def _await_stream(self, region: str) -> None:
        if not wait_for(lambda: self._streams(region), STREAM_TIMEOUT):
            raise PlaneError(f"the replica in {region} doesn't stream: see {self.servers[region].log}")

    def _demand_running(self, region: str) -> None:
        name = self.servers[region].name
        if region in self.lost or not self.processes.running(name) or self.processes.frozen(name):
            raise PlaneError(f"the database of {region} isn't running")

    def _forget_lag(self) -> None:
        for sampler in self._samplers.values():
            sampler.forget()
