# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proving a writer again and again until it succeeds: a promotion, a name and a network take their time."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed, Effect
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import Unreachable

INTERVAL = 0.2  # seconds between two attempts


def passes(error: DrError) -> bool:
    """Whether another attempt may do better: no answer, or a fault of AWS that passes."""
    if isinstance(error, CallFailed):
        return error.effect is not Effect.FINAL
    return isinstance(error, (TimedOut, Unreachable))


def prove_until(
    attempt: Callable[[], WriterProof],
    may_pass: Callable[[DrError], bool],
    region: str,
    deadline: Deadline,
    context: Context,
) -> WriterProof:
    """What ``attempt`` gives once it succeeds. Raises ``TimedOut``, or the ``DrError`` that waiting won't mend."""
    found: list[WriterProof] = []

    def once() -> str:
        try:
            found.append(attempt())
        except DrError as error:
            if not may_pass(error):
                raise
            return str(error)
        return "proved"

    wait_until(
        once,
        lambda _seen: bool(found),
        what=f"a write that commits in {region}",
        interval=INTERVAL,
        deadline=deadline,
        clock=context.clock,
        progress=context.progress,
    )
    return found[0]
