# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Route 53 is called: five requests a second for a whole account, and refusals that only ask for patience."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import (
    CALL_ERRORS,
    NO_EFFECT,
    CallFailed,
    Effect,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.api import REGION
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within

T = TypeVar("T")

PER_SECOND = 5  # requests, for all of the account's callers together
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0
ATTEMPTS = 4  # at a call that fails otherwise than by a limit or a conflict: an endpoint that is gone is not waited for

_PASSING = (Effect.BUSY, Effect.CONFLICT)


class Account:
    """Calls Route 53 at its rate, under a deadline, again where that makes sense. Raises ``CallFailed``."""

    def __init__(self, clients: Clients, clock: Clock, deadline: Deadline) -> None:
        self._clients = clients
        self._clock = clock
        self._deadline = deadline
        self._recent: deque[float] = deque(maxlen=PER_SECOND)

    def read(self, what: str, call: Callable[..., T], *args: Any) -> T:
        """Make ``call(client, *args)``, again after whatever passes."""
        return self._repeat((*NO_EFFECT, Effect.UNKNOWN), what, call, *args)

    def change(self, what: str, call: Callable[..., T], *args: Any) -> T:
        """The same for a call that changes something: again only where it surely had no effect."""
        return self._repeat(NO_EFFECT, what, call, *args)

    def once(self, what: str, call: Callable[..., T], *args: Any) -> T:
        """The same without another try, for a caller that looks first."""
        return self._repeat((), what, call, *args)

    def pause(self, failed: CallFailed, attempt: int) -> bool:
        """Wait before try number ``attempt + 1``, longer each time; ``False`` if there should be none."""
        seconds = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
        if failed.effect is Effect.FINAL or (failed.effect not in _PASSING and attempt >= ATTEMPTS):
            return False
        if seconds >= self._deadline.remaining(self._clock):
            return False
        self._clock.sleep(seconds)
        return True

    def _repeat(self, again: Collection[Effect], what: str, call: Callable[..., T], *args: Any) -> T:
        attempt = 1
        while True:
            self._pace()
            try:
                return within(
                    lambda: call(self._clients.get("route53", REGION), *args), self._deadline, self._clock, what
                )
            except CALL_ERRORS as exc:
                failed = CallFailed(exc, what)
                if failed.effect not in again or not self.pause(failed, attempt):
                    raise failed from exc
            attempt += 1

    def _pace(self) -> None:
        """Let a second pass between a request and the fifth after it."""
        if len(self._recent) == PER_SECOND:
            self._clock.sleep(max(0.0, self._recent[0] + 1.0 - self._clock.monotonic()))
        self._recent.append(self._clock.monotonic())
