# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary is set, watched and cleared: also where its name doesn't follow, and where somebody interrupts."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.interrupt import Interrupted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import canary
from ansible_collections.multiregion.aws_dr.plugins.modules.latch_canary import execute

OPTIONS: dict[str, Any] = {
    "key": "latch/canary",
    "token": "t",
    "latch_key": "latch/shop",
    "objects": [{"bucket": "w", "region": "eu-west-1"}, {"bucket": "3", "region": "eu-west-3"}],
    "record": {"name": "canary.example", "home": ["192.0.2.1"], "standby": ["192.0.2.2"]},
    "resolvers": [],
}


class FakeS3:
    """Buckets with one object each, and Clients that reach them."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.down: set[str] = set()
        self.writes: list[str] = []
        self.lock = threading.Lock()

    def get(self, _service: str, _region: str) -> FakeS3:
        return self

    def get_object(self, Bucket: str, Key: str) -> Any:  # noqa: N803 - boto3's names
        self._reach(Bucket)
        content = self.objects.get(Bucket)
        if content is None:
            raise _no_such_key()
        return {"Body": _Body(content)}

    def put_object(self, Bucket: str, Body: bytes, **_rest: Any) -> None:  # noqa: N803
        self._write("put", Bucket)
        self.objects[Bucket] = Body

    def delete_object(self, Bucket: str, **_rest: Any) -> None:  # noqa: N803
        self._write("delete", Bucket)
        self.objects.pop(Bucket, None)

    def _write(self, what: str, bucket: str) -> None:
        self._reach(bucket)
        with self.lock:
            self.writes.append(f"{what} {bucket}")

    def _reach(self, bucket: str) -> None:
        if bucket in self.down:
            raise EndpointConnectionError(endpoint_url=f"https://{bucket}")


class _Body:
    def __init__(self, content: bytes) -> None:
        self.read = lambda _limit: content


def _no_such_key() -> Exception:
    from botocore.exceptions import ClientError

    return ClientError({"Error": {"Code": "NoSuchKey", "Message": ""}}, "GetObject")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> FakeS3:
    fake = FakeS3()

    def follows(_name: str, expect: list[str], *_rest: Any) -> None:
        seen = "192.0.2.2" if fake.objects else "192.0.2.1"
        if seen not in expect:
            raise DrError("Watching", f"the name is {seen}", "Look.")

    monkeypatch.setattr(canary, "wait_for_record", follows)
    return fake


def run(s3: Any, check_mode: bool = False, **given: Any) -> Result:
    clock = SystemClock()
    context = Context(check_mode, False, clock, Deadline.after(clock, 5.0), s3, silent, silent)
    return execute({**OPTIONS, **given}, context)


def test_check_mode_names_the_calls_and_makes_none(s3: FakeS3) -> None:
    result = run(s3, check_mode=True)
    assert (result.changed, result.values["canary"], len(result.calls), s3.writes) == (False, None, 4, [])


def test_it_flies_there_and_back_and_leaves_nothing(s3: FakeS3) -> None:
    result = run(s3)
    assert result.values["canary"].keys() == {"there_seconds", "back_seconds"}
    assert sorted(s3.writes) == ["delete 3", "delete w", "put 3", "put w"] and s3.objects == {}


def test_what_a_killed_one_left_is_cleared_first(s3: FakeS3) -> None:
    s3.objects["w"] = b"t"
    run(s3)
    assert s3.writes[0] == "delete w" and s3.objects == {}


def test_a_name_that_does_not_follow_is_an_error_and_it_is_cleared(s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*_any: Any) -> None:
        raise DrError("Watching", "the name stays", "Look.")

    monkeypatch.setattr(canary, "wait_for_record", stuck)
    with pytest.raises(DrError, match="the name stays"):
        run(s3)
    assert s3.objects == {} and "put w" in s3.writes


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_interrupted_one_is_cleared(s3: FakeS3, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    before = signal.getsignal(number)
    monkeypatch.setattr(canary, "wait_for_record", lambda *_any: os.kill(os.getpid(), number))
    with pytest.raises(Interrupted):
        run(s3)
    assert s3.objects == {} and signal.getsignal(number) == before


def test_an_object_that_does_not_land_is_an_error(s3: FakeS3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "CLEAR", 0.5)
    s3.down.add("3")
    with pytest.raises(DrError, match="the canary's object in 3"):
        run(s3)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"key": "latch/shop"}, "not_a_canary"),
        ({"objects": []}, "no_objects"),
        ({"record": {"name": "x", "home": ["192.0.2.1"], "standby": ["192.0.2.1"]}}, "same_addresses"),
    ],
)
def test_what_is_no_canary_is_refused_and_nothing_is_written(s3: FakeS3, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        run(s3, **given)
    assert s3.writes == []
