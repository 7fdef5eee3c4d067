# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import webhook
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.webhook import Hook, deliver, signature
from ansible_collections.multiregion.aws_dr.tests.scenarios.receivers import hooks
from ansible_collections.multiregion.aws_dr.tests.unit.extensions.lab.ports import free_port
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import WebServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock

KEY = "a key that is long enough"


class Clock(SteppedClock):
    """A receiver checks the time against the real one."""

    def wall(self) -> float:
        return time.time()


def send(hook: Hook, retries: int = 5, seconds: float = 60.0) -> tuple[webhook.Delivered, SteppedClock]:
    clock = Clock()
    return deliver(hook, retries, Deadline.after(clock, seconds), clock, lambda line: None), clock


def test_the_signature_is_over_time_and_body() -> None:
    """Computed elsewhere: printf '1700000000.{}' | openssl dgst -sha256 -hmac key."""
    wanted = "v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
    assert signature("key", "1700000000", b"{}") == wanted
    assert len({signature("key", stamp, body) for stamp in ("1", "2") for body in (b"a", b"b")}) == 4


def test_each_try_is_signed_and_has_the_same_id() -> None:
    with hooks(free_port(), KEY) as taken:
        taken.statuses = [500, 503]
        done, clock = send(Hook(taken.url, KEY, '{"a": "é"}', "the-id", {"X-Other": "1"}))
    assert (done.status, done.attempts) == (200, 3)
    assert clock.now == webhook.FIRST_PAUSE * 3
    assert (taken.ids, taken.taken, taken.bad) == (["the-id"], [{"a": "é"}], [])


def test_the_receivers_last_word_is_final() -> None:
    with WebServer() as server:
        server.status = 400
        with pytest.raises(DrError, match=r"it answered 400, after one try"):
            send(Hook(f"http://127.0.0.1:{server.port}/", KEY, "{}"))
        assert len(server.received) == 1


def test_tries_are_bounded_by_number_and_by_time() -> None:
    with WebServer() as server:
        server.status = 503
        url = f"http://127.0.0.1:{server.port}/"
        with pytest.raises(DrError, match=r"after 3 tries"):
            send(Hook(url, KEY, "{}"), retries=2)
        with pytest.raises(DrError, match=r"after 2 tries"):
            send(Hook(url, KEY, "{}"), retries=50, seconds=1.0)
        assert len(server.received) == 5


def test_a_redirect_is_not_followed() -> None:
    with WebServer() as server:
        server.status = 302
        with pytest.raises(DrError, match=r"it answered 302"):
            send(Hook(f"http://127.0.0.1:{server.port}/", KEY, "{}"))
        assert len(server.received) == 1


def test_an_error_shows_neither_url_nor_key() -> None:
    url = f"http://127.0.0.1:{free_port()}/services/T0/B0/secret"
    with pytest.raises(DrError, match="no answer") as caught:
        send(Hook(url, KEY, "{}"), retries=0)
    assert "secret" not in str(caught.value) and KEY not in str(caught.value)
