# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between readiness and its module: the workload from the options, and the values returned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Target
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import Selector
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import LatchObject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import (
    CacheConfig,
    Canary,
    Controller,
    LatchConfig,
    RecordConfig,
    Workload,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_routing import RoutingConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import Control, Endpoint
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import Thresholds, leg_health, worst
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import texts
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.ledger import ledger_lines
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness import Assessment

SERVICES = ("api", "database")


def workload_of(options: Mapping[str, Any]) -> Workload:
    """The workload as the options describe it."""
    database, objectives = Database.from_options(options["database"]), options["objectives"]
    latch, record, controller = options["latch"], options["record"], options["controller"]
    cache, canary = options["cache"], options["canary"]
    name = database.global_cluster_id
    return Workload(
        name=options["workload"],
        home=options["home"],
        legs=tuple(Leg(leg["region"], leg["api_url"], leg["cluster_id"], name) for leg in options["legs"]),
        database=database,
        latch=latch
        and LatchConfig(latch["key"], latch["token"], _objects(latch["forward"]), _objects(latch["reverse"])),
        record=record
        and RecordConfig(record["name"], tuple((where, tuple(found)) for where, found in record["addresses"].items())),
        table=options["table"],
        lock=options["lock"] or name,
        controller=controller
        and Controller(controller["image"], controller["git"], tuple(controller["regions"]), controller["role"]),
        calls=tuple(Call(each["service"], each["action"], each["region"]) for each in options["planned_calls"]),
        cache=cache and CacheConfig(cache["global_replication_group_id"], cache["required"]),
        secrets=tuple(options["secrets"]),
        keys=tuple(options["keys"]),
        pairs=tuple(Pair.from_options(each) for each in options["buckets"]["pairs"]) if options["buckets"] else (),
        compute=tuple(Target.from_options(each) for each in options["compute"]),
        event_sources=tuple(Selector(each["function"], each["source"] or "") for each in options["event_sources"]),
        canary=canary and Canary(canary["key"], canary["token"]),
        routing=_routing(options["routing_control"]),
        parameters=tuple((options["parameters"] or {}).get("paths", ())),
        rto_seconds=objectives["rto_seconds"],
        rpo_seconds=objectives["rpo_seconds"],
    )


def _routing(given: Mapping[str, Any] | None) -> RoutingConfig | None:
    if given is None:
        return None
    return RoutingConfig(
        tuple(Endpoint(each["region"], each["url"]) for each in given["endpoints"]),
        tuple(Control(each["arn"], each["region"]) for each in given["controls"]),
        tuple(given["safety_rules_to_override"]),
    )


def _objects(given: Iterable[Mapping[str, str]]) -> tuple[LatchObject, ...]:
    return tuple(LatchObject(each["bucket"], each["region"]) for each in given)


def values(assessment: Assessment, now: float) -> dict[str, Any]:
    """What the module returns. ``now`` is in epoch seconds."""
    case, kept = assessment.case, assessment.case.baseline
    legs = [_leg(region, assessment, now) for region in case.workload.regions]
    return {
        "ready": assessment.ready,
        "findings": [each.as_dict() for each in assessment.findings],
        "observed": {
            topic: {region: seen.as_dict(now) for region, seen in sightings.seen.items()}
            for topic, sightings in assessment.sightings.items()
            if sightings.seen
        },
        "baseline": kept and {"taken_at": kept.taken_at, "age_s": kept.age(now), "by": kept.by},
        "reads": [read.as_dict() for read in assessment.reads],
        "ledger": _ledger(assessment),
        "status": worst(leg.status for leg in legs).value,
        "writer_region": case.writer,
        "legs": [leg.as_dict(now) for leg in legs],
    }


def _ledger(assessment: Assessment) -> dict[str, Any]:
    case = assessment.case
    lines = ledger_lines(assessment.sightings, case)
    return {
        "target": case.target,
        "mode": case.mode.value,
        "first_failure": case.first_failure,
        "taken_at": case.now,
        "lines": [line.as_dict() for line in lines],
        "text": texts(lines),
    }


def _leg(region: str, assessment: Assessment, now: float) -> Any:
    services = {}
    for name in SERVICES:
        sightings = assessment.sightings[name]
        seen = sightings.of(region) or sightings.unread.get(region)
        if seen is not None:
            services[name] = seen
    thresholds = Thresholds(lag_ms=assessment.case.workload.rpo_seconds * 1000, lag_age_s=assessment.case.max_lag_age)
    return leg_health(region, services, thresholds, now)
