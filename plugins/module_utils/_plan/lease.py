# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a run may be opened: on a free lock, as the next attempt at an open run, over a dead holder, over a drill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Union

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Holder, Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunKind, RunRecord

LEASE = 30.0
"""Seconds that a lock's version must stand still, on the taker's own monotonic clock, before its holder is given up."""
SAFE = 5.0
"""Seconds after its last renewal, counted from before that was sent, in which a holder needs no other to act. Far less
than a lease: a person's unlocking doesn't wait for one."""
RENEW = 8.0
"""Seconds after which a wait renews: a holder that lives is known by it well within a lease."""


@dataclass(frozen=True)
class Request:
    """A run as it is asked for. ``run_id`` is the id that it gets if it is a new one."""

    run_id: str
    lock: str
    kind: RunKind
    workload: str
    mode: str
    target: str


@dataclass(frozen=True)
class Take:
    """Take the lock if it is still as seen. ``resumes`` is an open run that goes on, ``preempts`` one to close."""

    resumes: RunRecord | None = None
    preempts: RunRecord | None = None


@dataclass(frozen=True)
class Watch:
    """Somebody holds it, and may be dead: take it once its version has stood still for a lease."""

    then: Take


@dataclass(frozen=True)
class Refuse:
    """The run may not be opened, and why."""

    findings: tuple[Finding, ...]


Decision = Union[Take, Watch, Refuse]


def decide(lock: Lock | None, run: RunRecord | None, request: Request, holder_is_dead: bool) -> Decision:
    """What to do about ``lock``, of which ``run`` is the run (``None`` if its record was never written).

    ``holder_is_dead`` only if that is certain: its process was on this machine and is gone.
    """
    if lock is None or lock.free or (run is not None and not run.open):
        return Take()
    if run is not None:
        if request.kind is RunKind.FAILOVER and run.kind in (RunKind.DRILL, RunKind.REGION_RETURN):
            return Take(preempts=run)
        other = _other_run(run, request)
        if other:
            return Refuse((other,))
    take = Take(resumes=run)
    return take if lock.holder is None or holder_is_dead else Watch(take)


def _other_run(run: RunRecord, request: Request) -> Finding | None:
    """Why the request isn't the open run's next attempt."""
    asked = (request.kind, request.workload, request.target)
    if asked != (run.kind, run.workload, run.target):
        return refusal(
            "another_run_is_open",
            f"The {run.kind.value} of {run.workload} to {run.target} (run {run.id}) isn't ended.",
            "Finish it by starting that one again, or end it: ansible-playbook multiregion.aws_dr.abort"
            f" -e workloads={run.workload} -e reason=... (it says what the way back is), then run this again.",
        )
    if run.mode == "unplanned" and request.mode == "planned":
        return refusal(
            "run_is_unplanned",
            f"The open run {run.id} is unplanned: it may have lost rows already, and can't become a planned one.",
            "Go on with it: the same command with -e mode=unplanned -e accept_data_loss=true.",
        )
    return None


def held(lock: Lock, run: RunRecord | None) -> Finding:
    """The refusal where the holder was seen to live."""
    who = f"{lock.holder.user or 'somebody'} on {lock.holder.host or 'an unknown host'}" if lock.holder else "somebody"
    what = f"the {run.kind.value} of {run.workload} to {run.target}" if run else "a run"
    return refusal(
        "lock_held",
        f"{who} is at it: {what} (run {lock.run_id}) renewed its lease while this one waited.",
        "See how far it is: ansible-playbook multiregion.aws_dr.status. If it must not go on, end its process first;"
        " this can then take over within half a minute.",
    )


def fenced(run_id: str) -> Finding:
    """The refusal of a step whose run was taken over."""
    return refusal(
        "fenced",
        f"The run {run_id} was taken over by another attempt, or unlocked, since this one began.",
        "Leave it to that one: ansible-playbook multiregion.aws_dr.status shows it. Nothing was done here.",
    )


def orphaned(run_id: str) -> Finding:
    """The refusal of a worker whose controller died: the next attempt may have begun."""
    return refusal(
        "orphaned",
        f"The ansible-playbook that this step of the run {run_id} belongs to is gone.",
        "Start the same command again: it goes on from what AWS says. Nothing was done here.",
    )


def not_opened(step: str) -> Finding:
    """The refusal of a step that had nothing to do when the run was to be opened."""
    return refusal(
        "changed_meanwhile",
        f"There was nothing to do when this began, and now {step} has.",
        "Somebody else changed the workload: look (ansible-playbook multiregion.aws_dr.status), then run it again.",
    )


def unreachable(seen: str) -> Finding:
    """The refusal of a step that can't hold its lease, or can't be journalled."""
    return refusal(
        "state_table_unreachable",
        f"The lease can't be renewed, or the journal not be written: {seen}",
        "Nothing was done. Run it again; if the table stays away in a disaster, add -e break_glass=true -e reason=...:"
        " it keeps a journal on this machine, and nobody else is locked out then.",
    )


def taken(seen: Lock | None, run_id: str, key: str, holder: Holder, now: float) -> Lock:
    """The lock once it is taken. Every taking raises the fence, that of the same run's next attempt too."""
    if seen is None:
        return Lock(key, fence=1, version=1, run_id=run_id, holder=holder, taken_at=now)
    return replace(seen, fence=seen.fence + 1, version=seen.version + 1, run_id=run_id, holder=holder, taken_at=now)


def unlocked(seen: Lock) -> Lock:
    """The lock without its holder: the run stays open, its next attempt waits for nobody."""
    return replace(seen, fence=seen.fence + 1, version=seen.version + 1, holder=None)


def released(seen: Lock) -> Lock:
    """The free lock. The fence stays as it is, for the next taking to raise."""
    return replace(seen, version=seen.version + 1, run_id="", holder=None)
