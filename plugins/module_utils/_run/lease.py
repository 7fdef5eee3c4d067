# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking the lease of a run, keeping it, giving it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_dead
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Holder, Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    Event,
    EventState,
    Outcome,
    RunRecord,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import lease as plan

LOOK_AGAIN = 1.0  # seconds between two looks at a holder that may be dead


@dataclass(frozen=True)
class Opened:
    """The lock as it was taken, and the run's record."""

    lock: Lock
    run: RunRecord


def open_run(asked: RunRecord, holder: Holder, store: Store, clock: Clock, progress: Callable[[str], None]) -> Opened:
    """Take the lock for ``asked``, or for the open run whose next attempt it is; write its record.

    Takes as long as a lease where the holder may be dead. Raises ``Refused`` where it lives, or where another run is
    open, and ``DrError`` where the store gives no answer.
    """
    request = plan.Request(asked.id, asked.lock, asked.kind, asked.workload, asked.mode, asked.target)
    while True:
        seen = store.read_lock(asked.lock)
        run = store.read_run(seen.run_id) if seen and seen.run_id else None
        dead = seen is not None and seen.holder is not None and is_dead(seen.holder)
        decision = plan.decide(seen, run, request, dead)
        if isinstance(decision, plan.Refuse):
            raise Refused(decision.findings)
        if isinstance(decision, plan.Watch) and seen is not None:
            last = _watched(seen, store, clock, progress)
            if last is not None and last != seen and last.holder == seen.holder:
                raise Refused((plan.held(seen, run),))
            if last != seen:
                continue  # it was given back, or somebody else took it: decide anew
        take = decision.then if isinstance(decision, plan.Watch) else decision
        run_id = seen.run_id if seen and _goes_on(seen, run, take) else asked.id
        lock = plan.taken(seen, run_id, asked.lock, holder, clock.wall())
        if store.write_lock(lock, seen):
            if take.settles:
                _let_settle(clock, progress)
            return Opened(lock, _record(lock, asked, take, store, clock))
        # Somebody was faster: look at what they did.


def _goes_on(seen: Lock, run: RunRecord | None, take: plan.Take) -> bool:
    """Whether the run that holds the lock goes on: an open one, or one that died before its record was written."""
    return take.preempts is None and not seen.free and (take.resumes is not None or run is None)


def _let_settle(clock: Clock, progress: Callable[[str], None]) -> None:
    """Until the run that lost the lock can't send anything any more: its steps ask for the lease again by then."""
    until = Deadline.after(clock, plan.SAFE)
    wait_until(
        lambda: "its last call may still be under way",
        lambda _seen: until.passed(clock),
        what="the failback that was cut short to come to rest",
        interval=LOOK_AGAIN,
        deadline=Deadline.after(clock, 2 * plan.SAFE),
        clock=clock,
        progress=progress,
    )


def _watched(seen: Lock, store: Store, clock: Clock, progress: Callable[[str], None]) -> Lock | None:
    """The lock once a lease has passed without a sign of life (then it is as it was ``seen``), or at the first sign."""
    until = Deadline.after(clock, plan.LEASE)
    return wait_until(
        lambda: store.read_lock(seen.key),
        lambda lock: lock != seen or until.passed(clock),
        what="a sign of life of the run that holds the lock",
        interval=LOOK_AGAIN,
        deadline=Deadline.after(clock, 2 * plan.LEASE),
        clock=clock,
        progress=progress,
    )


def _record(lock: Lock, asked: RunRecord, take: plan.Take, store: Store, clock: Clock) -> RunRecord:
    if take.preempts is not None:
        end = replace(take.preempts, fence=lock.fence)
        close_run(end, Outcome.PREEMPTED, {"by": asked.id}, store, clock)
    run = replace(asked, id=lock.run_id, fence=lock.fence)
    if take.resumes is not None:
        # What was frozen at the first opening stays; who goes on with it, how and why is in the journal.
        run = replace(take.resumes, fence=lock.fence, resumed=take.resumes.resumed + 1, mode=asked.mode)
        seen = {
            "mode": asked.mode,
            "reason": asked.reason,
            "by": asked.initiated_by,
            "approved_by": asked.approved_by,
            "details": dict(asked.details),
        }
        store.add_event(Event(run.id, lock.fence, clock.wall(), "resume", EventState.NOTE, seen=seen))
    if not store.write_run(run):
        raise Refused((plan.fenced(run.id),))
    return run


def close_run(run: RunRecord, outcome: Outcome, summary: Mapping[str, Any], store: Store, clock: Clock) -> RunRecord:
    """Write how the run ended, into its record and the history. A second closing changes nothing.

    Raises ``Refused`` where another run has taken over.
    """
    closed = replace(run, outcome=outcome, closed_at=clock.wall(), summary=dict(summary))
    if not store.write_run(closed):
        stands = store.read_run(run.id)
        if stands is None or stands.open or stands.fence != run.fence:
            raise Refused((plan.fenced(run.id),))
        closed = stands
    store.add_history(closed)
    return closed


def suspend(run_id: str, key: str, fence: int, seen: Mapping[str, Any], store: Store, clock: Clock) -> bool:
    """Leave the run open for its next attempt, which then waits for nobody; say whether the lock was ours."""
    store.add_event(Event(run_id, fence, clock.wall(), "suspend", EventState.NOTE, seen=dict(seen)))
    return _rewrite(key, lambda lock: lock.fence == fence, plan.unlocked, store)


def release(key: str, fence: int, store: Store) -> bool:
    """Give the lock back, if it is still ours; say whether it was."""
    return _rewrite(key, lambda lock: lock.fence == fence, plan.released, store)


def unlock(key: str, who: Mapping[str, Any], store: Store, clock: Clock) -> RunRecord | None:
    """Take the lock from its holder, whoever that is, and leave its run open. Gives that run, if there is one."""
    seen = store.read_lock(key)
    if seen is None or seen.free:
        return None
    _rewrite(key, lambda lock: lock.run_id == seen.run_id, plan.unlocked, store)
    store.add_event(Event(seen.run_id, seen.fence + 1, clock.wall(), "unlock", EventState.NOTE, seen=dict(who)))
    return store.read_run(seen.run_id)


def abort(key: str, who: Mapping[str, Any], store: Store, clock: Clock) -> RunRecord | None:
    """End the run that holds the lock, whoever is at it, and free the lock. Gives the run, if there is one."""
    run = unlock(key, who, store, clock)  # first: from here on nobody acts for it
    lock = store.read_lock(key)
    if run is not None and lock is not None and run.open:
        run = close_run(replace(run, fence=lock.fence), Outcome.ABORTED, who, store, clock)
    _rewrite(key, lambda seen: lock is not None and seen.run_id == lock.run_id, plan.released, store)
    return run


def _rewrite(key: str, applies: Callable[[Lock], bool], change: Callable[[Lock], Lock], store: Store) -> bool:
    """Change the lock as long as ``applies`` holds of it, whoever else renews it meanwhile; say whether it did."""
    while True:
        seen = store.read_lock(key)
        if seen is None or not applies(seen):
            return False
        if store.write_lock(change(seen), seen):
            return True
