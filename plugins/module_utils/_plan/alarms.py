# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload's alarms in one Region. Each Region has those of both, so that the loss of one is told by the other.

Few of them call anybody: of an outage, which sets off many, one composite alarm does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import (
    CompositeAlarm,
    Kind,
    Level,
    MetricAlarm,
    Missing,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import NAMESPACE, WHOLE, Metric
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.observability import Watched, WatchedLeg

DAY = 86400  # the longest that an alarm may look back
LAG_METRIC = "AuroraGlobalDBRPOLag"
BELOW, ABOVE = "LessThanThreshold", "GreaterThanThreshold"
MOST_IN_A_RULE = 100  # alarms that a composite one may be about

# What silence means, and why. A look a minute says health; whoever has stopped looking says nothing.
SILENCE = {
    Kind.SERVICE_UNHEALTHY: (Missing.BREACHING, "nothing published: whoever looks is gone, or could see nothing"),
    Kind.REPLICATION_LAG: (Missing.NOT_BREACHING, "no sample: it is the writer; else service_unhealthy tells"),
    Kind.FAILOVER_UNDER_WAY: (Missing.NOT_BREACHING, "nothing published: not known, and service_unhealthy tells"),
    Kind.OBJECTIVE_MISSED: (Missing.NOT_BREACHING, "no failover was made"),
    Kind.DEGRADED: (Missing.NOT_BREACHING, "nothing published: service_unhealthy tells"),
    Kind.OVER_BUDGET: (Missing.IGNORE, "costs come once a day: it stays as it was"),
    Kind.DRIFT: (Missing.BREACHING, "no preflight for a day: one that doesn't run finds nothing"),
    Kind.BACKUP_FAILED: (Missing.NOT_BREACHING, "AWS Backup counts failures only"),
}

NOT_ALONE = ("storage", "secrets")
"""Services of which a Region can't say alone how they are: a replica is compared with what it is one of."""
NOT_TOLD = (Missing.NOT_BREACHING, "nothing published: not known, as while the other Region is lost; database tells")


def prefix(workload: str) -> str:
    """How the names of all of a workload's alarms begin, and no other's."""
    return f"aws-dr/{workload}/"


def name(watched: Watched, kind: Kind, *about: str) -> str:
    return f"{prefix(watched.workload)}{'/'.join((kind.value, *about))}"


def anchor(watched: Watched, kind: Kind) -> str:
    """The place in the runbook."""
    return f"{watched.runbooks.rstrip('/')}/alarms.md#{kind.value}"


def topics(watched: Watched, level: Level, region: str) -> tuple[str, ...]:
    """Those of the level in the Region: an alarm can call no other."""
    of_level = watched.critical if level is Level.CRITICAL else watched.warning
    return tuple(arn for arn in of_level if arn.split(":")[3:4] == [region])


def metric_alarms(watched: Watched, region: str) -> tuple[MetricAlarm, ...]:
    """The alarms on metrics in a Region's CloudWatch."""
    return (
        *(alarm for leg in watched.legs for alarm in _leg_alarms(watched, leg)),
        *_lag_alarms(watched, region),
        *_run_alarms(watched, region),
        *_upkeep_alarms(watched, region),
    )


def _alarm(watched: Watched, kind: Kind, about: Sequence[str], told: str, **more: object) -> MetricAlarm:
    of_both = kind is Kind.SERVICE_UNHEALTHY and about[-1] in NOT_ALONE
    missing, silence = NOT_TOLD if of_both else SILENCE[kind]
    description = f"{told}. Silence: {silence}. Runbook: {anchor(watched, kind)}"
    called = name(watched, kind, *about)
    return MetricAlarm(name=called, kind=kind, description=description, missing=missing.value, **more)  # type: ignore[arg-type]


def _ours(watched: Watched, metric: Metric, region: str = WHOLE, service: str = WHOLE) -> dict[str, object]:
    dimensions = (("Workload", watched.workload), ("Region", region), ("Service", service))
    return {"namespace": NAMESPACE, "metric": metric.value, "dimensions": dimensions}


def _leg_alarms(watched: Watched, leg: WatchedLeg) -> Iterator[MetricAlarm]:
    often = {"period": watched.every, "periods": watched.periods}
    for service in leg.services:
        yield _alarm(
            watched,
            Kind.SERVICE_UNHEALTHY,
            (leg.region, service),
            f"{watched.workload}: the {service} in {leg.region} doesn't serve",
            **_ours(watched, Metric.HEALTH_CHECK, leg.region, service),
            **often,
            statistic="Maximum",
            comparison=BELOW,
            threshold=1.0,
        )
    yield _alarm(
        watched,
        Kind.DEGRADED,
        (leg.region,),
        f"{watched.workload}: {leg.region} serves, but not as it should",
        **_ours(watched, Metric.DEGRADED, leg.region),
        **often,
        statistic="Minimum",
        comparison=ABOVE,
        threshold=0.0,
    )


def _lag_alarms(watched: Watched, region: str) -> Iterator[MetricAlarm]:
    """RDS publishes the lag in the secondary's own Region only: each Region has the alarm of its own cluster as one."""
    lag = partial(
        _alarm, watched, Kind.REPLICATION_LAG, periods=3, statistic="Minimum", comparison=ABOVE,
        threshold=watched.lag_limit_ms,
    )  # fmt: skip
    limit = f"is more than {watched.lag_limit_ms / 1000:g} s behind"
    for leg in watched.legs:
        if leg.region == region:
            for source in watched.regions:
                if source != region:
                    dimensions = (("DBClusterIdentifier", leg.cluster_id), ("SourceRegion", source))
                    told = f"{watched.workload}: the database in {region} {limit} {source}"
                    yield lag(
                        (region, "database"), told, namespace="AWS/RDS", metric=LAG_METRIC, dimensions=dimensions,
                        period=60,
                    )  # fmt: skip
        if "cache" in leg.services:
            ours = _ours(watched, Metric.REPLICATION_LAG, leg.region, "cache")
            told = f"{watched.workload}: the cache in {leg.region} {limit}"
            yield lag((leg.region, "cache"), told, period=watched.every, **ours)


def _run_alarms(watched: Watched, region: str) -> Iterator[MetricAlarm]:
    calls = topics(watched, Level.CRITICAL, region)
    yield _alarm(
        watched,
        Kind.FAILOVER_UNDER_WAY,
        (),
        f"{watched.workload}: a failover or failback is open",
        **_ours(watched, Metric.FAILOVER_UNDER_WAY),
        statistic="Maximum",
        comparison=ABOVE,
        threshold=0.0,
        period=watched.every,
        periods=1,
        actions=calls,
        ok_actions=calls,
    )
    for leg in watched.legs:
        for objective, seconds in (("rto", watched.rto_objective), ("rpo", watched.rpo_objective)):
            yield _alarm(
                watched,
                Kind.OBJECTIVE_MISSED,
                (leg.region, objective),
                f"{watched.workload}: a failover to {leg.region} missed its {objective.upper()} of {seconds:g} s",
                **_ours(watched, Metric.OBJECTIVE_MET, leg.region, objective),
                statistic="Minimum",
                comparison=BELOW,
                threshold=1.0,
                period=DAY,
                periods=1,
                actions=calls,
                ok_actions=calls,
            )


def _upkeep_alarms(watched: Watched, region: str) -> Iterator[MetricAlarm]:
    daily = partial(_alarm, watched, statistic="Maximum", comparison=ABOVE, period=DAY, periods=1)
    told = f"{watched.workload}: a preflight found what isn't as a failover needs it"
    yield daily(Kind.DRIFT, (), told, **_ours(watched, Metric.DRIFT), threshold=0.0)
    if watched.budget is not None:
        told = f"{watched.workload}: this month cost more than {watched.budget:g}"
        yield daily(Kind.OVER_BUDGET, (), told, **_ours(watched, Metric.COST), threshold=watched.budget)
    for leg in watched.legs:
        for vault in leg.vaults if leg.region == region else ():
            told = f"{watched.workload}: a backup into {vault} in {region} failed"
            dimensions = (("BackupVaultName", vault),)
            yield daily(
                Kind.BACKUP_FAILED, (region, vault), told, namespace="AWS/Backup", metric="NumberOfBackupJobsFailed",
                dimensions=dimensions, threshold=0.0,
            )  # fmt: skip


def composite_alarms(watched: Watched, region: str) -> tuple[CompositeAlarm, ...]:
    """The alarms on alarms in a Region, each after those that it is about.

    An outage calls once; while a failover is under way, which has called, it calls nobody. What is a warning is none
    while there is something critical.
    """
    alarms = metric_alarms(watched, region)
    down = [_region_down(watched, leg, alarms) for leg in watched.legs]
    lags = [each.name for each in alarms if each.kind is Kind.REPLICATION_LAG]
    warns = [
        each.name for each in alarms if each.kind in (Kind.DEGRADED, Kind.DRIFT, Kind.OVER_BUDGET, Kind.BACKUP_FAILED)
    ]
    critical = _composite(
        watched,
        Kind.CRITICAL,
        (),
        f"{watched.workload}: users may not be served, or a failover would lose much",
        _any([each.name for each in down] + lags),
        topics(watched, Level.CRITICAL, region),
        name(watched, Kind.FAILOVER_UNDER_WAY),
    )
    warning = _composite(
        watched,
        Kind.WARNING,
        (),
        f"{watched.workload}: something is to be seen to, and nothing is on fire",
        f'({_any(warns)}) AND NOT ALARM("{critical.name}")',
        topics(watched, Level.WARNING, region),
    )
    return (*down, critical, warning)


def _region_down(watched: Watched, leg: WatchedLeg, alarms: Sequence[MetricAlarm]) -> CompositeAlarm:
    own = {name(watched, Kind.SERVICE_UNHEALTHY, leg.region, service) for service in leg.services}
    about = _any([each.name for each in alarms if each.name in own])
    told = f"{watched.workload}: something in {leg.region} doesn't serve"
    return _composite(watched, Kind.REGION_DOWN, (leg.region,), told, about, ())


def _composite(
    watched: Watched, kind: Kind, about: Sequence[str], told: str, rule: str, calls: tuple[str, ...], held_by: str = ""
) -> CompositeAlarm:
    description = f"{told}. Runbook: {anchor(watched, kind)}"
    # The other one calls within a look or so: to wait for it would delay each call. Its end is followed by this one's.
    return CompositeAlarm(
        name=name(watched, kind, *about),
        rule=rule,
        description=description,
        kind=kind,
        actions=calls,
        ok_actions=calls,
        suppressor=held_by,
        suppressor_wait=1,
        suppressor_extension=watched.every,
    )


def _any(names: Sequence[str]) -> str:
    return " OR ".join(f'ALARM("{each}")' for each in names) or "FALSE"


def watched_findings(watched: Watched) -> tuple[Finding, ...]:
    """Why its alarms can't be made yet."""
    found = []
    for leg in watched.legs:
        if not leg.cluster_id:
            remedy = "Run it again once RDS answers there, or give cluster_id in aws_dr_legs."
            found.append(refusal("cluster_unknown", f"Which DB cluster {leg.region} has isn't known.", remedy))
        if not 0 < len(leg.services) <= MOST_IN_A_RULE:
            remedy = "Give api_url in aws_dr_legs, aws_dr_database or aws_dr_cache."
            found.append(refusal("nothing_to_watch", f"No service is looked at in {leg.region}.", remedy))
    if watched.every < 60 or watched.every % 60 or watched.every * watched.periods > DAY:
        observed = f"Alarms can't look every {watched.every} s, {watched.periods} times."
        remedy = "Give every as a multiple of 60 s, and no more than a day together with the number of periods."
        found.append(refusal("period_unusable", observed, remedy))
    strangers = [arn for arn in (*watched.critical, *watched.warning) if arn.split(":")[3:4] not in _each(watched)]
    if strangers:
        observed = f"No alarm is made in the Region of {', '.join(strangers)}."
        found.append(refusal("topic_elsewhere", observed, "Give ARNs of topics in the workload's Regions."))
    return tuple(found)


SHORTEST_PREFIX = 4


def set_findings(beginning: str, names: Sequence[str]) -> tuple[Finding, ...]:
    """Why alarms of these names can't be all that begin so: others would be deleted, or some never found again."""
    found = []
    if len(beginning) < SHORTEST_PREFIX:
        observed = f"prefix is {beginning!r}, and alarms of others may begin so."
        found.append(refusal("prefix_too_short", observed, f"Give at least {SHORTEST_PREFIX} characters."))
    strangers = sorted(name for name in names if not name.startswith(beginning))
    if strangers:
        observed = f"{', '.join(strangers)} doesn't begin with {beginning}."
        found.append(refusal("name_without_prefix", observed, "Begin every name with prefix."))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        found.append(refusal("same_alarm_twice", f"alarms has {', '.join(twice)} twice.", "Give each name once."))
    return tuple(found)


def _each(watched: Watched) -> list[list[str]]:
    return [[region] for region in watched.regions]
