# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failover that the lost writes are of, and what its record gets once they were counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.losses import last_unplanned, of_one_loss
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import Since

STEP = "reconcile_lost_writes"
PAST_RUNS = 50  # how far back the failover is looked for
MEASURED = "measured"


def failovers_of(workload: str, run_id: str, store: Store) -> tuple[RunRecord, ...]:
    """The closed run of that id, or the last unplanned failover; and the others that lost the same primary.

    Raises ``DrError`` where there is none.
    """
    history = {run.id: run for run in store.read_history(workload, PAST_RUNS)}
    runs = [run.as_dict() for run in history.values()]
    found = of_one_loss(runs, run_id or last_unplanned(runs))
    if found:
        return tuple(history[each] for each in found)
    raise DrError(
        f"Looking for {'the run ' + run_id if run_id else 'an unplanned failover'} of {workload}",
        f"none of the last {len(history)} runs is it",
        "Give run_id as status.yml shows it, or since.",
    )


def record(run: RunRecord, found: Mapping[str, Any], since: Since, store: Store, context: Context) -> bool:
    """Put what was counted into the run's journal and history; say whether that was new.

    The first complete count stands: after a replay, less would be missing.
    """
    known_as: Any = run.summary.get("rpo_known_as")
    if known_as == MEASURED:
        return False
    names = ("rows", "seconds", "oldest", "newest", "complete", "fates")
    counted = {name: found[name] for name in names} | {"since": since.at}
    if run.summary.get("lost_writes") == counted:
        return False
    summary = {**run.summary, "lost_writes": counted}
    if found["complete"]:
        basis = f"{found['rows']} acknowledged writes were counted, by key and time"
        summary |= {"rpo_seconds": found["seconds"], "rpo_known_as": MEASURED, "rpo_basis": basis}
    store.add_event(Event(run.id, run.fence, context.clock.wall(), STEP, EventState.NOTE, seen=counted))
    store.add_history(replace(run, summary=summary))
    return True
