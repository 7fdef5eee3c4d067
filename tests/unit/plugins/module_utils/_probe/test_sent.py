# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where clients are sent: each name server says for itself, and one that is silent hides no other's word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import RecordConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import Sent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sent import where_clients_are_sent

from .dns_server import DnsServer

NAME, HOME, STANDBY = "api.shop.example", "eu-central-1", "eu-west-1"
RECORD = RecordConfig(NAME, ((HOME, ("192.0.2.1", "192.0.2.2")), (STANDBY, ("192.0.2.9",))))


def serving(*addresses: str) -> DnsServer:
    return DnsServer({(f"{NAME}.", "A"): [f"60 A {address}" for address in addresses]})


@pytest.fixture
def both() -> Iterator[tuple[DnsServer, DnsServer]]:
    with serving("192.0.2.1") as one, serving("192.0.2.9", "192.0.2.77") as other:
        yield one, other


def asked(*servers: DnsServer, seconds: float = 5.0) -> tuple[Sent, ...]:
    clock = SystemClock()
    return where_clients_are_sent(RECORD, [server.address for server in servers], clock, Deadline.after(clock, seconds))


def test_each_server_says_for_itself_and_strange_addresses_are_told(both: tuple[DnsServer, DnsServer]) -> None:
    first, second = asked(*both)
    assert (first.regions, first.strangers, first.error) == ((HOME,), (), "")
    assert (second.regions, second.strangers, second.error) == ((STANDBY,), ("192.0.2.77",), "")


def test_a_silent_server_says_why_and_hides_no_other(both: tuple[DnsServer, DnsServer]) -> None:
    both[0].silent = True
    first, second = asked(*both, seconds=1.0)
    assert first.regions == () and first.error
    assert second.regions == (STANDBY,)
