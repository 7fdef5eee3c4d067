# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the target could carry what the source carries. What a failover scales up itself refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Target, TargetKind, TargetSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import CapacitySeen, QuotasSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.capacity import capacity_findings, quota_findings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
    listed,
)

TOPIC = "capacity"
_SERVICES = {
    TargetKind.ASG: ("autoscaling", "ec2"),
    TargetKind.ECS: ("fargate",),
    TargetKind.LAMBDA: ("lambda",),
}


def judge_capacity(seen: Sightings[CapacitySeen], case: Case) -> Iterator[Remark]:
    target = seen.of(case.target)
    if target is None:
        return
    carried = _carried(seen, case)
    for each in target.targets:
        capacity = each.capacity
        if each.missing:
            yield Remark(
                "compute_missing",
                Weight.PLANNED,
                case.target,
                f"There is no {each.target.id} in {case.target}.",
                "Make it, or correct aws_dr_compute: the failover would scale it up and fail.",
            )
        elif capacity and capacity.blocked and capacity.serving < each.target.desired:
            yield Remark(
                "capacity_unavailable",
                Weight.PLANNED,
                case.target,
                f"{each.target.id} in {case.target}: {capacity.serving} serve of {each.target.desired} that a failover"
                f" wants, and no more come: {capacity.blocked.rstrip('.')}.",
                "Mend what is named, ask for another kind of capacity, or reserve it. An unplanned run goes on with"
                " what there is.",
            )
        else:
            yield from _to_scale(each, carried.get(each.target.id, 0), case)


def _to_scale(seen: TargetSeen, carried: int, case: Case) -> Iterator[Remark]:
    wanted, capacity = seen.target.desired, seen.capacity
    if capacity and capacity.desired < wanted and capacity.serving < wanted:
        yield Remark(
            "capacity_below_wanted",
            Weight.NEVER,
            case.target,
            f"{seen.target.id} in {case.target}: {capacity.serving} serve, a failover wants {wanted}.",
            "It scales it up and waits for it: expect that time on top, or scale it up now (compute_scale).",
        )
    before = {seen.target.id: carried} if carried > wanted else {}
    yield from adopted(capacity_findings((seen,), before, case.target), case.target)


def _carried(seen: Sightings[CapacitySeen], case: Case) -> Mapping[str, int]:
    """How many units of each serve in the source; where that wasn't read, as the baseline saw it."""
    source = seen.of(case.source)
    if source is not None:
        return {each.target.id: each.capacity.serving for each in source.targets if each.capacity}
    known = case.baseline.seen(TOPIC, case.source) if case.baseline else None
    return {each["id"]: int(each["serving"] or 0) for each in (known or {}).get("targets", [])}


def quota_services(targets: Sequence[Target]) -> tuple[str, ...]:
    """The services, by Service Quotas' codes, whose quotas limit what is scaled."""
    return tuple(dict.fromkeys(service for target in targets for service in _SERVICES[target.kind]))


def judge_quotas(seen: Sightings[QuotasSeen], case: Case) -> Iterator[Remark]:
    target, source = seen.of(case.target), seen.of(case.source)
    if target is None or source is None:
        return
    unknown = []
    for service in quota_services(case.workload.compute):
        here, there = target.quotas.get(service), source.quotas.get(service)
        if here is None or there is None:
            unknown.append(service)
        else:
            yield from adopted(quota_findings(there, here, case.source, case.target), case.target)
    if unknown:
        yield Remark(
            "quotas_unknown",
            Weight.NEVER,
            case.target,
            f"The quotas of {listed(unknown)} couldn't be compared.",
            "If both Regions answer, grant servicequotas:ListServiceQuotas to whoever runs the preflight.",
        )
