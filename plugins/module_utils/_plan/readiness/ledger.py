# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger out of what readiness saw anyway: what each layer would lose, without a further look at anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheRole
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import CacheSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import CacheSight
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import ledger as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import Line, Loss, When
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.buckets import whole_pair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case, Sightings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.secrets import secret_pair

All = Mapping[str, Sightings[Any]]


def ledger_lines(seen: All, case: Case) -> tuple[Line, ...]:
    """A line for each thing that can lose something, in the order of the layers. What wasn't seen is unknown."""
    when = When.of(case.mode is Mode.PLANNED, case.first_failure, case.now)
    return (
        _database(seen["database"], case, when),
        *_cache(seen["cache"], case, when),
        *_buckets(seen["buckets"], case, when),
        *_secrets(seen["secrets"], case),
        *_parameters(case),
    )


def _why(seen: Sightings[Any], case: Case) -> str:
    return seen.unread.get(case.target, "not asked").rstrip(".")


def _database(seen: Sightings[Any], case: Case, when: When) -> Line:
    name, there = case.workload.database.global_cluster_id, seen.of(case.target)
    if there is None:
        return plan.unread("database", name, _why(seen, case))
    return plan.database_line(name, there, when)


def _cache(seen: Sightings[CacheSight], case: Case, when: When) -> Iterator[Line]:
    config = case.workload.cache
    if config is None:
        return
    there = seen.of(case.target)
    if there is None or there.group is None:
        yield plan.unread("cache", config.datastore_id, _why(seen, case) if there is None else "it has no member there")
        return
    member = there.datastore.member(case.target) if there.datastore else None
    role = "primary" if member and member.role is CacheRole.PRIMARY else "secondary"
    known = CacheSeen(there.group.id, role, lag=there.lag, lag_error=there.lag_error)
    yield plan.cache_line(config.datastore_id, known, when)


def _buckets(seen: Sightings[Any], case: Case, when: When) -> Iterator[Line]:
    """What is replicated towards the target; the other direction loses nothing by a failover."""
    for pair in case.workload.pairs:
        if pair.destination.region != case.target:
            continue
        known = whole_pair(pair, seen)
        if known is None:
            yield plan.unread("buckets", str(pair), _why(seen, case))
        else:
            yield plan.bucket_line(known, when)


def _secrets(seen: Sightings[Any], case: Case) -> Iterator[Line]:
    target, source = seen.of(case.target), seen.of(case.source)
    there = {each.name: each for each in source.secrets} if source else {}
    named = {each.name: each for each in target.secrets} if target else {}
    for name in case.workload.secrets:
        if name not in named or named[name].error:
            why = named[name].error if name in named else _why(seen, case)
            yield plan.unread("secrets", name, why)
        else:
            yield plan.secret_line(secret_pair(named[name], there.get(name), case), case.now)


def _parameters(case: Case) -> Iterator[Line]:
    """They are copied by the run itself, after its promotion: a planned one leaves none behind."""
    if not case.workload.parameters:
        return
    item = " ".join(case.workload.parameters)
    if case.mode is Mode.PLANNED:
        yield Line("parameters", item, Loss(0.0, "bounded", "the run itself copies them, as the source has them then"))
    else:
        yield plan.unread("parameters", item, "unplanned, the Region that they come from is not asked")
