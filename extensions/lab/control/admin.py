# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin API: JSON over HTTP, for the `lab` command and the tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Handler = Callable[[dict[str, Any]], Any]


class AdminServer:
    """Serves ``routes``: (method, path) to a function of the request's JSON, or of its query; on its own thread."""

    def __init__(self, address: str, port: int, routes: dict[tuple[str, str], Handler]) -> None:
        self._server = ThreadingHTTPServer((address, port), _handler(routes))
        self._server.daemon_threads = True

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="admin", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(routes: dict[tuple[str, str], Handler]) -> type[BaseHTTPRequestHandler]:
    class Requests(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            self._serve("GET", {name: values[-1] for name, values in query.items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                given = json.loads(body or b"{}")
            except ValueError:
                self._answer(400, {"error": "the body is not JSON"})
                return
            self._serve("POST", given)

        def _serve(self, method: str, given: dict[str, Any]) -> None:
            handler = routes.get((method, urlsplit(self.path).path))
            if handler is None:
                self._answer(404, {"error": f"no {method} {self.path}"})
                return
            try:
                self._answer(200, handler(given))
            except (KeyError, TypeError, ValueError) as error:
                self._answer(400, {"error": f"{type(error).__name__}: {error}"})
            except Exception as error:  # whatever broke, whoever asked must hear of it
                self._answer(500, {"error": f"{type(error).__name__}: {error}"})

        def _answer(self, status: int, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nobody reads it."""

    return Requests
