# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A watch over a real web server: what failed, and for how long at a stretch."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.modules.client_watch import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import WebServer

NAME = "api.shop.example"


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer({(f"{NAME}.", "A"): ["3 A 127.0.0.1"]}) as running:
        yield running


def watch(names: DnsServer, port: int, until: Path, check: bool = False, **given: Any) -> Any:
    options = {
        "url": f"http://{NAME}:{port}/",
        "method": "GET",
        "body": None,
        "headers": {},
        "expect_status": [200],
        "interval": 0.05,
        "request_timeout": 0.5,
        "until": str(until),
        "resolvers": [names.address],
        "timeout": 10.0,
        **given,
    }
    clock = SystemClock()
    context = Context(check, False, clock, Deadline.after(clock, options["timeout"]), Clients({}), silent, silent)
    return execute(options, context).values["watch"]


def test_it_watches_until_it_is_told_and_sees_a_gap(names: DnsServer, tmp_path: Path) -> None:
    seen: list[Any] = []
    enough = tmp_path / "enough"
    with WebServer() as web:
        port = web.port
        thread = threading.Thread(target=lambda: seen.append(watch(names, port, enough)))
        thread.start()
        time.sleep(0.5)
    time.sleep(0.5)
    enough.touch()
    thread.join(10)
    (found,) = seen
    assert found["stopped"] and 0 < found["failures"] < found["samples"]
    assert 0.2 <= found["longest_gap_seconds"] <= 3.0 and found["last_error"]


def test_it_stops_by_itself_and_says_so(names: DnsServer, tmp_path: Path) -> None:
    with WebServer() as web:
        found = watch(names, web.port, tmp_path / "never", timeout=0.4)
    assert (found["stopped"], found["failures"], found["longest_gap_seconds"]) == (False, 0, 0.0)


def test_check_mode_asks_nobody(names: DnsServer, tmp_path: Path) -> None:
    assert watch(names, 1, tmp_path / "never", check=True) is None


def test_what_is_no_url_is_refused(names: DnsServer, tmp_path: Path) -> None:
    with pytest.raises(DrError, match="URL"):
        watch(names, 1, tmp_path / "never", url="shop")
