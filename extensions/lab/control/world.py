# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole lab in one process: control plane, data plane, name server, and what the admin API does to them."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from lab import seed
from lab.aws.install import install
from lab.background import Background
from lab.control.admin import AdminServer
from lab.control.calls import Record
from lab.control.certs import CertificateStore
from lab.control.checks import Checkers
from lab.control.dns import NameServer, address_of
from lab.control.faults import Fault, Kind, Rules
from lab.control.outside import OutsideCanary, api_answers
from lab.control.proxy import Proxy
from lab.control.zones import make_view
from lab.data.faults import SERVICES, PlaneFaults
from lab.data.plane import Plane
from lab.data.processes import wait_for
from lab.settings import (
    ADMIN_PORT,
    API_PORT,
    DNS_PORT,
    POSTGRES_PORT,
    PROXY_PORT,
    REGIONS,
    STANDBY,
    THIRD,
    VALKEY_PORT,
)

TICK = 0.05
SETTLE_TIMEOUT = 10.0


class SystemClock:
    """The machine's time."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()


class World:
    """Everything of one lab. ``say`` gets a line for each step of the start."""

    def __init__(self, plane: Plane, scale: float, say: Callable[[str], None], stopping: threading.Event) -> None:
        self.plane, self.scale, self.say = plane, scale, say
        self.instance, self.processes, self.network, self.journal = (
            plane.instance,
            plane.processes,
            plane.network,
            plane.journal,
        )
        instance = plane.instance
        self.calls, self.rules = Record(), Rules()
        self.faults = PlaneFaults(plane)
        clock = SystemClock()
        self.state = install(plane, clock, scale)
        self.proxy = Proxy(
            instance.aws_address,
            PROXY_PORT,
            CertificateStore(instance.state_dir),
            self.calls,
            self.rules,
            self.state.app(),
            call_seconds=self.state.call_seconds,
            bucket_region=self.state.bucket_region,
        )
        proxy = (instance.aws_address, PROXY_PORT)
        self.checkers = Checkers(
            clock,
            scale,
            proxy=proxy,
            resolve=lambda name: address_of(name, self.view),
            routing_control=self.state.recovery.health,
        )
        self.state.health = self.checkers
        self.view = make_view(instance, self.checkers.healthy, plane.aside.address)
        self.names = NameServer(instance.dns_address, DNS_PORT, self.view)
        self.canary = OutsideCanary(
            clock, lambda region: api_answers(instance, region), lambda region: region not in self.rules.lost_regions()
        )
        self.admin = AdminServer(instance.aws_address, ADMIN_PORT, self.routes())
        self.stopping = stopping
        self._changing = threading.Lock()

    # Life

    def start(self) -> None:
        """Bring the control plane up, with the workload in it. Raises OSError, botocore's errors."""
        self.say("AWS: its host names behind the proxy, and the name server")
        self.proxy.start()
        self.network.call(self.names.start())
        self.checkers.start()
        threading.Thread(target=self._tick, name="tick", daemon=True).start()
        self.say(f"the workload {seed.WORKLOAD}")
        with self.state.tables.instantly():
            self._seed()

    def serve(self) -> None:
        """Let the admin API say that all is ready."""
        self.canary.start()
        self.admin.start()

    def _seed(self) -> None:
        """Nobody waits for AWS's latency while the lab is made, and nobody's record shows it."""
        usual, self.proxy.exchange.call_seconds = self.proxy.exchange.call_seconds, 0.0
        try:
            seed.seed(self.instance, self.state.finish)
            self.state.look_older()
            self.state.finish()
            if not wait_for(self.checkers.settle, SETTLE_TIMEOUT):
                raise TimeoutError("the health checks of the workload were not probed")
        finally:
            self.proxy.exchange.call_seconds = usual
        self.calls.clear()
        self.journal.clear()

    def _tick(self) -> None:
        while not self.stopping.wait(TICK):
            try:
                self.state.advance()
            except Exception:  # one bad moment is not to stop the world: it is told in the log, and the next may do
                traceback.print_exc()

    def stop(self) -> None:
        """End the control plane."""
        self.stopping.set()
        self.canary.stop()
        self.checkers.stop()
        self.network.call(self.names.stop())
        self.proxy.stop()

    # What the admin API asks

    def routes(self) -> dict[tuple[str, str], Callable[[dict[str, Any]], Any]]:
        return {
            ("GET", "/status"): lambda _query: self.status(),
            ("GET", "/calls"): self.recorded,
            ("GET", "/events"): lambda _query: self.journal.as_dicts(),
            ("POST", "/fault"): self.fault,
            ("POST", "/heal"): self.heal,
            ("POST", "/reset"): lambda _body: self.reset(),
            ("POST", "/down"): lambda _body: self.down(),
        }

    def recorded(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """The AWS calls since ``since`` (seconds since the epoch)."""
        return [call.as_dict() for call in self.calls.since(float(query.get("since", 0)))]

    def status(self) -> dict[str, Any]:
        """What runs where, what is broken, what is missing."""
        conditions = self.plane.wan.conditions
        return {
            "instance": self.instance.id,
            "scale": self.scale,
            "regions": {region: self._region_status(region) for region in REGIONS},
            "wan": {"delay": conditions.delay, "rate": conditions.rate, "cut": conditions.cut},
            "lost_regions": {region: mode.value for region, mode in self.rules.lost_regions().items()},
            "isolated": sorted(self.state.tables.quorum.isolated),
            "api_faults": [_shown(fault) for fault in self.rules.active()],
            "capacity": dict(self.state.compute.limits()),
            "missing": self.faults.missing(),
        }

    def _region_status(self, region: str) -> dict[str, Any]:
        def state(service: str) -> str:
            name = f"{service}-{region}"
            if self.processes.frozen(name):
                return "frozen"
            return "running" if self.processes.running(name) else "stopped"

        address = self.instance.address(region)
        return {
            "lost": region in self.plane.lost,
            "role": self.plane.roles[region].value,
            "lag_ms": self.plane.lag_ms(region),
            "postgres": {"address": f"{address}:{POSTGRES_PORT}", "state": state("postgres")},
            "api": {"address": f"{address}:{API_PORT}", "state": state("api")},
            "valkey": {
                "address": f"{address}:{VALKEY_PORT}",
                "state": state("valkey"),
                "role": self.plane.caches.roles[region].value,
                "lag_seconds": self.plane.cache_lag_seconds(region),
            },
        }

    def fault(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Break what ``spec`` names. Raises KeyError, ValueError for what there is not."""
        kind = spec["kind"]
        if kind == "region":
            region = _region(spec)
            self.rules.lose_region(region, spec.get("mode", "refuse"))
            self.faults.lose_region(region)
        elif kind == "partition":
            self.state.tables.quorum.witness_side = _region({"region": spec.get("witness") or STANDBY})
            self.faults.partition()
        elif kind == "isolate":
            self.state.tables.quorum.isolated.add(_region(spec, (*REGIONS, THIRD)))
        elif kind in ("kill", "freeze"):
            act = self.faults.kill if kind == "kill" else self.faults.freeze
            if not act(_service(spec), _region(spec)):
                raise ValueError(f"{spec['service']} of {spec['region']} isn't running")
        elif kind == "wan":
            self.faults.slow(spec.get("delay"), spec.get("rate"))
        elif kind == "capacity":
            self.state.compute.limit(_region(spec), int(spec["units"]))
        elif kind == "snapshot":
            self.state.snapshots.refused.add(_region(spec))
        elif kind == "api":
            given = {name: value for name, value in spec["fault"].items() if value is not None}
            return {"id": self.rules.add(Fault(**{**given, "kind": Kind(given["kind"])}))}
        else:
            raise ValueError(f"no fault {kind!r}")
        return {}

    def heal(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Mend what ``spec`` names. Raises KeyError, ValueError for what there is not."""
        kind = spec["kind"]
        if kind == "region":
            self.rules.heal_region(_region(spec))
            self.faults.heal_region(spec["region"])
        elif kind == "partition":
            self.faults.heal_partition()
        elif kind == "isolate":
            self.state.tables.quorum.isolated.discard(_region(spec, (*REGIONS, THIRD)))
        elif kind == "process":
            self.faults.heal_process(_region(spec))
        elif kind == "wan":
            self.faults.slow(None, None)
        elif kind == "capacity":
            self.state.compute.heal()
        elif kind == "snapshot":
            self.state.snapshots.refused.discard(_region(spec))
        elif kind == "api":
            self.rules.clear(spec.get("id"))
        elif kind == "all":
            self.rules.reset()
            self.state.tables.quorum.heal()
            self.state.compute.heal()
            self.state.snapshots.refused.clear()
            self.faults.heal_all()
        else:
            raise ValueError(f"nothing {kind!r} to heal")
        return {}

    def reset(self) -> dict[str, Any]:
        """Back to the seeded state."""
        with self._changing, self.state.tables.instantly():
            self.rules.reset()
            plane = Background(self.plane.reset)
            try:
                self.state.reset()
                self._seed()
            finally:
                plane.join()
        return self.status()

    def down(self) -> dict[str, Any]:
        """Say yes, and end."""
        self.stopping.set()
        return {}


def _shown(fault: Fault) -> dict[str, Any]:
    return {**asdict(fault), "kind": fault.kind.value}


def _region(spec: dict[str, Any], regions: Sequence[str] = REGIONS) -> str:
    region = str(spec["region"])
    if region not in regions:
        raise ValueError(f"{region} is not a Region of the lab: {', '.join(regions)}")
    return region


def _service(spec: dict[str, Any]) -> str:
    service = str(spec["service"])
    if service not in SERVICES:
        raise ValueError(f"{service} is not a service of the lab: {', '.join(SERVICES)}")
    return service
