# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.refusal import (
    ATTEMPT,
    api_acknowledges,
    held_connection_writes,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter

from .web_server import WebServer

CLOCK = SystemClock()


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.mark.parametrize(("status", "acknowledges"), [(200, True), (204, True), (503, False), (302, False)])
def test_an_api_acknowledges_with_2xx_alone_and_nothing_secret_is_said(
    web: WebServer, status: int, acknowledges: bool
) -> None:
    web.status = status
    url = f"http://u:hunter2@127.0.0.1:{web.port}/healthz?key=hunter3"
    seen = api_acknowledges(url, (), CLOCK, Deadline.after(CLOCK, ATTEMPT + 0.5))
    assert seen.accepted is acknowledges
    assert str(status) in seen.seen and "hunter" not in seen.seen


class Writes:
    """A connection whose writes are accepted ``times`` times, and then end with an error."""

    def __init__(self, times: float, error: DrError) -> None:
        self._left, self._error = times, error

    def write(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._error


REFUSED = NotWriter("Writing", "it is in recovery", "Look.")


@pytest.mark.parametrize(
    ("times", "error", "accepted"),
    [
        (0, REFUSED, False),
        (2, REFUSED, False),  # a fence takes a moment to be everywhere
        (float("inf"), REFUSED, True),
        (1, DrError("Writing", "the disk is full", "Look."), None),
    ],
)
def test_a_write_is_tried_until_it_is_refused(times: float, error: DrError, accepted: bool | None) -> None:
    held: Any = Writes(times, error)
    seen = held_connection_writes(held, CLOCK, Deadline.after(CLOCK, ATTEMPT + 1.0))
    assert seen.accepted is accepted
