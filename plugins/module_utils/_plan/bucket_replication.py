# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bucket's replication configuration has to become, beside rules that are not ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    Bucket,
    BucketSeen,
    ReplicationConfig,
    Rule,
    Versioning,
    rule_id_to,
)


class State(str, Enum):
    """What is asked for of our rule."""

    PRESENT = "present"
    DISABLED = "disabled"
    ABSENT = "absent"


class Act(str, Enum):
    """The one changing call that a bucket needs, as the API names it."""

    PUT = "PutBucketReplication"
    DELETE = "DeleteBucketReplication"


@dataclass(frozen=True)
class Direction:
    """What is wanted from ``source`` to ``destination``. The KMS key is the destination's."""

    source: Bucket
    destination: Bucket
    role: str = ""
    time_control: bool = False
    kms_key_arn: str = ""

    @property
    def rule_id(self) -> str:
        return rule_id_to(self.destination.name)


@dataclass(frozen=True)
class Plan:
    """``act`` is ``None`` where the bucket is as wanted; ``after`` is what it then has, ``None`` for nothing."""

    direction: Direction
    act: Act | None
    before: ReplicationConfig | None
    after: ReplicationConfig | None


def plan(direction: Direction, state: State, seen: BucketSeen) -> Plan:
    """The change that brings our rule in one bucket to ``state``. Every other rule stays as it is, in its place."""
    before = seen.replication
    after = _after(direction, state, before)
    if after == before:
        return Plan(direction, None, before, before)
    return Plan(direction, Act.PUT if after else Act.DELETE, before, after)


def _after(direction: Direction, state: State, before: ReplicationConfig | None) -> ReplicationConfig | None:
    there = before.rule(direction.rule_id) if before else None
    rules = before.rules if before else ()
    if state is State.PRESENT:
        wanted = _wanted(direction, rules, there)
        if there is None:
            return ReplicationConfig(direction.role, (*rules, wanted))
        return ReplicationConfig(direction.role, tuple(_swapped(rule, there, wanted) for rule in rules))
    if before is None or there is None:
        return before
    if state is State.DISABLED:
        off = there if not there.enabled else replace(there, enabled=False, raw=_off(there))
        return replace(before, rules=tuple(_swapped(rule, there, off) for rule in rules))
    left = tuple(rule for rule in rules if rule is not there)
    return replace(before, rules=left) if left else None


def _off(rule: Rule) -> dict[str, object] | None:
    return {**rule.raw, "Status": "Disabled"} if rule.raw else None


def _swapped(rule: Rule, there: Rule, wanted: Rule) -> Rule:
    """``wanted`` in the place of ``there``; the rule as it was read where both say the same."""
    return wanted if rule is there and rule != wanted else rule


def _wanted(direction: Direction, rules: Sequence[Rule], there: Rule | None) -> Rule:
    others = [rule.priority for rule in rules if rule is not there]
    keeps = there is not None and there.priority not in others
    return Rule(
        id=direction.rule_id,
        destination=direction.destination.name,
        priority=there.priority if there is not None and keeps else max(others, default=0) + 1,
        time_control=direction.time_control,
        kms_key_arn=direction.kms_key_arn,
    )


def check_request(buckets: Sequence[Bucket], roles: Iterable[str], state: State) -> tuple[Finding, ...]:
    """What is wrong with the request, before anything is read."""
    found = []
    if len({bucket.name for bucket in buckets}) != len(buckets) or len(buckets) != 2:
        names = ", ".join(bucket.name for bucket in buckets) or "none"
        found.append(refusal("not_two_buckets", f"buckets names {names}.", "Name two different buckets."))
    if state is State.PRESENT and not all(roles):
        found.append(
            refusal("no_role", "A bucket has no role.", "Give role, or one for each bucket: S3 copies by assuming it.")
        )
    return tuple(found)


def refusals(direction: Direction, state: State, seen: BucketSeen, destination: BucketSeen) -> tuple[Finding, ...]:
    """Why the change can't, or must not, be made in this bucket."""
    absent = [each.bucket for each in (seen, destination) if not each.exists]
    if absent:
        names = " and ".join(f"{bucket.name} in {bucket.region}" for bucket in absent)
        return (refusal("no_such_bucket", f"There is no bucket {names}.", "Check the names, and the account in use."),)
    if state is not State.PRESENT:
        return ()
    found = [
        refusal(
            "versioning_off",
            f"Versioning of {each.bucket.name} is {each.versioning.value}.",
            "Enable it on both buckets: S3 replicates versions.",
        )
        for each in (seen, destination)
        if each.versioning is not Versioning.ENABLED
    ]
    return (*found, *_beside_others(direction, seen.replication))


def _beside_others(direction: Direction, config: ReplicationConfig | None) -> list[Finding]:
    others = [rule for rule in config.rules if rule.id != direction.rule_id] if config else []
    if config is None or not others:
        return []
    names = ", ".join(rule.id for rule in others)
    found = []
    if config.role != direction.role:
        found.append(
            refusal(
                "other_role",
                f"The rules {names} of {direction.source.name} use the role {config.role}, and a bucket has one role.",
                f"Give that role here, and let it write to {direction.destination.name}.",
            )
        )
    old = [rule.id for rule in others if not rule.newer_schema]
    if old:
        found.append(
            refusal(
                "old_rules",
                f"The rules {', '.join(old)} of {direction.source.name} have no Filter: S3 mixes no schema versions.",
                "Rewrite them with a Filter first; delete markers then need opting in.",
            )
        )
    return found
