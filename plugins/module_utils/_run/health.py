# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any number of workloads looked at in one go: every service of every leg at once, under one deadline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import CONNECTIONS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.turns import Turns
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg, Seen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_summary import WorkloadHealth
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import RecordConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import Sent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import (
    leg_findings,
    leg_health,
    workload_findings,
    worst,
    writer_region,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_layers import compared
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_limits import Thresholds
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_summary import serving_region, summary
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import split_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.health import SERVICES
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import parse_url
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sent import where_clients_are_sent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.reading import why_unread

# S3 promises a quarter of an hour at best, and its metrics are minutes late.
STORAGE = {"max_lag_ms": 900_000.0, "max_lag_age": 300.0}


@dataclass(frozen=True)
class Watched:
    """A workload as a task describes it; ``name`` is empty where it describes no other one."""

    name: str
    legs: tuple[Leg, ...]
    lookout: Lookout
    thresholds: Thresholds
    record: RecordConfig | None = None


def watched(options: Mapping[str, Any], context: Context) -> tuple[Watched, ...]:
    """The workloads of the task. Raises ``Refused`` where one of them can't be looked at, ``DrError`` for a bad URL."""
    described = options["workloads"] or [{**options, "name": ""}]
    found = tuple(_watched(each, options, context) for each in described)
    # Of several workloads, not each has to have a leg in a Region that is required.
    required = () if options["workloads"] else options["required"] or ()
    findings = [*workload_findings([each.name for each in found])]
    for each in found:
        named = f"{each.name}: " if each.name else ""
        wrong = leg_findings(each.legs, required)
        findings += [replace(finding, observed=f"{named}{finding.observed}") for finding in wrong]
    if findings:
        raise Refused(findings)
    for url in (leg.api_url for each in found for leg in each.legs if leg.api_url):
        parse_url(url)
    for resolver in options["resolvers"]:
        split_address(resolver)
    return found


def _watched(given: Mapping[str, Any], options: Mapping[str, Any], context: Context) -> Watched:
    database = Database.from_options(given["database"]) if given["database"] else None
    lookout = Lookout(
        clients=context.clients,
        clock=context.clock,
        deadline=context.deadline,
        resolvers=options["resolvers"],
        request_timeout=options["request_timeout"],
        database=database,
        ca_path=options["ca_path"],
        ping_cache=options["ping_cache"],
        canary_key="" if context.check_mode else given["bucket_canary_key"] or "",
        read_secrets=options["read_secrets"],
    )
    record = RecordConfig.from_options(given["record"]) if given["record"] else None
    return Watched(given["name"], _legs(given, database), lookout, _thresholds(given, options), record)


def _legs(given: Mapping[str, Any], database: Database | None) -> tuple[Leg, ...]:
    shared = {
        "global_cluster_id": given["global_cluster_id"] or (database.global_cluster_id if database else None),
        "datastore_id": given["global_replication_group_id"],
        "secrets": tuple(given["secrets"]),
        "keys": tuple(given["keys"]),
    }
    pairs = tuple(Pair.from_options(each) for each in (given["buckets"] or {}).get("pairs", ()))
    return tuple(Leg(**leg, **shared, **_storage(leg["region"], pairs)) for leg in given["legs"] or ())


def _storage(region: str, pairs: Iterable[Pair]) -> dict[str, Any]:
    """What of the pairs is in the Region: its buckets, and the replication that begins or ends there."""
    here = [pair for pair in pairs if region in (pair.source.region, pair.destination.region)]
    ends = [bucket.name for pair in here for bucket in (pair.source, pair.destination) if bucket.region == region]
    return {"buckets": tuple(dict.fromkeys(ends)), "pairs": tuple(here)}


def _thresholds(given: Mapping[str, Any], options: Mapping[str, Any]) -> Thresholds:
    common = Thresholds(
        response_ms=options["max_response_ms"],
        lag_ms=options["max_lag_ms"],
        lag_age_s=options["max_lag_age"],
        statuses=tuple(options["expect_status"]),
        standby_statuses=tuple(options["expect_standby_status"]),
    )
    own = {service: each for service, each in (given["thresholds"] or {}).items() if each}
    return common.overridden({"storage": STORAGE}).overridden(own)


Sight = dict[str, dict[str, "Seen | str"]]
"""What was seen, or why nothing was, by Region and service."""


def look(workloads: Sequence[Watched], required: Collection[str] | None, context: Context) -> list[WorkloadHealth]:
    """Look at everything and judge it. ``required``: the Regions that are waited for; ``None``: all.

    Raises ``DrError`` where the one workload of a task was given a wrong name; of many, it is what is wrong with that.
    """
    # A connection of its own for each of hundreds of calls would cost more than the calls do.
    turns = {leg.region: Turns(CONNECTIONS, context.clock) for each in workloads for leg in each.legs}
    jobs: dict[str, Callable[[], Any]] = {}
    named: dict[str, tuple[int, str, str]] = {}
    # Service by service: of hundreds of jobs the last begins a second late, and the first ones, the APIs, last longest.
    for name, service in SERVICES.items():
        for number, each in enumerate(workloads):
            for leg in filter(service.asked, each.legs):
                job = f"Looking at the {name}{f' of {each.name}' if each.name else ''} in {leg.region}"
                named[job] = (number, leg.region, name)
                jobs[job] = partial(service.look, leg, replace(each.lookout, turns=turns[leg.region]))
    waited_for = [job for job, (_number, region, _name) in named.items() if required is None or region in required]
    asked: dict[str, str] = {}
    for each in workloads:
        if each.record:
            job = f"Asking where clients of {each.name} are sent"
            asked[job], jobs[job] = each.name, partial(_sent, each.record, each.lookout)
    outcomes = gather(jobs, context.deadline, context.clock, [*waited_for, *asked])
    sent = {name: _sent_seen(outcomes.pop(job)) for job, name in asked.items()}
    alone = len(workloads) == 1
    wanted = set(waited_for) if alone else set()
    sights: list[Sight] = [{leg.region: {} for leg in each.legs} for each in workloads]
    for job, outcome in outcomes.items():
        number, region, name = named[job]
        sights[number][region][name] = _seen(job, outcome, job in wanted)
    now = context.clock.wall()
    return [
        replace(_judged(each, sight, now), **sent.get(each.name, {}))
        for each, sight in zip(workloads, sights, strict=True)
    ]


def _sent(record: RecordConfig, lookout: Lookout) -> tuple[Sent, ...]:
    limit = lookout.deadline.sooner(lookout.clock, lookout.request_timeout)
    return where_clients_are_sent(record, lookout.resolvers, lookout.clock, limit)


def _sent_seen(outcome: Outcome[Any]) -> dict[str, Any]:
    """The Regions that clients are sent to by any server that answered, or why none did."""
    if isinstance(outcome.error, DrError):
        return {"sent_unknown": f"{outcome.error.tried}: {outcome.error.seen}"}
    if outcome.error is not None:
        raise outcome.error
    answers: Sequence[Sent] = outcome.value or ()
    if all(answer.error for answer in answers):
        return {"sent_unknown": "; ".join(f"{answer.server}: {answer.error}" for answer in answers)}
    return {"sent": tuple(dict.fromkeys(region for answer in answers for region in answer.regions))}


def _seen(job: str, outcome: Outcome[Seen], required: bool) -> Seen | str:
    """What was seen, or why nothing was. A Region that isn't required never ends the task, whatever it answers."""
    if outcome.error is None and outcome.value is not None:
        return outcome.value
    return why_unread(job, outcome, required)


def _judged(workload: Watched, sight: Sight, now: float) -> WorkloadHealth:
    secrets = {region: seen["secrets"] for region, seen in sight.items() if "secrets" in seen}
    for region, each in compared(secrets).items():
        sight[region]["secrets"] = each
    legs = tuple(leg_health(region, seen, workload.thresholds, now) for region, seen in sight.items())
    return WorkloadHealth(workload.name, legs, serving_region(sight.values()))


def canary_calls(workloads: Iterable[Watched], options: Mapping[str, Any]) -> tuple[Call, ...]:
    """The writes of canary objects, made or, in check mode, to be made."""
    given = options["workloads"] or [options]
    return tuple(
        Call("s3", "PutObject", leg.region)
        for each, described in zip(workloads, given, strict=True)
        for leg in each.legs
        for _bucket in leg.buckets
        if described["bucket_canary_key"]
    )


def values(found: WorkloadHealth, now: float) -> dict[str, Any]:
    """What is returned of a workload. ``now`` in epoch seconds."""
    return {
        "status": worst(leg.status for leg in found.legs).value,
        "writer_region": writer_region(found.legs),
        "serving_region": found.serving,
        "clients_sent_to": None if found.sent is None else list(found.sent),
        "summary": summary(found).as_dict(),
        "legs": [leg.as_dict(now) for leg in found.legs],
    }
