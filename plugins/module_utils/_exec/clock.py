# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time, injected: so that a wait of fifteen minutes is tested in a millisecond."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """``monotonic`` and ``wall`` in seconds (the latter since the epoch); ``sleep`` takes seconds."""

    def monotonic(self) -> float: ...

    def wall(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clock: the only place in the collection that sleeps."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)  # the one sleep: every wait goes through here


@dataclass(frozen=True)
class Deadline:
    """A point on the monotonic clock after which nothing may be waited for."""

    at: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        return cls(clock.monotonic() + seconds)

    def remaining(self, clock: Clock) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - clock.monotonic())

    def passed(self, clock: Clock) -> bool:
        return clock.monotonic() >= self.at

    def sooner(self, clock: Clock, seconds: float) -> Deadline:
        """This deadline, or ``seconds`` from now if that comes first."""
        return Deadline(min(self.at, clock.monotonic() + seconds))
