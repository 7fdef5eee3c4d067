# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 on a socket: just as much as AWS's clients speak."""

from __future__ import annotations

import http.client
import io
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)

MAX_LINE = 65_536
MAX_BODY = 256 * 1024 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class BadRequest(Exception):
    """What came was not HTTP."""


@dataclass(frozen=True)
class Head:
    """A request line and its headers."""

    method: str
    target: str
    headers: Message

    @property
    def keep_alive(self) -> bool:
        """Whether the client goes on with the connection."""
        return str(self.headers.get("Connection", "")).lower() != "close"


def read_head(reader: BinaryIO) -> Head | None:
    """Read a request's head; None when the client has hung up."""
    line = reader.readline(MAX_LINE)
    while line in (b"\r\n", b"\n"):
        line = reader.readline(MAX_LINE)
    if not line:
        return None
    words = line.decode("iso-8859-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest(line[:80].decode("iso-8859-1"))
    try:
        return Head(words[0].upper(), words[1], http.client.parse_headers(reader))
    except http.client.HTTPException as error:
        raise BadRequest(type(error).__name__) from error


def read_body(head: Head, reader: BinaryIO, writer: socket.socket) -> bytes:
    """Read a request's body, telling a client that waits for it to go on."""
    if "100-continue" in str(head.headers.get("Expect", "")).lower():
        writer.sendall(CONTINUE)
    if "chunked" in str(head.headers.get("Transfer-Encoding", "")).lower():
        return b"".join(_chunks(reader))
    length = _number(str(head.headers.get("Content-Length", "0")), 10)
    body = reader.read(length)
    if len(body) != length:
        raise BadRequest("the body ended early")
    return body


def _chunks(reader: BinaryIO) -> Iterable[bytes]:
    total = 0
    while size := _number(reader.readline(MAX_LINE).split(b";")[0].decode("ascii", "replace"), 16):
        total += size
        if total > MAX_BODY:
            raise BadRequest("the body is too large")
        yield reader.read(size)
        reader.readline(MAX_LINE)
    while reader.readline(MAX_LINE) not in (b"\r\n", b"\n", b""):
        pass  # trailers


def _number(text: str, base: int) -> int:
    try:
        number = int(text.strip() or "0", base)
    except ValueError as error:
        raise BadRequest(f"not a length: {text[:40]}") from error
    if not 0 <= number <= MAX_BODY:
        raise BadRequest(f"not a length: {text[:40]}")
    return number


def environ(head: Head, body: bytes, host: str, peer: str) -> dict[str, Any]:
    """Build the WSGI environment of a request to ``https://<host>``."""
    parts = urlsplit(head.target)
    result: dict[str, Any] = {
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": head.target,
        "RAW_URI": head.target,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    preserved = {}
    for name, value in head.headers.items():
        key = environ_key_for_header(name)
        if key not in ("HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_CONNECTION", "HTTP_PROXY"):
            result[key] = f"{result[key]},{value}" if key in result else str(value)
        if should_preserve_original_header_name(name):
            preserved[key] = name
    # the host that was connected to, not the header, decides where a call goes
    return result | {"HTTP_HOST": host, "CONTENT_LENGTH": str(len(body)), PRESERVED_HEADER_NAMES_ENVIRON_KEY: preserved}


def response(status: int, headers: Iterable[tuple[str, str]], body: bytes, head_only: bool, keep_alive: bool) -> bytes:
    """Render an answer with a length, so that the connection can be kept."""
    given = [(name, value) for name, value in headers if name.lower() not in ("connection", "transfer-encoding")]
    if not head_only:
        given = [(name, value) for name, value in given if name.lower() != "content-length"]
    if status not in (204, 304) and not any(name.lower() == "content-length" for name, _unused in given):
        given.append(("Content-Length", str(len(body))))
    if not any(name.lower() == "date" for name, _unused in given):
        given.append(("Date", formatdate(usegmt=True)))
    given.append(("Connection", "keep-alive" if keep_alive else "close"))
    lines = [f"HTTP/1.1 {status} {_reason(status)}", *(f"{name}: {value}" for name, value in given), "", ""]
    rendered = "\r\n".join(line.replace("\r", " ").replace("\n", " ") for line in lines)
    return rendered.encode("latin-1", "replace") + (b"" if head_only or status in (204, 304) else body)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def reset(connection: socket.socket) -> None:
    """Close a connection so that the peer sees it reset rather than ended."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        return
