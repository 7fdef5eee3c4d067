# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world's journal: what really happened when, whatever AWS says and whoever knows."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened; ``at`` is seconds since the epoch."""

    at: float
    event: str
    region: str = ""
    detail: str = ""


class Journal:
    """The events, oldest first; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def add(self, event: str, region: str = "", detail: str = "") -> None:
        with self._lock:
            self._events.append(Event(time.time(), event, region, detail))

    def as_dicts(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(event) for event in self._events]

    def clear(self) -> None:
        with self._lock:
            self._events.clear()
