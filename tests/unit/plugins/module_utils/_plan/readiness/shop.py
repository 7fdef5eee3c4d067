# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload `shop` with nothing wrong, to be broken by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    GlobalCluster,
    Member,
    SyncStatus,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import DatabaseSeen, Lag, Leg, Role
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Kind, Settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Landing, LatchObject, ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import (
    US_EAST_1,
    LatchConfig,
    LatchSeen,
    RecordConfig,
    RecordsSeen,
    Workload,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import (
    RecordName,
    RecordSet,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Role as Part
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    severity,
)

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
NOW = 1_767_225_600.0
FORWARD = (LatchObject("latch-w", STANDBY), LatchObject("latch-3", THIRD))
REVERSE = (LatchObject("latch-c", HOME),)
WORKLOAD = Workload(
    name="shop",
    home=HOME,
    legs=(Leg(HOME, global_cluster_id="shop"), Leg(STANDBY, global_cluster_id="shop")),
    database=Database("shop", "shop", "shop/db"),
    latch=LatchConfig("latch/shop", "token", FORWARD, REVERSE),
    record=RecordConfig("api.shop.example", ((HOME, ("192.0.2.1",)), (STANDBY, ("198.51.100.1",)))),
    table="aws-dr-state",
    lock="shop",
)
PLANNED = Case(WORKLOAD, STANDBY, Mode.PLANNED, False, NOW, writer=HOME)
UNPLANNED = replace(PLANNED, mode=Mode.UNPLANNED, accept_data_loss=True)
CASES = {"planned": PLANNED, "unplanned": UNPLANNED}
Judge = Callable[[Sightings[Any], Case], Iterable[Remark]]


def arn(region: str) -> str:
    return f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}"


def global_cluster(**changed: Any) -> GlobalCluster:
    members = (
        Member(arn(HOME), HOME, True),
        Member(arn(STANDBY), STANDBY, False, sync=SyncStatus.CONNECTED),
    )
    return replace(GlobalCluster("shop", "available", members, engine_version="16.4"), **changed)


def cluster(region: str, **changed: Any) -> Cluster:
    name = f"shop-{region}-1"
    return replace(Cluster(arn(region), "end", 5432, "available", "aurora-postgresql", "16.4", (name,)), **changed)


def database(region: str, **changed: Any) -> DatabaseSeen:
    lag = Lag(80.0, "AuroraGlobalDBRPOLag", NOW - 20) if region == STANDBY else None
    role = Role.READER if region == STANDBY else Role.WRITER
    seen = DatabaseSeen(
        f"shop-{region}", role, "available", lag=lag, cluster=cluster(region), global_cluster=global_cluster()
    )
    return replace(seen, **changed)


def databases(**standby: Any) -> Sightings[DatabaseSeen]:
    return Sightings({HOME: database(HOME), STANDBY: database(STANDBY, **standby)})


def landing(where: LatchObject, state: ObjectState = ObjectState.CLEAR, error: str = "") -> Landing:
    return Landing(where, state, state, error=error)


def latches(**states: ObjectState) -> Sightings[LatchSeen]:
    """States by bucket, its dash as an underscore; clear where not named."""
    found: dict[str, LatchSeen] = {}
    for where in (*FORWARD, *REVERSE):
        state = states.get(where.bucket.replace("-", "_"), ObjectState.CLEAR)
        found[where.region] = LatchSeen((landing(where, state),))
    return Sightings(found)


def latch_check(where: LatchObject, **changed: Any) -> HealthCheck:
    settings = Settings(
        kind=Kind.HTTPS_STR_MATCH,
        fqdn=f"{where.bucket}.s3.{where.region}.amazonaws.com",
        resource_path="/latch/shop",
        search_string="token",
        request_interval=10,
        failure_threshold=1,
        inverted=True,
        disabled=False,
    )
    return HealthCheck(where.bucket, where.bucket, 1, replace(settings, **changed))


def primary_check(**changed: Any) -> HealthCheck:
    children = tuple(where.bucket for where in FORWARD)
    settings = Settings(
        kind=Kind.CALCULATED, child_health_checks=children, health_threshold=2, inverted=False, disabled=False
    )
    return HealthCheck("primary", "primary", 1, replace(settings, **changed))


def record(part: Part, **changed: Any) -> RecordSet:
    region = HOME if part is Part.PRIMARY else STANDBY
    values = ("192.0.2.1",) if region == HOME else ("198.51.100.1",)
    check = "primary" if region == HOME else REVERSE[0].bucket
    made = RecordSet(RecordName("api.shop.example.", "A"), "api.shop.example.", region, part, ttl=1, values=values)
    return replace(made, **{"health_check_id": check, **changed})


def records(**changed: Any) -> Sightings[RecordsSeen]:
    seen = RecordsSeen(
        "shop.example.",
        (record(Part.PRIMARY), record(Part.SECONDARY)),
        (primary_check(), *map(latch_check, (*FORWARD, *REVERSE))),
    )
    return Sightings({US_EAST_1: replace(seen, **changed)})


def found(judge: Judge, seen: Sightings[Any], case: Case) -> dict[str, str]:
    """The codes that a judge finds, each with its severity in that run."""
    return {remark.code: severity(remark, case).value for remark in judge(seen, case)}


def refused(found_codes: dict[str, str]) -> set[str]:
    return {code for code, word in found_codes.items() if word == Severity.REFUSE.value}
