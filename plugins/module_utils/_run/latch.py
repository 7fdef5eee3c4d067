# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Setting, clearing and reading a latch: each object in a thread of its own, so a dead bucket holds up no other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import change
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3.transform import object_state
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import (
    Landing,
    LatchObject,
    LatchState,
    ObjectState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.latch import Act, act_for, after, moves

READ = 2.0  # seconds that a bucket has to say what is there; then the object counts as unknown, and is changed anyway
BACKSTOP = 1.0  # seconds after the deadline at which nothing is waited for any more
CHANGE = 5.0  # seconds that a bucket has to take the change, tries again included


@dataclass(frozen=True)
class Latch:
    """The latch's objects, their key and the token that they hold."""

    objects: tuple[LatchObject, ...]
    key: str
    token: str


@dataclass(frozen=True)
class Switched:
    """What became of each object, when traffic was sent on its way (epoch seconds), and what ``watch`` gave then."""

    landings: tuple[Landing, ...]
    landed_at: float | None
    watched: Any


def read_latch(latch: Latch, context: Context, patience: float = READ) -> tuple[Landing, ...]:
    """What each bucket says within ``patience`` seconds; nothing is changed."""

    def reader(where: LatchObject) -> Callable[[], Landing]:
        return lambda: _read(latch, where, context, patience)

    outcomes = gather({where.bucket: reader(where) for where in latch.objects}, context.deadline, context.clock)
    return tuple(_landing(where, outcomes[where.bucket]) for where in latch.objects)


def switch(
    latch: Latch, wanted: LatchState, prove: Callable[[], Any], watch: Callable[[], Any], context: Context
) -> Switched:
    """Bring every object to ``wanted``. The first that needs a change has ``prove`` called before any is changed.

    ``watch`` is called as soon as traffic is on its way, while other buckets may still be at it. What ``prove`` and
    ``watch`` raise is raised; a bucket's fault is in its landing.
    """
    board = _Board(latch, wanted, context)
    proof = _Once(prove)

    def switcher(where: LatchObject) -> Callable[[], Landing]:
        return lambda: board.post(lambda: _switch(latch, where, wanted, proof, context))

    jobs: dict[str, Callable[[], Any]] = {f"object {where.bucket}": switcher(where) for where in latch.objects}
    jobs["watch"] = lambda: watch() if board.wait_until_moved() else None
    # Each job holds the deadline itself and then says why; this one is for what can't be interrupted.
    outcomes = gather(jobs, Deadline(context.deadline.at + BACKSTOP), context.clock)
    made = [outcome.value for outcome in outcomes.values() if isinstance(outcome.value, Landing)]
    watched = outcomes["watch"]
    with having_made(calls_of(wanted, made)):
        landings = tuple(_landing(where, outcomes[f"object {where.bucket}"]) for where in latch.objects)
        if watched.error is not None and moves(wanted, [landing.after for landing in landings]):
            raise watched.error
    return Switched(landings, board.landed_at, watched.value)


def calls_of(wanted: LatchState, landings: Sequence[Landing]) -> tuple[Call, ...]:
    """The changing calls that brought about these landings, or may have."""
    acts = [(landing, act_for(wanted, landing.before)) for landing in landings if landing.changed or landing.unclear]
    return tuple(Call("s3", act.value, landing.where.region) for landing, act in acts if act)


class _Once:
    """Calls ``what`` for the first who asks; everybody gets the same result, or the same error."""

    def __init__(self, what: Callable[[], Any]) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._outcome: Outcome[Any] | None = None

    def __call__(self) -> Any:
        with self._lock:
            if self._outcome is None:
                try:
                    self._outcome = Outcome(self._what(), None, 0.0)
                except Exception as exc:  # kept for everybody who asks
                    self._outcome = Outcome(None, exc, 0.0)
        if self._outcome.error is not None:
            raise self._outcome.error
        return self._outcome.value


class _Board:
    """Where the objects' threads post their landings, and the watcher waits for enough of them."""

    def __init__(self, latch: Latch, wanted: LatchState, context: Context) -> None:
        self._states = dict.fromkeys(latch.objects, ObjectState.UNKNOWN)
        self._left = len(latch.objects)
        self._wanted = wanted
        self._context = context
        self._lock = threading.Lock()
        self._decided = threading.Event()
        self.landed_at: float | None = None

    def post(self, land: Callable[[], Landing]) -> Landing:
        try:
            landing = land()
            with self._lock:
                self._states[landing.where] = landing.after
                if landing.changed and self.landed_at is None and self._moved():
                    self.landed_at = self._context.clock.wall()
            return landing
        finally:
            with self._lock:
                self._left -= 1
                if self._moved() or not self._left:
                    self._decided.set()

    def wait_until_moved(self) -> bool:
        """True once enough objects have landed; False when all have ended, or the time is over, without."""
        self._decided.wait(self._context.deadline.remaining(self._context.clock))
        with self._lock:
            return self._moved()

    def _moved(self) -> bool:
        return moves(self._wanted, list(self._states.values()))


def _read(latch: Latch, where: LatchObject, context: Context, patience: float = READ) -> Landing:
    deadline = context.deadline.sooner(context.clock, patience)
    enough = len(latch.token.encode()) + 1  # to tell the token from anything longer

    def read() -> bytes | None:
        return api.get_object(context.clients.get("s3", where.region), where.bucket, latch.key, enough)

    try:
        content = within(read, deadline, context.clock, f"s3:GetObject in {where.region}")
    except CALL_ERRORS as exc:
        return Landing(where, ObjectState.UNKNOWN, ObjectState.UNKNOWN, error=f"{type(exc).__name__}: {exc}")
    state = object_state(content, latch.token)
    return Landing(where, state, state)


def _switch(latch: Latch, where: LatchObject, wanted: LatchState, proof: _Once, context: Context) -> Landing:
    seen = _read(latch, where, context)
    act = act_for(wanted, seen.before)
    if act is None:
        return seen
    proof()
    error = change(
        lambda: _change(latch, where, act, context),
        lambda: _read(latch, where, context).after is after(act),
        f"s3:{act.value} in {where.region}",
        context.clock,
        context.deadline.sooner(context.clock, CHANGE),
    )
    if error is None:
        return Landing(where, seen.before, after(act), changed=True)
    unclear = effect_of(error) is Effect.UNKNOWN
    told = f"{type(error).__name__}: {error}"
    return Landing(where, seen.before, ObjectState.UNKNOWN, error=told, unclear=unclear)


def _change(latch: Latch, where: LatchObject, act: Act, context: Context) -> None:
    client = context.clients.get("s3", where.region)
    if act is Act.PUT:
        api.put_object(client, where.bucket, latch.key, latch.token.encode())
    else:
        api.delete_object(client, where.bucket, latch.key)


def _landing(where: LatchObject, outcome: Outcome[Landing]) -> Landing:
    if outcome.value is not None:
        return outcome.value
    if outcome.error is not None and not isinstance(outcome.error, TimedOut):
        raise outcome.error
    return Landing(where, ObjectState.UNKNOWN, ObjectState.UNKNOWN, error=str(outcome.error))
