# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A leg's cache: its place in the global datastore, its lag, and whether it answers a PING."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.api import (
    get_metric_data,
    list_metrics,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.cache_lag import (
    METRIC,
    NAMESPACE,
    cache_lag,
    cache_lag_queries,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.transform import PERIOD, WINDOW
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache.api import (
    describe_global_replication_groups,
    describe_replication_groups,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache.transform import (
    datastore,
    replication_group,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import (
    CacheMember,
    CacheRole,
    CacheTarget,
    ReplicationGroup,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import CacheSeen, Lag, Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache import ping
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout

_NOTHING: Outcome[Lag | float | None] = Outcome(None, None, 0.0)


def look_at_cache(leg: Leg, lookout: Lookout) -> CacheSeen:
    """The leg's replication group, its lag where it replicates, and a PING where one is wanted; all in its Region.

    Raises botocore's errors, or ``DrError``, where AWS doesn't even say which group it is.
    """
    member, status = _place(leg, lookout)
    elasticache = lookout.clients.get("elasticache", leg.region)
    found = replication_group(lookout.read(lambda: describe_replication_groups(elasticache, member.group))[0])
    jobs: dict[str, Callable[[], Lag | float | None]] = {}
    if member.role is CacheRole.SECONDARY:
        jobs["lag"] = lambda: read_lag(leg, lookout, found)
    if lookout.ping_cache:
        jobs["ping"] = lambda: _ping(leg, lookout, found)
    outcomes = gather(jobs, lookout.sooner(), lookout.clock)
    lag, answered = outcomes.get("lag", _NOTHING), outcomes.get("ping", _NOTHING)
    return CacheSeen(
        group=found.id,
        role=member.role.value.lower() if member.role else "unknown",
        group_status=found.status,
        membership=member.status or None,
        datastore_status=status,
        lag=lag.value if isinstance(lag.value, Lag) else None,
        lag_error=str(lag.error or ""),
        response_ms=answered.value * 1000 if isinstance(answered.value, float) else None,
        ping_error=str(answered.error or ""),
    )


def _place(leg: Leg, lookout: Lookout) -> tuple[CacheMember, str | None]:
    """The leg's member and the datastore's status. A group that is looked at alone has no known role."""
    datastore_id = leg.datastore_id
    if datastore_id is None:
        return CacheMember(leg.region, leg.cache_id or "", None), None
    tried = f"Looking for the member of the global datastore {datastore_id} in {leg.region}"
    client = lookout.clients.get("elasticache", leg.region)
    found = lookout.read(lambda: describe_global_replication_groups(client, datastore_id))
    if not found:
        raise DrError(tried, "there is none", "Check global_replication_group_id, and the account in use.")
    observed = datastore(found[0])
    member = observed.member(leg.region)
    if member is None or leg.cache_id not in (None, member.group):
        known = ", ".join(f"{each.group} in {each.region}" for each in observed.members) or "none"
        raise DrError(tried, f"its members are: {known}", "Check the leg, or look at what removed the member.")
    return member, observed.status


def read_lag(leg: Leg, lookout: Lookout, found: ReplicationGroup) -> Lag | None:
    """How far the leg's group is behind; ``None`` where no metric has a sample. Raises botocore's errors."""
    cloudwatch = lookout.clients.get("cloudwatch", leg.region)
    metrics = lookout.read(lambda: list_metrics(cloudwatch, NAMESPACE, METRIC))
    names = (found.id, *found.nodes, *([leg.datastore_id] if leg.datastore_id else []))
    queries = cache_lag_queries(metrics, names)
    if not queries:
        return None
    minute = lookout.clock.wall() // PERIOD * PERIOD  # on whole minutes, as CloudWatch keeps them
    return cache_lag(lookout.read(lambda: get_metric_data(cloudwatch, queries, minute - WINDOW, minute + 2 * PERIOD)))


def _ping(leg: Leg, lookout: Lookout, found: ReplicationGroup) -> float:
    target = CacheTarget(leg.region, found.endpoint, found.port, found.tls, ca_path=lookout.ca_path)
    return ping(target, lookout.resolvers, lookout.patience(), lookout.clock)
