# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the lost primary's data can be had out of the snapshot that is kept of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import SnapshotState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

RUNBOOK = "docs/runbooks/lost-writes.md"
BY_HAND = "or restore one into a cluster of its own, and give that: -e old_cluster=ID"
KEEP = "ansible-playbook multiregion.aws_dr.region_return"


def snapshot_refusals(fences: Iterable[Mapping[str, Any]], region: str, run_id: str = "") -> tuple[Finding, ...]:
    """Why nothing can be restored. ``fences`` are the state table's records; without ``run_id``, of any failover."""
    known = next((each for each in fences if each["region"] == region), None)
    state = known["snapshot_state"] if known else ""
    if known is None or state not in (SnapshotState.COPYING.value, SnapshotState.KEPT.value):
        why = "AWS took none" if state == SnapshotState.NONE.value else "nobody has kept one yet"
        seen = f"There is no snapshot of the primary that {region} lost: {why}."
        return (_refusal("no_lost_snapshot", seen, f"Keep it: {KEEP}; {BY_HAND}."),)
    if run_id not in ("", known["run_id"]):
        seen = f"The snapshot that is kept in {region}, {known['snapshot']}, is of {known['run_id']}, not of {run_id}."
        return (_refusal("lost_snapshot_of_another_run", seen, f"Leave run_id out, {BY_HAND}."),)
    if state == SnapshotState.COPYING.value:
        seen = f"The snapshot of the primary that {region} lost is still being copied to {known['snapshot']}."
        return (_refusal("lost_snapshot_copying", seen, f"Wait for it: {KEEP}; then run this again."),)
    return ()


def _refusal(code: str, observed: str, remedy: str) -> Finding:
    return refusal(code, observed, remedy, f"{RUNBOOK}#{code}")
