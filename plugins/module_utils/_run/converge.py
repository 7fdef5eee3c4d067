# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that is decided anew each time it met resistance: look, decide, change once, look again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import AGAIN_AFTER, again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context

S = TypeVar("S")
A = TypeVar("A")
OVERTAKEN = (409, 412)  # HTTP: somebody else's change came first, and this one had no effect


@dataclass(frozen=True)
class Converged(Generic[S]):
    """What was seen before the last change, or instead of one; whether anything was changed by this call."""

    seen: S
    changed: bool


def converge(
    look: Callable[[], S], decide: Callable[[S], A | None], change: Callable[[A], Any], what: str, context: Context
) -> Converged[S]:
    """Change until ``decide`` has nothing left, or one change was taken in.

    A change without an answer is never repeated blindly: what is there then decides. Raises ``DrError`` when AWS
    refuses for good or time is over, and what the callables raise.
    """
    clock, deadline = context.clock, context.deadline
    doubt = False
    while True:
        seen = again(lambda: within(look, deadline, clock, f"{what}: looking"), clock, deadline)
        act = decide(seen)
        if act is None:
            return Converged(seen, doubt)
        try:
            _once(change, act, what, context)
            return Converged(seen, True)
        except CALL_ERRORS as exc:
            effect = _effect(exc)
            if effect is Effect.FINAL or deadline.remaining(clock) <= AGAIN_AFTER:
                raise aws_error(exc, what) from exc
            doubt = doubt or effect is Effect.UNKNOWN
        clock.sleep(AGAIN_AFTER)


def _once(change: Callable[[A], Any], act: A, what: str, context: Context) -> None:
    within(lambda: change(act), context.deadline, context.clock, what)


def _effect(exc: Exception) -> Effect:
    """Like ``effect_of``, but for an answer that says that the request was overtaken: then look and decide anew."""
    status = (getattr(exc, "response", None) or {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return Effect.CONFLICT if status in OVERTAKEN else effect_of(exc)
