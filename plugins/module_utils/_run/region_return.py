# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is owed after a Region's loss: judged from the state table and the Region's answer, then done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of, first
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import SnapshotState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import FenceState, Proved
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    ENDED_WELL,
    Outcome,
    RunRecord,
    RunToken,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import region_return as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.carry_over import journal_at
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence import Fence, Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.last_known import NoMember, Search
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lost_primary import (
    Kept,
    keep_snapshots,
    make_contact,
    settle_fence,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import open_store

RUNS = 20  # how many of the last ones are looked at for what the workload is owed


@dataclass(frozen=True)
class Return:
    """What is asked for. ``fence`` is ``None`` where the workload's Regions aren't fenced."""

    workload: str
    fence: Wanted | None
    region: str
    global_cluster_id: str
    table: str
    table_region: str
    wait: bool
    journal: str | None = None


@dataclass(frozen=True)
class Returned:
    """How it stands. ``record`` is ``None`` where nothing is owed, ``sight`` where the Region wasn't asked or is
    silent.

    ``failed`` says what couldn't be done though it answers. ``was`` and ``snapshot_was`` are from before.
    """

    region: str
    record: FenceRecord | None = None
    sight: plan.Sight | None = None
    seen: str = ""
    snapshot: plan.Snapshot | None = None
    before: tuple[str, ...] = ()
    needed: bool = False
    changed: bool = False
    calls: tuple[Call, ...] = ()
    failed: str = ""
    was: str = ""
    snapshot_was: str = ""

    @property
    def owed(self) -> tuple[str, ...]:
        return plan.owing(self.before, self.sight, self.record) if self.sight and self.record else self.before

    @property
    def state(self) -> str:
        if self.record is None:
            return "nothing_owed"
        if self.sight is None:
            return "unreachable"
        return "settled" if self.record.standing and not self.record.snapshot_owed else "owed"

    def as_dict(self) -> dict[str, Any]:
        found = self.snapshot
        return {
            "region": self.region,
            "state": self.state,
            "needed": self.needed,
            "seen": self.seen,
            "fence": self.record.as_dict() if self.record else None,
            "outside": self.sight.cluster if self.sight and self.sight.outside else "",
            "writes": bool(self.sight and self.sight.by_right),
            "snapshot": {"state": found.state.value, "id": found.id, "how": found.how} if found else None,
            "owed": list(self.owed),
            "outcome": (Outcome.DEGRADED if self.owed else Outcome.SUCCEEDED).value,
        }


def judge(asked: Return, context: Context) -> Returned:
    """What is owed, and whether anything can be done about it now. Raises ``DrError`` where nobody can tell.

    Asks the Region only if it is owed something, and then waits a few seconds for it at most.
    """
    told = _with_journal(asked, _read(asked, context))
    known, history = told.fence, told.ended
    unfinished = plan.unfinished([*told.opened, *history], asked.region)
    last = next((run for run in history if run.outcome in ENDED_WELL), None)
    before = tuple(last.summary.get("owed") or ()) if last else ()
    record = plan.lost(known, asked.workload, asked.region, history, asked.fence is not None)
    if record is None and not unfinished and not _awaits_standby(last, asked.region, before):
        return Returned(asked.region, before=before)
    try:
        contact = make_contact(_search(asked, record or known), asked.table_region, context)
    except NoMember as error:
        if record is not None:
            raise
        # Fence and snapshot are done with. On its way into a new global cluster it is in none for a while.
        return Returned(asked.region, known, seen=error.seen, before=before)
    sight = contact.sight
    if sight is None:
        return Returned(asked.region, record or known, seen=contact.trouble, before=before)
    if record is None:  # all is done but for the replica, which only time brings, and what the last run began
        record = known or FenceRecord(asked.workload, asked.region, "unfenced")
        needed = (unfinished and not sight.by_right) or plan.owing(before, sight, record) != before
        return Returned(asked.region, record, sight, before=before, needed=needed)
    if sight.unread and (asked.fence is None or record.standing):
        remedy = "Mend that: the lost primary's snapshot holds the lost writes, and expires."
        raise DrError(f"Looking for what AWS kept of {sight.cluster}", sight.unread, remedy)
    kept = plan.snapshot(sight, record.at)
    seen = Returned(
        asked.region,
        record,
        sight,
        snapshot=kept,
        before=before,
        was=record.state,
        snapshot_was=record.snapshot,
    )
    return replace(seen, needed=(unfinished and not sight.by_right) or _can_act(asked, seen, kept))


@dataclass(frozen=True)
class _Told:
    """What the state table tells: the fence, the runs that have ended, and the one that hasn't."""

    fence: FenceRecord | None
    ended: tuple[RunRecord, ...]
    opened: tuple[RunRecord, ...]


def _read(asked: Return, context: Context) -> _Told:
    """Ask the table.

    From whichever Region answers first: either may be the lost one, and that one is not waited for.
    """

    def read(region: str) -> _Told:
        store = TableStore(context.clients, region, asked.table, context.clock)
        jobs: dict[str, Callable[[], Any]] = {
            "Reading the fence's record": lambda: store.read_fence(asked.workload, asked.region),
            "Reading the runs": lambda: store.read_history(asked.workload, RUNS),
            "Reading the open run": lambda: _open_run(asked, store),
        }
        return _Told(*all_of(jobs, context.deadline, context.clock).values())

    jobs = {region: partial(read, region) for region in (asked.table_region, asked.region)}
    return first(jobs, context.deadline, context.clock)


def _open_run(asked: Return, store: Store) -> tuple[RunRecord, ...]:
    """Whoever is at it, or was killed in the middle of it. Several workloads may have one database, and so one lock."""
    lock = store.read_lock(asked.global_cluster_id)
    run = store.read_run(lock.run_id) if lock is not None and not lock.free else None
    return (run,) if run is not None and run.workload == asked.workload else ()


def _with_journal(asked: Return, told: _Told) -> _Told:
    """The same with what a run without the table left on this machine: the run that is opened next carries it over."""
    journal = journal_at(asked.journal)
    if journal is None:
        return told
    there = journal.read_fence(asked.workload, asked.region)
    newer = there is not None and (told.fence is None or told.fence.at < there.at)
    runs = {run.id: run for run in (*journal.read_history(asked.workload, RUNS), *told.ended)}
    newest = sorted(runs.values(), key=lambda run: run.opened_at, reverse=True)
    return replace(told, fence=there if newer else told.fence, ended=tuple(newest[:RUNS]))


def _search(asked: Return, record: FenceRecord | None) -> Search:
    run_id = record.run_id if record else ""
    tables = (asked.table_region, asked.region)
    return Search(asked.workload, asked.region, asked.global_cluster_id, run_id, asked.table, tables)


def _awaits_standby(last: RunRecord | None, region: str, before: tuple[str, ...]) -> bool:
    return (
        last is not None
        and last.outcome is not Outcome.SUCCEEDED
        and any(each in plan.standby_of(region) for each in before)
    )


def _can_act(asked: Return, seen: Returned, found: plan.Snapshot) -> bool:
    record, sight = seen.record, seen.sight
    if record is None or sight is None:
        return False
    known = (record.snapshot_state or SnapshotState.OWED.value, record.snapshot)
    return (
        (asked.fence is not None and not record.standing)
        or bool(plan.to_keep(sight, record.at, _fenced(record)))
        or (found.state.value, found.id) != known
        or plan.owing(seen.before, sight, record) != seen.before
    )


def settle(asked: Return, seen: Returned, run: Mapping[str, Any] | None, context: Context) -> Returned:
    """Fence first, then the snapshot, which is kept in any case; the state table knows after each.

    Raises ``Refused`` where another run has taken over.
    """
    record, sight = seen.record, seen.sight
    if record is None or sight is None:
        return seen
    guard = guarded(run, context)
    store = _store(asked, run, context)
    fence: Fence | None = None
    if asked.fence is not None and not record.standing:
        record, fence = settle_fence(asked.fence, sight, record, guard)
        _write(record, store, context)
    kept = keep_snapshots(sight, record.at, _fenced(record), asked.wait, guard)
    record = plan.with_snapshot(record, kept.snapshot)
    _write(record, store, context)
    _warn(sight, fence, kept, context)
    calls = ((*fence.calls,) if fence else ()) + kept.calls
    return replace(
        seen,
        record=record,
        snapshot=kept.snapshot,
        needed=False,
        changed=bool(kept.calls) or bool(fence and fence.changed),
        calls=calls,
        failed="; ".join(filter(None, (_failure(fence), kept.trouble and f"its snapshot isn't kept: {kept.trouble}"))),
    )


def _fenced(record: FenceRecord) -> bool:
    """Nothing is added any more to what the old primary holds."""
    return record.state == FenceState.FENCED.value


def _store(asked: Return, run: Mapping[str, Any] | None, context: Context) -> Store:
    token = RunToken.from_options(run) if run else None
    if token is not None and token.fence:
        return open_store(token, context)
    return TableStore(context.clients, asked.table_region, asked.table, context.clock)


def _write(record: FenceRecord, store: Store, context: Context) -> None:
    if not context.check_mode:
        store.write_fence(record)


def _failure(fence: Fence | None) -> str:
    if fence is None or fence.state in (FenceState.FENCED, FenceState.UNFENCED):
        return ""
    seen = "; ".join(filter(None, (*(finding.observed for finding in fence.findings), fence.trouble, fence.how)))
    return f"its fence is {fence.state.value}; {seen}".rstrip("; ")


def _warn(sight: plan.Sight, fence: Fence | None, kept: Kept, context: Context) -> None:
    if sight.outside:
        context.warn(f"{sight.cluster} in {sight.region} {plan.OUTSIDE}, known by {sight.outside}. {plan.JOIN}")
    unproved = fence is not None and fence.state is FenceState.FENCED and fence.proved is not Proved.TRUE
    if fence is not None and unproved and not context.check_mode:
        context.warn(f"{sight.region} is fenced, and that is not proved: {fence.how}.")
    if kept.snapshot.state is SnapshotState.NONE and not sight.by_right:
        context.warn(f"The lost writes of {sight.region} are in no snapshot: {kept.snapshot.how}.")
