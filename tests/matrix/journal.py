# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of all runs in a lab's state table, read as the product reads it."""

from __future__ import annotations

import os

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event
from lab.settings import STANDBY, Instance, client_environment


def store(instance: Instance) -> TableStore:
    """The state table of that lab, from this process on."""
    os.environ.update(client_environment(instance, {}))
    return TableStore(Clients({}), STANDBY, "aws-dr-state", SystemClock())


def events(instance: Instance) -> tuple[Event, ...]:
    """The steps of the last run of the workload, open or closed."""
    table = store(instance)
    lock, past = table.read_lock("shop"), table.read_history("shop", 1)
    run_id = lock.run_id if lock and lock.run_id else past[0].id if past else ""
    return table.read_events(run_id) if run_id else ()
