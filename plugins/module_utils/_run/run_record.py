# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what is on record of a workload's runs: in the state table, or in a journal on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table


@dataclass(frozen=True)
class Where:
    """Where the records of a workload may be. ``journal`` is the file that is kept after breaking the glass."""

    workload: str
    lock: str
    table: str
    regions: tuple[str, ...]
    journal: str


@dataclass(frozen=True)
class Recorded:
    """A run with its journal, and where it was read."""

    run: RunRecord
    events: tuple[Event, ...]
    read_from: str


def read_recorded(where: Where, run_id: str, context: Context) -> Recorded:
    """The run of that id, else the last one: what is open is later than what is closed. Raises ``DrError``."""
    stores = _stores(where, context)
    found = [
        Recorded(run, store.read_events(run.id), source)
        for source, store in stores
        if (run := store.read_run(run_id) if run_id else _last(store, where)) is not None
        and run.workload == where.workload
    ]
    if not found:
        looked = " and ".join(source for source, _store in stores)
        what = f"run {run_id}" if run_id else "run"
        remedy = "Look for its id with status.yml, and name the workload that it was of."
        raise DrError(
            f"Reading the record of a run of {where.workload}", f"there is no such {what} in {looked}", remedy
        )
    return max(found, key=lambda each: each.run.opened_at)


def read_history(where: Where, limit: int, context: Context) -> tuple[tuple[RunRecord, ...], str]:
    """The last closed runs, the newest first, and where they were read. Raises ``DrError``."""
    stores = _stores(where, context)
    runs = {run.id: run for _source, store in stores for run in store.read_history(where.workload, limit)}
    newest = sorted(runs.values(), key=lambda run: run.opened_at, reverse=True)
    return tuple(newest[:limit]), " and ".join(source for source, _store in stores)


def _last(store: Store, where: Where) -> RunRecord | None:
    lock = store.read_lock(where.lock)
    held = store.read_run(lock.run_id) if lock and lock.run_id else None
    if held is not None and held.open and held.workload == where.workload:
        return held
    newest = next(iter(store.read_history(where.workload, 1)), None)
    return store.read_run(newest.id) if newest else None


def _stores(where: Where, context: Context) -> list[tuple[str, Store]]:
    """The table, and the file where there is one: each alone will do, as a table that can't be reached is why it is."""
    files: list[tuple[str, Store]] = []
    if where.journal and Path(where.journal).exists():
        files = [(f"the journal {where.journal}", LocalStore(where.journal))]
    try:
        _region, table = answering_table(where.table, where.regions, where.lock, context)
    except DrError as error:
        if not files:
            raise
        context.warn(f"Only the journal {where.journal} could be read: {error}")
        return files
    return [(f"the state table {where.table}", table), *files]  # whichever Region answered: they are one
