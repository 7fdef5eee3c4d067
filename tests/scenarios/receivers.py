# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom notifications go to, for real and on loopback: an SMTP server, a webhook that checks signatures, a Slack."""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
OLDEST = 300  # seconds that a signed message may be old


@dataclass
class Mailbox:
    """What an SMTP server took, and who signed in. ``port`` is where it listens."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    refuse: bool = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.refuse:
            return "451 try again later"
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.mails.append(email.message_from_bytes(raw, policy=email.policy.default))
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=True)

    def text(self, number: int = -1) -> str:
        """The body of a mail."""
        body = self.mails[number].get_body(("plain", "html"))
        return body.get_content() if body else ""


@contextmanager
def mailbox(port: int, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """An SMTP server; with ``tls`` it offers STARTTLS, and sign-in within it."""
    box = Mailbox(port)
    more: dict[str, Any] = {"tls_context": tls, "authenticator": box.authenticate, "auth_required": True} if tls else {}
    server = Controller(box, hostname=HOST, port=port, ready_timeout=20, **more)
    server.start()
    try:
        yield box
    finally:
        server.stop()


@dataclass
class Hooks:
    """What a webhook took. ``status`` is what it answers to a good signature; ``bad`` are those that weren't."""

    port: int
    key: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Answered one after the other; then 200."""

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/hook"

    async def hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        trouble = self._trouble(request, body)
        if trouble:
            self.bad.append(trouble)
            return web.Response(status=401, text=trouble)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.taken.append(json.loads(body))
            self.ids.append(request.headers["X-AWS-DR-Id"])
            self.at.append(time.time())
        return web.Response(status=status)

    def _trouble(self, request: web.Request, body: bytes) -> str:
        """As the documentation tells receivers to check it, written anew."""
        stamp = request.headers.get("X-AWS-DR-Timestamp", "")
        wanted = "v1=" + hmac.new(self.key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, request.headers.get("X-AWS-DR-Signature", "")):
            return "the signature is wrong"
        return "" if abs(time.time() - int(stamp)) < OLDEST else "it is old"


@contextmanager
def hooks(port: int, key: str) -> Iterator[Hooks]:
    """A webhook receiver."""
    found = Hooks(port, key)
    app = web.Application()
    app.router.add_post("/hook", found.hook)
    with _serving(lambda: _start_app(app, port)):
        yield found


async def _start_app(app: web.Application, port: int) -> Callable[[], Any]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    return runner.cleanup


@dataclass
class Slack:
    """Slack behind a proxy: what was posted, as host, path and body, with the Authorization header."""

    port: int
    posts: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def proxy(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def serve(self, tls: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, ValueError):
            await reader.readuntil(b"\r\n\r\n")  # CONNECT hooks.slack.com:443
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await writer.start_tls(tls)
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:])}
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.posts.append((headers["host"], head[0].split()[1], body))
        self.authorizations.append(headers.get("authorization", ""))
        good = {"ok": True, "ts": "1.2", "channel": "C1"} if not self.error else {"ok": False, "error": self.error}
        answer = json.dumps(good).encode()
        kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        writer.write(kind + f"Content-Length: {len(answer)}\r\n\r\n".encode() + answer)
        await writer.drain()


@contextmanager
def slack(port: int, tls: ssl.SSLContext) -> Iterator[Slack]:
    """Slack's hosts, for whoever uses it as a proxy; ``tls`` has a certificate of theirs."""
    found = Slack(port)

    async def start() -> Callable[[], Any]:
        server = await asyncio.start_server(lambda r, w: found.serve(tls, r, w), HOST, port)

        async def stop() -> None:
            server.close()

        return stop

    with _serving(start):
        yield found


@contextmanager
def _serving(start: Callable[[], Any]) -> Iterator[None]:
    """An event loop in a thread, with what ``start`` starts; that gives how it is stopped."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stop = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
