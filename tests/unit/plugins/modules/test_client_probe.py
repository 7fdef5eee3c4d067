# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module's work, against a real DNS server and a real web server on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
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


def once(ready: Callable[[], bool], then: Callable[[], None]) -> list[float]:
    """Do ``then`` as soon as ``ready`` says so, in a thread; the list returned gets the time just before."""
    done: list[float] = []

    def body() -> None:
        while not ready():
            time.sleep(0.005)
        done.append(time.time())
        then()

    threading.Thread(target=body, daemon=True).start()
    return done


def test_good_service_is_stable_after_the_time_asked_for(names: DnsServer, web: WebServer) -> None:
    began = time.time()
    seen = probe(names, web)
    assert 0.3 <= seen["stable_seconds"] <= time.time() - began
    assert began <= seen["first_success"] <= time.time() - 0.3
    assert seen["samples"] == len(web.received) >= 2
    assert seen["failures"] == 0
    assert (seen["addresses"], seen["ttl"], seen["first_failure"], seen["last_error"]) == (["127.0.0.1"], 3, None, "")


def test_outage_is_placed_in_time(names: DnsServer, web: WebServer) -> None:
    web.status = 503
    began = time.time()
    healed = once(lambda: len(web.received) >= 3, lambda: setattr(web, "status", 200))
    seen = probe(names, web)
    assert began <= seen["first_failure"] < seen["last_failure"] <= healed[0] + 0.1
    assert healed[0] <= seen["first_success"] <= time.time() - 0.3
    assert seen["failures"] in (2, 3)
    assert "status 503" in seen["last_error"]
    assert datetime.fromisoformat(seen["first_success_at"]).timestamp() == pytest.approx(
        seen["first_success"], abs=0.001
    )


def test_tail_ends_when_the_last_old_answer_runs_out(names: DnsServer, web: WebServer) -> None:
    names.records[f"{NAME}.", "A"] = ["7 A 127.0.0.9"]
    began = time.time()
    switched = once(lambda: names.asked >= 3, lambda: names.records.update({(f"{NAME}.", "A"): ["3 A 127.0.0.1"]}))
    seen = probe(names, web, expect_addresses=["127.0.0.1"])
    assert seen["ttl_tail_basis"] == "seen"
    [old, new] = seen["answers"]
    assert (old["addresses"], new["addresses"]) == (["127.0.0.9"], ["127.0.0.1"])
    assert began <= old["first_seen"] < old["last_seen"] <= new["first_seen"]
    assert new["first_seen"] >= switched[0]
    assert seen["ttl_tail_until"] == old["last_seen"] + 7
    assert (seen["addresses"], seen["ttl"]) == (["127.0.0.1"], 7)


def test_tail_is_assumed_when_the_old_answer_was_never_seen(names: DnsServer, web: WebServer) -> None:
    began = time.time()
    seen = probe(names, web)
    assert seen["ttl_tail_basis"] == "assumed"
    assert began + 3 <= seen["ttl_tail_until"] <= seen["first_success"] + 3


def test_never_stable_fails_with_what_was_seen(names: DnsServer, web: WebServer) -> None:
    web.status = 503
    began = time.monotonic()
    with pytest.raises(TimedOut, match=r"samples failed.*resolved to 127.0.0.1.*status 503"):
        probe(names, web, timeout=0.5)
    assert 0.4 < time.monotonic() - began < 8.0


def test_no_secret_of_the_url_is_in_the_message(names: DnsServer, web: WebServer) -> None:
    web.status = 503
    with pytest.raises(TimedOut) as caught:
        probe(names, web, timeout=0.5, url=f"http://u:hunter2@{NAME}:{web.port}/healthz?key=hunter3")
    assert NAME in str(caught.value) and "hunter" not in str(caught.value)


def test_hanging_service_fails_at_the_timeout(names: DnsServer, web: WebServer) -> None:
    web.go.clear()
    began = time.monotonic()
    with pytest.raises(TimedOut):
        probe(names, web, timeout=0.5, request_timeout=60.0)
    assert 0.4 < time.monotonic() - began < 8.0


def test_sample_cut_short_by_the_timeout_does_not_hide_what_was_seen(names: DnsServer, web: WebServer) -> None:
    web.status = 503
    once(lambda: len(web.received) >= 2, web.go.clear)
    with pytest.raises(TimedOut, match=r"last error: .*status 503"):
        probe(names, web, timeout=2.0, request_timeout=60.0)


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
