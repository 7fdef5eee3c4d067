# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which writes that a failover lost nobody has dealt with yet, by the history of runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Losses, Obstacle
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_finding import stops, waits

MEASURED = "measured"
RECONCILE = "ansible-playbook multiregion.aws_dr.reconcile"
ACCEPT = "-e accept_unreconciled=true -e reason=..."


def unreconciled(losses: Losses, standby: str) -> tuple[RunRecord, ...]:
    """The unplanned failovers to the standby Region whose lost writes nobody has found yet, newest first.

    Once all were found they are counted, and stand in a file to be replayed or reviewed: the old primary's data isn't
    needed any more. Only those since the last failback that ended: what it went home with was settled, or accepted.
    """
    found = []
    for run in losses.history or ():
        if run.kind is RunKind.FAILBACK and run.outcome in (Outcome.SUCCEEDED, Outcome.DEGRADED):
            break
        lossy = run.kind is RunKind.FAILOVER and run.mode == "unplanned" and run.target == standby
        # A failed one was closed before its promotion had begun; of an aborted one that isn't known.
        if lossy and run.outcome is not Outcome.FAILED and run.summary.get("rpo_known_as") != MEASURED:
            found.append(run)
    return tuple(found)


def losses_obstacles(losses: Losses, home: str, standby: str) -> Iterator[Obstacle]:
    """Why it is too early to go home: the old primary's data is what lost writes are found in."""
    if losses.history is None:
        told = "Whether writes were lost and not reconciled isn't known: the history couldn't be read."
        remedy = "Mend the path to the state table, then run again."
        yield waits("losses_unknown", told, remedy)
        return
    open_ones = unreconciled(losses, standby)
    if not open_ones:
        return
    names = ", ".join(run.id for run in open_ones)
    told = f"Writes that {home} had acknowledged may be lost since {names}, and nobody has reconciled them."
    if not losses.accepted:
        remedy = f"Find and replay them: {RECONCILE}. To go home without: {ACCEPT}; it stays on record."
        yield stops("losses_unreconciled", told, remedy)
    elif not losses.reason.strip():
        yield stops("no_reason", f"{told} That is accepted without a reason.", "Add -e reason=...")
