# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the target's cache could be promoted beside the database. One that isn't required stops no failover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import CacheConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import CacheSight
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import cache
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
    how_old,
)

PREFIX = "cache_"
"""Before the codes of the promotion's own decision: the database has some of the same name."""


def judge_cache(seen: Sightings[CacheSight], case: Case) -> Iterator[Remark]:
    config = case.workload.cache
    if config is None:
        return
    for remark in _judge(seen, config, case):
        yield remark if config.required else replace(remark, weight=Weight.NEVER)


def _judge(seen: Sightings[CacheSight], config: CacheConfig, case: Case) -> Iterator[Remark]:
    target = seen.of(case.target)
    if target is None:
        why = seen.unread.get(case.target, "not asked").rstrip(".")
        yield Remark(
            "cache_unknown",
            Weight.PLANNED,
            case.target,
            f"ElastiCache in {case.target} didn't describe the cache: {why}.",
            "Check the permissions, the path to it and its health. What isn't required can be left for later.",
        )
    elif target.datastore is None:
        yield Remark(
            "cache_missing",
            Weight.PLANNED,
            case.target,
            f"ElastiCache in {case.target} knows no global datastore {config.datastore_id}.",
            "Correct aws_dr_cache.global_replication_group_id, with the five letters that AWS puts before the name.",
        )
    else:
        wanted = cache.Wanted(config.datastore_id, case.target, case.workload.regions)
        decision = cache.decide(cache.Observed(target.datastore, target.group), wanted)
        yield from _decided(decision, case)
        if not isinstance(decision, cache.Already):
            yield from _lag(target, case)


def _decided(decision: cache.Decision, case: Case) -> Iterator[Remark]:
    if isinstance(decision, cache.Refuse):
        yield from adopted(_renamed(decision.findings), case.target, Weight.PLANNED)
    elif isinstance(decision, cache.Start):
        yield from adopted(_renamed(decision.warnings), case.target)
    elif isinstance(decision, cache.Follow):
        yield Remark(
            "cache_modifying",
            Weight.NEVER,
            case.target,
            f"The global datastore of {decision.member.group} is being modified; AWS doesn't say towards what.",
            "Wait until it is available: a promotion would wait for that first.",
        )


def _renamed(findings: Iterable[Finding]) -> list[Finding]:
    return [replace(each, code=f"{PREFIX}{each.code}") for each in findings]


def _lag(target: CacheSight, case: Case) -> Iterator[Remark]:
    if target.group is None:
        return
    lag = target.lag
    if lag is None:
        yield Remark(
            "cache_lag_unknown",
            Weight.PLANNED,
            case.target,
            f"How far the cache is behind is unknown: {target.lag_error.rstrip('.') or 'no metric has a sample'}.",
            "Check that CloudWatch in the target's Region shows GlobalDatastoreReplicationLag. Unknown isn't zero.",
        )
    elif case.now - lag.sampled_at > case.max_lag_age:
        yield Remark(
            "cache_lag_stale",
            Weight.PLANNED,
            case.target,
            f"The last sample of {lag.source} is {how_old(case.now - lag.sampled_at)} old.",
            "A metric that has stopped tells nothing of now: see whether the cache still replicates.",
        )
    elif lag.milliseconds > case.workload.rpo_seconds * 1000:
        yield Remark(
            "cache_lag_above_objective",
            Weight.PLANNED,
            case.target,
            f"{lag.source} is {lag.milliseconds / 1000:.2f} s, the objective {case.workload.rpo_seconds:g} s.",
            "Wait until the cache has caught up: a promotion loses what has not been replicated, planned or not.",
        )
