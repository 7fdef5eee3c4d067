# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity that takes its time: what is wanted comes unit by unit, and not at all where a Region has none left."""

from __future__ import annotations

import threading
from collections.abc import Callable

Now = Callable[[], float]


class Ramps:
    """Every group's units, by Region and name; thread-safe. Up takes the time given, down is at once."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._wanted: dict[tuple[str, str], tuple[int, float]] = {}
        self._units: dict[tuple[str, str], list[float]] = {}
        self._limits: dict[str, int] = {}

    def limit(self, region: str, units: int | None) -> None:
        """Let a Region have so many units in all, those it has already included; None: no limit."""
        with self._lock:
            if units is None:
                self._limits.pop(region, None)
            else:
                self._limits[region] = units

    def limits(self) -> dict[str, int]:
        """The limits in force."""
        with self._lock:
            return dict(self._limits)

    def want(self, region: str, name: str, count: int, seconds: float) -> None:
        """Let a group have ``count`` units; a new one serves after ``seconds``."""
        with self._lock:
            self._wanted[region, name] = (count, seconds)
            self._settle()

    def serving(self, region: str, name: str) -> int:
        """How many of a group's units serve."""
        with self._lock:
            self._settle()
            return sum(ready <= self._now() for ready in self._units.get((region, name), ()))

    def coming(self, region: str, name: str) -> int:
        """How many are on their way."""
        with self._lock:
            return len(self._units.get((region, name), ())) - self.serving(region, name)

    def short(self, region: str, name: str) -> int:
        """How many can't be had."""
        with self._lock:
            self._settle()
            wanted, _seconds = self._wanted.get((region, name), (0, 0.0))
            return wanted - len(self._units.get((region, name), ()))

    def advance(self) -> None:
        """Take what there is by now."""
        with self._lock:
            self._settle()

    def finish(self) -> None:
        """Let everything that is on its way serve."""
        with self._lock:
            self._settle()
            self._units = {group: [min(ready, self._now()) for ready in units] for group, units in self._units.items()}

    def reset(self) -> None:
        """Forget all groups and limits."""
        with self._lock:
            self._wanted.clear()
            self._units.clear()
            self._limits.clear()

    def _settle(self) -> None:
        """Give each group what it wants, as far as its Region has it."""
        for (region, name), (wanted, seconds) in self._wanted.items():
            units = self._units.setdefault((region, name), [])
            del units[wanted:]
            while len(units) < wanted and self._left(region) > 0:
                units.append(self._now() + seconds)

    def _left(self, region: str) -> int:
        if region not in self._limits:
            return 1
        return self._limits[region] - sum(len(units) for group, units in self._units.items() if group[0] == region)
