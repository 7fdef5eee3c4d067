# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event loop of the control process in a thread of its own, and questions to databases that never hang."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import psycopg

from lab.data.postgres import SUPERUSER, conninfo

T = TypeVar("T")


class NetworkThread:
    """An event loop in a daemon thread: WAN, name server and SQL questions live in it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="network", daemon=True)
        self._thread.start()

    def call(self, job: Coroutine[Any, Any, T], timeout: float = 10.0) -> T:
        """Run a coroutine in the loop and return what it returns. Raises TimeoutError after ``timeout`` seconds.

        A coroutine that is late is cancelled, not waited for: a frozen database would not even let go.
        """
        future = asyncio.run_coroutine_threadsafe(job, self.loop)
        try:
            return future.result(timeout)
        except TimeoutError:
            future.cancel()
            raise

    def ask(self, address: str, statement: str, timeout: float = 2.0) -> tuple[Any, ...] | None:
        """The first row of a statement's answer by the database at ``address``, as superuser; None without one.

        Raises psycopg.Error when it is refused, TimeoutError when nothing comes.
        """
        return self.call(fetch_row(address, statement), timeout)


async def fetch_row(address: str, statement: str) -> tuple[Any, ...] | None:
    """Connect, ask, close."""
    connection = await psycopg.AsyncConnection.connect(conninfo(address, user=SUPERUSER), autocommit=True)
    async with connection:
        cursor = await connection.execute(statement.encode())
        return await cursor.fetchone() if cursor.description else None
