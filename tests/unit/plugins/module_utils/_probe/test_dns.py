# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look-ups, against a real DNS server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import (
    Unresolved,
    name_servers,
    resolve,
    split_address,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer

CLOCK = SystemClock()


@pytest.fixture
def server() -> Iterator[DnsServer]:
    records = {
        ("api.shop.example.", "A"): ["30 A 192.0.2.2", "30 A 192.0.2.1"],
        ("www.shop.example.", "CNAME"): ["7 CNAME api.shop.example."],
        ("shop.example.", "NS"): ["9 NS ns1.example.", "9 NS ns2.example."],
        ("ns1.example.", "A"): ["9 A 192.0.2.53"],
        ("ns2.example.", "A"): ["9 A 198.51.100.53"],
        ("six.shop.example.", "AAAA"): ["9 AAAA 2001:db8::1"],
    }
    with DnsServer(records) as running:
        yield running


def test_gives_addresses_sorted_and_the_ttl(server: DnsServer) -> None:
    answer = resolve("api.shop.example", [server.address], 5.0, CLOCK)
    assert (answer.addresses, answer.ttl) == (("192.0.2.1", "192.0.2.2"), 30)
    assert answer.seconds > 0


def test_ttl_of_an_alias_is_the_smallest_on_the_way(server: DnsServer) -> None:
    answer = resolve("www.shop.example", [server.address], 5.0, CLOCK)
    assert (answer.addresses, answer.ttl) == (("192.0.2.1", "192.0.2.2"), 7)


def test_name_with_only_ipv6_gives_that(server: DnsServer) -> None:
    assert resolve("six.shop.example", [server.address], 5.0, CLOCK).addresses == ("2001:db8::1",)


def test_every_lookup_asks_afresh(server: DnsServer) -> None:
    resolve("api.shop.example", [server.address], 5.0, CLOCK)
    server.records["api.shop.example.", "A"] = ["30 A 192.0.2.9"]
    assert resolve("api.shop.example", [server.address], 5.0, CLOCK).addresses == ("192.0.2.9",)


def test_unknown_name_is_an_error_that_says_who_was_asked(server: DnsServer) -> None:
    with pytest.raises(Unresolved, match=f"Resolving no.shop.example at {server.address}.*NXDOMAIN"):
        resolve("no.shop.example", [server.address], 5.0, CLOCK)


def test_silent_server_costs_the_timeout_and_no_more(server: DnsServer) -> None:
    server.silent = True
    began = CLOCK.monotonic()
    with pytest.raises(Unresolved):
        resolve("api.shop.example", [server.address], 0.3, CLOCK)
    assert 0.25 < CLOCK.monotonic() - began < 8.0


def test_lost_datagram_is_asked_for_again_within_the_timeout(server: DnsServer) -> None:
    server.lose = 1
    assert resolve("api.shop.example", [server.address], 2.4, CLOCK).addresses
    assert server.asked >= 2


def test_a_lost_datagram_costs_no_share_of_a_long_timeout(server: DnsServer) -> None:
    server.lose, began = 1, CLOCK.monotonic()
    assert resolve("api.shop.example", [server.address], 60.0, CLOCK).addresses
    assert CLOCK.monotonic() - began < 15.0  # a third of the timeout would be 20 s


def test_next_resolver_is_asked_when_one_is_silent(server: DnsServer) -> None:
    with DnsServer({}) as other:
        other.silent = True
        assert resolve("api.shop.example", [other.address, server.address], 2.4, CLOCK).addresses


@pytest.mark.parametrize("name", ["192.0.2.7", "2001:db8::7"])
def test_address_is_its_own_answer_without_ttl(name: str) -> None:
    answer = resolve(name, ["127.0.0.1:1"], 1.0, CLOCK)
    assert (answer.addresses, answer.ttl) == ((name,), None)


@pytest.mark.parametrize(
    ("resolver", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
    ],
)
def test_resolver_is_an_address_with_or_without_port(resolver: str, expected: tuple[str, int]) -> None:
    assert split_address(resolver) == expected


@pytest.mark.parametrize("resolver", ["", "dns.example", "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:0", "192.0.2.1:70000"])
def test_other_resolvers_are_refused_with_the_form_wanted(resolver: str) -> None:
    with pytest.raises(DrError, match="address:port"):
        split_address(resolver)


@pytest.mark.parametrize("name", ["api.shop.example", "deep.down.shop.example", "shop.example"])
def test_the_servers_of_a_name_are_those_of_the_closest_zone(server: DnsServer, name: str) -> None:
    assert name_servers(name, 2.0, CLOCK, [server.address]) == ("192.0.2.53", "198.51.100.53")


def test_a_name_without_servers_is_unresolved(server: DnsServer) -> None:
    with pytest.raises(Unresolved, match="there are none"):
        name_servers("api.other.example", 2.0, CLOCK, [server.address])


def test_servers_that_nobody_names_in_time_are_unresolved(server: DnsServer) -> None:
    server.silent = True
    with pytest.raises(Unresolved, match="Looking for the name servers"):
        name_servers("api.shop.example", 0.3, CLOCK, [server.address])
