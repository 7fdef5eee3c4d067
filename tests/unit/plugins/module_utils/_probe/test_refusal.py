# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.refusal import api_acknowledges

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
    seen = api_acknowledges(url, (), CLOCK, Deadline.after(CLOCK, 0.5))
    assert seen.accepted is acknowledges
    assert str(status) in seen.seen and "hunter" not in seen.seen
