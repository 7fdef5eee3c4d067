# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one wait loop: a named predicate, a deadline and an injected clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut

T = TypeVar("T")


def wait_until(
    observe: Callable[[], T],
    done: Callable[[T], bool],
    *,
    what: str,
    interval: float | Callable[[float], float],
    deadline: Deadline,
    clock: Clock,
    progress: Callable[[str], None],
) -> T:
    """Observe every ``interval`` seconds until ``done`` says so, and return what was then seen.

    ``interval`` may be a function of the seconds waited so far: often at first, then less.
    Raises :class:`TimedOut` with what was seen last. Errors of ``observe`` are the caller's to catch: a wait can't
    tell a passing fault from a final one. A last look that the deadline cuts off tells less than the one before it.
    """
    began = clock.monotonic()

    def over(seen: T) -> TimedOut:
        return TimedOut(
            f"Waiting for {what}",
            f"not so after {clock.monotonic() - began:.0f} s; last seen: {seen}",
            "Run the task again to go on waiting: nothing is started twice.",
        )

    seen = observe()
    while not done(seen):
        if deadline.passed(clock):
            raise over(seen)
        waited = clock.monotonic() - began
        progress(f"waiting for {what}: {waited:.0f} s")
        pause = interval(waited) if callable(interval) else interval
        clock.sleep(min(pause, max(deadline.remaining(clock), 0.001)))
        try:
            seen = observe()
        except TimedOut as error:
            if not deadline.passed(clock):
                raise
            raise over(seen) from error
    return seen
