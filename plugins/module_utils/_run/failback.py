# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gates of a failback are judged by: both Regions are asked, at once and under one deadline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache.observe import read_datastore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    NOT_FOUND,
    find_cluster,
    find_global_cluster,
    read_resyncs,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api as s3
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import (
    CachePlace,
    FailbackSeen,
    Losses,
    Resync,
    Side,
    Witness,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FENCED, FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    AVAILABLE,
    GlobalCluster,
    cluster_id_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback import writes
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.health import look_at_api, look_at_database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import shown
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout

LOOK = 8.0  # seconds that one look at everything may take
LAST_LOOK = 2.0  # seconds that it may take in any case
SAMPLE = 4.0  # seconds that the witnesses have for a sample
REQUEST = 2.0  # seconds that a server has to answer a query
EVENTS_BACK = 14 * 86_400.0  # seconds: as long as RDS keeps events
HISTORY = 100  # runs to look back
API_IS_THERE = (200, 503)  # a standby's API may say that it can't write


@dataclass(frozen=True)
class Way:
    """The workload on its way home: where everything is found. ``bucket`` is a latch's in the home Region."""

    workload: str
    home: str
    standby: str
    database: Database
    api_url: str | None = None
    table: str = ""
    table_region: str = ""
    datastore_id: str | None = None
    bucket: str | None = None
    bucket_key: str = ""
    resolvers: Sequence[str] = ()

    @property
    def regions(self) -> tuple[str, str]:
        return self.home, self.standby


def look(way: Way, context: Context, losses: Losses | None = None) -> FailbackSeen:
    """One look at all that the gates need. ``losses`` says what was accepted. What gives no answer is unknown.

    Raises ``DrError`` where asking again won't help: no permission, no such global cluster.
    """
    deadline = _for(LOOK, context)
    jobs: dict[str, Callable[[], Any]] = {
        f"database {region}": partial(_side, way, region, context, deadline) for region in way.regions
    }
    if way.table:
        store = TableStore(context.clients, way.table_region, way.table, context.clock)
        jobs["fence"] = lambda: store.read_fence(way.workload, way.home)
        jobs["history"] = lambda: store.read_history(way.workload, HISTORY)
    if way.datastore_id:
        jobs |= {f"cache {region}": partial(_cache, way, region, context, deadline) for region in way.regions}
    found = gather(jobs, deadline, context.clock)
    sides = {region: _known(found[f"database {region}"], region) for region in way.regions}
    fence = found["fence"] if "fence" in found else Outcome[Any](None, None, 0.0)
    history = found["history"] if "history" in found else Outcome[Any]((), None, 0.0)
    return FailbackSeen(
        home=way.home,
        standby=way.standby,
        sides=sides,
        # One that can't be read may stand.
        fence=fence.value if fence.ok else FenceRecord(way.workload, way.home, "unknown"),
        losses=replace(losses or Losses(), history=history.value if history.ok else None),
        cache={region: _place(found[f"cache {region}"]) for region in way.regions if f"cache {region}" in found},
    )


def _for(seconds: float, context: Context) -> Deadline:
    """At the end of a wait there is time for one more look: what it was waited for in vain is to be said."""
    clock = context.clock
    return Deadline(max(context.deadline.sooner(clock, seconds).at, Deadline.after(clock, LAST_LOOK).at))


def _known(outcome: Outcome[Any], region: str) -> Side:
    if outcome.value is not None:
        side: Side = outcome.value
        return side
    error = outcome.error
    if error is not None and error_code(error) == NOT_FOUND:
        return Side(region, why="RDS there knows no such global cluster", missing=True)
    if error is not None and isinstance(error, CALL_ERRORS) and effect_of(error) is Effect.FINAL:
        raise DrError(
            f"Looking at the database in {region}", str(error), "Check the permissions and aws_dr_database."
        ) from error
    return Side(region, why=str(error or "no answer"))


def _side(way: Way, region: str, context: Context, deadline: Deadline) -> Side:
    """The Region's word on the global cluster; then its own cluster, its events, and its server's by SQL."""
    identifier = way.database.global_cluster_id
    cluster = find_global_cluster(context.clients, region, identifier)
    if cluster is None:
        return Side(region, why=f"RDS there knows no global cluster {identifier}", missing=True)
    member = cluster.member(region)
    if member is None:
        return Side(region, cluster)
    name = cluster_id_of(member.arn)
    soon = deadline.sooner(context.clock, 0.8 * deadline.remaining(context.clock))
    jobs: dict[str, Callable[[], Any]] = {
        "cluster": lambda: find_cluster(context.clients, region, name),
        "events": lambda: _resyncs(cluster, region, context),
        "server": lambda: look_at_database(
            Leg(region, global_cluster_id=identifier), _lookout(way, context, soon, way.database)
        ),
    }
    found = gather(jobs, soon, context.clock)
    own, seen = found["cluster"].value, found["server"].value
    query = seen.query if seen is not None else None
    server = query.server if query is not None else None
    why = query.error if query is not None else str(found["server"].error or "")
    return Side(
        region=region,
        cluster=cluster,
        cluster_id=name,
        status=own.status if own is not None else "",
        writable=server.writable if server is not None else None,
        server=server.server_id if server is not None else "",
        resyncs=found["events"].value or (),
        why="" if server is not None else why,
    )


def _resyncs(cluster: GlobalCluster, region: str, context: Context) -> tuple[Resync, ...]:
    names = {cluster_id_of(member.arn) for member in cluster.members}
    events = read_resyncs(context.clients, region, context.clock.wall() - EVENTS_BACK)
    return tuple(each for each in events if each.cluster in names)


def _lookout(way: Way, context: Context, deadline: Deadline, database: Database | None) -> Lookout:
    return Lookout(context.clients, context.clock, deadline, way.resolvers, REQUEST, database, None)


def _cache(way: Way, region: str, context: Context, deadline: Deadline) -> CachePlace:
    store = read_datastore(context.clients, region, way.datastore_id or "", context.clock, deadline)
    member = store.member(region) if store is not None else None
    if store is None or member is None:
        return CachePlace()
    return CachePlace(member.role.value if member.role else None, member.status, store.status)


def _place(outcome: Outcome[Any]) -> CachePlace:
    if outcome.value is not None:
        place: CachePlace = outcome.value
        return place
    return CachePlace(why=str(outcome.error or "no answer"))


def witnesses(way: Way, context: Context, fence: FenceRecord | None) -> tuple[Witness, ...]:
    """One sample: everybody who can tell how the home Region is, asked at once through that Region alone."""
    deadline = _for(SAMPLE, context)
    clients, home = context.clients, way.home
    jobs: dict[str, Callable[[], str]] = {"control plane": lambda: _control_plane(way, context)}
    if way.api_url:
        leg = Leg(home, api_url=way.api_url)
        jobs["api"] = lambda: _api(leg, _lookout(way, context, deadline, None))
    if way.table:
        jobs["state table"] = lambda: _nothing(
            TableStore(clients, home, way.table, context.clock).read_fence(way.workload, home)
        )
    if way.bucket:
        bucket, key = way.bucket, way.bucket_key
        jobs["object store"] = lambda: _nothing(s3.get_object(clients.get("s3", home), bucket, key, 1))
    found = gather(jobs, deadline, context.clock)
    fenced = fence is not None and fence.state == FENCED
    return tuple(_witness(name, outcome, fenced and name == "api") for name, outcome in found.items())


def _witness(name: str, outcome: Outcome[str], may_be_stopped: bool) -> Witness:
    """A fence may have stopped the API. What asking again won't mend says nothing of the Region's health."""
    if outcome.error is None:
        return Witness(name, not outcome.value, outcome.value or "")
    seen = f"{type(outcome.error).__name__}: {outcome.error}".rstrip(".")
    final = isinstance(outcome.error, CALL_ERRORS) and effect_of(outcome.error) is Effect.FINAL
    return Witness(name, None if final or may_be_stopped else False, seen)


def _control_plane(way: Way, context: Context) -> str:
    cluster = find_global_cluster(context.clients, way.home, way.database.global_cluster_id)
    member = cluster.member(way.home) if cluster is not None else None
    if member is None:
        return ""  # it answers: what it says of the database is another gate's
    own = find_cluster(context.clients, way.home, cluster_id_of(member.arn))
    return "" if own is not None and own.status == AVAILABLE else f"its cluster is {own.status if own else 'unknown'}"


def _api(leg: Leg, lookout: Lookout) -> str:
    seen = look_at_api(leg, lookout)
    if seen.error:
        raise DrError(f"Asking {shown(leg.api_url or '')}", seen.error, "Check the API.")
    return "" if seen.status in API_IS_THERE else f"it answers {seen.status}"


def _nothing(_answer: Any) -> str:
    return ""


def as_values(seen: FailbackSeen) -> Mapping[str, Any]:
    """What a module returns of it."""
    return {
        "home_writes": writes(seen, seen.home),
        "sides": [side.as_dict() for side in seen.known],
        "fence": seen.fence.state if seen.fence else None,
        "runs": [run.id for run in seen.losses.history] if seen.losses.history is not None else None,
    }
