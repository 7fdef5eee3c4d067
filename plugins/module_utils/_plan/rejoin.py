# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes next on the way from two databases that a detach has left to one global database. Pure.

AWS takes no cluster that exists into a global cluster but as its first one. So the old global cluster goes, once the
old primary is out of it; the detached cluster gets a new one of that name; the old primary gives its name away and is
kept aside; and a new secondary of the name is filled from the writer. No database, instance or snapshot is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    AVAILABLE,
    DETACHED_TAG,
    KEPT_TAG,
    GlobalCluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import ClusterSeen, InstanceSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.rejoin import (
    RejoinSeen,
    kept_name,
    name_before,
)

RUNBOOK = "docs/runbooks/failback.md"
RETURN = "ansible-playbook multiregion.aws_dr.region_return"


class Act(str, Enum):
    """A step, by its name in the journal."""

    MARK = "rejoin_mark_old_primary"
    TAKE_OUT = "rejoin_take_out_old_primary"
    DROP_GLOBAL = "rejoin_drop_global_cluster"
    MAKE_GLOBAL = "rejoin_make_global_cluster"
    RENAME_INSTANCE = "rejoin_rename_instance"
    RENAME_CLUSTER = "rejoin_rename_old_primary"
    ADD_CLUSTER = "rejoin_add_secondary"
    ADD_INSTANCE = "rejoin_add_instance"
    UNMARK = "rejoin_unmark_writer"


CALLS = {
    Act.MARK: "AddTagsToResource",
    Act.TAKE_OUT: "RemoveFromGlobalCluster",
    Act.DROP_GLOBAL: "DeleteGlobalCluster",
    Act.MAKE_GLOBAL: "CreateGlobalCluster",
    Act.RENAME_INSTANCE: "ModifyDBInstance",
    Act.RENAME_CLUSTER: "ModifyDBCluster",
    Act.ADD_CLUSTER: "CreateDBCluster",
    Act.ADD_INSTANCE: "CreateDBInstance",
    Act.UNMARK: "RemoveTagsFromResource",
}
AT_STANDBY = (Act.MAKE_GLOBAL, Act.UNMARK)
"""What goes through the standby Region; all else through home."""


@dataclass(frozen=True)
class Next:
    """What to do now: ``act`` on ``what`` (an identifier), or wait for it where there is none; ``done`` ends it.

    ``to`` is the new identifier of what is renamed, and the cluster of an instance that is added.
    """

    act: Act | None = None
    what: str = ""
    to: str = ""
    done: bool = False

    def __str__(self) -> str:
        return "done" if self.done else f"{self.act.value if self.act else 'waiting for'} {self.what}"


DONE = Next(done=True)


def refusals(seen: RejoinSeen) -> tuple[Finding, ...]:
    """Why nothing may be begun, or gone on with. What is joined, with no mark left, needs nothing."""
    if seen.writer is None:
        return () if seen.joined else (_no_writer(seen),)
    return tuple(_refusals(seen))


def _refusals(seen: RejoinSeen) -> Iterator[Finding]:
    members = seen.global_cluster.members if seen.global_cluster else ()
    strangers = [each.region for each in members if each.region not in (seen.home, seen.standby)]
    if strangers:
        told = f"The global cluster {seen.global_cluster_id} has members in {', '.join(strangers)} as well."
        yield _refusal("other_members", told, "Take them out of it first: it has to be made anew.")
    if not seen.settled:
        state = seen.fence.state if seen.fence else "of no record"
        told = (
            f"The old primary in {seen.home} isn't known to be fenced (its fence is {state}) with a snapshot of what it"
            " alone has."
        )
        yield _refusal("old_primary_not_settled", told, f"See to that first: {RETURN}. Then run this again.")
    if _old_member(seen) is None and not seen.kept:
        told = f"{seen.home} has no cluster that is or was in {seen.global_cluster_id}, to make the new one like."
        yield _refusal("no_old_primary", told, "Make a secondary there by hand, then take the writer's mark away.")
    name = _name(seen)
    other = seen.home_cluster(name) if name else None
    if other is not None and seen.kept and _is_stranger(other, seen):
        told = f"The cluster {name} in {seen.home} is neither the old primary nor in {seen.global_cluster_id}."
        yield _refusal("name_taken", told, "Rename it, or take the writer's mark away if all is as it should be.")


def _is_stranger(cluster: ClusterSeen, seen: RejoinSeen) -> bool:
    member = seen.global_cluster.member(seen.home) if seen.global_cluster else None
    return cluster not in seen.kept and (member is None or member.arn != cluster.cluster.arn)


def _no_writer(seen: RejoinSeen) -> Finding:
    told = (
        f"No cluster in {seen.standby} has the tag {DETACHED_TAG}={seen.global_cluster_id} of a failover that detached."
    )
    return _refusal("no_detached_writer", told, "Find out what took them apart, and join them by hand.")


def towards_joined(seen: RejoinSeen, stamp: str) -> Next:
    """The next step, of what :func:`refusals` lets through."""
    writer, found = seen.writer, seen.global_cluster
    if writer is None:
        return DONE
    if found is None:
        return Next(Act.MAKE_GLOBAL, seen.global_cluster_id)
    if found.status != AVAILABLE:
        return Next(what=f"{found.id}, which is {found.status}")
    if found.member(seen.standby) is None:
        return _out_of_the_old(seen, found)
    return _name_given_away(seen, stamp) or _into_the_new(seen) or Next(Act.UNMARK, writer.id)


def _out_of_the_old(seen: RejoinSeen, found: GlobalCluster) -> Next:
    if not found.members:
        return Next(Act.DROP_GLOBAL, found.id)
    old = _old_member(seen)
    if old is None:
        return Next(what=f"the cluster of {found.id} in {seen.home}")
    if KEPT_TAG not in old.tags:
        return Next(Act.MARK, old.id)
    return Next(Act.TAKE_OUT, old.id) if old.cluster.status == AVAILABLE else _waits(old)


def _name_given_away(seen: RejoinSeen, stamp: str) -> Next | None:
    """The old primary's instances and then itself get other names; ``None`` once it has."""
    old = seen.home_cluster(_name(seen))
    if old is None or old not in seen.kept:
        return None
    for instance in old.instances:
        if name_before(instance.id) == instance.id:
            given = kept_name(instance.id, stamp)
            return Next(Act.RENAME_INSTANCE, instance.id, given) if _ready(instance) else _waits_for(instance)
    unready = [each for each in old.instances if not _ready(each)]
    if unready:
        return _waits_for(unready[0])
    return (
        Next(Act.RENAME_CLUSTER, old.id, kept_name(old.id, stamp)) if old.cluster.status == AVAILABLE else _waits(old)
    )


def _into_the_new(seen: RejoinSeen) -> Next | None:
    """The new secondary, with instances as the old primary has them; ``None`` once it is there and serves."""
    name, like = _name(seen), seen.kept[-1]
    new = seen.home_cluster(name)
    if new is None:
        return Next(Act.ADD_CLUSTER, name)
    if new.cluster.status != AVAILABLE:
        return _waits(new)
    there = {each.id for each in new.instances}
    for wanted in (name_before(each.id) for each in like.instances):
        if wanted not in there:
            return Next(Act.ADD_INSTANCE, wanted, name)
    ready = any(_ready(each) for each in new.instances) or not new.instances
    return None if ready else _waits_for(new.instances[0])


def model_of(instance: str, seen: RejoinSeen) -> InstanceSeen | None:
    """The old primary's instance that one of this name is to be like."""
    return next((each for each in seen.kept[-1].instances if name_before(each.id) == instance), None)


def foretold(seen: RejoinSeen) -> tuple[Act, ...]:
    """The steps that are left, in their order."""
    if seen.writer is None:
        return ()
    found, old = seen.global_cluster, (seen.kept[-1] if seen.kept else _old_member(seen))
    leaves = found is not None and found.member(seen.standby) is None
    acts = []
    if leaves and found is not None and found.members:
        acts += ([Act.MARK] if old is None or KEPT_TAG not in old.tags else []) + [Act.TAKE_OUT]
    acts += [Act.DROP_GLOBAL] if leaves else []
    acts += [Act.MAKE_GLOBAL] if leaves or found is None else []
    wanted = [each.id for each in old.instances] if old else []
    if old is not None and old.id == _name(seen):
        acts += [Act.RENAME_INSTANCE for each in wanted if name_before(each) == each] + [Act.RENAME_CLUSTER]
        new = None
    else:
        new = seen.home_cluster(_name(seen))
    there = {each.id for each in new.instances} if new else set()
    acts += [] if new else [Act.ADD_CLUSTER]
    acts += [Act.ADD_INSTANCE for each in wanted if name_before(each) not in there]
    return (*acts, Act.UNMARK)


def kept_aside(seen: RejoinSeen) -> list[dict[str, Any]]:
    """What is to be deleted by hand, once its lost writes are dealt with. The snapshot is the last loss's."""
    snapshot = seen.fence.snapshot if seen.fence else ""
    found = [each for each in seen.kept if name_before(each.id) != each.id]
    return [
        {
            "cluster": each.id,
            "instances": [one.id for one in each.instances],
            "snapshot": snapshot if each is found[-1] else "",
        }
        for each in found
    ]


def _old_member(seen: RejoinSeen) -> ClusterSeen | None:
    """The old primary while it is still in the old global cluster."""
    found = seen.global_cluster
    member = found.member(seen.home) if found is not None and found.member(seen.standby) is None else None
    return next((each for each in seen.at_home if member is not None and each.cluster.arn == member.arn), None)


def _name(seen: RejoinSeen) -> str:
    """The identifier that the old primary has, or had, and the new secondary gets."""
    old = _old_member(seen)
    if old is not None:
        return old.id
    return seen.kept[-1].tags[KEPT_TAG].partition("/")[2] if seen.kept else ""


def _ready(instance: InstanceSeen) -> bool:
    return instance.status == AVAILABLE


def _waits(cluster: ClusterSeen) -> Next:
    return Next(what=f"{cluster.id}, which is {cluster.cluster.status}")


def _waits_for(instance: InstanceSeen) -> Next:
    return Next(what=f"{instance.id}, which is {instance.status}")


def _refusal(code: str, observed: str, remedy: str) -> Finding:
    return refusal(code, observed, remedy, f"{RUNBOOK}#{code}")
