# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that share something of which there is only so much take turns, as long as that gets them on.

A bound alone would let a few that hang hold all others up: where nobody gets on, nobody waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock

STALLED = 1.0  # seconds without anybody's having left, after which those that wait go in all the same


class Turns:
    """So many at once, unless they don't get on. Safe for threads."""

    def __init__(self, places: int, clock: Clock) -> None:
        self._free = places
        self._clock = clock
        self._left_at = clock.monotonic()
        self._changed = threading.Condition()

    def enter(self) -> Callable[[], None]:
        """Wait for one's turn; what is returned gives the place to the next one."""
        with self._changed:
            while self._free <= 0 and self._clock.monotonic() - self._left_at < STALLED:
                self._changed.wait(STALLED)
            self._free -= 1
        return self._leave

    def _leave(self) -> None:
        with self._changed:
            self._free += 1
            self._left_at = self._clock.monotonic()
            self._changed.notify()
