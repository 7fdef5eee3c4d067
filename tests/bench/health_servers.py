# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other side of the health bench: an HTTPS server that answers after the seconds in its path, and a name server.

python tests/bench/health_servers.py DIRECTORY

The CA is then in DIRECTORY/ca.pem. It says where it is once it answers, as JSON, and ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import dns.message
import dns.rrset

from lab.control.certs import CertificateStore

ADDRESS, HTTPS_PORT, DNS_PORT = "127.0.90.1", 28443, 28053
ZONE = "bench.example"
BACKLOG = 2048  # all clients come at once


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request of a client that closes: the path is the seconds to wait."""
    try:
        request = (await reader.readuntil(b"\r\n\r\n")).split()
        await asyncio.sleep(float(request[1].decode().lstrip("/")))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


class Names(asyncio.DatagramProtocol):
    """Every name has the same address."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        found = dns.message.make_response(query)
        found.answer.append(dns.rrset.from_text(query.question[0].name, 1, "IN", "A", ADDRESS))
        self._transport.sendto(found.to_wire(), addr)


async def main(directory: Path) -> None:
    tls = CertificateStore(directory).context(f"*.{ZONE}")
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Names, local_addr=(ADDRESS, DNS_PORT))
    server = await asyncio.start_server(answer, ADDRESS, HTTPS_PORT, ssl=tls, backlog=BACKLOG)
    print(json.dumps({"zone": ZONE, "port": HTTPS_PORT, "resolver": f"{ADDRESS}:{DNS_PORT}"}), flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
