# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One probe of a health checker: HTTP, HTTPS or TCP, with Route 53's limits."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Callable, Mapping
from typing import Any

from lab.aws.s3_face import CHECKER_AGENT
from lab.control import hosts

CONNECT_TIMEOUT = 4.0
RESPONSE_TIMEOUT = 2.0
TCP_TIMEOUT = 10.0
SEARCHED = 5120
"""Bytes of the body within which the string must be found."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Unreachable(Exception):
    """The endpoint can't be reached; the message says why, as GetHealthCheckStatus shows it."""


class Prober:
    """Probes endpoints: AWS's through the proxy, others on loopback addresses only."""

    def __init__(self, proxy: tuple[str, int], resolve: Callable[[str], str | None]) -> None:
        self._proxy = proxy
        self._resolve = resolve
        # as Route 53, which does not validate certificates
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    async def probe(self, config: Mapping[str, Any]) -> tuple[bool, str]:
        """Look once; return whether it was good, and what was seen."""
        streams: Streams | None = None
        try:
            limit = TCP_TIMEOUT if config["Type"] == "TCP" else CONNECT_TIMEOUT
            streams = await asyncio.wait_for(self._connect(config), limit)
            if config["Type"] == "TCP":
                return True, "Success: TCP connection established"
            status, body = await asyncio.wait_for(_ask(streams, config), RESPONSE_TIMEOUT)
        except TimeoutError:
            return False, "Failure: The endpoint did not answer in time."
        except (OSError, Unreachable, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            return False, f"Failure: {error}"
        finally:
            if streams is not None:
                streams[1].transport.abort()
        return _judge(config, status, body)

    async def _connect(self, config: Mapping[str, Any]) -> Streams:
        secure = config["Type"].startswith("HTTPS")
        name, port = config.get("FullyQualifiedDomainName"), int(config["Port"])
        if not config.get("IPAddress") and name and hosts.parse(name):
            return await self._through_proxy(name, secure)
        address = config.get("IPAddress") or self._resolve(str(name))
        if not address:
            raise Unreachable(f"DNS resolution of {name} failed.")
        if not ipaddress.ip_address(address).is_loopback:
            raise Unreachable(f"{address} is outside of the lab.")
        return await asyncio.open_connection(address, port, ssl=self._tls if secure else None)

    async def _through_proxy(self, name: str, secure: bool) -> Streams:
        if not secure:
            raise Unreachable("in the lab, AWS's host names answer HTTPS only.")
        reader, writer = await asyncio.open_connection(*self._proxy)
        try:
            writer.write(f"CONNECT {name}:443 HTTP/1.1\r\nHost: {name}\r\nUser-Agent: {CHECKER_AGENT}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if head.split(b" ", 2)[1] != b"200":
                raise Unreachable("The connection was refused.")
            await writer.start_tls(self._tls, server_hostname=name)
        except BaseException:
            writer.transport.abort()
            raise
        return reader, writer


async def _ask(streams: Streams, config: Mapping[str, Any]) -> tuple[int, bytes]:
    reader, writer = streams
    path = config.get("ResourcePath") or "/"
    host = config.get("FullyQualifiedDomainName") or config["IPAddress"]
    target = path if path.startswith("/") else f"/{path}"
    writer.write(
        f"GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {CHECKER_AGENT}\r\nConnection: close\r\n\r\n".encode()
    )
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if not config["Type"].endswith("STR_MATCH"):
        return status, b""
    body = b""
    while len(body) < SEARCHED and (chunk := await reader.read(SEARCHED - len(body))):
        body += chunk
    return status, body


def _judge(config: Mapping[str, Any], status: int, body: bytes) -> tuple[bool, str]:
    if not 200 <= status < 400:
        return False, f"Failure: HTTP Status Code {status}."
    if config["Type"].endswith("STR_MATCH") and str(config["SearchString"]).encode() not in body:
        return False, f"Failure: HTTP Status Code {status}, but the string was not found in the response body."
    return True, f"Success: HTTP Status Code {status}, OK"
