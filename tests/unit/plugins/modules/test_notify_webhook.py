# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import notify_webhook
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import WebServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock, context

KEY = "a key that is long enough"


def post(url: str, check_mode: bool = False, **more: Any) -> Result:
    options = {"url": url, "key": KEY, "body": "{}", "id": "1", "headers": {"X-Mine": "yes"}, "ca_path": None}
    return notify_webhook.execute(
        {**options, "retries": 0, **more}, context(SteppedClock(), Clients({}), [], check_mode, 5.0)
    )


def test_a_message_is_posted() -> None:
    with WebServer() as server:
        result = post(f"http://127.0.0.1:{server.port}/x")
    assert (result.changed, result.values) == (True, {"status": 200, "attempts": 1})
    (got,) = server.received
    assert (got.method, got.path, got.body, got.content_type) == ("POST", "/x", "{}", "application/json")


def test_check_mode_posts_nothing() -> None:
    with WebServer() as server:
        result = post(f"http://127.0.0.1:{server.port}/", check_mode=True)
    assert (result.changed, result.values["status"], server.received) == (True, None, [])


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_key_that_can_be_guessed_is_refused(check_mode: bool) -> None:
    with pytest.raises(DrError, match="fewer than 16"):
        post("http://127.0.0.1:1/", check_mode, key="short")


def test_a_receiver_that_refuses_is_an_error() -> None:
    with WebServer() as server:
        server.status = 401
        with pytest.raises(DrError, match="it answered 401"):
            post(f"http://127.0.0.1:{server.port}/")


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1:1/x", "http://127.0.0.1:99999/"])
def test_what_is_no_url_is_an_error(url: str) -> None:
    with pytest.raises(DrError, match=r"no answer|unknown url"):
        post(url)
