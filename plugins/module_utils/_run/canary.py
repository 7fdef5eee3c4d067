# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flipping a canary latch: it is set, the name is watched as it moves, and it is cleared again whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.interrupt import interruptible
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Landing, LatchState, ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.latch import Latch, switch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.record_watch import wait_for_record

CLEAR = 15.0  # seconds for clearing it, however little is left of the deadline


@dataclass(frozen=True)
class Name:
    """The canary's name, where it leads while the latch is clear (``home``) and set (``standby``), and who is asked."""

    name: str
    home: Sequence[str]
    standby: Sequence[str]
    resolvers: Sequence[str]


@dataclass(frozen=True)
class Flipped:
    """Seconds from the latch's setting to the name's moving, and from its clearing to the name's return."""

    there: float
    back: float


def flip(latch: Latch, name: Name, context: Context) -> Flipped:
    """Set it, watch, clear it, watch. Raises ``DrError`` where the name doesn't follow, or an object doesn't land."""
    began = context.clock.monotonic()
    try:
        with interruptible():
            _landed(switch(latch, LatchState.SET, _no_proof, _no_watch, context).landings, ObjectState.SET)
            wait_for_record(name.name, name.standby, name.resolvers, context)
            there = context.clock.monotonic() - began
    finally:
        clear(latch, context)
    began = context.clock.monotonic()
    wait_for_record(name.name, name.home, name.resolvers, context)
    return Flipped(there, context.clock.monotonic() - began)


def clear(latch: Latch, context: Context) -> None:
    """Clear the canary's objects, with some time of its own. Raises ``DrError``."""
    own = replace(context, deadline=Deadline.after(context.clock, CLEAR))
    _landed(switch(latch, LatchState.CLEAR, _no_proof, _no_watch, own).landings, ObjectState.CLEAR)


def _landed(landings: Sequence[Landing], wanted: ObjectState) -> None:
    for landing in landings:
        if landing.after is not wanted:
            raise DrError(
                f"Bringing the canary's object in {landing.where.bucket} to {wanted.value}",
                landing.error or f"it is {landing.after.value}",
                "Check s3:PutObject and s3:DeleteObject on the canary's key; a canary that stays set does no harm.",
            )


def _no_proof() -> None:
    """No client's name hangs on a canary: there is no writer to be proved."""


def _no_watch() -> None:
    """The name is watched once every object has landed: each must be seen to work."""
