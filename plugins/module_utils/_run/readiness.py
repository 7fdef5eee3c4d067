# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readiness: everything is read at once under one deadline, then judged.

A further topic is one more entry of :data:`CHECKS`: a look beside the others, which gives a record of
``_model.readiness.Seen`` or raises, and a judge in ``_plan.readiness``; and what it needs to know of the workload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.arc_config import api as arc_config
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import US_EAST_1, Seen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.api import judge_api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.buckets import judge_buckets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.cache import judge_cache
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.capacity import (
    judge_capacity,
    judge_quotas,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Judged,
    Remark,
    Sightings,
    in_order,
    judged,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.database import judge_database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.dependencies import judge_identity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.event_sources import (
    judge_event_sources,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.faces import judge_faces
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.keys import judge_keys
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.latch import judge_latch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.permissions import judge_permissions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.records import judge_records
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.request import judge_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.routing_control import (
    judge_routing_control,
    judge_safety_rules,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.secrets import judge_secrets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.table import judge_table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.unread import (
    baseline_remarks,
    carried,
    told_once,
    unread_remarks,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import readiness_layer_looks as layers
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import readiness_looks as looks
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import readiness_routing_looks as routing
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.reading import why_unread

BASELINE = "baseline"


@dataclass(frozen=True)
class Check:
    """A topic: which Regions it asks (none: the workload has nothing of it), how it looks, how it judges.

    ``speaks``: the judge itself says what it means that the target's Region didn't answer.
    """

    regions: Callable[[Case], Iterable[str]]
    look: Callable[[str, Case, Context, Sequence[str]], Seen]
    judge: Callable[[Sightings[Any], Case], Iterable[Remark]]
    speaks: bool = False


def _table_regions(case: Case) -> Sequence[str]:
    """A run needs the table in the target's Region; a preflight says how it is in both."""
    if not case.workload.table:
        return ()
    return case.workload.regions if case.preflight else (case.target,)


def _latch_regions(case: Case) -> Sequence[str]:
    return [where.region for where in case.workload.latch.objects] if case.workload.latch else ()


def _compute_regions(case: Case) -> Sequence[str]:
    """What the source carries is for the baseline: a run asks the target alone."""
    if not case.workload.compute:
        return ()
    return case.workload.regions if case.preflight else (case.target,)


def _rules_region(case: Case) -> Sequence[str]:
    """ARC's control plane is asked while nothing burns: an unplanned run has no time for it."""
    burns = case.mode is Mode.UNPLANNED and not case.preflight
    return (arc_config.REGION,) if case.workload.routing and not burns else ()


CHECKS: Mapping[str, Check] = {
    "database": Check(lambda case: case.workload.regions, looks.see_database, judge_database, speaks=True),
    "api": Check(lambda case: [leg.region for leg in case.workload.legs if leg.api_url], looks.see_api, judge_api),
    "latch": Check(_latch_regions, looks.see_latch, judge_latch),
    "routing control": Check(
        lambda case: [case.target] if case.workload.routing else (),
        routing.see_routing_control,
        judge_routing_control,
        speaks=True,
    ),
    "safety rules": Check(_rules_region, routing.see_safety_rules, judge_safety_rules),
    "records": Check(lambda case: [US_EAST_1] if case.workload.record else (), looks.see_records, judge_records),
    "identity": Check(lambda case: [case.target], looks.see_identity, judge_identity),
    "state table": Check(_table_regions, looks.see_table, judge_table, speaks=True),
    "permissions": Check(lambda case: [US_EAST_1] if case.preflight else (), looks.see_permissions, judge_permissions),
    # What needs the target alone asks the target alone; the others' word is taken where it has come.
    "cache": Check(
        lambda case: [case.target] if case.workload.cache else (), layers.see_cache, judge_cache, speaks=True
    ),
    "secrets": Check(
        lambda case: case.workload.regions if case.workload.secrets else (), layers.see_secrets, judge_secrets
    ),
    "keys": Check(lambda case: case.workload.regions if case.workload.keys else (), layers.see_keys, judge_keys),
    "buckets": Check(
        lambda case: [end.region for pair in case.workload.pairs for end in (pair.source, pair.destination)],
        layers.see_buckets,
        judge_buckets,
    ),
    "latch face": Check(
        lambda case: _latch_regions(case) if case.preflight and case.workload.canary else (),
        layers.see_faces,
        judge_faces,
    ),
    "capacity": Check(_compute_regions, layers.see_capacity, judge_capacity),
    "quotas": Check(lambda case: _compute_regions(case) if case.preflight else (), layers.see_quotas, judge_quotas),
    "event sources": Check(
        lambda case: case.workload.regions if case.workload.event_sources else (),
        layers.see_event_sources,
        judge_event_sources,
        speaks=True,
    ),
}


@dataclass(frozen=True)
class Read:
    """How long one look took, in seconds, and whether the task would have waited for it."""

    topic: str
    region: str
    seconds: float
    answered: bool
    required: bool

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Assessment:
    """What was seen and what it means for the run. ``case`` has the writer and the baseline that were read."""

    case: Case
    sightings: Mapping[str, Sightings[Any]]
    findings: tuple[Judged, ...]
    reads: tuple[Read, ...]

    @property
    def ready(self) -> bool:
        return all(each.finding.severity is not Severity.REFUSE for each in self.findings)


def assess(
    case: Case, context: Context, resolvers: Sequence[str], checks: Mapping[str, Check] | None = None
) -> Assessment:
    """Look at everything, and judge it. Raises botocore's errors as ``DrError`` where the question was wrong.

    An unplanned run waits for the target's Region only, and for the latch where it isn't in the Region that is left:
    what the others have said by then is taken, too.
    """
    checks = CHECKS if checks is None else checks
    named = {
        f"Looking at the {topic} in {region}": (topic, region)
        for topic, check in checks.items()
        for region in dict.fromkeys(check.regions(case))
    }
    jobs: dict[str, Callable[[], Any]] = {
        job: partial(checks[topic].look, region, case, context, resolvers) for job, (topic, region) in named.items()
    }
    if case.workload.table and not case.preflight:
        jobs[BASELINE] = lambda: _baseline(case, context)
    required = [job for job in jobs if job == BASELINE or _waited_for(*named[job], case)]
    outcomes = gather(jobs, context.deadline, context.clock, required)
    kept = outcomes.pop(BASELINE, None)
    sightings = {topic: _sightings(topic, named, outcomes, case) for topic in checks}
    known = replace(case, writer=_writer(sightings["database"], case), baseline=kept.value if kept else None)
    reads = tuple(
        Read(*named[job], round(outcome.seconds, 3), outcome.ok, job in required) for job, outcome in outcomes.items()
    )
    return Assessment(known, sightings, _judge(known, sightings, checks), reads)


def _waited_for(topic: str, region: str, case: Case) -> bool:
    """The latch's objects elsewhere, too, but for those in the Region that is left: they say whether clients moved."""
    if case.preflight or case.mode is Mode.PLANNED or region == case.target:
        return True
    return topic == "latch" and region != case.source


def _baseline(case: Case, context: Context) -> Baseline | None:
    return TableStore(context.clients, case.target, case.workload.table, context.clock).read_baseline(
        case.workload.name
    )


def _sightings(
    topic: str, named: Mapping[str, tuple[str, str]], outcomes: Mapping[str, Outcome[Any]], case: Case
) -> Sightings[Any]:
    seen: dict[str, Any] = {}
    unread: dict[str, str] = {}
    for job, (of, region) in named.items():
        if of != topic:
            continue
        outcome = outcomes[job]
        if outcome.error is None and outcome.value is not None:
            seen[region] = outcome.value
        else:
            unread[region] = why_unread(job, outcome, region == case.target)
    return Sightings(seen, unread)


def _writer(databases: Sightings[Any], case: Case) -> str | None:
    """As the target's Region says, else the other one."""
    for region in (case.target, case.source):
        seen = databases.of(region)
        if seen is not None and seen.global_cluster is not None and seen.global_cluster.writer is not None:
            return str(seen.global_cluster.writer.region)
    return None


def _judge(case: Case, sightings: Mapping[str, Sightings[Any]], checks: Mapping[str, Check]) -> tuple[Judged, ...]:
    found = [judged("request", remark, case) for remark in judge_request(case)]
    found += [
        judged(topic, remark, case) for topic, check in checks.items() for remark in check.judge(sightings[topic], case)
    ]
    unsaid = {topic: _without(case.target if checks[topic].speaks else "", seen) for topic, seen in sightings.items()}
    found += [judged("reading", remark, case) for remark in unread_remarks(unsaid, case)]
    found += [judged(BASELINE, remark, case) for remark in baseline_remarks(case)]
    return in_order([*told_once(found), *carried(sightings, case)])


def _without(region: str, seen: Sightings[Any]) -> Sightings[Any]:
    return replace(seen, unread={each: why for each, why in seen.unread.items() if each != region})
