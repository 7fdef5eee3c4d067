# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a service, a leg and a workload, from what was seen. Whatever couldn't be read is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import ASSOCIATED
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import AVAILABLE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import (
    ApiSeen,
    CacheSeen,
    DatabaseSeen,
    Lag,
    Leg,
    LegHealth,
    Query,
    Role,
    Seen,
    ServiceHealth,
    Status,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_layers import SecretsSeen, StorageSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_layers import (
    secrets_remarks,
    storage_remarks,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_limits import Remark, Thresholds, slow

# From the best to the worst: a leg is as good as its worst service.
_ORDER = (Status.HEALTHY, Status.DEGRADED, Status.UNKNOWN, Status.UNHEALTHY)
# Statuses of a DB cluster in which it serves while something is done to it.
_SERVES_WHILE_BUSY = (
    "backing-up",
    "backtracking",
    "configuring-enhanced-monitoring",
    "configuring-iam-database-auth",
    "maintenance",
    "modifying",
    "promoting",
    "renaming",
    "resetting-master-credentials",
    "storage-optimization",
    "update-iam-db-auth",
    "upgrading",
)


def leg_findings(legs: Sequence[Leg], required: Iterable[str]) -> tuple[Finding, ...]:
    """Why these legs can't be looked at: none, a Region twice, nothing to ask, a stranger required."""
    regions = [leg.region for leg in legs]
    found = []
    if not legs:
        found.append(refusal("no_legs", "No leg was given.", "Name at least one Region in legs."))
    twice = sorted({region for region in regions if regions.count(region) > 1})
    if twice:
        found.append(
            refusal(
                "same_region_twice",
                f"Several legs are in the same Region: {', '.join(twice)}.",
                "Give each leg a Region of its own.",
            )
        )
    idle = [leg.region for leg in legs if not any(vars(replace(leg, region="")).values())]
    if idle:
        found.append(
            refusal(
                "nothing_to_ask",
                f"There is nothing to ask in {', '.join(idle)}.",
                "Give api_url, cluster_id, global_cluster_id, cache_id, global_replication_group_id, buckets, secrets"
                " or keys.",
            )
        )
    strangers = sorted(set(required) - set(regions))
    if strangers:
        found.append(
            refusal(
                "required_not_a_leg",
                f"Required, but no leg: {', '.join(strangers)}.",
                f"Name Regions of legs: {', '.join(regions)}.",
            )
        )
    return tuple(found)


def workload_findings(names: Sequence[str]) -> tuple[Finding, ...]:
    """Why these workloads can't be told apart."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if not twice:
        return ()
    observed = f"Several workloads have the same name: {', '.join(twice)}."
    return (refusal("same_workload_twice", observed, "Give each workload a name of its own."),)


def leg_health(region: str, seen: Mapping[str, Seen | str], thresholds: Thresholds, now: float) -> LegHealth:
    """The verdict on a leg. ``seen`` is what was seen of each service by name, or why nothing was."""
    database = seen.get("database")
    role = database.role if isinstance(database, DatabaseSeen) else Role.UNKNOWN
    # A leg without a database is no standby.
    standby = role if "database" in seen else None
    services = {name: _service(name, each, standby, thresholds, now) for name, each in seen.items()}
    return LegHealth(region, worst(each.status for each in services.values()), role, services)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of them: unhealthy, then unknown, degraded, healthy. Of none: unknown."""
    return max(statuses, key=_ORDER.index, default=Status.UNKNOWN)


def writer_region(legs: Iterable[LegHealth]) -> str | None:
    """Where the writer is; ``None`` when none, or more than one, was seen."""
    writers = [leg.region for leg in legs if leg.role is Role.WRITER]
    return writers[0] if len(writers) == 1 else None


def _service(name: str, seen: Seen | str, role: Role | None, thresholds: Thresholds, now: float) -> ServiceHealth:
    if isinstance(seen, str):
        return ServiceHealth(Status.UNKNOWN, (seen,))
    bad = [remark for remark in _remarks(seen, role, thresholds.of(name), now) if remark[0] is not Status.HEALTHY]
    return ServiceHealth(
        worst([Status.HEALTHY, *(status for status, _why in bad)]), tuple(why for _status, why in bad), seen
    )


def _remarks(seen: Seen, role: Role | None, thresholds: Thresholds, now: float) -> list[Remark]:
    if isinstance(seen, ApiSeen):
        return _api_remarks(seen, role, thresholds, now)
    if isinstance(seen, CacheSeen):
        return [*_cache_remarks(seen, thresholds), *_cache_lag_remarks(seen, thresholds, now)]
    if isinstance(seen, StorageSeen):
        return storage_remarks(seen, thresholds, now)
    if isinstance(seen, SecretsSeen):
        return secrets_remarks(seen, thresholds)
    return [*_cluster_remarks(seen), *_lag_remarks(seen, thresholds, now), *_query_remarks(seen, thresholds)]


def _api_remarks(seen: ApiSeen, role: Role | None, thresholds: Thresholds, now: float) -> list[Remark]:
    if seen.status is None:
        return [(Status.UNHEALTHY, seen.error)]
    # A health check that is good only where a write would work says 503 where the database is a reader, as it should.
    good = thresholds.standby_statuses if role is Role.READER else thresholds.statuses
    if role is Role.UNKNOWN and seen.status in set(thresholds.standby_statuses) - set(thresholds.statuses):
        return [(Status.UNKNOWN, f"status {seen.status} is good only in a standby, and whether it is one is unknown")]
    remarks = _certificate_remarks(seen, thresholds, now)
    if seen.status not in good:
        return [(Status.UNHEALTHY, f"status {seen.status}, not {' or '.join(map(str, good))}"), *remarks]
    return [*slow("the API", seen.response_ms, thresholds), *remarks]


def _certificate_remarks(seen: ApiSeen, thresholds: Thresholds, now: float) -> list[Remark]:
    """Of one that is good yet: no client takes one that has ended, and neither do we."""
    days = seen.certificate_days(now)
    if days is None or days >= thresholds.certificate_days:
        return []
    if days <= 0:
        return [(Status.UNHEALTHY, "its certificate has expired")]
    return [(Status.DEGRADED, f"its certificate ends in {days:.1f} days, less than {thresholds.certificate_days:g}")]


def _cluster_remarks(seen: DatabaseSeen) -> list[Remark]:
    remarks: list[Remark] = []
    if not seen.cluster_status:
        remarks.append((Status.UNKNOWN, f"AWS doesn't say how {seen.cluster_id} is"))
    elif seen.cluster_status in _SERVES_WHILE_BUSY:
        remarks.append((Status.DEGRADED, f"the cluster is {seen.cluster_status}"))
    elif seen.cluster_status != AVAILABLE:
        remarks.append((Status.UNHEALTHY, f"the cluster is {seen.cluster_status}"))
    if seen.cluster_status and not seen.instances:
        remarks.append((Status.UNHEALTHY, "the cluster has no instance: it can't serve, nor be promoted"))
    if seen.synchronization not in (None, "connected"):
        remarks.append((Status.DEGRADED, f"its synchronization is {seen.synchronization}"))
    if seen.failover_status:
        remarks.append((Status.DEGRADED, f"the global cluster is {seen.failover_status}"))
    return remarks


def _lag_remarks(seen: DatabaseSeen, thresholds: Thresholds, now: float) -> list[Remark]:
    return _lag_verdict(seen.lag, seen.lag_error, thresholds, now) if seen.role is Role.READER else []


def _cache_lag_remarks(seen: CacheSeen, thresholds: Thresholds, now: float) -> list[Remark]:
    return _lag_verdict(seen.lag, seen.lag_error, thresholds, now) if seen.role == "secondary" else []


def _lag_verdict(lag: Lag | None, error: str, thresholds: Thresholds, now: float) -> list[Remark]:
    if lag is None:
        return [(Status.UNKNOWN, f"replication lag unknown: {error or 'no metric has a sample'}")]
    age = now - lag.sampled_at
    if age > thresholds.lag_age_s:
        return [(Status.UNKNOWN, f"replication lag unknown: the last sample of {lag.source} is {age:.0f} s old")]
    if lag.milliseconds > thresholds.lag_ms:
        return [(Status.DEGRADED, f"{lag.source} is {lag.milliseconds:.0f} ms, more than {thresholds.lag_ms:g}")]
    return []


def _cache_remarks(seen: CacheSeen, thresholds: Thresholds) -> list[Remark]:
    remarks: list[Remark] = []
    if not seen.group_status:
        remarks.append((Status.UNKNOWN, f"AWS doesn't say how {seen.group} is"))
    elif seen.group_status in ("modifying", "snapshotting"):
        remarks.append((Status.DEGRADED, f"the replication group is {seen.group_status}"))
    elif seen.group_status != AVAILABLE:
        remarks.append((Status.UNHEALTHY, f"the replication group is {seen.group_status}"))
    if seen.membership not in (None, ASSOCIATED):
        remarks.append((Status.DEGRADED, f"its membership in the global datastore is {seen.membership}"))
    if seen.datastore_status not in (None, AVAILABLE):
        remarks.append((Status.DEGRADED, f"the global datastore is {seen.datastore_status}"))
    if seen.ping_error:
        remarks.append((Status.UNHEALTHY, seen.ping_error))
    return [*remarks, *slow("the cache", seen.response_ms, thresholds)]


def _query_remarks(seen: DatabaseSeen, thresholds: Thresholds) -> list[Remark]:
    query = seen.query
    if query is None:
        return []
    if query.server is None:
        return [(_unanswered(query), query.error)]
    remarks = slow("the database", query.server.seconds * 1000, thresholds)
    if seen.role is Role.WRITER and not query.server.writable:
        remarks.append((Status.UNHEALTHY, f"AWS calls it the writer, but {query.server.server_id} is read-only"))
    if seen.role is Role.READER and query.server.writable:
        remarks.append((Status.UNHEALTHY, f"AWS calls it a reader, but {query.server.server_id} takes writes"))
    return remarks


def _unanswered(query: Query) -> Status:
    # A refused login says nothing of the database but that it is there.
    return Status.UNKNOWN if query.answered_no else Status.UNHEALTHY
