# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way through the VPC to a Region's database: carries every client's bytes, and drops what is not admitted.

A dropped packet is sent again by whoever sent it, until it gives up: what is held here is delivered once it is
admitted again, as TCP would. So a cut connection hangs, and no client is told anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from lab.data.network import NetworkThread
from lab.settings import APPLICATION_PORT, POSTGRES_PORT, REGIONS, SERVER_PORT, Instance
from lab.vpc import APPLICATION, CLOSED, OPEN, OPERATIONS, Admission

BACKLOG = 512
PORTS = {APPLICATION: APPLICATION_PORT, OPERATIONS: POSTGRES_PORT}


class _End(asyncio.Protocol):
    """One end of a connection. What it sends is held until it may pass to the ``peer``."""

    def __init__(self, passes: Callable[[], bool], changed: Callable[[], None]) -> None:
        self._passes, self._changed = passes, changed
        self._held = bytearray()
        self.transport: asyncio.Transport | None = None
        self.peer: _End | None = None
        self.over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._changed()

    def data_received(self, data: bytes) -> None:
        self._held += data
        self.deliver()

    def connection_lost(self, exc: Exception | None) -> None:
        self.over = True
        self.deliver()
        self._changed()

    def pause_writing(self) -> None:
        if self.peer is not None and self.peer.transport is not None:
            self.peer.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.peer is not None and self.peer.transport is not None:
            self.peer.transport.resume_reading()

    def deliver(self) -> None:
        """Hand on what may pass, then the end."""
        sink = self.peer.transport if self.peer is not None else None
        if sink is None or not self._passes():
            return
        if self._held:
            sink.write(bytes(self._held))
            self._held.clear()
        if self.over:
            sink.close()

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()


class _Pair:
    """A client's connection, and the one to the server once it is admitted."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._connecting: asyncio.Task[None] | None = None
        self.client = _End(lambda: gate.admission.inbound, self.go)
        self.server = _End(lambda: gate.admission.outbound, self.go)
        self.client.peer, self.server.peer = self.server, self.client

    def go(self) -> None:
        """Go on as far as is admitted."""
        if self._connecting is None and self._gate.admission.connects and not self.client.over:
            self._connecting = asyncio.create_task(self._connect())
        self.client.deliver()
        self.server.deliver()
        if self.client.over and (self.server.over or self._connecting is None):
            self._gate.pairs.discard(self)

    async def _connect(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.server, *self._gate.target)
        except OSError:
            self.server.over = True
            self.client.abort()

    def abort(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
        self.server.over = True
        self.client.abort()
        self.server.abort()


class Gate:
    """One client's way in: listens where the client connects, and forwards to the server. Lives in the event loop."""

    def __init__(self, listen: tuple[str, int], target: tuple[str, int]) -> None:
        self.listen, self.target = listen, target
        self.admission = OPEN
        self.pairs: set[_Pair] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, *self.listen, backlog=BACKLOG)

    def _accept(self) -> _End:
        pair = _Pair(self)
        self.pairs.add(pair)
        return pair.client

    def admit(self, admission: Admission) -> None:
        """From now on this is let through, also of what was held."""
        self.admission = admission
        for pair in list(self.pairs):
            pair.go()

    def reset(self) -> None:
        """End every connection; let everything through."""
        self.admission = OPEN
        for pair in list(self.pairs):
            pair.abort()
        self.pairs.clear()

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.reset()


class Gates:
    """The ways to the databases of both Regions, and to what was restored beside them; driven from any thread."""

    def __init__(self, instance: Instance, network: NetworkThread) -> None:
        self._network = network
        self._gates = {
            (region, client): Gate((instance.address(region), port), (instance.address(region), SERVER_PORT))
            for region in REGIONS
            for client, port in PORTS.items()
        }

    def start(self) -> None:
        """Listen everywhere. Raises OSError naming the address that is taken."""
        for gate in self._gates.values():
            self._network.call(gate.start())

    def open_aside(self, region: str, cluster: str, listen: tuple[str, int], target: tuple[str, int]) -> None:
        """A way to what was restored as ``cluster``: nothing passes until it is admitted. Raises OSError."""
        gate = Gate(listen, target)
        gate.admission = CLOSED
        self._network.call(gate.start())
        self._gates[region, cluster] = gate

    def close_aside(self, region: str, cluster: str) -> None:
        gate = self._gates.pop((region, cluster), None)
        if gate is not None:
            with suppress(TimeoutError):
                self._network.call(gate.stop(), 1.0)

    def admit(self, region: str, client: str, admission: Admission) -> bool:
        """Let through of that traffic, a client's or a restored cluster's, what is admitted; whether it is new."""
        gate = self._gates.get((region, client))
        if gate is None or gate.admission == admission:
            return False
        self._network.loop.call_soon_threadsafe(gate.admit, admission)
        return True

    def reset(self) -> None:
        for gate in tuple(self._gates.values()):
            self._network.loop.call_soon_threadsafe(gate.reset)

    def stop(self) -> None:
        with suppress(TimeoutError):
            for gate in tuple(self._gates.values()):
                self._network.call(gate.stop(), 1.0)
