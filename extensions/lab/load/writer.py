# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load: clients that write orders through public DNS, open loop, and log every acknowledgement.

Open loop: a write is sent when its time has come, whatever became of those before. Each client resolves the name
afresh when its answer's TTL has run out, at a phase of its own, as clients all over the world do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import aiohttp
import dns.asyncquery
import dns.exception
import dns.message
import dns.rdatatype

from lab.load.meter import Write, read_log
from lab.settings import API_PORT, DNS_PORT, Instance

NAME = "api.shop.example"
REQUEST_TIMEOUT = 1.0
FLUSH_INTERVAL = 0.1


@dataclass
class CachedName:
    """A client's resolver cache of one name: what it learnt, and until when it may use it (monotonic seconds)."""

    server: str
    phase: float
    address: str | None = None
    until: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def resolve(self) -> str | None:
        """The cached address while its TTL lasts, else a fresh one; None when the name server gives none."""
        async with self._lock:
            if time.monotonic() < self.until:
                return self.address
            self.address, ttl = await self._ask()
            # Only the first answer is shortened, so that the clients' caches don't all run out at once.
            self.until, self.phase = time.monotonic() + ttl * self.phase, 1.0
            return self.address

    async def _ask(self) -> tuple[str | None, float]:
        query = dns.message.make_query(NAME, "A")
        try:
            answer = await dns.asyncquery.udp(query, self.server, timeout=REQUEST_TIMEOUT, port=DNS_PORT)
        except (dns.exception.DNSException, OSError):
            return None, 0.0
        for rrset in answer.answer:
            if rrset.rdtype == dns.rdatatype.A:
                return rrset[0].address, float(rrset.ttl)
        return None, 0.0


class Load:
    """``rate`` writes a second by ``clients`` clients in turn, from ``first_id`` on, logged to ``log``."""

    def __init__(self, instance: Instance, rate: float, clients: int, log: TextIO, first_id: int = 1) -> None:
        self.interval, self.first_id = 1.0 / rate, first_id
        self.names = [CachedName(instance.dns_address, random.random()) for _unused in range(clients)]
        self.log = log
        self.stopping = asyncio.Event()
        self.pending: set[asyncio.Task[None]] = set()

    async def run(self, seconds: float) -> None:
        """Send until ``seconds`` are over or :attr:`stopping` is set; then wait for the answers still to come."""
        began, number = time.monotonic(), 0
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, trust_env=False) as session:
            while not self.stopping.is_set() and time.monotonic() - began < seconds:
                self._send(session, self.first_id + number)
                number += 1
                await asyncio.sleep(max(0.0, began + number * self.interval - time.monotonic()))
            await asyncio.gather(*self.pending)
        self.log.flush()

    def _send(self, session: aiohttp.ClientSession, number: int) -> None:
        task = asyncio.create_task(self._write(session, number))
        self.pending.add(task)
        task.add_done_callback(self.pending.discard)

    async def _write(self, session: aiohttp.ClientSession, number: int) -> None:
        client, sent = number % len(self.names), time.time()
        status, region = 0, ""
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT):
                status, region = await self._post(session, await self.names[client].resolve(), number)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            status = 0
        self.log.write(Write(number, client, sent, time.time(), status, region).line())

    async def _post(self, session: aiohttp.ClientSession, address: str | None, number: int) -> tuple[int, str]:
        if address is None:
            return 0, ""
        url = f"http://{address}:{API_PORT}/orders"
        async with session.post(url, json={"id": number}, headers={"Host": NAME}) as response:
            body = json.loads(await response.text())
            return response.status, str(body.get("region", ""))


async def serve(options: argparse.Namespace) -> None:
    """Run the load until its time is over or SIGTERM comes, flushing the log as it goes."""
    before = read_log(options.log) if options.log.exists() else []
    first_id = max((write.id for write in before), default=0) + 1
    with options.log.open("a", encoding="ascii") as log:
        load = Load(Instance(options.instance), options.rate, options.clients, log, first_id)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, load.stopping.set)
        running = asyncio.create_task(load.run(options.seconds))
        while not running.done():
            await asyncio.wait([running], timeout=FLUSH_INTERVAL)
            log.flush()
        await running


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab.load.writer", description=__doc__.splitlines()[0])
    parser.add_argument("--instance", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=200.0, help="writes a second")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=600.0, help="it ends by itself after this long")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
