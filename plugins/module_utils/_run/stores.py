# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a run's lock and journal are found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import first, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore

HEAD_START = 1.0  # seconds that the first Region named has, before the answer of another one counts


def open_store(token: RunToken, context: Context) -> Store:
    """The store that the run was opened in."""
    if token.journal:
        return LocalStore(token.journal)
    return TableStore(context.clients, token.region, token.table, context.clock)


def answering_table(table: str, regions: Sequence[str], lock: str, context: Context) -> tuple[str, Store]:
    """The first of ``regions`` in which the table answers, and the store behind it. Raises the last ``DrError``."""
    error = DrError("Looking for the state table", "no Region is named", "Give table_regions.")
    for region in regions:
        store = TableStore(context.clients, region, table, context.clock)
        try:
            store.read_lock(lock)
        except DrError as exc:
            error = exc
        else:
            return region, store
    raise error


def answering_table_at_once(table: str, regions: Sequence[str], lock: str, context: Context) -> tuple[str, Store]:
    """The same with all Regions asked at once: so that a lost one costs a person who only looks no time."""

    def ask(region: str) -> tuple[str, Store]:
        return answering_table(table, [region], lock, context)

    jobs = {region: partial(ask, region) for region in regions}
    if not jobs:
        return answering_table(table, regions, lock, context)
    wanted = gather(jobs, context.deadline.sooner(context.clock, HEAD_START), context.clock, regions[:1])
    answered = next((outcome.value for outcome in wanted.values() if outcome.value), None)
    return answered or first(jobs, context.deadline, context.clock)
