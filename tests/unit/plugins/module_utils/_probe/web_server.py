# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real HTTP server on loopback, plain or with TLS, whose answer a test sets."""

from __future__ import annotations

import contextlib
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True)
class Received:
    """A request as it arrived."""

    method: str
    path: str
    host: str
    content_type: str | None
    body: str


class WebServer:
    """Answers ``status`` and ``text`` to everything once ``go`` is set (it is), and keeps what it ``received``."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.status = 200
        self.text = "ok"
        self.received: list[Received] = []
        self.go = threading.Event()
        self.go.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> WebServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go.set()
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                server.received.append(
                    Received(self.command, self.path, self.headers["Host"], self.headers.get("Content-Type"), body)
                )
                server.go.wait(10)
                content = server.text.encode()
                self.send_response(server.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def handle(self) -> None:
                with contextlib.suppress(OSError):  # a client gives up, as some tests want it to
                    super().handle()

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_line: object) -> None:
                """Stay silent."""

        return Handler
