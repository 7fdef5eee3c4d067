# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of every AWS call that reached the proxy."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

MASK = "********"
SECRET = re.compile(r"password|secret(string|binary|accesskey)|sessiontoken|clientsecret|authtoken|privatekey", re.I)
READ_PREFIXES = ("Describe", "Get", "List", "Head", "BatchGet", "Lookup", "Search", "Select", "Simulate", "Filter")
READ_ACTIONS = frozenset(
    {"Query", "Scan", "Decrypt", "AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "TestDNSAnswer"}
)
CONNECT = "CONNECT"
"""The action of a call that never got as far as saying what it wanted."""
KEPT = 100_000


@dataclass(frozen=True)
class Call:
    """One call. ``started`` is seconds since the epoch; ``outcome`` an HTTP status with its error code, or a fault."""

    service: str
    action: str
    region: str
    host: str
    started: float
    params: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    outcome: str = "in flight"
    write: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the call as JSON wants it."""
        return asdict(self)


class Record:
    """The calls, oldest first; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[int, Call] = {}
        self._order: deque[int] = deque()
        self._next = 0

    def begin(self, call: Call) -> int:
        """Note a call that has arrived, and return its number."""
        with self._lock:
            self._next += 1
            self._calls[self._next] = replace(call, params=masked(call.params))
            self._order.append(self._next)
            if len(self._order) > KEPT:
                self._calls.pop(self._order.popleft(), None)
            return self._next

    def finish(self, number: int, seconds: float, outcome: str) -> None:
        """Note how a call ended."""
        with self._lock:
            call = self._calls.get(number)
            if call is not None:
                self._calls[number] = replace(call, seconds=seconds, outcome=outcome)

    def since(self, started: float = 0.0) -> list[Call]:
        """Return the calls that started at that time or later."""
        with self._lock:
            return [call for call in self._calls.values() if call.started >= started]

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._calls.clear()
            self._order.clear()


def is_write(action: str) -> bool:
    """Say whether an action changes anything."""
    return not (action == CONNECT or action in READ_ACTIONS or action.startswith(READ_PREFIXES))


def masked(value: Any) -> Any:
    """Return a copy, plain enough for JSON, in which no secret is left."""
    if isinstance(value, Mapping):
        return {str(key): MASK if SECRET.search(str(key)) else masked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item) for item in value]
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
