# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTPS proxy: AWS's real host names, answered by moto. Nothing it is asked reaches a real network."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from lab.control import hosts, wire
from lab.control.calls import CONNECT, Call, Record
from lab.control.certs import CertificateStore
from lab.control.exchange import Exchange, Hang, Refuse, is_checker
from lab.control.faults import Fault, Kind, LossMode, Rules

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IDLE = 300.0
"""Seconds after which an unused connection is closed."""
HANG_CHECK = 0.1
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
ANY_HOST_FAULTS = frozenset({Kind.REFUSE, Kind.BLACK_HOLE})


class Proxy:
    """Serves ``app`` under AWS's host names at ``address:port``.

    :param call_seconds: what a call takes on top of moto's own time.
    :param bucket_region: where a bucket lives, for S3's global host name.
    """

    def __init__(
        self,
        address: str,
        port: int,
        certificates: CertificateStore,
        calls: Record,
        faults: Rules,
        app: WsgiApp,
        *,
        call_seconds: float = 0.0,
        bucket_region: Callable[[str], str | None] | None = None,
    ) -> None:
        self.certificates = certificates
        self.calls = calls
        self.faults = faults
        self.bucket_region = bucket_region
        self.stopping = threading.Event()
        self.exchange = Exchange(app, calls, faults, call_seconds, self.stopping)
        self._address = (address, port)
        self._server: _Server | None = None

    @property
    def port(self) -> int:
        """The port in use."""
        return self._server.server_address[1] if self._server else self._address[1]

    def start(self) -> None:
        """Listen, and serve on threads of its own."""
        self.stopping.clear()
        self._server = _Server(self._address, self)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="aws-proxy", daemon=True
        ).start()

    def stop(self) -> None:
        """Close the port and every connection."""
        self.stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], proxy: Proxy) -> None:
        self.proxy = proxy
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hung up: they are the faults' daily bread. Anything else goes to the log."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection so that stopping can close it."""
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._lock:
            self._open.discard(connection)

    def server_close(self) -> None:
        super().server_close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Connection(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request.settimeout(IDLE)
        self.server.opened(self.request)
        with contextlib.suppress(OSError, wire.BadRequest, ValueError):
            self._serve()
        self.server.closed(self.request)

    def _serve(self) -> None:
        with self.request.makefile("rb", 0) as reader:
            head = wire.read_head(reader)
        if head is None:
            return
        if head.method != "CONNECT":
            self._deny(f"only HTTPS to AWS is served here, not {head.method} {head.target[:200]}")
            return
        host = head.target.rsplit(":", 1)[0].strip("[]")
        endpoint = hosts.parse(host, self.server.proxy.bucket_region)
        if endpoint is None:
            self._deny(f"{host[:200]} is not a host of AWS; the lab lets nothing else through")
        elif self._reaches(endpoint, head):
            self._tunnel(endpoint)

    def _deny(self, why: str) -> None:
        body = f"lab: {why}\n".encode()
        self.request.sendall(wire.response(403, [("Content-Type", "text/plain")], body, False, False))

    def _reaches(self, endpoint: hosts.Endpoint, head: wire.Head) -> bool:
        """Answer for hosts that a lost Region or a fault of the whole host took away."""
        faults = self.server.proxy.faults
        lost = faults.lost(endpoint.region)
        hits = [] if lost else faults.take(endpoint.service, CONNECT, endpoint.region, ANY_HOST_FAULTS)
        whole = [hit for hit in hits if hit.action in ("*", CONNECT)]
        if lost is None and not whole:
            return True
        refused = lost == LossMode.REFUSE or any(hit.kind == Kind.REFUSE for hit in whole)
        if not is_checker(head):
            self._note(endpoint, refused)
        if refused:
            text = f"lab: connection refused: {endpoint.host}\n".encode()
            self.request.sendall(wire.response(502, [("Content-Type", "text/plain")], text, False, False))
        else:
            self._hang(endpoint, whole[0] if whole else None)
        return False

    def _tunnel(self, endpoint: hosts.Endpoint) -> None:
        proxy = self.server.proxy
        self.request.sendall(ESTABLISHED)
        tls = proxy.certificates.context(endpoint.host).wrap_socket(self.request, server_side=True)
        self.server.closed(self.request)
        self.server.opened(tls)
        try:
            self._converse(tls, endpoint)
        except Refuse:
            wire.reset(tls)
        except Hang as hang:
            self.request = tls
            self._hang(endpoint, hang.fault)
        finally:
            with contextlib.suppress(OSError):
                tls.shutdown(socket.SHUT_RDWR)  # the client is to see its end, whoever still refers to it here
            tls.close()
            self.server.closed(tls)

    def _converse(self, tls: ssl.SSLSocket, endpoint: hosts.Endpoint) -> None:
        reader = tls.makefile("rb")
        while not self.server.proxy.stopping.is_set():
            head = wire.read_head(reader)
            if head is None:
                return
            self._still_there(endpoint)
            body = wire.read_body(head, reader, tls)
            answer = self.server.proxy.exchange.answer(endpoint, head, body, self.client_address[0])
            tls.sendall(
                wire.response(answer.status, answer.headers, answer.body, head.method == "HEAD", head.keep_alive)
            )
            if not head.keep_alive:
                return

    def _still_there(self, endpoint: hosts.Endpoint) -> None:
        """A connection kept from before dies with its Region."""
        lost = self.server.proxy.faults.lost(endpoint.region)
        if lost is None:
            return
        self._note(endpoint, lost == LossMode.REFUSE)
        if lost == LossMode.REFUSE:
            raise Refuse
        raise Hang(None)

    def _note(self, endpoint: hosts.Endpoint, refused: bool) -> None:
        outcome = "refused" if refused else "black_hole"
        call = Call(endpoint.service, CONNECT, endpoint.region, endpoint.host, time.time(), outcome=outcome)
        self.server.proxy.calls.begin(call)

    def _hang(self, endpoint: hosts.Endpoint, fault: Fault | None) -> None:
        """Keep the client waiting until it gives up, or the cause is gone."""
        proxy = self.server.proxy
        counted = fault is not None and fault.times is not None
        while not proxy.stopping.wait(HANG_CHECK):
            if _hung_up(self.request):
                return
            healed = proxy.faults.lost(endpoint.region) is None if fault is None else not proxy.faults.holds(fault.id)
            if healed and not counted:
                return


def _hung_up(connection: socket.socket) -> bool:
    """Say whether the peer has closed its side."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP if hasattr(select, "POLLRDHUP") else select.POLLHUP)
    return bool(poll.poll(0))
