# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lab.data.wan import Conditions, WanProxy

from .ports import free_port

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Scenario = Callable[[Conditions, WanProxy, Streams], Awaitable[None]]


def play(scenario: Scenario, conditions: Conditions) -> None:
    """Run it with a connection through the WAN to a server that sends back what it gets."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def whole() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        target = server.sockets[0].getsockname()
        proxy = WanProxy(("127.0.0.1", free_port()), target, conditions)
        await proxy.start()
        client = await asyncio.open_connection(*proxy.listen)
        try:
            async with asyncio.timeout(10):
                await scenario(conditions, proxy, client)
        finally:
            client[1].close()
            await proxy.stop()
            server.close()

    asyncio.run(whole())


def test_a_round_trip_takes_both_ways() -> None:
    async def scenario(_conditions: Conditions, _proxy: WanProxy, client: Streams) -> None:
        reader, writer = client
        writer.write(b"first")  # the handshake's round trip is in this one
        await reader.readexactly(5)
        loop = asyncio.get_running_loop()
        began = loop.time()
        writer.write(b"again")
        assert await reader.readexactly(5) == b"again"
        assert loop.time() - began >= 0.2

    play(scenario, Conditions(delay=0.1))


def test_a_cut_drops_what_is_in_flight_and_resets_the_connection_when_it_heals() -> None:
    async def scenario(conditions: Conditions, proxy: WanProxy, client: Streams) -> None:
        reader, writer = client
        writer.write(b"first")
        await reader.readexactly(5)
        writer.write(b"in flight")
        await asyncio.sleep(0.02)
        conditions.cut = True
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.4)
        conditions.cut = False
        proxy.reset()
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)

    play(scenario, Conditions(delay=0.1))


def test_a_rate_holds_bytes_up_and_lifting_it_counts_at_once() -> None:
    async def scenario(conditions: Conditions, _proxy: WanProxy, client: Streams) -> None:
        reader, writer = client
        writer.write(b"x" * 2000)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readexactly(2000), 0.3)
        conditions.rate = None
        assert len(await reader.read(2000)) > 0

    play(scenario, Conditions(delay=0.0, rate=2000.0))


def test_an_end_of_stream_arrives() -> None:
    async def scenario(_conditions: Conditions, _proxy: WanProxy, client: Streams) -> None:
        reader, writer = client
        writer.write(b"all of it")
        writer.write_eof()
        assert await reader.read() == b"all of it"

    play(scenario, Conditions(delay=0.01))
