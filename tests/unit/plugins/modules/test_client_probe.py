# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's work, against a real DNS server and a real web server on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.modules.client_probe import execute
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


def probe(names: DnsServer, web: WebServer, check: bool = False, **given: Any) -> dict[str, Any]:
    options = {
        "url": f"http://{NAME}:{web.port}/orders",
        "method": "POST",
        "body": '{"id": {id}}',
        "headers": {},
        "expect_status": [200],
        "expect_string": "",
        "expect_addresses": [],
        "ca_path": None,
        "interval": 0.05,
        "request_timeout": 1.0,
        "stable_for": 0.3,
        "resolvers": [names.address],
        "timeout": 10.0,
        **given,
    }
    clock = SystemClock()
    deadline = Deadline.after(clock, options["timeout"])
    result = execute(options, Context(check, False, clock, deadline, Clients({}), silent, silent))
    assert result.changed is False
    return dict(result.values["probe"])


def test_good_service_is_stable_after_the_time_asked_for(names: DnsServer, web: WebServer) -> None:
    began = time.time()
    seen = probe(names, web)
    assert 0.3 <= seen["stable_seconds"] < 1.0
    assert began <= seen["first_success"] <= began + 1.0
    assert seen["samples"] == len(web.received) >= 4 and seen["failures"] == 0
    assert (seen["addresses"], seen["ttl"], seen["first_failure"], seen["last_error"]) == (["127.0.0.1"], 3, None, "")


def test_outage_is_placed_in_time(names: DnsServer, web: WebServer) -> None:
    web.status = 503
    healed: list[float] = []

    def heal() -> None:
        healed.append(time.time())
        web.status = 200

    timer = threading.Timer(0.5, heal)
    began = time.time()
    timer.start()
    seen = probe(names, web)
    timer.join()
    assert began <= seen["first_failure"] <= began + 0.4
    assert seen["first_failure"] < seen["last_failure"] <= healed[0] + 0.2
    assert healed[0] <= seen["first_success"] <= healed[0] + 0.4
    assert "status 503" in seen["last_error"]
    assert datetime.fromisoformat(seen["first_success_at"]).timestamp() == pytest.approx(
        seen["first_success"], abs=0.001
    )


def test_tail_ends_when_the_last_old_answer_runs_out(names: DnsServer, web: WebServer) -> None:
    names.records[f"{NAME}.", "A"] = ["7 A 127.0.0.9"]
    switched: list[float] = []

    def switch() -> None:
        switched.append(time.time())
        names.records[f"{NAME}.", "A"] = ["3 A 127.0.0.1"]

    timer = threading.Timer(0.4, switch)
    timer.start()
    seen = probe(names, web, expect_addresses=["127.0.0.1"])
    timer.join()
    assert seen["ttl_tail_basis"] == "seen"
    assert switched[0] + 7 - 0.3 <= seen["ttl_tail_until"] <= switched[0] + 7 + 0.1
    assert (seen["addresses"], seen["ttl"]) == (["127.0.0.1"], 7)
    assert [answer["addresses"] for answer in seen["answers"]] == [["127.0.0.9"], ["127.0.0.1"]]


def test_tail_is_assumed_when_the_old_answer_was_never_seen(names: DnsServer, web: WebServer) -> None:
    began = time.time()
    seen = probe(names, web)
    assert seen["ttl_tail_basis"] == "assumed"
    assert began + 3 <= seen["ttl_tail_until"] <= began + 4


def test_never_stable_fails_with_what_was_seen(names: DnsServer, web: WebServer) -> None:
    web.status = 503
    began = time.monotonic()
    with pytest.raises(TimedOut, match=r"samples failed.*resolved to 127.0.0.1.*status 503"):
        probe(names, web, timeout=0.5)
    assert 0.4 < time.monotonic() - began < 3.0


def test_hanging_service_fails_at_the_timeout(names: DnsServer, web: WebServer) -> None:
    web.go.clear()
    began = time.monotonic()
    with pytest.raises(TimedOut):
        probe(names, web, timeout=0.5, request_timeout=60.0)
    assert 0.4 < time.monotonic() - began < 3.0


def test_check_mode_resolves_and_sends_nothing(names: DnsServer, web: WebServer) -> None:
    seen = probe(names, web, check=True)
    assert (seen["sampled"], seen["samples"], seen["addresses"]) == (False, 0, ["127.0.0.1"])
    assert seen["first_success"] is None and seen["ttl_tail_until"] is None
    assert web.received == [] and names.asked == 1


def test_check_mode_does_not_fail_where_the_name_is_missing(names: DnsServer, web: WebServer) -> None:
    names.records.clear()
    seen = probe(names, web, check=True)
    assert seen["addresses"] == [] and "NXDOMAIN" in seen["last_error"]


@pytest.mark.parametrize(
    "bad",
    [
        {"url": "api.shop.example"},
        {"resolvers": ["dns.example"]},
        {"interval": 0.0},
        {"request_timeout": -1.0},
        {"stable_for": -1.0},
        {"stable_for": 10.0},
    ],
)
def test_bad_option_is_refused_before_anything_is_sent(names: DnsServer, web: WebServer, bad: dict[str, Any]) -> None:
    with pytest.raises(DrError, match="Reading the"):
        probe(names, web, **bad)
    assert web.received == [] and names.asked == 0
