# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying what a run left in this machine's journal, after breaking the glass, over into the state table: once.

The table knows a run is there by its record, which is written last and never written again. So whoever is killed here
may begin anew, and two who do it at the same time do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_dead
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.evidence import slim
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import abort
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore

STEP = "carry_over"
"""The note in a run's journal that it was carried over, when and from where."""
MOST = 1000  # runs: more than anybody makes without a table
SUCCESSORS = (RunKind.FAILOVER, RunKind.FAILBACK)
"""Runs that a person decides on: they end one that nobody can go on with any more, as the table answers again."""


def journal_at(path: str | None) -> LocalStore | None:
    """The journal in that file, if there is one."""
    return LocalStore(path) if path and Path(path).exists() else None


def missing(workload: str, journal: Store, table: Store) -> tuple[RunRecord, ...]:
    """The closed runs that the table doesn't know, the oldest first."""
    closed = reversed(journal.read_history(workload, MOST))
    return tuple(run for run in closed if table.read_run(run.id) is None)


def left_open(lock: str, workload: str, journal: Store) -> RunRecord | None:
    """The run that the journal says isn't ended, if there is one."""
    held = journal.read_lock(lock)
    found = journal.read_run(held.run_id) if held is not None and not held.free else None
    return found if found is not None and found.open and found.workload == workload else None


def carry_over(by: RunRecord, path: str | None, table: Store, context: Context) -> tuple[str, ...]:
    """Carry over what the table lacks of ``by``'s workload; the ids of those runs.

    ``by`` is the run that holds the table's lock now. A disaster waits for none of it: the next run sees to it then.
    What can't be read or written is a warning: it ends no run.
    """
    journal = journal_at(path)
    if journal is None or (by.kind is RunKind.FAILOVER and by.mode == "unplanned"):
        return ()
    carried = list[str]()
    try:
        _end_what_nobody_goes_on_with(by, journal, context.clock)
        for slimmed in missing(by.workload, journal, table):
            run = journal.read_run(slimmed.id) or slimmed
            note = Event(run.id, run.fence, context.clock.wall(), STEP, EventState.NOTE, seen={"by": by.id})
            _carry(run, [*journal.read_events(run.id), note], journal.fences_of(run.id), table)
            carried.append(run.id)
    except DrError as error:
        context.warn(f"What the journal {path} has isn't all in the state table yet; the next run tries again: {error}")
    return tuple(carried)


def _end_what_nobody_goes_on_with(by: RunRecord, journal: Store, clock: Clock) -> None:
    held, run = journal.read_lock(by.lock), left_open(by.lock, by.workload, journal)
    alive = held is not None and held.holder is not None and not is_dead(held.holder)
    if run is None or alive or by.kind not in SUCCESSORS:
        return
    reason = f"the state table answers again, and run {by.id} was begun with it"
    abort(by.lock, {"reason": reason, "by": by.initiated_by}, journal, clock)


def _carry(run: RunRecord, events: Iterable[Event], fences: Iterable[FenceRecord], table: Store) -> None:
    """The record comes last: until it stands, all is done again, and nothing of it twice."""
    there = {_content(event) for event in table.read_events(run.id)}
    for event in events:
        if event.step == STEP and any(step == STEP for step, _content_of in there):
            continue
        if _content(event) not in there:
            table.add_event(event)
    for fence in fences:
        known = table.read_fence(fence.workload, fence.region)
        if known is None or known.at < fence.at:
            table.write_fence(fence)
    table.add_history(replace(run, summary=slim(run.summary)))
    table.write_run(run)


def _content(event: Event) -> tuple[str, str]:
    return event.step, repr(event.as_dict())
