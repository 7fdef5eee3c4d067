# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done about a Region that was lost and answers again: its fence, and the lost primary's snapshot. Pure.

The fence comes first: an old primary that was not told of the failover, or was detached, acknowledges writes as soon as
clients reach it. Only where AWS says that it has rebuilt the database as a replica in sync may a refused write settle
the fence instead. Until then the old volume may still be what answers, whatever it refuses at the moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import (
    AVAILABLE,
    LOST_PREFIX,
    LOST_TAG,
    PENDING,
    SOURCE_TAG,
    ClusterSnapshot,
    SnapshotState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import OWED, UNFENCED, FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import SyncStatus
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    ENDED_WELL,
    Outcome,
    RunKind,
    RunRecord,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed

SLACK = 900.0
"""Seconds by which AWS's clock may be behind that of whoever noted the loss: its snapshot is taken afterwards."""
LONGEST_NAME = 63
NAME = "lost-"
OUTSIDE = "was taken out of the global cluster and stands alone"
JOIN = (
    "It is no standby any more: make a new secondary there by hand, and delete this one once its writes are reconciled."
)


@dataclass(frozen=True)
class Sight:
    """What the Region said: its ``cluster`` (identifier), how that stands in the global cluster, and its snapshots.

    ``standing_alone``: it takes itself for the writer, and the other Region's database was detached and writes, too;
    or it was taken ``outside`` of the global cluster by somebody, which then says how it is known to be the one.
    ``by_right``: the other Region says, too, that this one is the writer. It must not be fenced.
    ``unread`` says why the snapshots aren't known; the fence doesn't wait for them.
    """

    region: str
    cluster: str
    is_writer: bool
    sync: SyncStatus | None
    standing_alone: bool
    by_right: bool
    snapshots: tuple[ClusterSnapshot, ...]
    unread: str = ""
    outside: str = ""

    @property
    def rejoined(self) -> bool:
        """AWS has rebuilt it as a replica in sync."""
        return not self.is_writer and self.sync is SyncStatus.CONNECTED


@dataclass(frozen=True)
class Keeping:
    """A manual snapshot to make: a copy of ``source``, or where that is empty one of the cluster itself."""

    cluster: str
    target: str
    source: str = ""

    @property
    def action(self) -> str:
        return "CopyDBClusterSnapshot" if self.source else "CreateDBClusterSnapshot"

    @property
    def tags(self) -> dict[str, str]:
        return {LOST_TAG: self.cluster, **({SOURCE_TAG: self.source} if self.source else {})}


@dataclass(frozen=True)
class Snapshot:
    """What became of the lost primary's snapshot, the one that is kept of it, and how that is known."""

    state: SnapshotState
    id: str = ""
    how: str = ""


def lost(
    record: FenceRecord | None, workload: str, region: str, history: Iterable[RunRecord], fences: bool
) -> FenceRecord | None:
    """What is known of the Region's loss; ``None`` where it wasn't lost, or all has been done.

    A workload without a fence has no record of one: there the last run tells, if it was an unplanned failover away.
    """
    if record is not None and not (record.standing and not record.snapshot_owed):
        return record
    last = next((run for run in history if run.kind in (RunKind.FAILOVER, RunKind.FAILBACK)), None)
    if last is None or last.mode != "unplanned" or last.target == region:
        return None
    if last.outcome not in ENDED_WELL or (record and record.at >= last.opened_at):
        return None
    state = OWED if fences else UNFENCED
    return FenceRecord(
        workload, region, state, at=last.opened_at, run_id=last.id, snapshot_state=SnapshotState.OWED.value
    )


def unfinished(runs: Iterable[RunRecord], region: str) -> bool:
    """Whether the last that was done about the Region came to no good end; ``runs`` are the newest first.

    What a later failover or failback makes of the Region stands, unless that came to nothing.
    """

    def counts(run: RunRecord) -> bool:
        if run.kind is RunKind.REGION_RETURN:
            return run.target == region
        return run.kind in (RunKind.FAILOVER, RunKind.FAILBACK) and run.outcome in (None, *ENDED_WELL)

    last = next((run for run in runs if counts(run)), None)
    return last is not None and last.kind is RunKind.REGION_RETURN and last.outcome in (None, Outcome.FAILED)


def to_keep(sight: Sight, since: float, fenced: bool) -> tuple[Keeping, ...]:
    """The snapshots to make. Every one of AWS's is copied, also an earlier loss's that nobody has kept.

    AWS takes none of a primary that a detach left behind, as it doesn't rebuild that: so one is taken of it, once
    nothing can be added to what it holds.
    """
    kept = {each.tags.get(SOURCE_TAG) for each in sight.snapshots if each.kept}
    found = [
        Keeping(sight.cluster, kept_name(sight.cluster, each.id), each.id)
        for each in sight.snapshots
        if each.lost and each.status == AVAILABLE and each.id not in kept
    ]
    if (
        sight.standing_alone
        and fenced
        and not found
        and not sight.unread
        and snapshot(sight, since).state is SnapshotState.OWED
    ):
        stamp = f"{datetime.fromtimestamp(since, UTC):%Y-%m-%d-%H-%M-%S}"
        found.append(Keeping(sight.cluster, kept_name(sight.cluster, stamp)))
    return tuple(found)


def snapshot(sight: Sight, since: float) -> Snapshot:
    """Where keeping the lost primary's data stands. ``since`` is when it was lost, in epoch seconds."""
    if sight.unread:
        return Snapshot(SnapshotState.OWED, "", f"not known: {sight.unread}")
    recent = [each for each in sight.snapshots if each.status in PENDING or each.created_at >= since - SLACK]
    copies = sorted((each for each in recent if each.kept), key=lambda each: each.created_at)
    done = [each for each in copies if each.status == AVAILABLE]
    if done:
        source = done[-1].tags.get(SOURCE_TAG)
        return Snapshot(SnapshotState.KEPT, done[-1].id, f"a copy of {source}" if source else "taken of it as it stood")
    if any(each.status in PENDING for each in copies):
        return Snapshot(SnapshotState.COPYING, copies[-1].id, "it is being made")
    taken = [each for each in recent if each.lost]
    if taken:
        return Snapshot(SnapshotState.OWED, "", f"{taken[-1].id} is {taken[-1].status}")
    if sight.rejoined or sight.by_right:
        how = f"AWS has none of {sight.cluster}, and won't take one any more: it took none, or that has expired"
        return Snapshot(SnapshotState.NONE, "", how)
    how = "it stands alone and will not be rebuilt" if sight.standing_alone else "AWS hasn't begun to rebuild it"
    return Snapshot(SnapshotState.OWED, "", f"there is none yet: {how}")


def kept_name(cluster: str, source: str) -> str:
    """The manual snapshot's identifier: always the same for one source, so that no second one is made."""
    stamp = _plain(source.removeprefix(f"{LOST_PREFIX}{cluster}"))
    room = LONGEST_NAME - len(NAME) - len(stamp) - 1
    return _plain(f"{NAME}{cluster[:room]}-{stamp}")


def _plain(text: str) -> str:
    """Letters, digits and single hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower()


def owing(before: Sequence[str], sight: Sight, record: FenceRecord) -> tuple[str, ...]:
    """What the workload is still owed, of what the last run left (``before``) and of what ``record`` says now."""
    settled, new = list[str](), list[str]()
    if record.standing:
        settled.extend([*owed.of_fence(sight.region), *(each for each in before if each.startswith(owed.SPLIT))])
    else:
        settled.extend(owed.of_fence(sight.region)[1:])
        new.append(owed.fence(sight.region, record.state))
    if record.snapshot_owed:
        new.append(owed.snapshot(sight.region))
    else:
        settled.append(owed.snapshot(sight.region))
    if sight.rejoined or sight.by_right:
        settled.extend(owed.of_standby(sight.region))
    return owed.left(before, settled, new)


def standby_of(region: str) -> tuple[str, ...]:
    """What a run keeps of a Region that is no standby yet."""
    return owed.of_standby(region)


def with_snapshot(record: FenceRecord, found: Snapshot) -> FenceRecord:
    return replace(record, snapshot=found.id, snapshot_state=found.state.value)


def lines(workload: str, returned: Sequence[Mapping[str, Any]]) -> list[str]:
    """What region_return said of a workload's Regions, as a person reads it."""
    shown = [f"{workload}: {line}" for each in returned for line in said(each)]
    return [*shown, *(f"OWED: {each}" for each in still_owed(returned))]


def still_owed(returned: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the workload lacks: by the Region that was acted upon or looked at, if one was, as that knows of more."""
    looked = [one for one in returned if one["state"] in ("owed", "settled")]
    return list((looked or returned)[-1]["owed"]) if returned else []


def said(one: Mapping[str, Any]) -> list[str]:
    """What region_return said of one Region, as a person reads it."""
    region, state, fence = one["region"], one["state"], one["fence"]
    if state == "nothing_owed":
        return [f"{region} is owed nothing"]
    if state == "unreachable":
        return [f"{region} doesn't answer yet; nothing was changed ({one['seen']})"]
    said = [f"{region} answers; {_fence_told(fence)}{_because(fence['how'])}"]
    if one.get("outside"):  # a record may be older than that
        said.append(f"{region}: {one['outside']} {OUTSIDE}. {JOIN}")
    snapshot = one["snapshot"]
    if snapshot is not None:
        name = f" as {snapshot['id']}" if snapshot["id"] else ""
        said.append(f"{region}: the lost primary's snapshot is {snapshot['state']}{name}{_because(snapshot['how'])}")
    return said


def _fence_told(fence: Mapping[str, Any]) -> str:
    if fence["state"] != UNFENCED:
        return f"its fence is {fence['state']}"
    return "it needs no fence" if fence["how"] else "it has no fence"


def _because(how: str) -> str:
    return f" ({how})" if how else ""
