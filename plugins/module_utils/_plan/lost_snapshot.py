# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the lost primary's data can be had out of the snapshot that is kept of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import SnapshotState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import FenceState, Method
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.losses import last_unplanned, of_one_loss

RUNBOOK = "docs/runbooks/lost-writes.md"
BY_HAND = "or restore one into a cluster of its own, and give that: -e old_cluster=ID"
KEEP = "ansible-playbook multiregion.aws_dr.region_return"


def snapshot_refusals(known: Mapping[str, Any], region: str, run_id: str, elsewhere: bool) -> tuple[Finding, ...]:
    """Why nothing can be restored, or not to any use.

    ``known`` are the ``fences`` and the ``history`` of the state table, the newest run first. Without ``run_id`` the
    last unplanned failover is meant. ``elsewhere``: it would be restored into other subnets than the lost primary's.
    """
    fence = next((each for each in known["fences"] if each["region"] == region), None)
    state = fence["snapshot_state"] if fence else ""
    if fence is None or state not in (SnapshotState.COPYING.value, SnapshotState.KEPT.value):
        why = "AWS took none" if state == SnapshotState.NONE.value else "nobody has kept one yet"
        seen = f"There is no snapshot of the primary that {region} lost: {why}."
        return (_refusal("no_lost_snapshot", seen, f"Keep it: {KEEP}; {BY_HAND}."),)
    wanted = run_id or last_unplanned(known["history"])
    if wanted and fence["run_id"] not in of_one_loss(known["history"], wanted):
        seen = f"The snapshot that is kept in {region}, {fence['snapshot']}, is of {fence['run_id']}, not of {wanted}."
        remedy = f"Keep that one's: {KEEP}; give run_id, if another failover is meant; {BY_HAND}."
        return (_refusal("lost_snapshot_of_another_run", seen, remedy),)
    if state == SnapshotState.COPYING.value:
        seen = f"The snapshot of the primary that {region} lost is still being copied to {fence['snapshot']}."
        return (_refusal("lost_snapshot_copying", seen, f"Wait for it: {KEEP}; then run this again."),)
    if _cut_off(fence) and not elsewhere:
        seen = f"The subnets of {region}'s database are fenced: nothing that is restored into them can be reached."
        remedy = f"Give a DB subnet group that isn't: -e subnet_group=NAME; {BY_HAND}."
        return (_refusal("lost_snapshot_fenced", seen, remedy),)
    return ()


def _cut_off(fence: Mapping[str, Any]) -> bool:
    """Whether network ACLs keep everybody from what is in the database's subnets, as far as is known."""
    partly = fence["state"] == FenceState.PARTIAL.value
    return partly or (fence["state"] == FenceState.FENCED.value and fence["method"] == Method.NETWORK_ACL.value)


def _refusal(code: str, observed: str, remedy: str) -> Finding:
    return refusal(code, observed, remedy, f"{RUNBOOK}#{code}")
