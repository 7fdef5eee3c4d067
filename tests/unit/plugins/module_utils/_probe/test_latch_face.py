# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an anonymous reader is answered, on a real HTTPS server that stands where the bucket's endpoint would."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Face, LatchObject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import latch_face
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.latch_face import (
    face_of,
    look_at_face,
    look_at_faces,
    object_url,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import WebServer

WHERE = LatchObject("latch", "eu-west-1")
TOKEN = "aws-dr-latch:shop"


@pytest.mark.parametrize(
    ("status", "text", "face"),
    [
        (200, TOKEN, Face.READABLE),
        (200, "x" * 5120 + TOKEN, Face.OTHER_CONTENT),
        (200, "", Face.OTHER_CONTENT),
        (403, "<Code>AccessDenied</Code>", Face.FORBIDDEN),
        (404, "<Code>NoSuchKey</Code>", Face.ABSENT),
        (301, "<Code>PermanentRedirect</Code>", Face.REDIRECTED),
        (307, "", Face.REDIRECTED),
        (400, "Requests specifying Server Side Encryption with AWS KMS managed keys require", Face.KMS),
        (400, "", Face.UNKNOWN),
        (503, "SlowDown", Face.UNKNOWN),
    ],
)
def test_an_answer_is_read_as_a_health_check_reads_it(status: int, text: str, face: Face) -> None:
    assert face_of(status, text, TOKEN) is face


def test_the_regional_endpoint_is_asked() -> None:
    assert object_url(WHERE, "latch/canary shop") == "https://latch.s3.eu-west-1.amazonaws.com/latch/canary%20shop"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    with WebServer() as running:
        monkeypatch.setattr(latch_face, "object_url", lambda _where, key: f"http://127.0.0.1:{running.port}/{key}")
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield running


def test_one_unsigned_get_is_made(server: WebServer) -> None:
    server.text = TOKEN
    seen = look_at_face(WHERE, "canary", TOKEN)
    assert (seen.face, seen.status, seen.detail) == (Face.READABLE, 200, "")
    assert [(each.method, each.path) for each in server.received] == [("GET", "/canary")]


def test_an_answer_that_is_not_good_is_kept(server: WebServer) -> None:
    server.status, server.text = 403, "AccessDenied"
    assert look_at_face(WHERE, "canary", TOKEN).as_dict() == {
        "bucket": "latch",
        "region": "eu-west-1",
        "face": "forbidden",
        "http_status": 403,
        "detail": "AccessDenied",
    }


def test_nobody_there_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setattr(latch_face, "object_url", lambda _where, key: f"http://127.0.0.1:{port}/{key}")
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    assert look_at_face(WHERE, "canary", TOKEN).face is Face.UNKNOWN


def test_one_that_hangs_is_unknown_at_the_deadline_and_holds_up_nobody(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    look: Any = look_at_face

    def slow(where: LatchObject, *rest: Any) -> Any:
        if where.bucket == "hangs":
            time.sleep(3)
        return look(where, *rest)

    monkeypatch.setattr(latch_face, "look_at_face", slow)
    server.text = TOKEN
    clock = SystemClock()
    began = clock.monotonic()
    objects = [LatchObject("hangs", "eu-west-3"), WHERE]
    seen = look_at_faces(objects, "canary", TOKEN, None, clock, Deadline.after(clock, 0.5))
    assert [each.face for each in seen] == [Face.UNKNOWN, Face.READABLE]
    assert clock.monotonic() - began < 2
