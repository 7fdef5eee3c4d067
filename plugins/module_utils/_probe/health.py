# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at in a Region, service by service.

A further service is one more function in :data:`SERVICES`, its record in ``_model.health`` and its rule in
``_plan.health``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.api import get_metric_data
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.transform import (
    PERIOD,
    WINDOW,
    lag,
    lag_queries,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    find_cluster,
    find_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    GlobalCluster,
    cluster_id_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import (
    ApiSeen,
    DatabaseSeen,
    Lag,
    Leg,
    Query,
    Role,
    Seen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache_health import look_at_cache
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Unresolved, resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import (
    NoResponse,
    parse_url,
    request,
    shown,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.secrets_health import look_at_secrets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import Unreachable, read_state
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.storage_health import look_at_storage
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import database_target, read_credentials


@dataclass(frozen=True)
class Service:
    """A service: whether a leg has it, and how it is looked at."""

    asked: Callable[[Leg], bool]
    look: Callable[[Leg, Lookout], Seen]


def look_at_api(leg: Leg, lookout: Lookout) -> ApiSeen:
    """One request to the leg's own API, as a client makes it."""
    url = leg.api_url or ""
    began = lookout.clock.monotonic()
    address = None
    try:
        address = resolve(parse_url(url).host, lookout.resolvers, lookout.patience(), lookout.clock).addresses[0]
        response = request(url, "GET", None, address, lookout.patience(), ca_path=lookout.ca_path)
    except (Unresolved, NoResponse) as exc:
        return ApiSeen(shown(url), address=address, error=f"{exc.tried}: {exc.seen}")
    took = (lookout.clock.monotonic() - began) * 1000
    return ApiSeen(shown(url), response.status, address, took, certificate_ends=response.certificate_ends)


def look_at_database(leg: Leg, lookout: Lookout) -> DatabaseSeen:
    """The leg's cluster, its lag where it replicates, and one query where a database is given; all through its Region.

    Raises botocore's errors, or ``DrError``, where AWS doesn't even say which cluster it is.
    """
    place = _place(leg, lookout)
    found = lookout.read(lambda: find_cluster(lookout.clients, leg.region, place.cluster_id))
    if found is None:
        tried = f"Looking for the cluster {place.cluster_id} in {leg.region}"
        raise DrError(tried, "there is no such cluster", "Check cluster_id, and the account in use.")
    jobs: dict[str, Callable[[], Lag | Query | None]] = {}
    if place.role is not Role.WRITER:
        jobs["lag"] = lambda: _lag(leg, lookout, found, place.source_region)
    if lookout.database:
        jobs["query"] = lambda: _query(leg, lookout, found, place.role)
    outcomes = gather(jobs, lookout.sooner(), lookout.clock)
    measured = outcomes.get("lag", _NOTHING)
    asked = outcomes.get("query", _NOTHING)
    query = Query(error=str(asked.error)) if asked.error else asked.value
    return DatabaseSeen(
        cluster_id=place.cluster_id,
        role=place.role,
        cluster_status=found.status,
        engine_version=found.engine_version,
        instances=found.instances,
        synchronization=place.synchronization,
        failover_status=place.failover_status,
        lag=measured.value if isinstance(measured.value, Lag) else None,
        lag_error=str(measured.error or ""),
        query=query if isinstance(query, Query) else None,
        cluster=found,
        global_cluster=place.global_cluster,
    )


SERVICES: Mapping[str, Service] = {
    "api": Service(lambda leg: bool(leg.api_url), look_at_api),
    "database": Service(lambda leg: bool(leg.cluster_id or leg.global_cluster_id), look_at_database),
    "cache": Service(lambda leg: bool(leg.cache_id or leg.datastore_id), look_at_cache),
    "storage": Service(lambda leg: bool(leg.buckets), look_at_storage),
    "secrets": Service(lambda leg: bool(leg.secrets or leg.keys), look_at_secrets),
}

_NOTHING: Outcome[Lag | Query | None] = Outcome(None, None, 0.0)


@dataclass(frozen=True)
class _Place:
    """A cluster's place in its global cluster, as its own Region tells it. Standing alone, its role isn't known."""

    cluster_id: str
    role: Role = Role.UNKNOWN
    source_region: str | None = None
    synchronization: str | None = None
    failover_status: str | None = None
    global_cluster: GlobalCluster | None = None


def _place(leg: Leg, lookout: Lookout) -> _Place:
    if leg.global_cluster_id is None:
        return _Place(leg.cluster_id or "")
    tried = f"Looking for the member of the global cluster {leg.global_cluster_id} in {leg.region}"
    global_cluster_id = leg.global_cluster_id
    observed = lookout.read(lambda: find_global_cluster(lookout.clients, leg.region, global_cluster_id))
    if observed is None:
        raise DrError(tried, "there is no such global cluster", "Check global_cluster_id, and the account in use.")
    member = observed.member(leg.region)
    if member is None or leg.cluster_id not in (None, cluster_id_of(member.arn)):
        known = ", ".join(each.arn for each in observed.members) or "none"
        raise DrError(tried, f"its members are: {known}", "Check the leg, or look at what removed the member.")
    return _Place(
        cluster_id=cluster_id_of(member.arn),
        role=Role.WRITER if member.is_writer else Role.READER,
        source_region=observed.writer.region if observed.writer else None,
        synchronization=member.sync.value if member.sync else None,
        failover_status=observed.failover.status if observed.failover else None,
        global_cluster=observed,
    )


def _lag(leg: Leg, lookout: Lookout, found: Cluster, source_region: str | None) -> Lag | None:
    # Its metrics are in the replica's Region only.
    queries = lag_queries(cluster_id_of(found.arn), source_region, found.instances[0] if found.instances else None)
    minute = lookout.clock.wall() // PERIOD * PERIOD  # on whole minutes, as CloudWatch keeps them
    # Until after this one: the machine's clock may be behind.
    cloudwatch = lookout.clients.get("cloudwatch", leg.region)
    return lag(lookout.read(lambda: get_metric_data(cloudwatch, queries, minute - WINDOW, minute + 2 * PERIOD)))


def _query(leg: Leg, lookout: Lookout, found: Cluster, role: Role) -> Query:
    """What the server says. A secondary's cluster endpoint is inactive until promoted: its reader one is asked."""
    if lookout.database is None:
        return Query()
    reader = role is Role.READER and found.reader_endpoint
    asked = replace(found, endpoint=found.reader_endpoint) if reader else found
    try:
        login = read_credentials(lookout.clients, lookout.database, leg.region)
        target = database_target(asked, login, lookout.database, leg.region)
        return Query(read_state(target, lookout.resolvers, lookout.patience(), lookout.clock))
    except (Unreachable, Unresolved) as exc:
        return Query(error=str(exc))
    except DrError as exc:
        return Query(error=str(exc), answered_no=True)
