# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys counted, sampled and marked, by a server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.fingerprint import Fingerprints
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache import Unreachable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache_sample import (
    ABSENT,
    count_keys,
    marks,
    random_keys,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.cache_server import CacheServer

CLOCK = SystemClock()
MARK = Fingerprints().of


@pytest.fixture
def server() -> Iterator[CacheServer]:
    with CacheServer() as running:
        running.replies = {"MEMORY": ":50", "TYPE": "+string", "GET": "$6\r\nsecret", "DBSIZE": ":42"}
        yield running


def target(server: CacheServer) -> CacheTarget:
    return CacheTarget("eu-west-1", "127.0.0.1", server.port, False)


def mark(server: CacheServer, **replies: str) -> str:
    server.replies |= replies
    return marks(target(server), [b"k"], MARK, [], CLOCK, Deadline.after(CLOCK, 5))[b"k"]


def bulk(*items: str) -> str:
    return "\r\n".join([f"*{len(items)}", *(f"${len(item)}\r\n{item}" for item in items)])


def test_keys_are_counted(server: CacheServer) -> None:
    assert count_keys(target(server), [], CLOCK, Deadline.after(CLOCK, 5)) == 42


@pytest.mark.parametrize(("reply", "keys"), [("$1\r\nk", (b"k",)), ("$-1", ())])
def test_a_key_is_sampled_once_and_none_of_an_empty_cache(
    server: CacheServer, reply: str, keys: tuple[bytes, ...]
) -> None:
    server.replies["RANDOMKEY"] = reply
    assert random_keys(target(server), 3, [], CLOCK, Deadline.after(CLOCK, 5)) == keys


def test_a_mark_is_equal_for_equal_values_and_shows_none(server: CacheServer) -> None:
    first, second = mark(server), mark(server)
    assert first == second != mark(server, GET="$6\r\nchange")
    assert "secret" not in first


@pytest.mark.parametrize(
    ("kind", "command", "one", "two", "same"),
    [
        ("hash", "HGETALL", ("a", "1", "b", "2"), ("b", "2", "a", "1"), True),
        ("hash", "HGETALL", ("a", "1", "b", "2"), ("a", "2", "b", "1"), False),
        ("set", "SMEMBERS", ("a", "b"), ("b", "a"), True),
        ("list", "LRANGE", ("a", "b"), ("b", "a"), False),
        ("zset", "ZRANGE", ("a", "1"), ("a", "2"), False),
    ],
)
def test_what_has_no_order_is_compared_without(
    server: CacheServer, kind: str, command: str, one: tuple[str, ...], two: tuple[str, ...], same: bool
) -> None:
    first = mark(server, TYPE=f"+{kind}", **{command: bulk(*one)})
    assert (first == mark(server, **{command: bulk(*two)})) is same


def test_a_value_that_is_large_or_of_another_kind_is_compared_by_its_kind(server: CacheServer) -> None:
    assert mark(server, MEMORY=":2000000") == "a string"
    assert mark(server, TYPE="+stream") == "a stream"
    assert ["GET", "k"] not in server.received


def test_a_server_that_keeps_its_memory_to_itself_is_asked_all_the_same(server: CacheServer) -> None:
    assert mark(server, MEMORY="-NOPERM no").startswith("string ")


def test_a_key_that_is_gone_is_absent(server: CacheServer) -> None:
    assert mark(server, TYPE="+none") == ABSENT


def test_a_server_that_breaks_off_is_unreachable(server: CacheServer) -> None:
    with pytest.raises(Unreachable):
        mark(server, TYPE="")
