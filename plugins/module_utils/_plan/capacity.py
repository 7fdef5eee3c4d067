# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to scale, when it serves, and what readiness makes of what was seen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import (
    Capacity,
    Goal,
    Quota,
    Target,
    TargetKind,
    TargetSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning

RUNBOOK = "capacity"
NEEDS = {
    TargetKind.ASG: ("name",),
    TargetKind.ECS: ("service", "cluster"),
    TargetKind.LAMBDA: ("alias", "function"),
}


@dataclass(frozen=True)
class Scale:
    """A change that a target needs: the units wanted, and a group's bounds where those change too."""

    target: Target
    desired: int
    minimum: int | None = None
    maximum: int | None = None

    @property
    def service(self) -> str:
        """boto3's name of the service that is asked."""
        return {TargetKind.ASG: "autoscaling", TargetKind.ECS: "ecs", TargetKind.LAMBDA: "lambda"}[self.target.kind]

    @property
    def action(self) -> str:
        """The one changing call, as the API names it."""
        if self.target.kind is TargetKind.LAMBDA:
            verb = "Put" if self.desired else "Delete"
            return f"{verb}ProvisionedConcurrencyConfig"
        return "UpdateAutoScalingGroup" if self.target.kind is TargetKind.ASG else "UpdateService"


def check_targets(targets: Sequence[Target]) -> tuple[Finding, ...]:
    """What is wrong with a request to scale, before anything is observed."""
    if not targets:
        return (refusal("no_targets", "targets is empty.", "Name what is to be scaled."),)
    findings = [finding for number, target in enumerate(targets) for finding in _check_target(number, target)]
    names = [target.id for target in targets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        seen = f"targets names {', '.join(twice)} more than once."
        findings.append(refusal("same_target_twice", seen, "Name each once, with what is wanted of it."))
    return tuple(findings)


def _check_target(number: int, target: Target) -> Iterator[Finding]:
    needs = NEEDS[target.kind]
    missing = [option for option, value in zip(needs, (target.name, target.parent), strict=False) if not value]
    if missing:
        seen = f"targets[{number}] is of kind {target.kind.value} and lacks {', '.join(missing)}."
        yield refusal("incomplete_target", seen, f"Give {' and '.join(needs)}.")
    bounds = (target.minimum, target.maximum)
    if bounds != (None, None) and target.kind is not TargetKind.ASG:
        seen = f"{target.id} has minimum or maximum."
        yield refusal("bounds_not_possible", seen, "Only an Auto Scaling group has them: leave them out.")
    low, high = target.minimum or 0, target.desired if target.maximum is None else target.maximum
    if not 0 <= low <= target.desired <= high:
        seen = f"{target.id}: desired is {target.desired}, minimum {target.minimum}, maximum {target.maximum}."
        yield refusal("wrong_bounds", seen, "Give 0 <= minimum <= desired <= maximum.")


def goal_of(target: Target, seen: Capacity, allow_scale_down: bool) -> int:
    """How many units are to be wanted: never fewer than there are wanted already, unless that is allowed."""
    return target.desired if allow_scale_down else max(target.desired, seen.desired)


def decide(target: Target, seen: Capacity, allow_scale_down: bool) -> Scale | None:
    """The change that a target needs, or ``None``. A group's bounds only ever widen, unless scaling down is allowed.

    A group's maximum is raised where it stands in the way of what is wanted: AWS would refuse it.
    """
    goal = goal_of(target, seen, allow_scale_down)
    if target.kind is not TargetKind.ASG:
        return None if goal == seen.desired else Scale(target, goal)
    minimum, maximum = seen.minimum or 0, seen.maximum or 0
    if allow_scale_down:
        low = minimum if target.minimum is None else target.minimum
        high = maximum if target.maximum is None else target.maximum
    else:
        low, high = max(minimum, target.minimum or 0), max(maximum, target.maximum or 0)
    low, high = min(low, goal), max(high, goal)
    if (goal, low, high) == (seen.desired, minimum, maximum):
        return None
    return Scale(target, goal, low if low != minimum else None, high if high != maximum else None)


def serves(goal: Goal, seen: Capacity | None) -> bool:
    """Whether what is wanted is there and serves. Scaled down: whether no more than that is left."""
    if seen is None or not seen.steady:
        return False
    if goal.before is not None and goal.desired < goal.before:
        return seen.desired <= goal.desired and seen.serving <= goal.desired
    return seen.desired >= goal.desired and seen.serving >= goal.desired


def failed(goal: Goal, seen: Capacity | None) -> bool:
    """Whether waiting any longer is of no use."""
    return seen is not None and seen.final and not serves(goal, seen)


def capacity_findings(seen: Iterable[TargetSeen], baseline: Mapping[str, int], region: str) -> tuple[Finding, ...]:
    """What readiness makes of a Region's capacity. ``baseline``: the units that served at the last good preflight.

    Nothing here stops a failover: it scales up before it moves traffic.
    """
    return tuple(finding for each in seen for finding in _capacity_findings(each, baseline.get(each.target.id), region))


def _capacity_findings(seen: TargetSeen, baseline: int | None, region: str) -> Iterator[Finding]:
    name, capacity = seen.target.id, seen.capacity
    if capacity is None:
        remedy = "Check its name, the Region's health and the permissions; until then nothing is known about it."
        yield warning("capacity_unknown", f"{name} in {region}: {seen.error}.", remedy, RUNBOOK)
        return
    counts = f"{name} in {region}: {capacity.serving} of {capacity.desired} serve"
    if capacity.serving < capacity.desired:
        why = f" ({capacity.blocked})" if capacity.blocked else ""
        remedy = "Find out why they don't come before a failover needs them."
        yield warning("capacity_below_desired", f"{counts}{why}.", remedy, RUNBOOK)
    if baseline is not None and capacity.serving < baseline:
        remedy = "A failover scales it up and waits for it: expect that time on top, or scale it up now."
        yield warning("capacity_below_baseline", f"{counts}, the baseline is {baseline}.", remedy, RUNBOOK)


def quota_findings(
    source: Sequence[Quota], target: Sequence[Quota], source_region: str, target_region: str
) -> tuple[Finding, ...]:
    """Quotas that are lower in the target Region, or unknown there: it would not hold what the source runs."""
    there = {(quota.service, quota.code): quota for quota in target}
    return tuple(
        finding
        for quota in source
        for finding in _quota_findings(quota, there.get((quota.service, quota.code)), source_region, target_region)
    )


def _quota_findings(source: Quota, target: Quota | None, source_region: str, target_region: str) -> Iterator[Finding]:
    name = f"{source.service} {source.code} ({source.name})"
    if target is None:
        seen = f"{name} is {source.value:g} in {source_region} and unknown in {target_region}."
        yield warning("quota_unknown", seen, f"Look it up in {target_region}.", RUNBOOK)
    elif target.value < source.value:
        seen = f"{name} is {target.value:g} in {target_region}, {source.value:g} in {source_region}."
        yield warning("quota_below_source", seen, f"Request an increase in {target_region}: it takes days.", RUNBOOK)
