# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One changing call: made again only where it surely had no effect, or where a look says that it had none."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within

LOOK_ERRORS: tuple[type[Exception], ...] = (DrError, *CALL_ERRORS)
CALL = 5.0  # seconds that one call has for its answer: after that, looking tells more than waiting
PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before the next try; then always the last


def change(
    make: Callable[[], object], is_so: Callable[[], bool], tried: str, clock: Clock, deadline: Deadline
) -> Exception | None:
    """Make the call until it has taken effect; else give the error that it ended with, for the caller to tell.

    ``is_so`` looks whether it has taken effect; where it can't look, it says no.
    """
    unclear = False
    pauses = iter(PAUSES)
    pause = 0.0
    while True:
        error = _error_of(make, tried, clock, deadline)
        if error is None:
            return None
        effect = effect_of(error)
        unclear = unclear or effect is Effect.UNKNOWN
        if unclear and _looks_so(is_so, tried, clock, deadline):
            return None
        pause = next(pauses, pause)
        if effect in (Effect.FINAL, Effect.CONFLICT) or deadline.remaining(clock) <= pause:
            return error
        clock.sleep(pause)


def _error_of(make: Callable[[], object], tried: str, clock: Clock, deadline: Deadline) -> Exception | None:
    try:
        within(make, deadline.sooner(clock, CALL), clock, tried)
    except CALL_ERRORS as exc:
        return exc
    return None


def _looks_so(is_so: Callable[[], bool], tried: str, clock: Clock, deadline: Deadline) -> bool:
    try:
        return within(is_so, deadline.sooner(clock, CALL), clock, f"Looking for what {tried} did")
    except LOOK_ERRORS:
        return False
