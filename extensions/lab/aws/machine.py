# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that take time, on a clock that is passed in.

An operation is a generator: it yields the condition under which it goes on, and every look at the clock (a describe,
the control thread's tick) runs it as far as that takes it. Effects run beside it, as tasks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator

from lab.aws.effects import Spawn, Task
from lab.aws.plane_protocol import Clock

Condition = Callable[[], bool]
Steps = Generator[Condition, None, None]


class Machine:
    """What has operations under way, each by a name. Thread-safe."""

    def __init__(self, clock: Clock, spawn: Spawn) -> None:
        self._clock = clock
        self._spawn = spawn
        self._lock = threading.RLock()
        self._running: dict[str, tuple[Steps, Condition]] = {}

    def advance(self) -> None:
        """Go as far as the clock and the effects allow."""
        with self._lock:
            for name in list(self._running):
                self._run(name)

    def _start(self, name: str, steps: Steps) -> None:
        """Take the steps up: they begin now, and go on at the next look."""
        condition = next(steps, None)
        if condition is not None:
            self._running[name] = (steps, condition)

    def _run(self, name: str) -> None:
        while (entry := self._running.get(name)) is not None:
            steps, condition = entry
            if not condition():
                return
            following = next(steps, None)
            if self._running.get(name, entry)[0] is not steps:
                return  # it has been replaced by a newer one of that name
            if following is None:
                self._running.pop(name, None)
            else:
                self._running[name] = (steps, following)

    def _task(self, work: Callable[[], object]) -> Task[object]:
        return Task(work, self._spawn)

    def _after(self, seconds: float) -> Condition:
        return self._at(self._clock.monotonic() + seconds)

    def _at(self, when: float) -> Condition:
        return lambda: self._clock.monotonic() >= when
