# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of the workload `shop` beside its database, with nothing wrong, to be broken by a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import (
    CacheMember,
    CacheRole,
    Datastore,
    ReplicationGroup,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import (
    Capacity,
    Quota,
    Target,
    TargetKind,
    TargetSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import EventSource, Selector
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Face, FaceSeen, LatchObject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import CacheConfig, Canary
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
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Replica, ReplicationStatus, Secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    Backlog,
    Bucket,
    Pair,
    PairSeen,
    RuleStatus,
    Sample,
    Versioning,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case, Sightings
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    FORWARD,
    HOME,
    NOW,
    PLANNED,
    REVERSE,
    STANDBY,
    UNPLANNED,
    WORKLOAD,
)

GROUP = Target(TargetKind.ASG, "shop-web", desired=2)
ORDERS = Selector("orders")
THERE = Pair(Bucket("assets-c", HOME), Bucket("assets-w", STANDBY), ("there",))
BACK = Pair(THERE.destination, THERE.source, ("back",))
LAYERED = replace(
    WORKLOAD,
    cache=CacheConfig("abcde-shop"),
    secrets=("shop/db",),
    keys=("alias/shop",),
    pairs=(THERE, BACK),
    compute=(GROUP,),
    event_sources=(ORDERS,),
    canary=Canary("latch/canary", "canary"),
)
PLANNED_LAYERED, UNPLANNED_LAYERED = replace(PLANNED, workload=LAYERED), replace(UNPLANNED, workload=LAYERED)
MODES: Mapping[str, Case] = {"planned": PLANNED_LAYERED, "unplanned": UNPLANNED_LAYERED}
NEWEST = Sample(0.0, "OperationsPendingReplication", NOW - 60)


def datastore(**changed: Any) -> Datastore:
    members = (
        CacheMember(HOME, "shop-c", CacheRole.PRIMARY, "associated"),
        CacheMember(STANDBY, "shop-w", CacheRole.SECONDARY, "associated"),
    )
    return replace(Datastore("abcde-shop", "available", members, "8.1", "cache.r7g.large", 1), **changed)


def cache(group: Mapping[str, Any] | None = None, **changed: Any) -> Sightings[CacheSight]:
    found = ReplicationGroup("shop-w", "available", "end", 6379, "cache.r7g.large", "8.1", 1)
    lag = Lag(100.0, "GlobalDatastoreReplicationLag", NOW - 20)
    return Sightings({STANDBY: replace(CacheSight(datastore(), replace(found, **(group or {})), lag), **changed)})


def secret(region: str, **changed: Any) -> Secret:
    replicas = (Replica(STANDBY, ReplicationStatus.IN_SYNC),)
    made = Secret("shop/db", region, f"arn:{region}", "v2", 1.0, HOME, replicas)
    return replace(made, **changed)


def secrets(target: Secret | None, source: Secret | None = None, error: str = "") -> Sightings[SecretsSeen]:
    found = {HOME: source or secret(HOME), STANDBY: target}
    return Sightings(
        {
            region: SecretsSeen((Named("shop/db", each, error if region == STANDBY else ""),))
            for region, each in found.items()
        }
    )


def key(region: str, **changed: Any) -> Key:
    return replace(Key("mrk-1", f"arn:{region}:mrk-1", region, "Enabled", HOME, (STANDBY,)), **changed)


def keys(target: Key | None, error: str = "") -> Sightings[KeysSeen]:
    return Sightings(
        {
            HOME: KeysSeen((Named("alias/shop", key(HOME)),)),
            STANDBY: KeysSeen((Named("alias/shop", target, error),)),
        }
    )


def buckets(
    there: RuleStatus = RuleStatus.ENABLED, back: RuleStatus = RuleStatus.ENABLED, **standby: Any
) -> Sightings[BucketsSeen]:
    """As each Region tells it. ``standby`` changes what the target knows of the failover's direction."""
    rules = {THERE: there, BACK: back}
    seen = {}
    for region in (HOME, STANDBY):
        pairs = []
        for pair, rule in rules.items():
            known = PairSeen(pair, Backlog(error="it wasn't asked"), dict.fromkeys(pair.rule_ids, RuleStatus.UNKNOWN))
            if pair.source.region == region:
                known = replace(known, rules=dict.fromkeys(pair.rule_ids, rule), source_versioning=Versioning.ENABLED)
            else:
                known = replace(known, backlog=Backlog(NEWEST, NEWEST, NEWEST))
                known = replace(known, source_error="it wasn't asked", destination_versioning=Versioning.ENABLED)
                known = replace(known, **standby) if region == STANDBY else known
            pairs.append(known)
        seen[region] = BucketsSeen(tuple(pairs))
    return Sightings(seen)


def faces(face: Face = Face.READABLE, present: bool = True) -> Sightings[FacesSeen]:
    """That of the standby's bucket."""

    def seen(where: LatchObject) -> FacesSeen:
        shown = face if where.region == STANDBY else Face.READABLE
        there = present or where.region != STANDBY
        return FacesSeen((FaceSeen(where, shown, 403),), (where.bucket,) if there else ())

    return Sightings({where.region: seen(where) for where in (*FORWARD, *REVERSE)})


def capacity(serving: int = 2, desired: int = 2, **changed: Any) -> Sightings[CapacitySeen]:
    """That of the target; ``changed`` of what was seen of it."""
    target = replace(TargetSeen(GROUP, Capacity(desired, serving)), **changed)
    return Sightings({HOME: CapacitySeen((TargetSeen(GROUP, Capacity(2, 2)),)), STANDBY: CapacitySeen((target,))})


def quotas(target: float | None = 64.0, **changed: Any) -> Sightings[QuotasSeen]:
    def of(value: float) -> tuple[Quota, ...]:
        return (Quota("ec2", "L-1", "instances", value),)

    there = {"autoscaling": (), "ec2": of(target) if target is not None else (), **changed}
    return Sightings({HOME: QuotasSeen({"autoscaling": (), "ec2": of(64.0)}), STANDBY: QuotasSeen(there)})


def event_sources(home: str = "Enabled", standby: str = "Disabled") -> Sightings[EventSourcesSeen]:
    return Sightings(
        {
            region: EventSourcesSeen((EventSource("u", "orders", "arn:q", state),))
            for region, state in ((HOME, home), (STANDBY, standby))
        }
    )


HEALTHY: Mapping[str, Sightings[Any]] = {
    "cache": cache(),
    "secrets": secrets(secret(STANDBY)),
    "keys": keys(key(STANDBY)),
    "buckets": buckets(),
    "latch face": faces(),
    "capacity": capacity(),
    "quotas": quotas(),
    "event sources": event_sources(),
}
