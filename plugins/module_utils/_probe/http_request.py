# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP request to a given address, as a client makes it that has just resolved the name.

Each request has a connection of its own, follows no redirect and knows no proxy: what it sees is what that address
answers.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.connect import certificate_ends, connect

_PORTS = {False: 80, True: 443}
MOST_READ = 65536  # bytes of a body: enough for a health check's answer


class NoResponse(DrError):
    """The address refused, hung or broke off."""


@dataclass(frozen=True)
class Target:
    """A URL in its parts; ``path`` includes the query."""

    https: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header: the name, with the port unless it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.https] else f"{host}:{self.port}"


@dataclass(frozen=True)
class Response:
    """``status``, the start of the ``body`` and the ``seconds`` until it was there.

    ``certificate_ends``: the epoch second until which the server's certificate is good; ``None`` without TLS.
    """

    status: int
    body: str
    seconds: float
    certificate_ends: float | None = None


def shown(url: str) -> str:
    """``url`` as a message may have it: without user, password and what is in its query, which may be secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(not shown: it can't be read)"
    query = "..." if parts.query else ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment=""))


def parse_url(url: str) -> Target:
    """``url`` in its parts. Raises ``DrError`` for what isn't an HTTP or HTTPS URL with a host."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise DrError(
            f"Reading the URL {shown(url)!r}", str(exc), "Give a URL such as https://api.example.com/healthz."
        ) from exc
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DrError(
            f"Reading the URL {shown(url)!r}",
            "it is no http:// or https:// URL",
            "Give a URL such as https://api.example.com/healthz.",
        )
    https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(https, parts.hostname, port or _PORTS[https], path)


def request(
    url: str,
    method: str,
    body: str | None,
    address: str,
    timeout: float,
    headers: Mapping[str, str] | None = None,
    ca_path: str | None = None,
) -> Response:
    """Send one request for ``url`` to ``address``; Host, SNI and the certificate's check are for the URL's name.

    ``timeout`` in seconds is for all of it (a server that answers byte by byte may stretch it). Raises
    :class:`NoResponse`, or ``DrError`` for a request that can't be sent.
    """
    target = parse_url(url)
    began = time.monotonic()
    # It only speaks HTTP: the socket is opened here, to the address that was resolved, and secured where asked for.
    connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout)
    try:
        connection.sock = connect(target.host, address, target.port, timeout, tls=target.https, ca_path=ca_path)
        ends = certificate_ends(connection.sock)
        content = body.encode() if body is not None else None
        connection.sock.settimeout(max(0.001, timeout - (time.monotonic() - began)))
        connection.request(method, target.path, body=content, headers=_headers(target, body, headers))
        answer = connection.getresponse()
        text = answer.read(MOST_READ).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as exc:
        raise NoResponse(
            f"{method} {shown(url)} at {address}",
            _reason(exc, timeout),
            "Check that the service is up there and may be reached from here.",
        ) from exc
    except ValueError as exc:  # http.client's word for a header or a host name that can't be sent
        raise DrError(f"{method} {shown(url)}", str(exc), "Check the URL's host name and the headers.") from exc
    finally:
        connection.close()
    return Response(answer.status, text, time.monotonic() - began, ends)


def _headers(target: Target, body: str | None, headers: Mapping[str, str] | None) -> dict[str, str]:
    given = {str(name): str(value) for name, value in (headers or {}).items()}
    names = {name.lower() for name in given}
    defaults = {"Host": target.authority, "Connection": "close", "User-Agent": "multiregion.aws_dr"}
    if body is not None:
        defaults["Content-Type"] = "application/json"
    return {**{name: value for name, value in defaults.items() if name.lower() not in names}, **given}


def _reason(exc: Exception, timeout: float) -> str:
    if isinstance(exc, TimeoutError):
        return f"no answer within {timeout:.1f} s"
    return f"{type(exc).__name__}: {exc}".rstrip(".: ")
