# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting a promotion: observe, decide, call once; and where the answer is unclear, observe again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import (
    CALL_ERRORS,
    NO_EFFECT,
    Effect,
    effect_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    read_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.wait import (
    Look,
    busy,
    leaving,
    look,
    writer_is,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    Refused,
    TimedOut,
    aws_error,
    error_code,
    having_made,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    DETACHED_TAG,
    GlobalCluster,
    Kind,
    Operation,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import DETACH_STEP
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import detaching
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.last_known import MEMBERS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import (
    Already,
    Follow,
    Refuse,
    Start,
    Wanted,
    after_refusal,
    check_request,
    decide,
    in_the_way,
    overtaken,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.promotion_look import observe, read_for

STEP = "promote_database"
CALL = 4.0  # seconds that a call has for its answer: after that, looking tells more than waiting
SETTLE = 10.0  # seconds to look for an effect after a call whose answer is unclear
PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds before the next try after a call that had no effect


@dataclass(frozen=True)
class Begun:
    """The operation, what was seen just before, and the call that started it (would start it, in check mode)."""

    operation: Operation
    before: GlobalCluster
    calls: tuple[Call, ...] = ()


def begin(wanted: Wanted, guard: Guard) -> Begun:
    """Start the operation, unless the target is the writer already or an operation towards it is under way.

    Each call follows a fresh observation and decision. Raises ``Refused`` and ``DrError``.
    """
    wrong = check_request(wanted)
    if wrong:
        raise Refused(wrong)
    doubtful: list[Call] = []
    with having_made(doubtful):
        return _Beginning(wanted, guard, doubtful).run()


class _Beginning:
    """The tries of one start: each looks, decides, makes one call. ``doubtful`` takes those that may have worked."""

    def __init__(self, wanted: Wanted, guard: Guard, doubtful: list[Call]) -> None:
        self._wanted = wanted
        self._guard = guard
        self._context = guard.context
        self._doubtful = doubtful
        self._unclear: Begun | None = None
        self._pauses = iter(PAUSES)
        self._refused_since: float | None = None
        self._detach: Start | None = None  # what is left, once a failover has been refused for long enough

    def run(self) -> Begun:
        """Raises ``Refused`` and ``DrError``."""
        while True:
            seen = observe(self._wanted, self._context)
            decision = decide(seen, self._wanted)
            if in_the_way(decision, self._wanted) and not self._context.check_mode:
                _outlasted(None, self._wanted, self._context)
                continue
            if isinstance(decision, Refuse):
                raise Refused(decision.findings)
            if not isinstance(decision, Start):
                if self._goes_on(decision):
                    return self._found(decision, seen.global_cluster)
                continue
            request = _request(self._detach or decision, seen.global_cluster, self._wanted, self._context)
            if self._context.check_mode:
                return request
            begun = self._try(self._detach or decision, request)
            if begun is not None:
                return begun

    def _goes_on(self, decision: Already | Follow) -> bool:
        """Whether what was found can be relied on. A switchover that a disaster overtook is first waited for."""
        self._refused_since = self._detach = None
        if not overtaken(decision, self._wanted) or self._context.check_mode:
            return True
        return _outlasted(decision.to_arn, self._wanted, self._context)

    def _found(self, decision: Already | Follow, before: GlobalCluster) -> Begun:
        found = self._unclear or _found(decision, before, self._wanted, self._context)
        self._guard.already(STEP, already_writer=found.operation.already, operation=found.operation.kind.value)
        return found

    def _try(self, start: Start, request: Begun) -> Begun | None:
        """``None`` where another look and decision are due."""
        context = self._context
        begun = replace(request, operation=replace(request.operation, started=True))
        began = context.clock.monotonic()
        name = STEP if start.kind is not Kind.DETACH else DETACH_STEP
        members = {MEMBERS: [each.arn for each in begun.before.members]}  # should one be taken out of it afterwards
        with self._guard.step(name, begun.calls, members) as step:
            error = _call(start, self._wanted, context)
            step.saw(answer="taken in" if error is None else error_code(error))
            step.saw(refused=error is not None and effect_of(error) is not Effect.UNKNOWN)
        if error is None:
            return begun
        self._detach = None
        effect = effect_of(error)
        if effect is Effect.FINAL:
            raise aws_error(error, _tried(start)) from error
        if effect not in NO_EFFECT and not _settled(start, self._wanted, context) and effect is Effect.CONFLICT:
            self._refused(start, error, began)
            return None
        if effect is Effect.UNKNOWN:
            self._unclear = begun
            self._doubtful.extend(begun.calls)
        self._pause(start, error)
        return None

    def _refused(self, start: Start, error: Exception, began: float) -> None:
        """RDS doesn't take the call, and nothing is under way: raises, or notes what comes next."""
        self._refused_since = began if self._refused_since is None else self._refused_since
        refused_for = self._context.clock.monotonic() - self._refused_since
        seen = f"{_tried(start)} was refused, and no operation is under way: {error}".rstrip(".") + "."
        next_try = after_refusal(start, refused_for, seen, self._wanted)
        if isinstance(next_try, Refuse):
            raise Refused(next_try.findings) from error
        if self._context.deadline.passed(self._context.clock):
            raise aws_error(error, _tried(start)) from error
        self._detach = next_try

    def _pause(self, start: Start, error: Exception) -> None:
        context, pause = self._context, next(self._pauses, None)
        if pause is None or context.deadline.remaining(context.clock) <= pause:
            raise aws_error(error, _tried(start)) from error
        # After an unclear call it was looked for long enough.
        context.clock.sleep(0.0 if self._unclear else pause)


# Calls in their order, each with a time of its own. A detached cluster is marked first: a run that comes after knows it
# by the mark.
_CALLS: Mapping[Kind, Sequence[Callable[[Any, str, str], Any]]] = {
    Kind.SWITCHOVER: (api.switchover_global_cluster,),
    Kind.FAILOVER: (api.failover_global_cluster,),
    Kind.DETACH: (
        lambda client, cluster_id, arn: api.add_tag(client, arn, DETACHED_TAG, cluster_id),
        api.remove_from_global_cluster,
    ),
}


def _make(call: Callable[[Any, str, str], Any], start: Start, wanted: Wanted, context: Context) -> None:
    call(context.clients.get("rds", start.region), wanted.global_cluster_id, start.to_arn)


def _call(start: Start, wanted: Wanted, context: Context) -> Exception | None:
    """Make the calls of the start; give the error that one ended with."""
    for finding in start.warnings:
        context.warn(f"[{finding.code}] {finding.observed} {finding.remedy}")
    try:
        for call in _CALLS[start.kind]:
            within(
                partial(_make, call, start, wanted, context),
                context.deadline.sooner(context.clock, CALL),
                context.clock,
                _tried(start),
            )
    except CALL_ERRORS as exc:
        return exc
    return None


def _settled(start: Start, wanted: Wanted, context: Context) -> bool:
    """Look for an operation, or for the target as the writer, until one is seen or ``SETTLE`` seconds are over."""
    clock, region, identifier = context.clock, wanted.target_region, wanted.global_cluster_id
    deadline = context.deadline.sooner(clock, SETTLE)

    def read() -> Look:
        return look(
            lambda: read_global_cluster(context.clients, region, identifier, clock, deadline),
            "Looking for what the call did (rds:DescribeGlobalClusters)",
        )

    try:
        wait_until(
            read,
            lambda seen: (
                seen.is_so(busy)
                or seen.is_so(writer_is(start.to_arn))
                or (start.kind is Kind.DETACH and seen.is_so(leaving))
            ),
            what="what the call did",
            interval=0.5,
            deadline=deadline,
            clock=clock,
            progress=context.progress,
        )
    except TimedOut:
        return False
    return True


def _outlasted(target_arn: str | None, wanted: Wanted, context: Context) -> bool:
    """Wait for the end of a switchover: whether it made the target the writer. Raises ``Refused`` where it doesn't end.

    Its end, by whichever way, is what a failover or a detach must wait for: RDS can't cancel it.
    """
    clock, region, identifier = context.clock, wanted.target_region, wanted.global_cluster_id
    began = clock.monotonic()
    deadline = context.deadline.sooner(clock, wanted.detach_after)
    last = read_for(wanted, context)

    def read() -> Look:
        nonlocal last
        seen = look(
            lambda: read_global_cluster(context.clients, region, identifier, clock, context.deadline),
            f"Waiting for the switchover to end (rds:DescribeGlobalClusters in {region})",
        )
        last = seen.cluster or last
        return seen

    try:
        seen = wait_until(
            read,
            lambda seen: seen.cluster is not None and not busy(seen.cluster),
            what="the end of the switchover that was under way",
            interval=0.5,
            deadline=deadline,
            clock=clock,
            progress=context.progress,
        )
    except TimedOut as error:
        if last.failover is None:
            raise
        raise Refused((detaching.hangs(last.failover, clock.monotonic() - began),)) from error
    return target_arn is not None and seen.is_so(writer_is(target_arn))


def _found(decision: Already | Follow, before: GlobalCluster, wanted: Wanted, context: Context) -> Begun:
    """What is so without any call of ours."""
    follow = decision if isinstance(decision, Follow) else None
    kind = follow.kind if follow else wanted.mode.kind
    operation = Operation(
        id=_operation_id(wanted, kind, context),
        kind=kind,
        from_arn=follow.from_arn if follow else "",
        to_arn=decision.to_arn,
        already=follow is None,
    )
    return Begun(operation, before)


def _request(start: Start, before: GlobalCluster, wanted: Wanted, context: Context) -> Begun:
    """The operation as it is about to be requested."""
    operation = Operation(
        id=_operation_id(wanted, start.kind, context),
        kind=start.kind,
        from_arn=start.from_arn,
        to_arn=start.to_arn,
        requested_at=0.0 if context.check_mode else context.clock.wall(),
    )
    return Begun(operation, before, tuple(Call("rds", action, start.region) for action in start.actions))


def _operation_id(wanted: Wanted, kind: Kind, context: Context) -> str:
    return f"{wanted.global_cluster_id}/{kind.value}/{int(context.clock.wall())}"


def _tried(start: Start) -> str:
    return f"rds:{start.action} in {start.region} towards {start.to_arn}"
