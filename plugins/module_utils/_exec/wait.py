# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one wait loop: a named predicate, a deadline and an injected clock."""

from __future__ import annotations

from typing import Callable, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut

T = TypeVar("T")


def wait_until(
    observe: Callable[[], T],
    done: Callable[[T], bool],
    *,
    what: str,
    interval: float,
    deadline: Deadline,
    clock: Clock,
    progress: Callable[[str], None],
) -> T:
    """Observe every ``interval`` seconds until ``done`` says so, and return what was then seen.

    Raises :class:`TimedOut` with what was seen last. Errors of ``observe`` are the caller's to catch: a wait can't
    tell a passing fault from a final one.
    """
    began = clock.monotonic()
    while True:
        seen = observe()
        if done(seen):
            return seen
        if deadline.passed(clock):
            waited = clock.monotonic() - began
            raise TimedOut(
                f"Waiting for {what}",
                f"not so after {waited:.0f} s; last seen: {seen}",
                "Run the task again to go on waiting: nothing is started twice.",
            )
        progress(f"waiting for {what}: {clock.monotonic() - began:.0f} s")
        clock.sleep(min(interval, max(deadline.remaining(clock), 0.001)))
