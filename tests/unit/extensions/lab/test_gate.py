# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way through the VPC: what is admitted passes, what is not hangs, and nobody is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from lab.data.gate import Gate
from lab.vpc import OPEN, Admission

from .ports import free_port

Scenario = Callable[[Gate], Awaitable[None]]
CUT = Admission(inbound=False, outbound=False)


def play(scenario: Scenario) -> None:
    """Run it with a gate in front of a server that sends back what it gets, and says goodbye to `bye`."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (data := await reader.read(65536)) not in (b"", b"bye"):
            writer.write(data)
        writer.close()

    async def whole() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        gate = Gate(("127.0.0.1", free_port()), server.sockets[0].getsockname())
        await gate.start()
        try:
            async with asyncio.timeout(10):
                await scenario(gate)
        finally:
            await gate.stop()
            server.close()

    asyncio.run(whole())


class Client:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    async def __aenter__(self) -> Client:
        self.reader, self.writer = await asyncio.open_connection(*self.gate.listen)
        return self

    async def __aexit__(self, *_how: object) -> None:
        self.writer.close()

    async def ask(self, word: bytes) -> bytes:
        self.writer.write(word)
        return await self.reader.read(100)

    async def hangs(self, word: bytes) -> bool:
        try:
            async with asyncio.timeout(0.2):
                await self.ask(word)
        except TimeoutError:
            return True
        return False


def test_what_is_admitted_passes_both_ways_and_so_does_either_end() -> None:
    async def scenario(gate: Gate) -> None:
        async with Client(gate) as client:
            assert await client.ask(b"word") == b"word"
            assert await client.ask(b"bye") == b""
        while gate.pairs:
            await asyncio.sleep(0.01)

    play(scenario)


@pytest.mark.parametrize("cut", [CUT, Admission(inbound=False), Admission(outbound=False)])
def test_a_cut_leaves_a_live_connection_hanging_and_delivers_what_was_sent_once_it_is_mended(cut: Admission) -> None:
    async def scenario(gate: Gate) -> None:
        async with Client(gate) as client:
            assert await client.ask(b"first") == b"first"
            gate.admit(cut)
            assert await client.hangs(b"second")
            gate.admit(OPEN)
            assert await client.reader.read(100) == b"second"

    play(scenario)


@pytest.mark.parametrize("cut", [CUT, Admission(opens=False)])
def test_a_new_connection_hangs_until_it_is_admitted(cut: Admission) -> None:
    async def scenario(gate: Gate) -> None:
        gate.admit(cut)
        async with Client(gate) as client:
            assert await client.hangs(b"word")
            gate.admit(OPEN)
            assert await client.reader.read(100) == b"word"

    play(scenario)


def test_a_closed_security_group_leaves_a_live_connection_alone() -> None:
    async def scenario(gate: Gate) -> None:
        async with Client(gate) as client:
            assert await client.ask(b"first") == b"first"
            gate.admit(Admission(opens=False))
            assert await client.ask(b"second") == b"second"

    play(scenario)


def test_a_client_that_gave_up_while_cut_is_forgotten() -> None:
    async def scenario(gate: Gate) -> None:
        gate.admit(CUT)
        async with Client(gate) as client:
            assert await client.hangs(b"word")
        while gate.pairs:
            await asyncio.sleep(0.01)

    play(scenario)


def test_a_server_that_is_gone_is_a_connection_that_ends_at_once() -> None:
    async def scenario(gate: Gate) -> None:
        gate.target = ("127.0.0.1", free_port())
        async with Client(gate) as client:
            with contextlib.suppress(ConnectionError):
                assert await client.reader.read(100) == b""

    play(scenario)


def test_a_reset_ends_every_connection_and_opens_the_gate() -> None:
    async def scenario(gate: Gate) -> None:
        async with Client(gate) as client:
            assert await client.ask(b"word") == b"word"
            gate.admit(CUT)
            gate.reset()
            with contextlib.suppress(ConnectionError):
                assert await client.reader.read(100) == b""
        async with Client(gate) as client:
            assert await client.ask(b"word") == b"word"

    play(scenario)
