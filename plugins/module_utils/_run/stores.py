# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a run's lock and journal are found."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore


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
