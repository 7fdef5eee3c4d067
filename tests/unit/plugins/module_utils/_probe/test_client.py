# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client's round, against a real DNS server and a real web server on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import dns
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.client import Enquiry, take_sample
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import WebServer

NAME = "api.shop.example"


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer({(f"{NAME}.", "A"): ["3 A 127.0.0.1"]}) as running:
        yield running


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


def look(names: list[DnsServer], web: WebServer, timeout: float = 2.0, **wanted: Any) -> Sample:
    enquiry = Enquiry(f"http://{NAME}:{web.port}/orders", **wanted)
    return take_sample(enquiry, [each.address for each in names], timeout, time.time, SystemClock())


def test_good_sample_carries_what_was_resolved(names: DnsServer, web: WebServer) -> None:
    sample = look([names], web)
    [sighting] = sample.sightings
    assert sample.good and sample.started <= sighting.at <= sample.ended
    assert (sighting.resolver, sighting.addresses, sighting.ttl) == (names.address, ("127.0.0.1",), 3)


def test_each_request_has_an_id_of_its_own_that_a_double_holds(names: DnsServer, web: WebServer) -> None:
    for _each in range(3):
        assert look([names], web, method="POST", body='{"id": {id}, "again": {id}}').good
    bodies = [json.loads(received.body) for received in web.received]
    assert len({body["id"] for body in bodies}) == 3
    assert all(body["id"] == body["again"] and 2**52 <= body["id"] < 2**53 for body in bodies)


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"statuses": (201, 204)}, "status 200, not 201 or 204"),
        ({"string": "served"}, "lacks the string 'served'"),
        ({"addresses": ("192.0.2.1",)}, "resolves to 127.0.0.1, not to 192.0.2.1"),
    ],
)
def test_other_answer_than_wanted_is_a_failure(
    names: DnsServer, web: WebServer, wanted: dict[str, Any], error: str
) -> None:
    sample = look([names], web, **wanted)
    assert not sample.good and error in sample.error


def test_one_resolver_that_leads_elsewhere_makes_the_sample_a_failure(names: DnsServer, web: WebServer) -> None:
    with DnsServer({(f"{NAME}.", "A"): ["60 A 127.0.0.9"]}) as stale:
        sample = look([names, stale], web, addresses=("127.0.0.1",))
        assert f"through {stale.address}" in sample.error
    assert sorted(each.addresses for each in sample.sightings) == [("127.0.0.1",), ("127.0.0.9",)]


def test_name_that_does_not_resolve_is_a_failure(names: DnsServer, web: WebServer) -> None:
    names.records.clear()
    sample = look([names], web)
    assert "NXDOMAIN" in sample.error and sample.sightings == ()


def test_request_that_can_never_be_sent_is_no_bad_sample(names: DnsServer, web: WebServer) -> None:
    with pytest.raises(DrError, match="headers"):
        look([names], web, headers={"X-Probe": "two\nlines"})


def test_missing_library_is_no_bad_sample(names: DnsServer, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "MISSING", "No module named 'dns'")
    with pytest.raises(DrError, match="Install the Python package dnspython"):
        look([names], web)


def test_what_was_resolved_counts_also_where_the_server_then_hangs(names: DnsServer, web: WebServer) -> None:
    web.go.clear()
    sample = look([names], web, timeout=0.5)
    assert not sample.good and [each.addresses for each in sample.sightings] == [("127.0.0.1",)]
    assert 0.45 < sample.ended - sample.started < 8.0
