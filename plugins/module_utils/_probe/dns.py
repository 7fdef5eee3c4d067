# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a name resolves to now: every look-up is a fresh query, and says how long its answer may be kept."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError

try:
    import dns.exception
    import dns.name
    import dns.nameserver
    import dns.resolver
except ImportError as exc:
    MISSING = str(exc)
else:
    MISSING = ""

DNS_PORT = 53
SYSTEM = "system"
LOST = 1.0  # seconds without an answer after which a datagram counts as lost, and is sent again


class Unresolved(DrError):
    """A name has no address, or no name server said so in time."""


@dataclass(frozen=True)
class Answer:
    """``addresses``, sorted; ``ttl`` in seconds, the smallest on the way there, ``None`` for an address given as such.

    ``seconds`` is how long the look-up took.
    """

    name: str
    addresses: tuple[str, ...]
    ttl: int | None
    seconds: float


def split_address(resolver: str) -> tuple[str, int]:
    """``"192.0.2.1:5353"``, ``"192.0.2.1"``, ``"[2001:db8::1]:53"`` or ``"2001:db8::1"`` as address and port.

    Raises ``DrError`` for anything else: a resolver is an address, as a name would need one to resolve it.
    """
    address, port = resolver, str(DNS_PORT)
    if resolver.startswith("["):
        address, _bracket, rest = resolver[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif resolver.count(":") == 1:
        address, port = resolver.split(":")
    try:
        if not 0 < int(port) < 65536:
            raise ValueError(f"no such port: {port}")
        return str(ipaddress.ip_address(address)), int(port)
    except ValueError as exc:
        raise DrError(
            f"Reading the resolver {resolver!r}", str(exc), 'Give each resolver as "address" or "address:port".'
        ) from exc


def resolve(name: str, resolvers: Sequence[str], timeout: float, clock: Clock) -> Answer:
    """Ask ``resolvers`` in turn (none given: the system's name servers) for ``name``'s addresses, within ``timeout`` s.

    IPv4 addresses, or the IPv6 ones of a name that has no others. Raises :class:`Unresolved`.
    """
    literal = _literal(name)
    if literal:
        return Answer(name, (literal,), None, 0.0)
    if MISSING:
        raise DrError(f"Resolving {name}", MISSING, "Install the Python package dnspython where this task runs.")
    began = clock.monotonic()
    try:
        answer = _query(_resolver(resolvers), name, timeout)
    except (dns.exception.DNSException, OSError) as exc:
        asked = ", ".join(resolvers) or "the system's name servers"
        raise Unresolved(
            f"Resolving {name} at {asked}",
            f"{type(exc).__name__}: {exc}".rstrip("."),
            "Check the record and the resolvers.",
        ) from exc
    addresses = tuple(sorted(record.address for record in answer.rrset))
    return Answer(name, addresses, int(answer.chaining_result.minimum_ttl), clock.monotonic() - began)


def name_servers(name: str, timeout: float, clock: Clock, resolvers: Sequence[str] = ()) -> tuple[str, ...]:
    """The addresses of the authoritative servers of ``name``'s zone, as ``resolvers`` tell (none: the system's).

    A cache in between may know a name as it was before a switch; these don't. Raises :class:`Unresolved`.
    """
    if MISSING:
        raise DrError(f"Resolving {name}", MISSING, "Install the Python package dnspython where this task runs.")
    limit = Deadline.after(clock, timeout)
    asked = _resolver(resolvers)
    zone = dns.name.from_text(name)
    found: list[str] = []
    try:
        while not found and len(zone) > 2:
            found = _delegated(asked, zone, max(0.05, limit.remaining(clock)))
            zone = zone.parent()
        addresses = {resolve(each, resolvers, max(0.05, limit.remaining(clock)), clock).addresses[0] for each in found}
    except (dns.exception.DNSException, OSError) as exc:
        seen = f"{type(exc).__name__}: {exc}".rstrip(".")
        raise Unresolved(f"Looking for the name servers of {name}", seen, "Name them in the option resolvers.") from exc
    if not addresses:
        raise Unresolved(f"Looking for the name servers of {name}", "there are none", "Name them in resolvers.")
    return tuple(sorted(addresses))


def _delegated(asked: Any, zone: Any, timeout: float) -> list[str]:
    try:
        asked.timeout, asked.cache = _each_try(timeout), None
        answer = asked.resolve(zone, "NS", lifetime=timeout, search=False)
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return []
    return [str(record.target) for record in answer.rrset]


def _literal(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return ""


def _resolver(resolvers: Sequence[str]) -> Any:
    if not resolvers:
        return dns.resolver.Resolver(configure=True)
    asked = dns.resolver.Resolver(configure=False)
    asked.nameservers = [dns.nameserver.Do53Nameserver(*split_address(each)) for each in resolvers]
    return asked


def _query(resolver: Any, name: str, timeout: float) -> Any:
    resolver.timeout, resolver.cache = _each_try(timeout), None
    try:
        return resolver.resolve(name, "A", lifetime=timeout, search=False)
    except dns.resolver.NoAnswer:
        return resolver.resolve(name, "AAAA", lifetime=timeout, search=False)


def _each_try(timeout: float) -> float:
    """A datagram may get lost: ask again within the time there is, instead of spending all of it on one."""
    return max(0.05, min(LOST, timeout / 3))
