# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the writer may be moved to the target now, by which call and through which Region. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Union

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import (
    Finding,
    Severity,
    refusal,
    warning,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    AVAILABLE,
    CANCELLING,
    Cluster,
    FailoverState,
    GlobalCluster,
    Kind,
    Member,
    SyncStatus,
    region_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import detaching
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.engine_version import compatible


class Mode(str, Enum):
    """Planned loses nothing and needs both Regions; unplanned needs the target's only and may lose data."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"

    @property
    def kind(self) -> Kind:
        return Kind.SWITCHOVER if self is Mode.PLANNED else Kind.FAILOVER


@dataclass(frozen=True)
class Wanted:
    """``target`` is a Region or a cluster's ARN; ``regions`` are those of the workload's two legs.

    ``detach`` allows the last resort of an unplanned run: ``detach_after`` seconds of refused failovers, then a detach.
    """

    global_cluster_id: str
    target: str
    mode: Mode
    regions: tuple[str, ...]
    accept_data_loss: bool = False
    detach: bool = False
    detach_after: float = 120.0

    @property
    def target_region(self) -> str:
        return region_of(self.target) or self.target


@dataclass(frozen=True)
class Observed:
    """``target`` and ``source`` are the two members' clusters, ``None`` where their Region didn't answer.

    ``detached`` are the workload's other Regions whose cluster was detached from this global cluster, ``unread`` those
    that didn't say; both are looked for only where the target is the global cluster's one member.
    """

    global_cluster: GlobalCluster
    target: Cluster | None = None
    source: Cluster | None = None
    detached: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Already:
    """The target is the writer and nothing is under way."""

    to_arn: str


@dataclass(frozen=True)
class Follow:
    """An operation towards the target is under way: wait for it, start nothing."""

    kind: Kind
    from_arn: str
    to_arn: str


@dataclass(frozen=True)
class Start:
    """The one call to make, the Region it goes through, and what is worth knowing first."""

    kind: Kind
    from_arn: str
    to_arn: str
    region: str
    warnings: tuple[Finding, ...] = ()

    @property
    def action(self) -> str:
        return self.actions[-1]

    @property
    def actions(self) -> tuple[str, ...]:
        """All it takes, in order; the last one moves the writer."""
        return _ACTIONS[self.kind]


_ACTIONS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SWITCHOVER: ("SwitchoverGlobalCluster",),
    Kind.FAILOVER: ("FailoverGlobalCluster",),
    # The tag first: afterwards nothing else tells where the cluster came from.
    Kind.DETACH: ("AddTagsToResource", "RemoveFromGlobalCluster"),
}


@dataclass(frozen=True)
class Refuse:
    """Nothing may be started, and why."""

    findings: tuple[Finding, ...]


Decision = Union[Already, Follow, Start, Refuse]

ABOUT_THE_SOURCE = ("no_writer", "source_unreachable", "source_not_available")
"""The codes of what was found on the Region that is left."""


def check_request(wanted: Wanted) -> tuple[Finding, ...]:
    """What is wrong with the request itself, before anything is observed."""
    findings = []
    if len(set(wanted.regions)) < 2 or len(set(wanted.regions)) != len(wanted.regions):
        findings.append(
            refusal(
                "same_region_twice",
                f"regions is {', '.join(wanted.regions) or 'empty'}.",
                "Name the workload's two Regions, each once.",
            )
        )
    elif wanted.target_region not in wanted.regions:
        findings.append(
            refusal(
                "target_outside_regions",
                f"The target {wanted.target or '(empty)'} is in none of {', '.join(wanted.regions)}.",
                "Give as target one of the regions, or the ARN of the cluster in it.",
            )
        )
    if wanted.mode is Mode.UNPLANNED and not wanted.accept_data_loss:
        findings.append(
            refusal(
                "data_loss_not_accepted",
                "mode=unplanned can lose the writes that haven't been replicated yet, and accept_data_loss isn't true.",
                "Add accept_data_loss=true, or use mode=planned while both Regions can be reached.",
            )
        )
    if wanted.detach and wanted.mode is Mode.PLANNED:
        seen = "detach=true is the last step of an unplanned run, and mode is planned."
        findings.append(refusal("detach_not_unplanned", seen, "Leave detach out, or use mode=unplanned."))
    return tuple(findings)


def under_way(cluster: GlobalCluster, wanted: Wanted) -> Decision | None:
    """The decision that the global cluster alone allows, or ``None``: then the members' clusters must be looked at."""
    target = cluster.member(wanted.target)
    if target is None:
        return Refuse((_not_member(cluster, wanted),))
    if cluster.taken_over_by(target.arn):
        return Already(target.arn)
    if cluster.failover is not None:
        return _with_operation(cluster.failover, target)
    if cluster.detached:
        return Follow(Kind.DETACH, "", target.arn)
    writer = cluster.writer
    if writer is not None and writer.region not in wanted.regions:
        return Refuse(
            (
                refusal(
                    "writer_elsewhere",
                    f"The writer is in {writer.region}, which is none of {', '.join(wanted.regions)}.",
                    "Check which Regions this workload lives in, and correct regions.",
                ),
            )
        )
    return None


def _with_operation(failover: FailoverState, target: Member) -> Decision:
    if failover.to_arn == target.arn and failover.status != CANCELLING:
        return Follow(failover.kind, failover.from_arn, failover.to_arn)
    return Refuse(
        (
            refusal(
                "busy",
                f"Another operation is {failover.status}: from {failover.from_arn} to {failover.to_arn}.",
                "RDS has no way to cancel it: wait until it has ended, then run again.",
            ),
        )
    )


def _not_member(cluster: GlobalCluster, wanted: Wanted) -> Finding:
    members = ", ".join(member.arn for member in cluster.members) or "none"
    return refusal(
        "target_not_member",
        f"{wanted.target} has no member of the global cluster {cluster.id}; its members: {members}.",
        "Name a member's Region or ARN, or add a cluster in that Region and let it synchronise.",
    )


def decide(observed: Observed, wanted: Wanted) -> Decision:
    """What to do, from what was observed. Starts nothing towards a non-member, nor while anything is under way."""
    cluster = observed.global_cluster
    elsewhere = detaching.elsewhere(cluster, observed.detached, observed.unread, planned=wanted.mode is Mode.PLANNED)
    if elsewhere is not None:
        return Refuse((elsewhere,))
    early = under_way(cluster, wanted)
    if early is not None:
        return early
    target = cluster.member(wanted.target)
    if target is None:
        raise AssertionError("under_way refuses where there is no such member")
    from_arn = cluster.writer.arn if cluster.writer else ""
    if observed.target is not None and detaching.leaving(cluster, observed.target):
        return Follow(Kind.DETACH, from_arn, target.arn)
    found = _start_findings(observed, target, wanted)
    refusals = tuple(finding for finding in found if finding.severity is Severity.REFUSE)
    if refusals:
        return Refuse(refusals)
    region = target.region if wanted.mode is Mode.UNPLANNED else region_of(from_arn)
    return Start(wanted.mode.kind, from_arn, target.arn, region, found)


def after_refusal(start: Start, refused_for: float, seen: str, wanted: Wanted) -> Start | Refuse | None:
    """What to do once RDS has refused ``start`` for so many seconds with nothing under way; ``None``: try it again.

    ``seen`` says what was refused, and how.
    """
    if start.kind is not Kind.FAILOVER:
        return Refuse((detaching.refused(seen),))
    if not wanted.detach:
        return Refuse((detaching.refused(seen, last_resort=True),))
    if refused_for < wanted.detach_after:
        return None
    return Start(Kind.DETACH, start.from_arn, start.to_arn, start.region, (detaching.cost(start.from_arn),))


def overtaken(decision: Decision, wanted: Wanted) -> bool:
    """A switchover is under way towards the target, and the run has become an unplanned one: it may never end."""
    return isinstance(decision, Follow) and decision.kind is Kind.SWITCHOVER and wanted.mode is Mode.UNPLANNED


def in_the_way(decision: Decision, wanted: Wanted) -> bool:
    """An operation that leads elsewhere, half a failback perhaps, and the run is unplanned: its end is waited for."""
    if not isinstance(decision, Refuse) or wanted.mode is Mode.PLANNED:
        return False
    return all(finding.code == "busy" for finding in decision.findings)


def findings(observed: Observed, wanted: Wanted) -> tuple[Finding, ...]:
    """What stands in the way of starting now, or is worth knowing first; nothing where there is nothing to start."""
    early = under_way(observed.global_cluster, wanted)
    if isinstance(early, Refuse):
        told = warning if in_the_way(early, wanted) else refusal
        return tuple(told(each.code, each.observed, each.remedy) for each in early.findings)
    target = observed.global_cluster.member(wanted.target)
    return _start_findings(observed, target, wanted) if early is None and target is not None else ()


def _start_findings(observed: Observed, target: Member, wanted: Wanted) -> tuple[Finding, ...]:
    return (
        *_global_findings(observed.global_cluster, wanted),
        *_target_findings(observed, target, wanted),
        *(_source_findings(observed) if wanted.mode is Mode.PLANNED else ()),
    )


def _global_findings(cluster: GlobalCluster, wanted: Wanted) -> list[Finding]:
    if cluster.status == AVAILABLE:
        return []
    seen = f"The global cluster {cluster.id} is {cluster.status or 'of unknown status'}, not {AVAILABLE}."
    if wanted.mode is Mode.PLANNED:
        return [refusal("global_cluster_not_available", seen, "Wait until it is available, then run again.")]
    # What the status says while a Region is lost isn't published: in a disaster AWS decides, not this check.
    return [warning("global_cluster_not_available", seen, "RDS decides whether it fails over from there.")]


def _target_findings(observed: Observed, member: Member, wanted: Wanted) -> list[Finding]:
    target = observed.target
    if target is None:
        return [
            refusal(
                "target_unreachable",
                f"RDS in {member.region} didn't describe the target cluster {member.arn}.",
                "Nothing can be moved to a Region that can't be reached: check the path to it and its health.",
            )
        ]
    findings = []
    if target.status != AVAILABLE:
        seen = f"The target cluster {target.arn} is {target.status or 'of unknown status'}, not {AVAILABLE}."
        findings.append(refusal("target_not_available", seen, "Wait until it is available, then run again."))
    if not target.instances:
        seen = f"The target cluster {target.arn} has no instance (it is headless)."
        findings.append(
            refusal("target_headless", seen, "Add an instance, wait until it is available, then run again.")
        )
    findings += _version_findings(observed, target, wanted)
    if member.sync is SyncStatus.PENDING_RESYNC:
        findings.append(_resync(member, wanted.mode))
    return findings


def _version_findings(observed: Observed, target: Cluster, wanted: Wanted) -> list[Finding]:
    source = observed.source.engine_version if observed.source else observed.global_cluster.engine_version
    if not source or compatible(target.engine, source, target.engine_version):
        return []
    seen = f"The primary runs {target.engine} {source}, the target {target.engine_version}."
    if wanted.detach:
        return [warning("version_mismatch", seen, "RDS refuses a failover to it; the detach is what is left.")]
    return [refusal("version_mismatch", seen, "Upgrade the target to the primary's version, then run again.")]


def _resync(member: Member, mode: Mode) -> Finding:
    seen = f"The target cluster {member.arn} is still to be synchronised again ({SyncStatus.PENDING_RESYNC.value})."
    if mode is Mode.PLANNED:
        return refusal("resync_pending", seen, "Wait for RDS-EVENT-0241 (resynchronising finished), then run again.")
    return warning("resync_pending", seen, "What was written since it fell behind is lost with this failover.")


def _source_findings(observed: Observed) -> list[Finding]:
    writer = observed.global_cluster.writer
    if writer is None:
        seen = f"The global cluster {observed.global_cluster.id} has no writer."
        remedy = "There is nothing to switch over from: run mode=unplanned with accept_data_loss=true."
        return [refusal("no_writer", seen, remedy)]
    if observed.source is None:
        seen = f"RDS in {writer.region}, the Region of the current primary, didn't answer in time."
        remedy = (
            "A switchover goes through that Region. If it is lost, run mode=unplanned with accept_data_loss=true;"
            " else mend the path to it and run again."
        )
        return [refusal("source_unreachable", seen, remedy)]
    if observed.source.status != AVAILABLE:
        seen = f"The primary cluster {writer.arn} is {observed.source.status or 'of unknown status'}, not {AVAILABLE}."
        remedy = "Wait until it is available; in an outage, run mode=unplanned with accept_data_loss=true."
        return [refusal("source_not_available", seen, remedy)]
    return []
