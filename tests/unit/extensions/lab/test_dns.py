# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Against the Route 53 behaviour in the collection's reference: failover, weights, and who answers when all are ill."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from lab.control.dns import Record, View, address_of, chosen, reply, respond

PRIMARY = Record("api.shop.example.", "A", 1, ("127.0.61.1",), "home", "PRIMARY", None, "one")
SECONDARY = Record("api.shop.example.", "A", 1, ("127.0.62.1",), "standby", "SECONDARY", None, "two")
PLAIN = Record("plain.shop.example.", "A", 60, ("127.0.61.9",))


def view(ill: tuple[str, ...] = ()) -> View:
    return View(
        zones=lambda: ["shop.example."],
        records=lambda zone: [PRIMARY, SECONDARY, PLAIN],
        healthy=lambda check: check not in ill,
        endpoint=lambda name: "127.0.62.1" if name.startswith("shop-eu-west-1.cluster-") else None,
    )


def ask(name: str, kind: str = "A", ill: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    answer = respond(dns.message.make_query(name, kind), view(ill))
    return dns.rcode.to_text(answer.rcode()), [item.to_text() for rrset in answer.answer for item in rrset]


@pytest.mark.parametrize(
    ("ill", "address"),
    [((), "127.0.61.1"), (("one",), "127.0.62.1"), (("one", "two"), "127.0.61.1"), (("two",), "127.0.61.1")],
)
def test_a_failover_pair_answers_primary_unless_only_the_secondary_is_healthy(
    ill: tuple[str, ...], address: str
) -> None:
    assert ask("api.shop.example", ill=ill) == ("NOERROR", [address])


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("plain.shop.example", "A", ("NOERROR", ["127.0.61.9"])),
        ("plain.shop.example", "AAAA", ("NOERROR", [])),
        ("nothing.shop.example", "A", ("NXDOMAIN", [])),
        ("example.org", "A", ("REFUSED", [])),
        ("shop-eu-west-1.cluster-x.eu-west-1.rds.amazonaws.com", "A", ("NOERROR", ["127.0.62.1"])),
        ("gone.cluster-x.eu-west-1.rds.amazonaws.com", "A", ("NXDOMAIN", [])),
    ],
)
def test_a_query_is_answered_as_an_authoritative_server_does(
    name: str, kind: str, expected: tuple[str, list[str]]
) -> None:
    assert ask(name, kind) == expected


def weighted(weight: int, check: str = "") -> Record:
    return Record("w.shop.example.", "A", 1, (f"127.0.0.{weight + 1}",), f"w{weight}", "", weight, check)


def test_weights_share_the_answers() -> None:
    records = [weighted(1), weighted(3)]
    points = iter(range(4))
    picked = [chosen(records, lambda check: True, lambda total: next(points)) for _unused in range(4)]
    assert [record.weight for record in picked if record] == [1, 3, 3, 3]


def test_a_weight_of_zero_is_not_answered_while_another_is_healthy() -> None:
    assert chosen([weighted(0), weighted(100)], lambda check: True, lambda total: 0) == weighted(100)


def test_an_unhealthy_weighted_record_is_left_out_unless_all_are() -> None:
    records = [weighted(1, "a"), weighted(2, "b")]
    assert chosen(records, lambda check: check == "b", lambda total: 0) == records[1]
    assert chosen(records, lambda check: False, lambda total: 0) == records[0]


def test_what_is_no_query_gets_a_format_error() -> None:
    assert dns.message.from_wire(reply(b"\x12\x34broken", view())).rcode() == dns.rcode.FORMERR


ALIASES = [
    Record("www.shop.example.", "CNAME", 1, ("api.shop.example.",)),
    Record("far.shop.example.", "CNAME", 1, ("elsewhere.example.org.",)),
    Record("loop.shop.example.", "CNAME", 1, ("loop.shop.example.",)),
    Record("a.b.shop.example.", "A", 1, ("127.0.0.9",)),
    Record("bad.shop.example.", "A", 1, ("not an address",)),
    PRIMARY,
]
SHOP = View(lambda: ["shop.example."], lambda zone: ALIASES, lambda check: True, lambda name: None)


def test_a_cname_is_followed_within_the_zone() -> None:
    answer = respond(dns.message.make_query("www.shop.example", "A"), SHOP)
    assert [rrset.to_text() for rrset in answer.answer] == [
        "www.shop.example. 1 IN CNAME api.shop.example.",
        "api.shop.example. 1 IN A 127.0.61.1",
    ]


def test_a_cname_out_of_the_zone_or_asked_for_is_answered_as_it_is() -> None:
    for name, kind in (("far.shop.example", "A"), ("www.shop.example", "CNAME")):
        answer = respond(dns.message.make_query(name, kind), SHOP)
        assert [dns.rdatatype.to_text(rrset.rdtype) for rrset in answer.answer] == ["CNAME"]


def test_a_cname_loop_ends() -> None:
    assert len(respond(dns.message.make_query("loop.shop.example", "A"), SHOP).answer) < 20


@pytest.mark.parametrize(
    ("name", "code"), [("b.shop.example", "NOERROR"), ("shop.example", "NOERROR"), ("x", "REFUSED")]
)
def test_a_name_above_others_exists_without_records(name: str, code: str) -> None:
    answer = respond(dns.message.make_query(name, "A"), SHOP)
    assert (dns.rcode.to_text(answer.rcode()), answer.answer) == (code, [])


def test_nothing_found_says_how_long_that_may_be_remembered() -> None:
    answer = respond(dns.message.make_query("nothing.shop.example", "A"), SHOP)
    assert [dns.rdatatype.to_text(rrset.rdtype) for rrset in answer.authority] == ["SOA"]


def test_a_record_that_makes_no_sense_is_a_servers_failure() -> None:
    answer = respond(dns.message.make_query("bad.shop.example", "A"), SHOP)
    assert (answer.rcode(), answer.answer) == (dns.rcode.SERVFAIL, [])


def test_what_is_too_long_for_udp_is_asked_for_again_over_tcp() -> None:
    many = [Record("many.shop.example.", "TXT", 1, tuple(f'"{number} {"x" * 90}"' for number in range(9)))]
    crowded = View(lambda: ["shop.example."], lambda zone: many, lambda check: True, lambda name: None)
    query = dns.message.make_query("many.shop.example", "TXT").to_wire()
    assert dns.message.from_wire(reply(query, crowded, 512)).flags & dns.flags.TC
    assert len(dns.message.from_wire(reply(query, crowded)).answer[0]) == 9


def test_an_address_is_found_through_a_cname() -> None:
    assert address_of("www.shop.example", SHOP) == "127.0.61.1"
    assert address_of("nothing.shop.example", SHOP) is None
