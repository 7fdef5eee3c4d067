# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of a failback: what must hold before each of its steps, from what was observed. Pure.

What isn't known holds a step up like what is bad: going home is never an emergency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import (
    FailbackSeen,
    Obstacle,
    Side,
    Step,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    AVAILABLE,
    SyncStatus,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_finding import stops, waits
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_losses import losses_obstacles

RETURN = "ansible-playbook multiregion.aws_dr.region_return"
UNTIL_IT_IS = "Wait until it is, then run again; nothing was done."
UNTIL_IT_ANSWERS = "Wait until that Region answers, then run again; nothing was done."


def gate(step: Step, seen: FailbackSeen) -> tuple[Obstacle, ...]:
    """Why ``step`` may not be made now; empty where it may. A step whose end is reached already is never in the way."""
    if step in _BEFORE_THE_SWITCHOVER and writes(seen, seen.home):
        return ()
    return tuple(_GATES[step](seen))


def writes(seen: FailbackSeen, region: str) -> bool:
    """Whether both Regions say that this one is the writer, for good. The old one may still be on its way in."""
    return all(
        side.cluster is not None
        and not side.cluster.detached
        and side.cluster.taken_over_by(region)
        and side.cluster.member(seen.home) is not None
        and side.cluster.member(seen.standby) is not None
        for side in seen.known
    )


def _stands(seen: FailbackSeen) -> bool:
    return seen.fence is not None and seen.fence.state != "unfenced" and not seen.fence.owed


def follows(seen: FailbackSeen, replica: str, writer: str) -> Iterator[Obstacle]:
    """Why ``replica``'s database can't be taken for one in step with that of ``writer``."""
    unread = [side for side in seen.known if side.cluster is None and not side.missing]
    if unread:
        told = "; ".join(f"{side.region}: {side.why or 'no answer'}" for side in unread)
        yield waits("database_unreadable", f"How the database stands isn't known: {told}.", UNTIL_IT_ANSWERS)
        return
    apart = [side.region for side in seen.known if side.missing or (side.cluster and side.cluster.detached)]
    if apart:
        yield _rejoin(", ".join(apart))
        return
    yield from _under_way(seen, writer)
    side = seen.side(replica)
    yield from _membership(side, seen)
    if side.writable is True:
        seen_ = f"{side.server or 'The server'} in {replica} takes writes, and the writer is to be {writer}."
        remedy = "Two Regions write: fence one at once (region_fence), then compare the data before anything else."
        yield stops("replica_writes", seen_, remedy)


def _under_way(seen: FailbackSeen, writer: str) -> Iterator[Obstacle]:
    for side in seen.known:
        cluster = side.cluster
        if cluster is None:
            continue
        if cluster.failover is not None:
            told = f"{side.region} says that the global cluster is {cluster.failover.status}."
            yield waits("operation_under_way", told, "RDS can't cancel it: wait for its end, then run again.")
        found = cluster.writer.region if cluster.writer else "nobody"
        if found != writer:
            told = f"{side.region} says that the writer is {found}, not {writer}."
            yield waits("other_writer", told, "See who writes before anything else: run the preflight.")


def _membership(side: Side, seen: FailbackSeen) -> Iterator[Obstacle]:
    """By every Region's word, the replica's own included."""
    for teller in seen.known:
        if teller.cluster is None:
            continue
        member = teller.cluster.member(side.region)
        if member is None:
            yield _rejoin(side.region)
            return
        if member.sync is SyncStatus.PENDING_RESYNC:
            yield _resyncs(side.region, f"{teller.region} says {member.sync.value}")
            return
        if member.sync is None and not _finished(side):
            told = f"Neither AWS's status nor an event says that {side.region}'s database is in step."
            yield waits("resync_unknown", told, "Unknown isn't in step: look at the cluster's events, wait.")
            return
    if side.resyncs and not side.resyncs[-1].finished:
        yield _resyncs(side.region, "RDS-EVENT-0240 without 0241 after it")
    if side.status != AVAILABLE:
        told = f"The cluster in {side.region} is {side.status or 'of unknown status'}, not {AVAILABLE}."
        yield waits("replica_not_available", told, UNTIL_IT_IS)


def _finished(side: Side) -> bool:
    return bool(side.resyncs) and side.resyncs[-1].finished


def _resyncs(region: str, how: str) -> Obstacle:
    remedy = "Nothing goes home in the middle of it: wait for RDS-EVENT-0241 (it may take hours), then run again."
    return waits("resync_running", f"The database in {region} is being synchronised again: {how}.", remedy)


def _rejoin(region: str) -> Obstacle:
    return stops(
        "not_joined",
        f"The database in {region} isn't in the global cluster with the other one: it was detached, or taken out.",
        "After a detach by a failover, the failback makes one of both (rds_global_cluster_rejoin). Where somebody took"
        " them apart by hand, the runbook says how.",
    )


def _resync(seen: FailbackSeen) -> Iterator[Obstacle]:
    yield from follows(seen, seen.home, seen.standby)


def _reverse(seen: FailbackSeen) -> Iterator[Obstacle]:
    yield from follows(seen, seen.standby, seen.home)


def _losses(seen: FailbackSeen) -> Iterator[Obstacle]:
    yield from losses_obstacles(seen.losses, seen.home, seen.standby)


def _lift(seen: FailbackSeen) -> Iterator[Obstacle]:
    """Behind the fence home's server can't be asked: what both Regions' RDS says must do until it is lifted."""
    yield from follows(seen, seen.home, seen.standby)
    if seen.fence is not None and seen.fence.owed:
        told = f"The fence of {seen.home} is owed since run {seen.fence.run_id}: nobody has dealt with its return yet."
        remedy = f"Fence it and save what it alone has: {RETURN}. Then run this again."
        yield stops("fence_owed", told, remedy)
    elif seen.fence is not None and seen.fence.snapshot_owed:
        told = f"The snapshot of the primary that {seen.home} lost isn't kept yet: its lost writes are in it alone."
        yield waits("snapshot_owed", told, f"Keep it: {RETURN}; it goes on by itself. Then run this again.")


def _lifted(seen: FailbackSeen) -> Iterator[Obstacle]:
    yield from follows(seen, seen.home, seen.standby)
    side = seen.side(seen.home)
    if side.writable is None:
        told = f"The server in {seen.home} couldn't be asked whether it is read-only: {side.why or 'no answer'}."
        yield waits("replica_not_proved", told, "Check its fence, the network path and the secret, then run again.")


def _switch_over(seen: FailbackSeen) -> Iterator[Obstacle]:
    yield from _lifted(seen)
    yield from _losses(seen)
    if _stands(seen):
        told = f"The fence of {seen.home} is {seen.fence.state if seen.fence else ''}: it could acknowledge nothing."
        yield stops("fence_stands", told, "Lift it first (region_fence with state=unfenced).")


def _clear(seen: FailbackSeen) -> Iterator[Obstacle]:
    side = seen.side(seen.home)
    if not writes(seen, seen.home):
        found = [each.cluster.writer.region for each in seen.known if each.cluster and each.cluster.writer]
        told = f"{seen.home} isn't the writer by both Regions' word; named: {', '.join(found) or 'nobody'}."
        yield waits("home_does_not_write", told, "Clients stay where they are. Promote home first.")
    if side.writable is not True:
        told = f"The server in {seen.home} isn't known to take writes: {side.why or side.server or 'no answer'}."
        yield waits("home_does_not_write", told, "Clients stay where they are. Look at home's database.")
    if seen.side(seen.standby).writable is True:
        told = f"The server in {seen.standby} takes writes as well as {seen.home}."
        yield stops("replica_writes", told, "Fence one of them at once, then compare the data.")


def _cache_follows(seen: FailbackSeen, region: str) -> Iterator[Obstacle]:
    place = seen.cache.get(region)
    if place is None:
        return
    if place.why:
        yield waits("cache_unreadable", f"How {region}'s cache stands isn't known: {place.why}.", UNTIL_IT_ANSWERS)
    elif place.role is None:
        told = f"{region} has no member of the global datastore."
        remedy = "Give it one (elasticache_global_replication_group), or set aws_dr_cache.required to false."
        yield stops("cache_not_joined", told, remedy)
    elif (place.role, place.status) != ("SECONDARY", "associated") or place.datastore_status != AVAILABLE:
        told = f"The cache in {region} is {place.role} and {place.status}, its datastore {place.datastore_status}."
        yield waits("cache_not_in_step", told, UNTIL_IT_IS)


_GATES: Mapping[Step, Callable[[FailbackSeen], Iterator[Obstacle]]] = {
    Step.RESYNC: _resync,
    Step.LOSSES: _losses,
    Step.CACHE: lambda seen: _cache_follows(seen, seen.home),
    Step.LIFT_FENCE: _lift,
    Step.LIFTED: _lifted,
    Step.SWITCH_OVER: _switch_over,
    Step.CLEAR_LATCH: _clear,
    Step.REVERSE: _reverse,
    Step.REVERSE_CACHE: lambda seen: _cache_follows(seen, seen.standby),
}
_BEFORE_THE_SWITCHOVER = (Step.RESYNC, Step.LOSSES, Step.CACHE, Step.LIFT_FENCE, Step.LIFTED, Step.SWITCH_OVER)
