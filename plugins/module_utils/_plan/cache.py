# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a member of a global datastore may be promoted now. Pure.

ElastiCache has one operation for planned and unplanned: what has not been replicated is lost in both. It takes the call
through any member's Region, so the target's is the only one that is ever asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import (
    ASSOCIATED,
    AVAILABLE,
    MODIFYING,
    CacheMember,
    CacheRole,
    Datastore,
    ReplicationGroup,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import (
    Finding,
    Severity,
    refusal,
    warning,
)

BUSY = ("creating", "deleting")
SERVES = (AVAILABLE, MODIFYING, "snapshotting")
"""Statuses of a replication group that can take over."""


@dataclass(frozen=True)
class Wanted:
    """``target`` is a Region; ``regions`` are those of the workload's two legs."""

    datastore_id: str
    target: str
    regions: tuple[str, ...]


@dataclass(frozen=True)
class Observed:
    """``group`` is the target's own replication group, ``None`` where it wasn't described."""

    datastore: Datastore
    group: ReplicationGroup | None = None


@dataclass(frozen=True)
class Already:
    """The target is the primary."""

    member: CacheMember


@dataclass(frozen=True)
class Follow:
    """The datastore is being modified. AWS doesn't say towards what: wait for its end, start nothing."""

    member: CacheMember


@dataclass(frozen=True)
class Start:
    """Promote ``member``; what is worth knowing first."""

    member: CacheMember
    from_region: str
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Refuse:
    """Nothing may be started, and why."""

    findings: tuple[Finding, ...]


Decision = Union[Already, Follow, Start, Refuse]


def check_request(wanted: Wanted) -> tuple[Finding, ...]:
    """What is wrong with the request itself, before anything is observed."""
    regions = wanted.regions
    if len(set(regions)) < 2 or len(set(regions)) != len(regions):
        seen = f"regions is {', '.join(regions) or 'empty'}."
        return (refusal("same_region_twice", seen, "Name the workload's two Regions, each once."),)
    if wanted.target not in regions:
        seen = f"The target {wanted.target or '(empty)'} is in none of {', '.join(regions)}."
        return (refusal("target_outside_regions", seen, "Give as target one of the regions."),)
    return ()


def from_datastore(datastore: Datastore, wanted: Wanted) -> Decision | None:
    """The decision that the datastore alone allows, or ``None``: then the target's own group must be looked at."""
    target = datastore.member(wanted.target)
    if target is None:
        return Refuse((_not_member(datastore, wanted),))
    if target.role is CacheRole.PRIMARY:
        return Already(target)
    primary = datastore.primary
    if primary is not None and primary.region not in wanted.regions:
        seen = f"The primary is in {primary.region}, which is none of {', '.join(wanted.regions)}."
        remedy = "Check which Regions this workload lives in, and correct regions."
        return Refuse((refusal("primary_elsewhere", seen, remedy),))
    if datastore.status == MODIFYING:
        return Follow(target)
    if datastore.status in BUSY:
        seen = f"The global datastore {datastore.id} is {datastore.status}."
        return Refuse((refusal("busy", seen, "Wait until that has ended, then run again."),))
    if target.status != ASSOCIATED:
        seen = (
            f"The member {target.group} in {target.region} is {target.status or 'of unknown status'}, not associated."
        )
        remedy = "Only an associated member has the data: wait until it is, then run again."
        return Refuse((refusal("member_not_associated", seen, remedy),))
    return None


def decide(observed: Observed, wanted: Wanted) -> Decision:
    """What to do, from what was observed."""
    datastore = observed.datastore
    early = from_datastore(datastore, wanted)
    if early is not None:
        return early
    target = datastore.member(wanted.target)
    if target is None:
        raise AssertionError("from_datastore refuses where there is no such member")
    findings = [*_status_findings(datastore), *_group_findings(observed, target)]
    refusals = tuple(finding for finding in findings if finding.severity is Severity.REFUSE)
    if refusals:
        return Refuse(refusals)
    return Start(target, datastore.primary.region if datastore.primary else "", tuple(findings))


def _not_member(datastore: Datastore, wanted: Wanted) -> Finding:
    members = ", ".join(f"{member.group} in {member.region}" for member in datastore.members) or "none"
    seen = f"{wanted.target} has no member of the global datastore {datastore.id}; its members: {members}."
    return refusal("target_not_member", seen, "Name a member's Region, or associate a replication group there first.")


def _status_findings(datastore: Datastore) -> list[Finding]:
    if datastore.status == AVAILABLE:
        return []
    # What it says while a Region is lost isn't published: in a disaster AWS decides, not this check.
    seen = f"The global datastore {datastore.id} is {datastore.status or 'of unknown status'}, not {AVAILABLE}."
    return [warning("datastore_not_available", seen, "ElastiCache decides whether it promotes from there.")]


def _group_findings(observed: Observed, target: CacheMember) -> list[Finding]:
    group, datastore = observed.group, observed.datastore
    if group is None:
        seen = f"ElastiCache in {target.region} didn't describe the replication group {target.group}."
        remedy = "Nothing can be moved to a Region that can't be reached: check the path to it and its health."
        return [refusal("target_unreachable", seen, remedy)]
    findings = []
    if group.status not in SERVES:
        seen = f"The replication group {group.id} is {group.status or 'of unknown status'}, not {AVAILABLE}."
        findings.append(refusal("target_not_available", seen, "Wait until it is available, then run again."))
    for code, what, theirs, ours in (
        ("node_type_mismatch", "node type", datastore.node_type, group.node_type),
        ("version_mismatch", "engine version", datastore.engine_version, group.engine_version),
        ("shards_mismatch", "number of shards", datastore.shards, group.shards),
    ):
        if theirs and ours and theirs != ours:
            seen = f"The global datastore's {what} is {theirs}, that of {group.id} is {ours}."
            findings.append(refusal(code, seen, "Make them equal by modifying the global datastore, then run again."))
    return findings
