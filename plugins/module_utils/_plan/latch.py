# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do with each of a latch's objects, and what they amount to together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import (
    Landing,
    LatchObject,
    LatchState,
    ObjectState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.gate import check_gate


class Act(str, Enum):
    """The one changing call that an object needs, as the API names it."""

    PUT = "PutObject"
    DELETE = "DeleteObject"


def act_for(wanted: LatchState, observed: ObjectState) -> Act | None:
    """The call that brings an object to ``wanted`` (set or clear), or ``None`` where it is so already.

    An unknown object is written or deleted too: both calls do no harm where it was so already.
    """
    if wanted is LatchState.SET:
        return None if observed is ObjectState.SET else Act.PUT
    return None if observed is ObjectState.CLEAR else Act.DELETE


def after(act: Act) -> ObjectState:
    """What an object is once ``act`` has succeeded."""
    return ObjectState.SET if act is Act.PUT else ObjectState.CLEAR


def planned(wanted: LatchState, seen: Landing) -> Landing:
    """What would become of an object that was read."""
    act = act_for(wanted, seen.before)
    return seen if act is None else Landing(seen.where, seen.before, after(act), changed=True, error=seen.error)


def overall(states: Iterable[ObjectState]) -> LatchState:
    """Set or clear only if every object is; partial if some are set; else unknown."""
    seen = set(states)
    if seen == {ObjectState.SET}:
        return LatchState.SET
    if ObjectState.SET in seen:
        return LatchState.PARTIAL
    return LatchState.UNKNOWN if ObjectState.UNKNOWN in seen or not seen else LatchState.CLEAR


def moves(wanted: LatchState, states: Sequence[ObjectState]) -> bool:
    """Whether traffic goes where ``wanted`` sends it: one object is enough to move it; it returns only without any."""
    if wanted is LatchState.SET:
        return ObjectState.SET in states
    return overall(states) is LatchState.CLEAR


def check_request(
    objects: Sequence[LatchObject], token: str, verified: bool, target: str | None, unverified_allowed: bool
) -> tuple[Finding, ...]:
    """What is wrong with a request to set or clear, before anything is observed.

    ``verified`` says that the database whose writer is to be proved was given.
    """
    gate = check_gate(verified, target, unverified_allowed, "A latch moves traffic")
    return (*check_objects(objects, token), *gate)


def check_objects(objects: Sequence[LatchObject], token: str) -> tuple[Finding, ...]:
    """What is wrong with the objects themselves."""
    findings = []
    if not objects:
        findings.append(refusal("no_objects", "objects is empty.", "Name at least one bucket and its Region."))
    buckets = [each.bucket for each in objects]
    twice = sorted({bucket for bucket in buckets if buckets.count(bucket) > 1})
    if twice:
        seen = f"objects names {', '.join(twice)} more than once."
        findings.append(refusal("same_bucket_twice", seen, "Name each once: two objects in one bucket fail together."))
    if not token:
        findings.append(refusal("no_token", "token is empty.", "Give the string that the health checks look for."))
    return tuple(findings)
