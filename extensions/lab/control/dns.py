# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authoritative name server: answers from Route 53's zones, by their records' policies and health checks.

It also knows the endpoints of RDS and ElastiCache, which a zone of AWS's own holds in life. UDP and TCP, IPv4,
loopback only.
"""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

ENDPOINT_SUFFIXES = (".rds.amazonaws.com.", ".cache.amazonaws.com.")
ENDPOINT_TTL = 5
"""Aurora's endpoints have a TTL of 5 s; ElastiCache's are taken to have the same."""
MAX_CNAMES = 8
UDP_LIMIT = 512
"""What every resolver takes; more is rare here, and asked for over TCP."""
NEGATIVE_TTL = 1
"""Where a zone has no SOA of its own."""


@dataclass(frozen=True)
class Record:
    """One record set of a zone. ``failover`` is PRIMARY, SECONDARY or empty; ``weight`` is None where it has none."""

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]
    set_identifier: str = ""
    failover: str = ""
    weight: int | None = None
    health_check_id: str = ""


@dataclass(frozen=True)
class View:
    """What the server answers from, asked afresh for each query: nothing is cached here.

    ``zones`` are names with their final dot; ``records(zone)`` those of a zone; ``healthy(id)`` a health check's state;
    ``endpoint(name)`` the address of an RDS endpoint.
    """

    zones: Callable[[], Iterable[str]]
    records: Callable[[str], Iterable[Record]]
    healthy: Callable[[str], bool]
    endpoint: Callable[[str], str | None]


def is_healthy(record: Record, healthy: Callable[[str], bool]) -> bool:
    """A record without a health check is always healthy."""
    return not record.health_check_id or healthy(record.health_check_id)


def chosen(records: list[Record], healthy: Callable[[str], bool], pick: Callable[[int], int]) -> Record | None:
    """The record that Route 53 answers with. ``pick(total)`` gives a number below the total of the weights.

    Failover: PRIMARY while it is healthy, else SECONDARY if that is healthy, else PRIMARY. Weighted: among the healthy
    ones with a weight; if none is healthy all are treated as healthy.
    """
    if not records:
        return None
    roles = {record.failover: record for record in records if record.failover}
    if roles:
        primary, secondary = roles.get("PRIMARY"), roles.get("SECONDARY")
        if primary and (is_healthy(primary, healthy) or not secondary or not is_healthy(secondary, healthy)):
            return primary
        return secondary
    weighted = [record for record in records if record.weight is not None]
    if not weighted:
        return records[0]
    alive = [record for record in weighted if is_healthy(record, healthy)] or weighted
    heavy = [record for record in alive if record.weight] or alive
    point = pick(sum(record.weight or 1 for record in heavy))
    for record in heavy:
        point -= record.weight or 1
        if point < 0:
            return record
    return heavy[-1]


def respond(
    query: dns.message.Message, view: View, pick: Callable[[int], int] = random.randrange
) -> dns.message.Message:
    """The answer to one query: REFUSED outside our zones, NXDOMAIN for no such name, empty for no such type."""
    response = dns.message.make_response(query)
    if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
        response.set_rcode(dns.rcode.NOTIMP)
        return response
    question = query.question[0]
    zone, records = _authority(question.name.to_text().lower(), view)
    if not zone:
        response.set_rcode(dns.rcode.REFUSED)
        return response
    response.flags |= dns.flags.AA
    try:
        _answer(response, zone, records, lambda found: chosen(found, view.healthy, pick))
    except (dns.exception.DNSException, ValueError):  # a record that Route 53 would not have taken
        response.answer.clear()
        response.set_rcode(dns.rcode.SERVFAIL)
    return response


def _authority(name: str, view: View) -> tuple[str, list[Record]]:
    """The zone that a name belongs to, and its records; an empty zone where none of ours is meant."""
    suffix = next((suffix for suffix in ENDPOINT_SUFFIXES if name.endswith(suffix)), "")
    if suffix:
        address = view.endpoint(name.rstrip("."))
        return suffix[1:], [Record(name, "A", ENDPOINT_TTL, (address,))] if address else []
    zone = max((zone for zone in view.zones() if name == zone or name.endswith("." + zone)), key=len, default="")
    return zone, list(view.records(zone)) if zone else []


def _answer(
    response: dns.message.Message, zone: str, records: list[Record], choose: Callable[[list[Record]], Record | None]
) -> None:
    """Follow the name, through its CNAMEs as long as they stay in the zone, to records of the type asked for."""
    question = response.question[0]
    name, kind = question.name.to_text().lower(), dns.rdatatype.to_text(question.rdtype)
    for _hop in range(MAX_CNAMES):
        named = [record for record in records if record.name == name]
        record = choose([item for item in named if item.type == kind])
        alias = None if record else choose([item for item in named if item.type == "CNAME"])
        found = record or alias
        if found is None:
            _nothing(response, zone, records, name)
            return
        response.answer.append(dns.rrset.from_text_list(name, found.ttl, "IN", found.type, list(found.values)))
        name = found.values[0].lower().rstrip(".") + "."
        if record or not name.endswith("." + zone):
            return


def _nothing(response: dns.message.Message, zone: str, records: list[Record], name: str) -> None:
    """No such name, or none of that type; how long that may be remembered is in the zone's SOA."""
    exists = name == zone or any(record.name == name or record.name.endswith("." + name) for record in records)
    if not exists:
        response.set_rcode(dns.rcode.NXDOMAIN)
    start = next((record for record in records if record.type == "SOA" and record.name == zone), None)
    text = start.values[0] if start else f"ns.{zone} hostmaster.{zone} 1 7200 900 1209600 {NEGATIVE_TTL}"
    ttl = min(start.ttl if start else NEGATIVE_TTL, int(text.split()[-1]))
    response.authority.append(dns.rrset.from_text(zone, ttl, "IN", "SOA", text))


def address_of(name: str, view: View) -> str | None:
    """The first address the view gives for a name; None when there is none."""
    answer = respond(dns.message.make_query(name, "A"), view)
    return next((item.address for rrset in answer.answer for item in rrset if rrset.rdtype == dns.rdatatype.A), None)


class NameServer:
    """Serves ``view`` on ``address:port`` over UDP and TCP, in the running event loop."""

    def __init__(self, address: str, port: int, view: View) -> None:
        self.address, self.port, self.view = address, port, view
        self._transport: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        local = (self.address, self.port)
        self._transport, _protocol = await loop.create_datagram_endpoint(lambda: _Udp(self.view), local_addr=local)
        self._server = await asyncio.start_server(self._serve_tcp, *local)

    async def stop(self) -> None:
        if self._transport is not None:
            self._transport.close()
        if self._server is not None:
            self._server.close()

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                wire = reply(await reader.readexactly(length), self.view)
                writer.write(struct.pack("!H", len(wire)) + wire)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()


def reply(wire: bytes, view: View, limit: int = 65535) -> bytes:
    """The answer's bytes to a query's bytes; FORMERR with the query's own id where it can't be read.

    ``limit`` is how much the transport carries: what is longer comes truncated, and is asked for again over TCP.
    """
    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        broken = dns.message.Message(id=struct.unpack("!H", wire[:2])[0] if len(wire) > 1 else 0)
        broken.flags |= dns.flags.QR
        broken.set_rcode(dns.rcode.FORMERR)
        return broken.to_wire()
    response = respond(query, view)
    whole = response.to_wire(max_size=65535)
    if len(whole) <= limit:
        return whole
    short = dns.message.make_response(query)
    short.flags |= dns.flags.AA | dns.flags.TC
    return short.to_wire()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, view: View) -> None:
        self.view = view

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert isinstance(self.transport, asyncio.DatagramTransport)
        self.transport.sendto(reply(data, self.view, UDP_LIMIT), addr)
