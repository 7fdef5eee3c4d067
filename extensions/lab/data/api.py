# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workload's HTTP API of one Region: takes orders into its Region's database.

`POST /orders` answers 200 only after the commit; `GET /healthz` only where a write would work. Nothing hangs: what the
database doesn't do in time is answered with 503, and the next request finds its own way back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from aiohttp import web

from lab.data.postgres import conninfo
from lab.settings import API_PORT, APPLICATION_PORT, DATABASE, DATABASE_PASSWORD, DATABASE_USER, REGIONS, Instance

TIMEOUT = 0.8
POOL_SIZE = 60
"""200 writes a second, times a round trip of 0.1 s where a commit waits for the other Region, with room to spare."""

INSERT = b"INSERT INTO writes (id, leg) VALUES (%s, %s)"
WRITE_NOTHING = b"DELETE FROM writes WHERE false"
"""A write that changes no row, and fails wherever an order would."""

Connection = psycopg.AsyncConnection[Any]


class Pool:
    """Connections to one database. An idle one whose server goes away is dropped at once, so that nobody gets it."""

    def __init__(self, address: str) -> None:
        self._conninfo = f"{conninfo(address, DATABASE, DATABASE_USER, APPLICATION_PORT)} password={DATABASE_PASSWORD}"
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(POOL_SIZE)

    async def run(self, statement: bytes, values: tuple[object, ...] = ()) -> None:
        """Run and commit one statement within ``TIMEOUT``. Raises psycopg.Error, TimeoutError.

        A statement that is late goes on in the background until its connection is closed: whether it took effect
        is not known.
        """
        running = asyncio.ensure_future(self._run(statement, values))
        done, _late = await asyncio.wait([running], timeout=TIMEOUT)
        if not done:
            running.cancel()
            running.add_done_callback(lambda task: task.cancelled() or task.exception())
            raise TimeoutError("the database is late")
        running.result()

    async def _run(self, statement: bytes, values: tuple[object, ...]) -> None:
        async with self._free:
            connection = await self._take()
            try:
                await connection.execute(statement, values)
            except psycopg.errors.ReadOnlySqlTransaction:
                self._give_back(connection)
                raise
            except BaseException:
                connection.pgconn.finish()  # at once: a polite cancel would wait for the server
                raise
            self._give_back(connection)

    async def _take(self) -> Connection:
        if self._idle:
            connection = self._idle.pop()
            asyncio.get_running_loop().remove_reader(connection.fileno())
            return connection
        return await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=1)

    def _give_back(self, connection: Connection) -> None:
        """An idle connection has nothing to read, but for its server's goodbye."""
        self._idle.append(connection)
        asyncio.get_running_loop().add_reader(connection.fileno(), self._drop, connection)

    def _drop(self, connection: Connection) -> None:
        asyncio.get_running_loop().remove_reader(connection.fileno())
        self._idle.remove(connection)
        connection.pgconn.finish()


class Api:
    """The two requests there are."""

    def __init__(self, region: str, pool: Pool) -> None:
        self.region, self.pool = region, pool

    async def order(self, request: web.Request) -> web.Response:
        """Take an order: ``{"id": n}``, a number that fits a bigint."""
        try:
            number = int(json.loads(await request.read())["id"])
        except (ValueError, KeyError, TypeError):
            return web.json_response({"error": 'an order is a JSON object with a number "id"'}, status=400)
        return await self._answer(self.pool.run(INSERT, (number, self.region)), {"id": number})

    async def health(self, _request: web.Request) -> web.Response:
        return await self._answer(self.pool.run(WRITE_NOTHING), {"status": "ok"})

    async def _answer(self, write: Awaitable[None], body: dict[str, Any]) -> web.Response:
        try:
            await write
        except psycopg.errors.DataError as error:
            return web.json_response({"error": str(error), "region": self.region}, status=400)
        except (psycopg.Error, TimeoutError, OSError) as error:
            return web.json_response({"error": str(error), "region": self.region}, status=503)
        return web.json_response({**body, "region": self.region})


def application(api: Api) -> web.Application:
    app = web.Application()
    routes: list[tuple[str, str, Callable[[web.Request], Awaitable[web.Response]]]] = [
        ("POST", "/orders", api.order),
        ("GET", "/healthz", api.health),
    ]
    for method, path, handler in routes:
        app.router.add_route(method, path, handler)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab.data.api", description=__doc__.splitlines()[0])
    parser.add_argument("--instance", type=int, required=True)
    parser.add_argument("--region", choices=REGIONS, required=True)
    options = parser.parse_args()
    address = Instance(options.instance).address(options.region)

    async def make() -> web.Application:
        return application(Api(options.region, Pool(address)))

    web.run_app(make(), host=address, port=API_PORT, access_log=None, print=None, shutdown_timeout=0.1)


if __name__ == "__main__":
    main()
