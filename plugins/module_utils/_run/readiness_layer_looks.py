# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at of the layers beside the database: each look asks one Region, and gives a record or raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache.observe import (
    read_datastore,
    read_group,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.kms.observe import read_key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.observe import read_secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheRole, ReplicationGroup
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag, Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import (
    BucketsSeen,
    CacheSight,
    CapacitySeen,
    EventSourcesSeen,
    FacesSeen,
    KeysSeen,
    Named,
    QuotasSeen,
    SecretsSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.capacity import quota_services
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache_health import read_lag
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.latch_face import look_at_faces
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.storage import look_at_pairs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.capacity import read_capacity, read_quotas
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.event_sources import read_event_sources
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.latch import Latch, read_latch

T = TypeVar("T")

ANSWER = 2.0  # seconds for one answer of CloudWatch


def see_cache(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> CacheSight:
    datastore_id = case.workload.cache.datastore_id if case.workload.cache else ""
    context = _sooner(context)
    datastore = again(
        lambda: read_datastore(context.clients, region, datastore_id, context.clock, context.deadline),
        context.clock,
        context.deadline,
    )
    member = datastore.member(region) if datastore else None
    if datastore is None or member is None:
        return CacheSight(datastore)
    group = again(lambda: read_group(context.clients, region, member.group), context.clock, context.deadline)
    if member.role is not CacheRole.SECONDARY:
        return CacheSight(datastore, group)
    lag, error = _cache_lag(Leg(region, datastore_id=datastore_id), group, context)
    return CacheSight(datastore, group, lag, error)


def _cache_lag(leg: Leg, group: ReplicationGroup, context: Context) -> tuple[Lag | None, str]:
    """A hung metric must not cost what else is known."""
    context = _sooner(context)
    lookout = Lookout(context.clients, context.clock, context.deadline, (), ANSWER, None, None)
    outcome = gather({"lag": lambda: read_lag(leg, lookout, group)}, context.deadline, context.clock)["lag"]
    return outcome.value, _said(outcome.error)


def see_secrets(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> SecretsSeen:
    def read(name: str) -> Secret | None:
        return read_secret(context.clients, region, name, context.clock, context.deadline)

    return SecretsSeen(_each(case.workload.secrets, read, context))


def see_keys(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> KeysSeen:
    def read(name: str) -> Key | None:
        return read_key(context.clients, region, name, context.clock, context.deadline)

    return KeysSeen(_each(case.workload.keys, read, context))


def see_buckets(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> BucketsSeen:
    pairs = [pair for pair in case.workload.pairs if region in (pair.source.region, pair.destination.region)]
    deadline = _sooner(context).deadline
    return BucketsSeen(look_at_pairs(pairs, context.clients, context.clock, deadline, only=region))


def see_faces(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> FacesSeen:
    """Anonymously, as a checker asks; and with credentials, whether there is something to be seen at all."""
    latch, canary = case.workload.latch, case.workload.canary
    objects = tuple(where for where in latch.objects if where.region == region) if latch else ()
    key, token = (canary.key, canary.token) if canary else ("", "")
    context = _sooner(context)
    jobs: dict[str, Callable[[], Any]] = {
        "faces": lambda: look_at_faces(objects, key, token, None, context.clock, context.deadline),
        "objects": lambda: read_latch(Latch(objects, key, token), context, context.deadline.remaining(context.clock)),
    }
    seen = all_of(jobs, context.deadline, context.clock)
    there = [landing.where.bucket for landing in seen["objects"] if landing.after is ObjectState.SET]
    return FacesSeen(seen["faces"], tuple(there))


def see_capacity(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> CapacitySeen:
    return CapacitySeen(read_capacity(region, case.workload.compute, _sooner(context)))


def see_quotas(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> QuotasSeen:
    return QuotasSeen(read_quotas(region, quota_services(case.workload.compute), _sooner(context)))


def see_event_sources(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> EventSourcesSeen:
    return EventSourcesSeen(read_event_sources(region, case.workload.event_sources, _sooner(context)))


def _sooner(context: Context) -> Context:
    """A little less time than the whole, so that what hung is known as such beside what answered."""
    sooner = context.deadline.sooner(context.clock, 0.9 * context.deadline.remaining(context.clock))
    return replace(context, deadline=sooner)


def _each(names: Sequence[str], read: Callable[[str], T | None], context: Context) -> tuple[Named[T], ...]:
    """Each by itself: one that can't be read hides no other. Raises where none could be read."""
    context = _sooner(context)
    outcomes = gather({name: partial(read, name) for name in names}, context.deadline, context.clock)
    errors = [outcome.error for outcome in outcomes.values() if outcome.error is not None]
    for error in errors:
        if len(errors) == len(outcomes) or not isinstance(error, CALL_ERRORS):
            raise error
    return tuple(Named(name, outcome.value, _said(outcome.error)) for name, outcome in outcomes.items())


def _said(error: Exception | None) -> str:
    return aws_error(error, "").seen if error is not None else ""
