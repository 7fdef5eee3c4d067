# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outbox: what people are to be told, kept in the state table until they were, whoever it is that sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_dead
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import Channel, Notice, Stage
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify_events as events
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_text import bounded

LOOKED_AT = 50  # notices of a workload, the newest
RUNS_LOOKED_AT = 3
STEP = "notify"


@dataclass
class Taken:
    """The notices that are ours to send, and why others aren't sent."""

    notices: list[Notice] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)


def of_record(store: Store, run_id: str, stage: Stage, runbook: str, now: float) -> Notice | None:
    """What the run on record tells at that stage; ``None`` where there is no such run. Raises ``DrError``."""
    run = store.read_run(run_id)
    return _of(store, run, stage, runbook, now) if run else None


def _of(store: Store, run: RunRecord, stage: Stage, runbook: str, now: float) -> Notice:
    journal = [event.as_dict() for event in store.read_events(run.id)]
    return events.of_run(run, journal, stage, runbook, now)


def left_untold(
    store: Store, workload: str, lock_key: str, told: Iterable[Notice], runbook: str, now: float
) -> list[Notice]:
    """What runs of the workload that were killed had no time to tell. Raises ``DrError``."""
    ids = [notice.id for notice in told]
    lock = store.read_lock(lock_key)
    held = store.read_run(lock.run_id) if lock is not None and lock.run_id else None
    nobody = lock is None or lock.holder is None or is_dead(lock.holder)
    runs = [*store.read_history(workload, RUNS_LOOKED_AT), *([held] if held is not None and held.open else [])]
    found = []
    for run in runs:
        journal = [event.as_dict() for event in store.read_events(run.id)] if run.open else []
        for stage in events.untold(run, journal, ids, nobody, now):
            found.append(_of(store, run, stage, runbook, now))
    return found


def take(
    store: Store | None,
    fresh: Iterable[Notice],
    outbox: Sequence[Notice],
    channels: Sequence[Channel],
    repeat_after: float,
    now: float,
) -> Taken:
    """Claim what is to be sent now: what is new, and what is due of the outbox.

    What another process has claimed is left to it. What can't be put on record is sent all the same, if it is new.
    """
    taken = Taken()
    known = {notice.id for notice in outbox}
    for notice in fresh:
        if notice.id not in known:
            _take_new(store, notice, outbox, channels, repeat_after, now, taken)
    for notice in plan.to_send(outbox, now):
        kept = plan.without_strangers(notice, channels)
        mine = plan.claimed(kept, plan.due(kept, now), now)
        try:
            if store is not None and store.write_notice(mine, notice):
                taken.notices.append(mine)
        except DrError as error:
            taken.held_back.append(f"what is left in the outbox has to wait: {error}")
            break
    return taken


def _take_new(
    store: Store | None,
    notice: Notice,
    outbox: Sequence[Notice],
    channels: Sequence[Channel],
    repeat_after: float,
    now: float,
    taken: Taken,
) -> None:
    reason = plan.suppressed(notice, outbox, repeat_after)
    if reason:
        taken.held_back.append(f"not told: {notice.title}: {reason}")
        return
    meant = plan.routed(bounded(notice), channels)
    mine = plan.claimed(meant, plan.due(meant, now), now)
    try:
        if store is None or store.write_notice(mine, None):
            taken.notices.append(mine)
    except DrError as error:
        taken.held_back.append(f"not on record, and told all the same: {notice.title}: {error}")
        taken.notices.append(mine)


def settle(store: Store | None, notice: Notice, errors: Mapping[str, str], now: float) -> tuple[Notice, str]:
    """The notice after it was sent, written down; and what kept it from being written, empty where nothing did.

    ``errors`` by channel, empty for what was sent.
    """
    after = notice
    for channel, error in errors.items():
        after = plan.settled(after, channel, error, now)
    if store is None:
        return after, ""
    try:
        store.write_notice(after, notice)
    except DrError as error:
        return after, f"who was told isn't on record: {error}"
    return after, _journalled(store, after, now) if notice.run_id else ""


def _journalled(store: Store, notice: Notice, now: float) -> str:
    seen = {"notice": notice.id, "deliveries": [each.as_dict() for each in notice.deliveries]}
    try:
        run = store.read_run(notice.run_id)
        store.add_event(Event(notice.run_id, run.fence if run else 0, now, STEP, EventState.NOTE, seen=seen))
    except DrError as error:
        return f"the run's journal lacks who was told: {error}"
    return ""
