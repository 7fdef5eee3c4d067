# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on loopback that speaks as much of Valkey's protocol as a probe asks for, plain or with TLS."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from types import TracebackType
from typing import Any


class CacheServer:
    """Wants ``token`` where one is set; answers by ``replies`` (a command's name: the line), and keeps what it got."""

    def __init__(self, context: ssl.SSLContext | None = None, token: str = "") -> None:
        self.token = token
        self.replies: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.received: list[list[str]] = []
        self.go = threading.Event()
        self.go.set()
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                if context:
                    self.request = context.wrap_socket(self.request, server_side=True)
                super().setup()

            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    owner.converse(self.rfile, self.wfile)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, *_who: Any) -> None:
                """A client gives up, or doesn't trust us, as some tests want it to."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> CacheServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def converse(self, reader: Any, writer: Any) -> None:
        welcome = not self.token
        while line := reader.readline():
            words = []
            for _word in range(int(line[1:])):
                size = int(reader.readline()[1:])
                words.append(reader.read(size + 2)[:-2].decode())
            self.received.append(words)
            self.go.wait(10)
            if words[0] == "AUTH":
                welcome = words[-1] == self.token
                reply = "+OK" if welcome else "-WRONGPASS invalid username-password pair or user is disabled."
            else:
                reply = self._reply(words) if welcome else "-NOAUTH Authentication required."
            if not reply:
                return
            writer.write(f"{reply}\r\n".encode())

    def _reply(self, words: list[str]) -> str:
        if words[0] in self.replies:
            return self.replies[words[0]]
        if words[0] == "SET":
            self.values[words[1]] = words[2]
            return "+OK"
        return "+PONG"
