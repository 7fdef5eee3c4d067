# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Joining again what a detach has left apart: a look at both Regions, one step, and the next look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api, copies
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    again,
    find_cluster,
    find_joined,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    Refused,
    aws_error,
    error_code,
    having_made,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    DETACHED_TAG,
    KEPT_TAG,
    GlobalCluster,
    cluster_id_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import ClusterSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.rejoin import RejoinSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import rejoin as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.rejoin import Act, Next
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

AGAIN = 0.2  # seconds after a step until the next look
LOOK = 30.0  # seconds that one look at both Regions may take
SHOWS = 60.0  # seconds for which a step that was taken in isn't made again, though it doesn't show
PATIENCE = 300.0  # seconds for which RDS may refuse one step because of the state that something is in
OVERTAKEN = (*copies.OVERTAKEN, "GlobalClusterAlreadyExistsFault", "GlobalClusterNotFoundFault")
OURS = ("aws:", "multiregion.aws_dr/")
"""What the tags begin with that a new secondary doesn't take over."""


@dataclass(frozen=True)
class Wanted:
    """The workload whose ``home`` and ``standby`` database are to be one again, and where its fence's record is."""

    workload: str
    global_cluster_id: str
    home: str
    standby: str
    table: str


@dataclass
class Rejoiner:
    """Brings the two to where they shall be. ``prove`` raises unless the standby Region takes a write."""

    wanted: Wanted
    guard: Guard
    poll: float
    prove: Callable[[], None]
    calls: list[Call] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    _refused: tuple[Next | None, float] = (None, 0.0)
    _last: tuple[Next | None, float] = (None, 0.0)
    _waits: bool = False

    def is_joined(self) -> bool:
        """Whether nothing is to be done, by two calls that need no more rights than any run has."""
        wanted, clients = self.wanted, self.guard.context.clients
        found = self._read(lambda: find_joined(clients, wanted.standby, wanted.global_cluster_id))
        member = found.member(wanted.standby) if found is not None else None
        if found is None or member is None or found.member(wanted.home) is None:
            return False
        own = self._read(lambda: find_cluster(clients, wanted.standby, cluster_id_of(member.arn)))
        return own is not None and own.detached_from != wanted.global_cluster_id

    def look(self) -> RejoinSeen:
        """Everything at once. Raises ``DrError`` where a part of it can't be seen."""
        wanted, context = self.wanted, self.guard.context
        clients, clock, identifier = context.clients, context.clock, wanted.global_cluster_id
        deadline = context.deadline.sooner(clock, LOOK)
        store = TableStore(clients, wanted.standby, wanted.table, clock)
        jobs: dict[str, Callable[[], Any]] = {
            "at_home": lambda: copies.list_clusters(clients, wanted.home),
            "at_standby": lambda: copies.list_clusters(clients, wanted.standby),
            "here": lambda: find_joined(clients, wanted.home, identifier),
            "there": lambda: find_joined(clients, wanted.standby, identifier),
            "fence": lambda: store.read_fence(wanted.workload, wanted.home),
        }
        patient = {name: partial(again, job, clock, deadline) for name, job in jobs.items()}
        found = {name: self._value(outcome) for name, outcome in gather(patient, deadline, clock).items()}
        known: GlobalCluster | None = found["there"] or found["here"]
        return RejoinSeen(
            identifier, wanted.home, wanted.standby, known, found["at_home"], found["at_standby"], found["fence"]
        )

    def join(self) -> RejoinSeen:
        """Step by step until they are one. Raises ``Refused`` and ``DrError``; run again, it goes on."""
        context = self.guard.context
        last: list[RejoinSeen] = []

        def once() -> Next:
            seen = self.look()
            last[:] = [seen]
            found = plan.refusals(seen)
            if found:
                raise Refused(found)
            stamp = f"{datetime.fromtimestamp(context.clock.wall(), UTC):%Y%m%d%H%M%S}"
            following = plan.towards_joined(seen, stamp)
            if self._is_just_done(following):
                following = Next(what=f"{following.act.value if following.act else ''} {following.what} to show")
            self._waits = following.act is None
            if following.act is not None:
                self._do(following, seen)
            return following

        with having_made(self.calls):
            wait_until(
                once,
                lambda following: following.done,
                what=f"the databases of {self.wanted.home} and {self.wanted.standby} to be one",
                interval=lambda _waited: self.poll if self._waits else AGAIN,
                deadline=context.deadline,
                clock=context.clock,
                progress=context.progress,
            )
        return last[0]

    def _is_just_done(self, step: Next) -> bool:
        """RDS has taken that step in, and doesn't show it yet."""
        done, at = self._last
        same = done is not None and (done.act, done.what) == (step.act, step.what)
        return same and self.guard.context.clock.monotonic() - at < SHOWS

    def _do(self, step: Next, seen: RejoinSeen) -> None:
        """Make the one call, as a step. One that may have had its effect isn't repeated: the next look tells."""
        act = step.act
        if act is None:
            return
        self.prove()
        context = self.guard.context
        region = self.wanted.standby if act in plan.AT_STANDBY else self.wanted.home
        call = Call("rds", plan.CALLS[act], region)
        make = _MAKE[act](context.clients.get("rds", region), step, seen)
        tried = f"{step} (rds:{call.action} in {region})"
        try:
            with self.guard.step(act.value, (call,)) as noted:
                within(make, context.deadline, context.clock, tried)
                noted.saw(what=step.what, to=step.to)
        except CALL_ERRORS as exc:
            self._judge(exc, step, act, call, tried)
        else:
            self._made(act, call)
            self._last = (step, context.clock.monotonic())

    def _made(self, act: Act, call: Call) -> None:
        self.acts.append(act)
        self.calls.append(call)

    def _judge(self, exc: Exception, step: Next, act: Act, call: Call, tried: str) -> None:
        effect, now = effect_of(exc), self.guard.context.clock.monotonic()
        if effect is Effect.UNKNOWN:
            self._made(act, call)
        elif effect is Effect.FINAL and error_code(exc) not in OVERTAKEN:
            raise aws_error(exc, tried) from exc
        elif effect is Effect.CONFLICT:
            refused, since = self._refused
            same = refused is not None and (refused.act, refused.what) == (step.act, step.what)
            self._refused = (step, since if same else now)
            if same and now - since > PATIENCE:
                raise aws_error(exc, tried) from exc

    def _read(self, read: Callable[[], Any]) -> Any:
        context = self.guard.context
        deadline = context.deadline.sooner(context.clock, LOOK)
        what = f"Looking at the global cluster {self.wanted.global_cluster_id} in {self.wanted.standby}"
        try:
            return again(lambda: within(read, deadline, context.clock, what), context.clock, deadline)
        except CALL_ERRORS as exc:
            raise aws_error(exc, what) from exc

    def _value(self, outcome: Outcome[Any]) -> Any:
        error = outcome.error
        if error is None:
            return outcome.value
        if isinstance(error, DrError):
            raise error
        raise aws_error(error, f"Looking at the databases of {self.wanted.home} and {self.wanted.standby}") from error


Maker = Callable[[Any, Next, RejoinSeen], Callable[[], Any]]


def _mark(client: Any, step: Next, seen: RejoinSeen) -> Callable[[], Any]:
    old = seen.home_cluster(step.what)
    return partial(api.add_tag, client, _arn(old), KEPT_TAG, f"{seen.global_cluster_id}/{step.what}")


def _take_out(client: Any, step: Next, seen: RejoinSeen) -> Callable[[], Any]:
    return partial(api.remove_from_global_cluster, client, seen.global_cluster_id, _arn(seen.home_cluster(step.what)))


def _add_cluster(client: Any, step: Next, seen: RejoinSeen) -> Callable[[], Any]:
    """Like the old primary, in the version that the writer has."""
    like, writer = seen.kept[-1], seen.writer
    tags = {key: value for key, value in like.tags.items() if not key.startswith(OURS)}
    settings: dict[str, Any] = {**like.settings, **like.own}
    if writer is not None:
        settings |= {"Engine": writer.cluster.engine, "EngineVersion": writer.cluster.engine_version}
    return partial(
        api.create_secondary,
        client,
        step.what,
        seen.global_cluster_id,
        {**settings, **({"Tags": copies.tag_list(tags)} if tags else {})},
    )


def _add_instance(client: Any, step: Next, seen: RejoinSeen) -> Callable[[], Any]:
    like = plan.model_of(step.what, seen)
    settings = {**(like.settings if like else {}), "Engine": seen.kept[-1].cluster.engine}
    return partial(api.create_db_instance, client, step.to, step.what, settings)


def _unmark(client: Any, _step: Next, seen: RejoinSeen) -> Callable[[], Any]:
    return partial(api.remove_tag, client, _arn(seen.writer), DETACHED_TAG)


def _arn(cluster: ClusterSeen | None) -> str:
    return cluster.cluster.arn if cluster is not None else ""


_MAKE: Mapping[Act, Maker] = {
    Act.MARK: _mark,
    Act.TAKE_OUT: _take_out,
    Act.DROP_GLOBAL: lambda client, step, _seen: partial(api.delete_global_cluster, client, step.what),
    Act.MAKE_GLOBAL: lambda client, step, seen: partial(
        api.create_global_cluster, client, step.what, _arn(seen.writer)
    ),
    Act.RENAME_INSTANCE: lambda client, step, _seen: partial(api.rename_db_instance, client, step.what, step.to),
    Act.RENAME_CLUSTER: lambda client, step, _seen: partial(api.rename_db_cluster, client, step.what, step.to),
    Act.ADD_CLUSTER: _add_cluster,
    Act.ADD_INSTANCE: _add_instance,
    Act.UNMARK: _unmark,
}
