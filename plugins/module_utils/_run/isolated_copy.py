# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making an isolated copy of a Region's database, proving it, and removing what is left of copies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api, copies
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again, read_global_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    Refused,
    aws_error,
    error_code,
    having_made,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database, DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import cluster_id_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import (
    COPY_TAG,
    RUN_TAG,
    ClusterSeen,
    CopySeconds,
    Proved,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import isolated_copy as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.isolated_copy import Act, Next
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.isolated_copy import read_copy
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import (
    database_target,
    prove,
    read_credentials,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.proving import passes, prove_until

STEPS = {
    Act.CLONE: "drill_copy_restore",
    Act.RESTORE: "drill_copy_restore",
    Act.ADD_INSTANCE: "drill_copy_instance",
    Act.DELETE_INSTANCE: "drill_copy_remove_instance",
    Act.DELETE_CLUSTER: "drill_copy_remove",
}
READ = 30.0  # seconds that reading the tables of either side may take
REACH = 60.0  # seconds that the Region has to answer at first: it may be lost again


@dataclass(frozen=True)
class Wanted:
    """The copy ``name`` of the cluster ``source``, both in ``region``. ``run`` is who makes it, for its tag.

    With ``snapshot`` it gets that one's data, and of the source only its network and its size.
    """

    region: str
    workload: str
    run: str
    source: str = ""
    name: str = ""
    instance_class: str = ""
    snapshot: str = ""
    subnet_group: str = ""

    @property
    def made_by(self) -> Act:
        return Act.RESTORE if self.snapshot else Act.CLONE


@dataclass
class Keeper:
    """Brings the copies of one workload in one Region to where they shall be."""

    wanted: Wanted
    guard: Guard
    poll: float
    calls: list[Call] = field(default_factory=list)
    reached: dict[Act, float] = field(default_factory=dict)
    began: float | None = None

    # -- looking

    def member_of(self, global_cluster_id: str) -> str:
        """The Region's cluster in the global cluster. Raises ``Refused`` where it is the writer, and to be cloned."""
        context, region = self.guard.context, self.wanted.region
        what = f"Looking for the member of {global_cluster_id} in {region} (rds:DescribeGlobalClusters)"
        reach = context.deadline.sooner(context.clock, REACH)
        try:
            found = again(
                lambda: read_global_cluster(context.clients, region, global_cluster_id, context.clock, reach),
                context.clock,
                reach,
            )
        except CALL_ERRORS as exc:
            raise aws_error(exc, what) from exc
        member = found.member(region) if found else None
        refused = plan.member_refusals(global_cluster_id, region, member, self.wanted.made_by)
        if member is None or refused:
            raise Refused(refused)
        return cluster_id_of(member.arn)

    def look(self, patience: float | None = None) -> tuple[ClusterSeen, ...]:
        """All clusters of the Region, within ``patience`` seconds. Raises ``DrError``."""
        context = self.guard.context
        deadline = context.deadline if patience is None else context.deadline.sooner(context.clock, patience)
        what = f"Describing the clusters of {self.wanted.region} (rds:DescribeDBClusters, rds:DescribeDBInstances)"

        def read() -> tuple[ClusterSeen, ...]:
            return within(
                lambda: copies.list_clusters(context.clients, self.wanted.region), deadline, context.clock, what
            )

        try:
            return again(read, context.clock, deadline)
        except CALL_ERRORS as exc:
            raise aws_error(exc, what) from exc

    def left(self, clusters: tuple[ClusterSeen, ...]) -> tuple[ClusterSeen, ...]:
        """What there is of the workload's copies; of the run's, where one is given and no name."""
        return plan.ours(self.wanted.workload, self.wanted.run, clusters)

    def refusals(self, clusters: tuple[ClusterSeen, ...]) -> list[Finding]:
        """Why the copy may not be made."""
        wanted = self.wanted
        sized = bool(wanted.instance_class)
        return plan.copy_refusals(wanted.source, wanted.name, wanted.workload, clusters, wanted.made_by, sized)

    # -- making

    def make(self) -> ClusterSeen:
        """Make the copy and its instance, and wait until both are available. Raises ``Refused``, ``DrError``."""
        wanted = self.wanted
        clusters = self.look(REACH)
        refused = self.refusals(clusters)
        if refused:
            raise Refused(refused)
        source = plan.find(wanted.source, clusters)
        if source is None:
            raise DrError(f"Copying {wanted.source}", "no such cluster was seen", "Give the standby's cluster.")

        def once() -> Next:
            copy = plan.find(wanted.name, self.look())
            if wrong := plan.broken(copy):
                raise DrError(f"Waiting for the copy {wanted.name}", wrong, "Remove it (state=absent), then try again.")
            following = plan.towards_serving(wanted.name, copy, wanted.made_by)
            self._note_progress(following)
            self._do(following, lambda: self._make_call(following.act, source))
            return following

        with having_made(self.calls):
            self._until(once, f"the copy {wanted.name} to be available")
        made = plan.find(wanted.name, self.look())
        if made is None:
            raise DrError(f"Looking for the copy {wanted.name}", "it is gone", "See who removed it, then try again.")
        return made

    def _make_call(self, act: Act | None, source: ClusterSeen) -> object:
        wanted, client = self.wanted, self.guard.context.clients.get("rds", self.wanted.region)
        tags = {"Tags": copies.tag_list({COPY_TAG: wanted.workload, RUN_TAG: wanted.run})}
        if act is Act.CLONE:
            self.began = self.guard.context.clock.monotonic()
            return api.clone_db_cluster(client, wanted.source, wanted.name, {**source.settings, **tags})
        if act is Act.RESTORE:
            self.began = self.guard.context.clock.monotonic()
            elsewhere = {"DBSubnetGroupName": wanted.subnet_group} if wanted.subnet_group else {}
            placed = {**source.settings, **elsewhere, **tags}
            return api.restore_db_cluster(client, wanted.snapshot, wanted.name, source.cluster.engine, placed)
        settings = {
            "DBInstanceClass": wanted.instance_class or source.instances[0].instance_class,
            "Engine": source.cluster.engine,
            "PubliclyAccessible": False,
        }
        return api.create_db_instance(client, wanted.name, plan.instance_name(wanted.name), {**settings, **tags})

    def _note_progress(self, following: Next) -> None:
        now = self.guard.context.clock.monotonic()
        if following.act is Act.ADD_INSTANCE or following.done:
            self.reached.setdefault(Act.CLONE, now)
        if following.done:
            self.reached.setdefault(Act.ADD_INSTANCE, now)

    # -- proving

    def prove(self, made: ClusterSeen, database: Database, resolvers: tuple[str, ...]) -> tuple[Proved, CopySeconds]:
        """A committed write through the copy's endpoint, every table read, and nothing of it in the source."""
        context, region = self.guard.context, self.wanted.region
        login = read_credentials(context.clients, database, region)
        target = database_target(made.cluster, login, database, region)
        with self.guard.step("drill_copy_prove") as step:
            proof = prove_until(
                lambda: prove(target, resolvers, context.clock, context.deadline),
                passes,
                region,
                context.deadline,
                context,
            )
            proved_at = context.clock.monotonic()
            beside = self._source_target(target)
            reads = read_copy(target, beside, proof, resolvers, READ, context.clock)
            step.saw(server=proof.server_id, **reads.as_dict())
        return Proved(proof, reads), self._seconds(proved_at)

    def _source_target(self, target: DatabaseTarget) -> DatabaseTarget:
        source = plan.find(self.wanted.source, self.look())
        if source is None:
            raise DrError(f"Looking for {self.wanted.source}", "it is gone", "Look at what became of production.")
        cluster = source.cluster
        return replace(
            target, cluster_id=source.id, endpoint=cluster.reader_endpoint or cluster.endpoint, port=cluster.port
        )

    def _seconds(self, proved_at: float) -> CopySeconds:
        if self.began is None:
            return CopySeconds(None, None, None)
        marks = (self.reached.get(Act.CLONE), self.reached.get(Act.ADD_INSTANCE), proved_at)
        spans = [None if mark is None else round(mark - self.began, 3) for mark in marks]
        return CopySeconds(*spans)

    # -- removing

    def remove(self) -> tuple[ClusterSeen, ...]:
        """Remove every copy that is left, and wait until none is. Gives what there was."""
        first = self.left(self.look(REACH))

        def once() -> Next:
            found = self.left(self.look())
            refused = plan.removal_refusals(found)
            if refused:
                raise Refused(refused)
            following = plan.towards_gone(found)
            self._do(following, lambda: self._remove_call(following))
            return following

        with having_made(self.calls):
            self._until(once, f"the copies of {self.wanted.workload} to be gone")
        return first

    def _remove_call(self, following: Next) -> object:
        client = self.guard.context.clients.get("rds", self.wanted.region)
        remove = api.delete_db_instance if following.act is Act.DELETE_INSTANCE else api.delete_db_cluster
        return remove(client, following.what)

    # -- both

    def _until(self, once: Callable[[], Next], what: str) -> None:
        context = self.guard.context
        wait_until(
            once,
            lambda seen: seen.done,
            what=what,
            interval=self.poll,
            deadline=context.deadline,
            clock=context.clock,
            progress=context.progress,
        )

    def _do(self, following: Next, make: Callable[[], object]) -> None:
        """Make the one call, as a step. One that may have had its effect isn't repeated: the next look tells."""
        act = following.act
        if act is None:
            return
        context, call = self.guard.context, Call("rds", act.value, self.wanted.region)
        tried = f"{following} (rds:{act.value} in {self.wanted.region})"
        try:
            with self.guard.step(STEPS[act], (call,)) as step:
                within(make, context.deadline, context.clock, tried)
                step.saw(resource=following.what)
        except CALL_ERRORS as exc:
            effect = effect_of(exc)
            if effect is Effect.UNKNOWN:
                self.calls.append(call)
            elif effect is Effect.FINAL and error_code(exc) not in copies.OVERTAKEN:
                raise aws_error(exc, tried) from exc
        else:
            self.calls.append(call)


def described(clusters: tuple[ClusterSeen, ...]) -> list[Mapping[str, Any]]:
    """Copies as a result has them."""
    return [each.as_dict() for each in clusters]
