# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WAN between the Regions: TCP proxies with delay, rate limit and cut.

What has left one Region and not yet arrived is held here; a cut drops it, as a cut does. Connections that live
through a cut are reset when it heals: bytes of theirs are missing.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lab.settings import REGIONS, SERVER_PORT, VALKEY_PORT, WAN_DELAY, Instance, other

CHUNK = 64 * 1024
WINDOW = 256
"""Chunks in flight one way; more wait in the sender's socket."""


@dataclass
class Conditions:
    """The state of the WAN: seconds one way, bytes a second (None: no limit), and whether it is cut.

    Read at every delivery, so that a change counts at once, also for what is in flight.
    """

    delay: float
    rate: float | None = None
    cut: bool = False


class WanProxy:
    """One direction of reach: listens where a Region looks for its peer and forwards to the peer across the WAN."""

    def __init__(self, listen: tuple[str, int], target: tuple[str, int], conditions: Conditions) -> None:
        self.listen, self.target, self.conditions = listen, target, conditions
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._healed = asyncio.Event()

    async def start(self) -> None:
        """Listen. Raises OSError when the address is taken."""
        self._server = await asyncio.start_server(self._accept, *self.listen, limit=CHUNK)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.reset()

    def reset(self) -> None:
        """Reset every connection: the cut has healed, or the lab starts afresh. Call in the proxy's loop."""
        for connection in self._connections:
            connection.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        upstream: asyncio.StreamWriter | None = None
        try:
            await asyncio.sleep(2 * self.conditions.delay)  # the handshake: one round trip
            await self._while_cut()
            back, upstream = await asyncio.open_connection(*self.target, limit=CHUNK)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._carry(reader, upstream))
                group.create_task(self._carry(back, writer))
        except asyncio.CancelledError:
            for end in (writer, upstream):
                _reset_at_close(end)
        except (OSError, ExceptionGroup):
            pass  # one of both has gone; the other one learns it below
        finally:
            self._connections.discard(task)
            for end in (writer, upstream):
                if end is not None:
                    end.transport.abort()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Bring bytes from ``source`` to ``sink`` across the WAN, then its end of stream."""
        flight: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WINDOW)
        loop = asyncio.get_running_loop()

        async def read() -> None:
            data = b"-"
            while data:
                try:
                    data = await source.read(CHUNK)
                except ConnectionError:  # a process that was killed resets; it arrives as an end
                    data = b""
                await flight.put((loop.time() + self.conditions.delay, data))

        reading = asyncio.create_task(read())
        try:
            while True:
                due, data = await flight.get()
                await asyncio.sleep(due - loop.time())
                await self._while_cut()
                if not data:
                    break
                await self._deliver(sink, data)
            with suppress(OSError):
                sink.write_eof()
        finally:
            reading.cancel()

    async def _deliver(self, sink: asyncio.StreamWriter, data: bytes) -> None:
        """Write at the WAN's rate, in pieces so small that a cut or a new rate counts soon."""
        while data:
            rate = self.conditions.rate
            size = len(data) if rate is None else max(1, min(len(data), int(rate / 50)))
            if rate is not None:
                await asyncio.sleep(size / rate)
                await self._while_cut()
            sink.write(data[:size])
            await sink.drain()
            data = data[size:]

    async def _while_cut(self) -> None:
        """Hang for ever once the WAN is cut: :meth:`reset` ends the connection when it heals."""
        if self.conditions.cut:
            await asyncio.get_running_loop().create_future()


def _reset_at_close(end: asyncio.StreamWriter | None) -> None:
    """Closing is then no orderly end: the peer gets a reset, and what it was not sent yet is dropped."""
    if end is not None:
        linger = struct.pack("ii", 1, 0)
        end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


@dataclass(frozen=True)
class Wan:
    """Both directions, under the same conditions, in one event loop."""

    proxies: tuple[WanProxy, ...]
    conditions: Conditions
    loop: asyncio.AbstractEventLoop

    def start(self) -> None:
        """Listen on every address. Raises OSError naming the one that is taken."""
        for proxy in self.proxies:
            self._call(proxy.start())

    def stop(self) -> None:
        for proxy in self.proxies:
            self._call(proxy.stop())

    def cut(self) -> None:
        """Nothing arrives any more, from this instant; nothing is refused either."""
        self.conditions.cut = True

    def heal(self) -> None:
        """Carry again; connections from before are reset."""
        if self.conditions.cut:
            self.conditions.cut = False
            self.reset()

    def reset(self) -> None:
        async def each() -> None:
            for proxy in self.proxies:
                proxy.reset()

        self._call(each())

    def _call(self, job: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(job, self.loop).result(5.0)


def between_regions(instance: Instance, loop: asyncio.AbstractEventLoop) -> Wan:
    """What lies between the two Regions of a lab: each reaches the other's database and cache through it."""
    conditions = Conditions(WAN_DELAY)
    proxies = tuple(
        WanProxy((instance.wan_address(region), port), (instance.address(other(region)), port), conditions)
        for region in REGIONS
        for port in (SERVER_PORT, VALKEY_PORT)
    )
    return Wan(proxies, conditions, loop)
