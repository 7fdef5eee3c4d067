# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How names are switched to a leg: from observed record sets to batches of changes, or to the reasons why not.

A leg is a record set with its SetIdentifier: values, alias, TTL and health check stay with it, and only its role (or
its weight) moves. A changed record set is deleted and created in the same batch, first all DELETEs of a pair, then its
CREATEs: so no order of checking sees two PRIMARYs, what somebody changed meanwhile is never overwritten, and it
counts against the limits as an UPSERT does, twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import (
    Action,
    Batch,
    Change,
    Policy,
    RecordName,
    RecordSet,
    Role,
    Zone,
)

# A batch's limits (Route 53 developer guide, quotas). An alias holds no ResourceRecord; it is counted as one.
MAX_RECORDS = 1000
MAX_CHARACTERS = 32_000

ALL_TRAFFIC = 100
NO_TRAFFIC = 0

_POLICY_REMEDY = "Have two record sets with the same routing policy for it, failover or weighted, one for each leg."


@dataclass(frozen=True)
class SwitchPlan:
    """What to do: ``before`` and ``after`` hold every record set of the names asked for, changed or not."""

    batches: tuple[Batch, ...]
    before: tuple[RecordSet, ...]
    after: tuple[RecordSet, ...]
    warnings: tuple[Finding, ...]


def check_request(names: Sequence[RecordName], verified: bool, unverified_allowed: bool) -> tuple[Finding, ...]:
    """What is wrong with a request before anything is observed.

    ``verified`` says that the database whose writer is to be proved was given.
    """
    findings = []
    if not names:
        findings.append(refusal("no_names", "names is empty.", "Give at least one name."))
    if not verified and not unverified_allowed:
        findings.append(
            refusal(
                "writer_unverified",
                "Switching records moves traffic, and there is no database whose writer could be proved first.",
                "Give database; for a workload without one, set allow_unverified_writer=true.",
            )
        )
    return tuple(findings)


def plan_switch(
    observed: Iterable[RecordSet], names: Sequence[RecordName], target: str, zone: Zone
) -> tuple[SwitchPlan | None, tuple[Finding, ...]]:
    """The plan that makes the leg ``target`` answer for each of ``names``; or no plan, and every reason against one."""
    siblings: dict[RecordName, list[RecordSet]] = {name: [] for name in names}
    for record_set in observed:
        if record_set.key in siblings:
            siblings[record_set.key].append(record_set)
    refusals = tuple(finding for name, found in siblings.items() for finding in _refusals(name, found, target, zone))
    if refusals:
        return None, refusals
    pairs = [(found, [_switched(each, target) for each in found]) for found in siblings.values()]
    groups = [tuple(_changes(before, after)) for before, after in pairs]
    plan = SwitchPlan(
        batches=tuple(_batches(group for group in groups if group)),
        before=tuple(each for before, _after in pairs for each in before),
        after=tuple(each for _before, after in pairs for each in after),
        warnings=tuple(finding for _before, after in pairs for finding in _warnings(after, target)),
    )
    return plan, ()


def _switched(record_set: RecordSet, target: str) -> RecordSet:
    chosen = record_set.set_identifier == target
    if record_set.policy is Policy.FAILOVER:
        return replace(record_set, role=Role.PRIMARY if chosen else Role.SECONDARY)
    return replace(record_set, weight=ALL_TRAFFIC if chosen else NO_TRAFFIC)


def _changes(before: Sequence[RecordSet], after: Sequence[RecordSet]) -> list[Change]:
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    return [Change(Action.DELETE, old) for old, _new in moved] + [Change(Action.CREATE, new) for _old, new in moved]


def size_of(changes: Iterable[Change]) -> tuple[int, int]:
    """ResourceRecords and value characters, as Route 53 counts them for a batch."""
    record_sets = [change.record_set for change in changes]
    records = sum(max(1, len(each.values)) for each in record_sets)
    return records, sum(len(value) for each in record_sets for value in each.values)


def _batches(groups: Iterable[tuple[Change, ...]]) -> list[Batch]:
    """Fill batches in order; a group (the changes of one name) is never split."""
    batches: list[Batch] = []
    current: tuple[Change, ...] = ()
    for group in groups:
        if current and not _fits(current + group):
            batches.append(Batch(current))
            current = ()
        current += group
    return [*batches, Batch(current)] if current else batches


def _fits(changes: Iterable[Change]) -> bool:
    records, characters = size_of(changes)
    return records <= MAX_RECORDS and characters <= MAX_CHARACTERS


def _refusals(name: RecordName, found: Sequence[RecordSet], target: str, zone: Zone) -> list[Finding]:
    finding = _shape(name, found, zone) or _roles(name, found) or _target(name, found, target)
    if finding:
        return [finding]
    findings = [refused for each in found if (refused := _alias(each))]
    chosen = next(each for each in found if each.set_identifier == target)
    if unchecked := _health_check(chosen):
        findings.append(unchecked)
    if not _fits(_changes(found, [_switched(each, target) for each in found])):
        findings.append(
            refusal(
                "pair_too_large",
                f"Both record sets of {name} exceed a batch's {MAX_RECORDS} records or {MAX_CHARACTERS} characters.",
                "Give it fewer or shorter values, or an alias: a pair is only ever switched in one piece.",
            )
        )
    return findings


def _shape(name: RecordName, found: Sequence[RecordSet], zone: Zone) -> Finding | None:
    """Whether there are two record sets with one policy that can be switched."""
    if not f".{name.name}".endswith(f".{zone.name}"):
        return refusal(
            "name_outside_zone", f"{name.name} is not in the zone {zone.name}.", "Check the name and the zone."
        )
    if not found:
        return refusal("no_records", f"There is no record set for {name}.", f"Check name and type. {_POLICY_REMEDY}")
    policies = {each.policy for each in found}
    if Policy.SIMPLE in policies:
        beside = " beside others" if len(policies) > 1 else ""
        return refusal("simple_record", f"{name} has a simple record set{beside}.", _POLICY_REMEDY)
    if Policy.OTHER in policies:
        others = ", ".join(sorted({each.other_policy for each in found if each.other_policy}))
        return refusal("policy_not_supported", f"{name} is routed by {others}.", _POLICY_REMEDY)
    if len(policies) > 1:
        return refusal("mixed_policies", f"{name} mixes failover and weighted record sets.", _POLICY_REMEDY)
    if len(found) == 1:
        observed = f"{name} has only one of its two record sets: {found[0].set_identifier} ({_part(found[0])})."
        return refusal("half_pair", observed, "Create the other leg's record set.")
    if len(found) > 2:
        legs = ", ".join(str(each.set_identifier) for each in found)
        return refusal(
            "too_many_records",
            f"{name} has {len(found)} record sets: {legs}.",
            "Leave one record set for each of two legs.",
        )
    return None


def _part(record_set: RecordSet) -> str:
    return record_set.role.value if record_set.role else f"weight {record_set.weight}"


def _roles(name: RecordName, found: Sequence[RecordSet]) -> Finding | None:
    if found[0].role and found[0].role == found[1].role:
        observed = f"Both record sets of {name} are {found[0].role.value}."
        return refusal("same_role", observed, "Delete the wrong one and create it with the other role.")
    return None


def _target(name: RecordName, found: Sequence[RecordSet], target: str) -> Finding | None:
    legs = [str(each.set_identifier) for each in found]
    if target in legs and len(set(legs)) == 2:
        return None
    return refusal(
        "unknown_set_identifier",
        f"{name} has no leg {target}: its set identifiers are {', '.join(legs)}.",
        "Give as target the SetIdentifier of one of them.",
    )


def _alias(record_set: RecordSet) -> Finding | None:
    alias = record_set.alias
    if record_set.policy is not Policy.FAILOVER or alias is None or alias.evaluate_target_health:
        return None
    return refusal(
        "alias_without_target_health",
        f"The alias {record_set.set_identifier} of {record_set.key} has EvaluateTargetHealth=false.",
        "Set EvaluateTargetHealth=true: Route 53 requires it of failover aliases.",
    )


def _health_check(chosen: RecordSet) -> Finding | None:
    """The leg that becomes, or is, PRIMARY: Route 53 refuses one that can't be unhealthy."""
    if chosen.policy is not Policy.FAILOVER or chosen.alias or chosen.health_check_id:
        return None
    return refusal(
        "primary_without_health_check",
        f"The leg {chosen.set_identifier} of {chosen.key} has no health check, and would be PRIMARY.",
        "Give its record set a health check: Route 53 refuses a PRIMARY without one, unless it is an alias.",
    )


def _warnings(after: Sequence[RecordSet], target: str) -> list[Finding]:
    return [
        warning(
            "weight_zero_is_a_standby",
            f"The leg {target} of {each.key} has a health check: while it is unhealthy, the leg of weight 0 answers.",
            "Keep traffic from returning by a latch, or give weighted records no health check.",
        )
        for each in after
        if each.policy is Policy.WEIGHTED and each.set_identifier == target and each.health_check_id
    ]
