# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of RESP 2, the protocol of Valkey and Redis, as a probe speaks: one command, one simple reply."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Union

Value = Union[bytes, int, None, list["Value"]]
"""A reply, as the protocol has it."""


class RespError(Exception):
    """An error reply. ``code`` is its first word, as READONLY; no command, and so no secret, is in it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.code = text.partition(" ")[0]


class Conversation:
    """One connection, which is closed at the end of the ``with``."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._connection.close()

    def ask(self, *words: str) -> str:
        """The reply to one command. Raises :class:`RespError`, or OSError where the connection hangs or breaks off."""
        self._connection.sendall(encoded(*words))
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionResetError("the server closed the connection")
        kind, rest = line[:1], line[1:-2].decode("utf-8", "replace")
        if kind == b"-":
            raise RespError(rest)
        if kind in (b"+", b":"):
            return rest
        if kind == b"$":
            return self._stream.read(int(rest) + 2)[:-2].decode("utf-8", "replace")
        raise ConnectionError("the server doesn't speak the protocol of Valkey and Redis")

    def ask_value(self, *words: str | bytes) -> Value:
        """The reply to one command, of whatever kind: text as bytes, a number, nothing, or a list of those.

        Raises as :meth:`ask`.
        """
        self._connection.sendall(encoded(*words))
        return self._value()

    def _value(self) -> Value:
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionResetError("the server closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RespError(rest.decode("utf-8", "replace"))
        if kind in (b"+", b":"):
            return int(rest) if kind == b":" else rest
        if kind in (b"$", b"*") and int(rest) < 0:
            return None
        if kind == b"$":
            return self._stream.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self._value() for _each in range(int(rest))]
        raise ConnectionError("the server doesn't speak the protocol of Valkey and Redis")


def encoded(*words: str | bytes) -> bytes:
    """A command as it goes over the wire."""
    data = [word.encode() if isinstance(word, str) else word for word in words]
    return b"*%d\r\n" % len(data) + b"".join(b"$%d\r\n%s\r\n" % (len(each), each) for each in data)
