# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cache's number of keys, some of its keys at random, and marks of their values. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache import converse
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.resp import Conversation, RespError, Value

LARGEST = 1_000_000  # bytes of a value that is read for its mark
ABSENT = "absent"
_READ: dict[bytes, tuple[str, ...]] = {
    b"string": ("GET",),
    b"hash": ("HGETALL",),
    b"set": ("SMEMBERS",),
    b"list": ("LRANGE", "0", "-1"),
    b"zset": ("ZRANGE", "0", "-1", "WITHSCORES"),
}
_UNORDERED = (b"hash", b"set")


def count_keys(target: CacheTarget, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> int:
    """How many keys the server has. In cluster mode, the shard that answers. Raises as :func:`.cache.converse`."""

    def ask(conversation: Conversation) -> int:
        count = conversation.ask_value("DBSIZE")
        return count if isinstance(count, int) else 0

    return converse(target, resolvers, deadline, clock, ask)[1]


def random_keys(
    target: CacheTarget, number: int, resolvers: Sequence[str], clock: Clock, deadline: Deadline
) -> tuple[bytes, ...]:
    """Up to ``number`` different keys."""

    def ask(conversation: Conversation) -> tuple[bytes, ...]:
        found = (conversation.ask_value("RANDOMKEY") for _each in range(2 * number))
        return tuple(dict.fromkeys(key for key in found if isinstance(key, bytes)))[:number]

    return converse(target, resolvers, deadline, clock, ask)[1]


def marks(
    target: CacheTarget,
    keys: Sequence[bytes],
    mark: Callable[[str], str],
    resolvers: Sequence[str],
    clock: Clock,
    deadline: Deadline,
) -> dict[bytes, str]:
    """What stands for each value: equal for equal values. ``mark`` makes it of a text, of which nothing is kept."""

    def ask(conversation: Conversation) -> dict[bytes, str]:
        return {key: _mark(conversation, key, mark) for key in keys}

    return converse(target, resolvers, deadline, clock, ask)[1] if keys else {}


def _mark(conversation: Conversation, key: bytes, mark: Callable[[str], str]) -> str:
    kind = conversation.ask_value("TYPE", key)
    if not isinstance(kind, bytes) or kind == b"none":
        return ABSENT
    words = _READ.get(kind)
    if words is None or _size(conversation, key) > LARGEST:
        return f"a {kind.decode()}"
    value = conversation.ask_value(words[0], key, *words[1:])
    return f"{kind.decode()} {mark(_text(value, kind))}"


def _size(conversation: Conversation, key: bytes) -> int:
    try:
        size = conversation.ask_value("MEMORY", "USAGE", key)
    except RespError:  # not every server lets everybody ask
        return 0
    return size if isinstance(size, int) else 0


def _text(value: Value, kind: bytes) -> str:
    """The whole value as text; what has no order of its own is sorted, a hash by its fields."""
    if not isinstance(value, list):
        return repr(value)
    items = [each if isinstance(each, bytes) else repr(each).encode() for each in value]
    if kind == b"hash":
        return repr(sorted(zip(items[::2], items[1::2], strict=False)))
    return repr(sorted(items) if kind in _UNORDERED else items)
