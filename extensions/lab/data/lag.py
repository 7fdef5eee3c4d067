# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication lag as it really is: how long ago the writer was where its replica is now.

The writer's position is sampled with its time; the replica's position is found in that history. Neither an idle
database nor a stalled stream fools it, as both fool what a replica can say by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import psycopg

from lab.data.postgres import conninfo

SAMPLE_INTERVAL = 0.1
SAMPLE_TIMEOUT = 1.0
KEPT = 6000
"""Ten minutes of the writer's positions."""
FRESH = 2.0
"""Seconds after which a sample says nothing about now."""

WRITER_POSITION = b"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint WHERE NOT pg_is_in_recovery()"
REPLICA_POSITION = b"SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint WHERE pg_is_in_recovery()"


@dataclass(frozen=True)
class Position:
    """Where a writer was (bytes of WAL) at a time (seconds, monotonic)."""

    at: float
    bytes: int


def lag_seconds(history: deque[Position], replayed: int, now: float) -> float | None:
    """Seconds by which a replica that has replayed ``replayed`` bytes is behind; None before there is any history.

    Between two samples the writer is taken to have moved evenly. A replica older than all history is at least so late.
    """
    later: Position | None = None
    for position in reversed(history):
        if position.bytes <= replayed:
            if later is None:
                return 0.0
            share = (replayed - position.bytes) / (later.bytes - position.bytes)
            return max(0.0, now - (position.at + share * (later.at - position.at)))
        later = position
    return None if later is None else max(0.0, now - later.at)


class Asking(Protocol):
    """A position that can be asked for."""

    async def ask(self) -> int | None:
        """The position in bytes; None when there is no answer in time, or none of that role."""


class Question:
    """One statement asked again and again over one connection, renewed when it fails."""

    def __init__(self, address: str, statement: bytes) -> None:
        self.address, self.statement = address, statement
        self._connection: psycopg.AsyncConnection[tuple[int]] | None = None

    async def ask(self) -> int | None:
        """The number it answers; None when there is no answer in time, or none of that role."""
        asking = asyncio.ensure_future(self._ask())
        await asyncio.wait([asking], timeout=SAMPLE_TIMEOUT)
        if asking.done() and not asking.cancelled() and asking.exception() is None:
            return asking.result()
        asking.cancel()  # not awaited: a frozen database answers no cancel either
        self._connection = None
        return None

    async def _ask(self) -> int | None:
        if self._connection is None:
            self._connection = await psycopg.AsyncConnection.connect(conninfo(self.address), autocommit=True)
        row = await (await self._connection.execute(self.statement)).fetchone()
        return None if row is None else row[0]


class LagSampler:
    """Samples one replica against its writer for as long as it runs."""

    def __init__(self, writer: Asking, replica: Asking, visible: Callable[[], bool]) -> None:
        self._writer, self._replica = writer, replica
        self._visible = visible
        self._history: deque[Position] = deque(maxlen=KEPT)
        self._latest: tuple[float, float] | None = None

    def lag_ms(self) -> float | None:
        """The lag now; None where no fresh sample says."""
        latest = self._latest
        if latest is None or time.monotonic() - latest[0] > FRESH:
            return None
        return latest[1] * 1000.0

    def forget(self) -> None:
        """Roles have changed: positions of another writer mean nothing."""
        self._history.clear()
        self._latest = None

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            if self._visible():
                await self._sample()
            await asyncio.sleep(SAMPLE_INTERVAL)

    async def _sample(self) -> None:
        at = time.monotonic()
        written = await self._writer.ask()
        if written is None:
            return
        self._history.append(Position(at, written))
        replayed = await self._replica.ask()
        lag = None if replayed is None else lag_seconds(self._history, replayed, at)
        if lag is not None:
            self._latest = (at, lag)
