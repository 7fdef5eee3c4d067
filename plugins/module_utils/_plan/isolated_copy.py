# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes next of an isolated copy: on its way to serve, or on its way to be gone; and what may never be touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import AVAILABLE, Member
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import (
    COPY_TAG,
    DELETING,
    RECONCILES,
    ClusterSeen,
)

BROKEN = ("failed", "incompatible", "inaccessible", "stopped", "stopping")
"""What the status of a copy begins with that won't serve by waiting."""
RUNBOOK = "docs/runbooks/drills.md"


class Act(str, Enum):
    """A changing call."""

    CLONE = "RestoreDBClusterToPointInTime"
    RESTORE = "RestoreDBClusterFromSnapshot"
    ADD_INSTANCE = "CreateDBInstance"
    DELETE_INSTANCE = "DeleteDBInstance"
    DELETE_CLUSTER = "DeleteDBCluster"


@dataclass(frozen=True)
class Next:
    """What to do now: ``act`` on ``what`` (an identifier), or wait where there is none; ``done`` ends it."""

    act: Act | None = None
    what: str = ""
    done: bool = False

    def __str__(self) -> str:
        return "done" if self.done else f"{self.act.value if self.act else 'waiting for'} {self.what}"


DONE = Next(done=True)


def find(name: str, clusters: Iterable[ClusterSeen]) -> ClusterSeen | None:
    """The cluster of that identifier. RDS keeps identifiers in lower case."""
    return next((each for each in clusters if each.id == name.lower()), None)


def ours(workload: str, run: str, clusters: Iterable[ClusterSeen]) -> tuple[ClusterSeen, ...]:
    """The workload's copies of drills; with ``run``, only those that this run made."""

    def made(copy: ClusterSeen) -> bool:
        return copy.run == run if run else copy.run != RECONCILES

    return tuple(each for each in clusters if each.copy_of == workload and made(each))


def copy_refusals(
    source: str, name: str, workload: str, clusters: Sequence[ClusterSeen], made_by: Act, sized: bool = False
) -> list[Finding]:
    """Why the copy may not be made, or not be taken for one. ``sized``: its instance's class was given."""
    found = [_source_refusal(source, find(source, clusters), made_by, sized)]
    if source.lower() == name.lower():
        found.append(_refusal("copy_is_source", f"name and source are both {name}.", "Give the copy another name."))
    stands = find(name, clusters)
    if stands is not None and stands.copy_of != workload:
        seen = f"There is a cluster {name} in this Region that isn't tagged {COPY_TAG}={workload}."
        found.append(_refusal("not_a_copy", seen, "Give the copy another name: what isn't tagged is left alone."))
    return [each for each in found if each is not None]


def member_refusals(global_cluster_id: str, region: str, member: Member | None, made_by: Act) -> list[Finding]:
    """Why the Region's member can't be the source: there is none, or it is who writes, and would be cloned."""
    if member is None:
        seen = f"{global_cluster_id} has no member in {region}."
        return [_refusal("no_source", seen, "Check the Region, or give source.")]
    if member.is_writer and made_by is Act.CLONE:
        seen = f"{region} is the writer of {global_cluster_id}: a drill copies the standby's database."
        return [_refusal("source_is_writer", seen, "Drill towards the other Region: -e target=..., or give source.")]
    return []


def _source_refusal(source: str, seen: ClusterSeen | None, made_by: Act, sized: bool) -> Finding | None:
    """A clone shares its source's pages; beside a snapshot's it gives no more than network, settings and size."""
    if seen is None:
        return _refusal("no_source", f"There is no cluster {source} in this Region.", "Check source and region.")
    if made_by is Act.RESTORE and (seen.instances or sized):
        return None
    if made_by is Act.RESTORE:
        what = f"The cluster {source} has no instance that says how big one is to be."
        return _refusal("source_headless", what, "Give instance_class.")
    if seen.cluster.status != AVAILABLE:
        return _refusal(
            "source_busy", f"The cluster {source} is {seen.cluster.status}.", "Run it again once it is available."
        )
    if not seen.instances:
        return _refusal(
            "source_headless",
            f"The cluster {source} has no instance, and RDS clones none without.",
            "Add an instance to it: a failover needs one, too.",
        )
    return None


def removal_refusals(copies: Iterable[ClusterSeen]) -> list[Finding]:
    """Why what is tagged as a copy is left alone nevertheless: somebody made something else of it."""
    found = []
    for each in copies:
        if each.global_cluster_id:
            seen = f"The copy {each.id} is a member of the global cluster {each.global_cluster_id}."
            found.append(_refusal("copy_in_use", seen, "Take it out of there, or take its tag away if it is to stay."))
        if each.protected:
            seen = f"The copy {each.id} is protected from being deleted, which no drill does."
            found.append(_refusal("copy_protected", seen, "Lift the protection, or take its tag away."))
    return found


def towards_serving(name: str, copy: ClusterSeen | None, made_by: Act) -> Next:
    """The next step of the copy ``name``, which ``made_by`` makes."""
    if copy is None:
        return Next(made_by, name)
    if copy.cluster.status != AVAILABLE:
        return Next(what=f"{name}, which is {copy.cluster.status}")
    if not copy.instances:
        return Next(Act.ADD_INSTANCE, instance_name(name))
    if all(each.status != AVAILABLE for each in copy.instances):
        first = copy.instances[0]
        return Next(what=f"{first.id}, which is {first.status}")
    return DONE


def broken(copy: ClusterSeen | None) -> str:
    """What is wrong with it that waiting doesn't mend; empty where nothing is known."""
    if copy is None:
        return ""
    states = {copy.id: copy.cluster.status, **{each.id: each.status for each in copy.instances}}
    return ", ".join(f"{name} is {status}" for name, status in states.items() if status.startswith(BROKEN))


def towards_gone(copies: Sequence[ClusterSeen]) -> Next:
    """The next step until none is left: the instances first, as RDS deletes no cluster that has some."""
    for copy in copies:
        for instance in copy.instances:
            if instance.status != DELETING:
                return Next(Act.DELETE_INSTANCE, instance.id)
        if copy.cluster.status != DELETING:
            return Next(Act.DELETE_CLUSTER, copy.id)
    return Next(what=f"the end of {', '.join(each.id for each in copies)}") if copies else DONE


def to_make(copy: ClusterSeen | None, made_by: Act) -> tuple[Act, ...]:
    """The calls that would make it serve."""
    if copy is None:
        return (made_by, Act.ADD_INSTANCE)
    return () if copy.instances else (Act.ADD_INSTANCE,)


def planned(copies: Sequence[ClusterSeen]) -> tuple[Act, ...]:
    """The calls that would remove them."""
    acts: list[Act] = []
    for copy in copies:
        acts += [Act.DELETE_INSTANCE for each in copy.instances if each.status != DELETING]
        acts += [Act.DELETE_CLUSTER] if copy.cluster.status != DELETING else []
    return tuple(acts)


def instance_name(name: str) -> str:
    """The copy's one instance."""
    return f"{name}-1"


def _refusal(code: str, observed: str, remedy: str) -> Finding:
    return refusal(code, observed, remedy, f"{RUNBOOK}#{code}")
