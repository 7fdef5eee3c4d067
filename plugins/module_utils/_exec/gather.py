# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many calls at once under one deadline.

Threads are daemons and are never joined: an executor waits for hung threads when the process ends, which made a
deadline of 1 s last 15 s. What is left behind is to do no harm: a job knows its deadline (:func:`overdue`), and one
whose deadline has passed beforehand is not begun.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut

T = TypeVar("T")
_LIMIT: ContextVar[tuple[Deadline, Clock] | None] = ContextVar("the deadline of the job under way", default=None)


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What a job gave: a value, or the error it ended with; and the seconds it took."""

    value: T | None
    error: Exception | None
    seconds: float

    @property
    def ok(self) -> bool:
        return self.error is None


def overdue() -> bool:
    """Whether the job that this is called in was given up: its deadline has passed, or that of a job around it."""
    limit = _LIMIT.get()
    return limit is not None and limit[0].passed(limit[1])


def _start(
    name: str, job: Callable[[], T], deadline: Deadline, clock: Clock, done: queue.SimpleQueue[tuple[str, Outcome[T]]]
) -> None:
    around = _LIMIT.get()
    limit = (deadline, clock) if around is None or deadline.at <= around[0].at else around

    def body() -> None:
        _LIMIT.set(limit)
        began = clock.monotonic()
        try:
            value, error = job(), None
        except Exception as exc:  # handed to the caller as the job's outcome
            value, error = None, exc
        done.put((name, Outcome(value, error, clock.monotonic() - began)))

    # in the caller's context: what holds for the caller, a gate before each request, holds for the job
    threading.Thread(target=copy_context().run, args=(body,), name=f"aws-dr {name}", daemon=True).start()


def gather(
    jobs: Mapping[str, Callable[[], T]],
    deadline: Deadline,
    clock: Clock,
    required: Collection[str] | None = None,
) -> dict[str, Outcome[T]]:
    """Run every job in a thread of its own and return their outcomes by name, in the order of the jobs.

    Returns as soon as all ``required`` jobs (default: all) have ended or ``deadline`` has passed. What has not
    ended by then has the error :class:`TimedOut`; its thread is left behind and can't delay the process's end.
    """
    began = clock.monotonic()
    done: queue.SimpleQueue[tuple[str, Outcome[T]]] = queue.SimpleQueue()
    if deadline.passed(clock):
        return {name: Outcome(None, _unbegun(name), 0.0) for name in jobs}
    for name, job in jobs.items():
        _start(name, job, deadline, clock, done)
    waited_for = set(jobs if required is None else required) & set(jobs)
    outcomes: dict[str, Outcome[T]] = {}
    while waited_for:
        try:
            name, outcome = done.get(timeout=deadline.remaining(clock))
        except queue.Empty:
            break
        outcomes[name] = outcome
        waited_for.discard(name)
    while not done.empty():
        name, outcome = done.get()
        outcomes[name] = outcome
    elapsed = clock.monotonic() - began
    return {name: outcomes.get(name, Outcome(None, _unfinished(name, elapsed), elapsed)) for name in jobs}


def all_of(jobs: Mapping[str, Callable[[], Any]], deadline: Deadline, clock: Clock) -> dict[str, Any]:
    """What every job gives, by name. Raises the first error in the order of the jobs, once all have ended."""
    outcomes = gather(jobs, deadline, clock)
    for outcome in outcomes.values():
        if outcome.error is not None:
            raise outcome.error
    return {name: outcome.value for name, outcome in outcomes.items()}


def first(jobs: Mapping[str, Callable[[], T]], deadline: Deadline, clock: Clock) -> T:
    """Run every job, and return what the first one gives that ends well: the others are left behind.

    Raises the last error where none does, or :class:`TimedOut`.
    """
    began = clock.monotonic()
    done: queue.SimpleQueue[tuple[str, Outcome[T]]] = queue.SimpleQueue()
    if deadline.passed(clock):
        raise _unbegun(", ".join(jobs))
    for name, job in jobs.items():
        _start(name, job, deadline, clock, done)
    error: Exception | None = None
    for _each in jobs:
        try:
            _name, outcome = done.get(timeout=deadline.remaining(clock))
        except queue.Empty:
            break
        if outcome.error is None:
            return outcome.value  # type: ignore[return-value]  # no error: the job's own value, whatever its type
        error = outcome.error
    raise error or _unfinished(", ".join(jobs), clock.monotonic() - began)


def within(job: Callable[[], T], deadline: Deadline, clock: Clock, what: str) -> T:
    """One job under a deadline. Raises :class:`TimedOut`, or whatever the job raised."""
    outcome = gather({what: job}, deadline, clock)[what]
    if outcome.error is not None:
        raise outcome.error
    return outcome.value  # type: ignore[return-value]  # no error: the job's own value, whatever its type


def _unfinished(name: str, seconds: float) -> TimedOut:
    return TimedOut(name, f"no answer within {seconds:.1f} s", "Treat its state as unknown.")


def _unbegun(name: str) -> TimedOut:
    return TimedOut(name, "not begun: its time was over already", "Give it more time.")
