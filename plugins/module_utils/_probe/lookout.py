# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service's probe needs besides the leg that it looks at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.turns import Turns
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database

T = TypeVar("T")

AGAIN_FOR = 1.6  # seconds
DENIED = "AccessDenied"
"""How AWS's code begins where this task may not, which says nothing of those who may."""


@dataclass(frozen=True)
class Lookout:
    """``request_timeout`` (seconds) is for one answer, not for all.

    ``canary_key`` is what the key of a canary object begins with, which each bucket then gets one of; empty: none does.
    ``read_secrets``: whether a secret's value is read, and forgotten. ``turns``: those of the calls of AWS; ``None``:
    as many as there are, at once.
    """

    clients: Clients
    clock: Clock
    deadline: Deadline
    resolvers: Sequence[str]
    request_timeout: float
    database: Database | None
    ca_path: str | None
    ping_cache: bool = False
    canary_key: str = ""
    read_secrets: bool = False
    turns: Turns | None = None

    def patience(self) -> float:
        """Seconds for the next answer."""
        return max(0.01, min(self.request_timeout, self.deadline.remaining(self.clock)))

    def sooner(self, share: float = 0.9) -> Deadline:
        """A little sooner than the whole: what hangs must not cost what else is known of the service."""
        return self.deadline.sooner(self.clock, share * self.deadline.remaining(self.clock))

    def read(self, call: Callable[[], T]) -> T:
        """What a reading AWS call gives; asked again after a passing fault, though not for long."""
        return self.timed(call)[0]

    def timed(self, call: Callable[[], T]) -> tuple[T, float]:
        """The same, with the milliseconds that it took once it was its turn."""
        leave = self.turns.enter() if self.turns else lambda: None
        began = self.clock.monotonic()
        try:
            value = again(call, self.clock, self.deadline.sooner(self.clock, AGAIN_FOR))
        finally:
            leave()
        return value, (self.clock.monotonic() - began) * 1000


def must_tell(outcomes: Collection[Outcome[Any]]) -> None:
    """Raise the first error where none of several questions was answered, or one that is no answer of AWS's."""
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    for error in errors:
        if len(errors) == len(outcomes) or not isinstance(error, CALL_ERRORS):
            raise error


def said(outcome: Outcome[Any] | None) -> str:
    """Why a question wasn't answered; empty where it was, or wasn't asked."""
    return aws_error(outcome.error, "").seen if outcome is not None and outcome.error is not None else ""
