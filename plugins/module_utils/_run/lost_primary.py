# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first contact with a Region that was lost: it is looked at, fenced, and its lost primary's snapshot kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import change
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again, read_global_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    aws_error,
    error_code,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import (
    ClusterSnapshot,
    SnapshotState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import FenceState, Proved
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    GlobalCluster,
    cluster_id_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import region_return as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import FENCE_SETTLED
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.refusal import server_refuses
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence import Fence, Wanted, put_up
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_site import find_site
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.last_known import Search, find_outside

REACH = 3.0  # seconds that the Region has to answer: it may still be lost, and a schedule asks again
READ = 5.0  # seconds for the rest, once it has answered
UNASKED: tuple[type[Exception], ...] = (DrError, *CALL_ERRORS)
POLL = 2.0
SPARE = 5.0  # seconds kept of the deadline for what comes after a wait


@dataclass(frozen=True)
class Contact:
    """What the Region said, or why it said nothing."""

    sight: plan.Sight | None
    trouble: str = ""


@dataclass(frozen=True)
class Kept:
    """The snapshots that were made or asked for, where keeping stands, and what went wrong."""

    snapshot: plan.Snapshot
    calls: tuple[Call, ...] = ()
    trouble: str = ""


def make_contact(search: Search, other: str, context: Context) -> Contact:
    """Ask the Region what its database is. One that doesn't answer is no error: it hasn't returned yet.

    Where the global cluster has no member there, it is looked for by what is on record. Raises ``NoMember`` where
    nothing there can be it, ``DrError`` where an answer says that asking again won't help.
    """
    region, global_cluster_id = search.region, search.global_cluster_id
    clock, tried = context.clock, f"Looking for the database of {global_cluster_id} in {region}"
    reach = context.deadline.sooner(clock, REACH)
    try:
        here = again(
            lambda: read_global_cluster(context.clients, region, global_cluster_id, clock, reach), clock, reach
        )
    except CALL_ERRORS as exc:
        if effect_of(exc) is Effect.FINAL:
            raise aws_error(exc, tried) from exc
        return Contact(None, f"{type(exc).__name__}: {exc}")
    if here is not None and here.member(region) is not None:
        return Contact(_sight(region, other, here, "", context))
    outside, how = find_outside(search, context)
    return Contact(_sight(region, other, outside, how, context))


def _sight(region: str, other: str, here: GlobalCluster, outside: str, context: Context) -> plan.Sight:
    """``outside``: how it is known that this is the one, where it stands outside of the global cluster."""
    clock = context.clock
    deadline = context.deadline.sooner(clock, READ)
    member = here.member(region)
    if member is None:
        raise AssertionError("the caller has seen it")
    cluster = cluster_id_of(member.arn)
    jobs: dict[str, Callable[[], Any]] = {
        "snapshots": lambda: again(lambda: read_snapshots(region, cluster, context), clock, deadline),
        "other": lambda: read_global_cluster(context.clients, other, here.id, clock, deadline),
    }
    found = gather(jobs, deadline, clock)
    unread = found["snapshots"].error
    there: GlobalCluster | None = found["other"].value
    _see_who_writes(region, other, here, there, bool(outside), found["other"].error)
    return plan.Sight(
        region,
        cluster,
        member.is_writer,
        member.sync,
        standing_alone=bool(outside) or (member.is_writer and there is not None and there.detached),
        by_right=_writes(there, region),
        snapshots=found["snapshots"].value or (),
        unread=str(_as_error(unread, f"Reading the snapshots of {cluster} in {region}")) if unread else "",
        outside=outside,
    )


def _see_who_writes(
    region: str, other: str, here: GlobalCluster, there: GlobalCluster | None, outside: bool, error: Exception | None
) -> None:
    """Raises ``DrError`` where the Region may be the one that writes by right, for all that is seen.

    Of one that stands outside of the global cluster that is so as long as the other Region has no writer in it.
    """
    member = here.member(region)
    alone = member is not None and member.is_writer
    if outside and there is not None and there.writer is not None:
        return
    if not outside and (there is not None or not alone):
        return
    stands = f"{region} takes itself for the writer"
    if outside and member is not None:
        stands = f"{cluster_id_of(member.arn)} in {region} stands alone, outside of the global cluster"
    raise DrError(
        f"Seeing which Region is to write for {here.id}",
        f"{stands}, and {other} says nothing: {error or 'it knows of no writer'}",
        "Nothing was done: fencing a Region that writes by right would be an outage. Run it again.",
    )


def _writes(there: GlobalCluster | None, region: str) -> bool:
    """Whether the other Region, too, says that this one is the writer."""
    return there is not None and not there.detached and there.writer is not None and there.writer.region == region


def read_snapshots(region: str, cluster: str, context: Context) -> tuple[ClusterSnapshot, ...]:
    """The cluster's snapshots. Raises botocore's errors and ``TimedOut``."""
    client = context.clients.get("rds", region)
    what = f"Reading the snapshots of {cluster} in {region} (rds:DescribeDBClusterSnapshots)"
    found = within(lambda: api.describe_db_cluster_snapshots(client, cluster), context.deadline, context.clock, what)
    return tuple(map(transform.cluster_snapshot, found))


def settle_fence(wanted: Wanted, sight: plan.Sight, record: FenceRecord, guard: Guard) -> tuple[FenceRecord, Fence]:
    """Fence the Region, unless it is a replica in sync again that refuses a write by itself, or the writer by right."""
    refused = _refused_by_itself(wanted, guard.context) if sight.rejoined else ""
    if sight.by_right:
        how = "both Regions say that it is the writer: nothing was promoted, or it has been made the writer again"
        fence = Fence(wanted.region, FenceState.UNFENCED, wanted.before, how=how)
        guard.already(FENCE_SETTLED, how=how)
    elif refused:
        guard.already(FENCE_SETTLED, how=refused)
        proved = Proved.UNKNOWN if guard.context.check_mode else Proved.TRUE
        fence = Fence(wanted.region, FenceState.UNFENCED, wanted.before, proved=proved, how=refused)
    else:
        fence = put_up(replace(wanted, cluster_id=sight.cluster if sight.outside else ""), guard)
    kept = fence.as_dict()
    before = kept["before"] if fence.state is not FenceState.UNFENCED else {}
    return replace(
        record, state=fence.state.value, method=str(kept["method"] or ""), before=before, how=fence.how
    ), fence


def _refused_by_itself(wanted: Wanted, context: Context) -> str:
    """How its server refuses a write; empty where it accepts one, or where that can't be seen."""
    if context.check_mode:
        return "its replica is to be asked for a write, and only if it refuses is no fence put up"
    try:
        site = find_site(wanted.region, wanted.database, wanted.resolvers, True, context)
    except UNASKED:
        return ""
    if site.connection.held is None:
        return ""
    attempt = server_refuses(site.connection.held, context.clock, context.deadline)
    return attempt.seen if attempt.accepted is False else ""


def keep_snapshots(sight: plan.Sight, since: float, fenced: bool, wait: bool, guard: Guard) -> Kept:
    """Make what is to be made, and ``wait`` until it is there or the time is over: it goes on by itself."""
    context = guard.context
    wanted = plan.to_keep(sight, since, fenced)
    calls = tuple(Call("rds", each.action, sight.region) for each in wanted)
    if context.check_mode:
        return Kept(_would_be(sight, since, wanted), calls)
    made, troubles = list[Call](), list[str]()
    for each, call in zip(wanted, calls, strict=True):
        with guard.step("keep_snapshot", [call], before={"source": each.source, "kept": each.target}) as step:
            trouble = _keep(sight.region, each, context)
            step.saw(trouble=trouble)
        troubles += [trouble] if trouble else []
        made += [] if trouble else [call]
    seen = _await(sight, since, wait and not troubles, context)
    return Kept(seen, tuple(made), "; ".join(troubles))


def _would_be(sight: plan.Sight, since: float, wanted: Sequence[plan.Keeping]) -> plan.Snapshot:
    if not wanted:
        return plan.snapshot(sight, since)
    return plan.Snapshot(SnapshotState.COPYING, wanted[-1].target, "it would be made")


def _keep(region: str, wanted: plan.Keeping, context: Context) -> str:
    """Start it; what went wrong. AWS's own that isn't ready yet is nothing that went wrong: it is asked for again."""
    client, clock = context.clients.get("rds", region), context.clock
    tried = f"rds:{wanted.action} to {wanted.target} in {region}"

    def is_so() -> bool:
        return any(each.id == wanted.target for each in read_snapshots(region, wanted.cluster, context))

    make = partial(api.create_db_cluster_snapshot, client, wanted.cluster, wanted.target, wanted.tags)
    if wanted.source:
        make = partial(api.copy_db_cluster_snapshot, client, wanted.source, wanted.target, wanted.tags)
    error = change(make, is_so, tried, clock, context.deadline)
    if error is None or error_code(error) in (api.SNAPSHOT_EXISTS, *api.SNAPSHOT_NOT_READY):
        return ""
    return str(_as_error(error, tried))


def _await(sight: plan.Sight, since: float, wait: bool, context: Context) -> plan.Snapshot:
    def look() -> plan.Snapshot:
        found = again(
            lambda: read_snapshots(sight.region, sight.cluster, context),
            context.clock,
            context.deadline.sooner(context.clock, READ),
        )
        return plan.snapshot(replace(sight, snapshots=found, unread=""), since)

    seen = [plan.snapshot(sight, since)]

    def note() -> plan.Snapshot:
        seen[0] = look()
        return seen[0]

    left = context.deadline.remaining(context.clock) - SPARE
    try:
        return wait_until(
            note,
            lambda found: not wait or found.state is not SnapshotState.COPYING,
            what=f"the lost primary's snapshot in {sight.region}",
            interval=POLL,
            deadline=context.deadline.sooner(context.clock, max(0.0, left)),
            clock=context.clock,
            progress=context.progress,
        )
    except CALL_ERRORS:
        return seen[0]  # it was asked for, and the next run looks again


def _as_error(error: Exception, tried: str) -> DrError:
    return error if isinstance(error, DrError) else aws_error(error, tried)
