# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting a promotion: observe, decide, call once; and where the answer is unclear, observe again."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    again,
    read_clusters,
    read_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.wait import Look, busy, look, writer_is
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, TimedOut, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    GlobalCluster,
    Kind,
    Operation,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import (
    Already,
    Decision,
    Follow,
    Mode,
    Observed,
    Refuse,
    Start,
    Wanted,
    check_request,
    decide,
    under_way,
)

REACH = 5.0  # seconds that a planned run gives the current primary's Region to answer
READ = 10.0  # seconds that any other observation may take, tries again included
SETTLE = 10.0  # seconds to look for an effect after a call whose answer is unclear
PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds before the next try after a call that had no effect


@dataclass(frozen=True)
class Begun:
    """The operation, what was seen just before, and the call that started it (would start it, in check mode)."""

    operation: Operation
    before: GlobalCluster
    calls: tuple[Call, ...] = ()


def begin(wanted: Wanted, context: Context) -> Begun:
    """Start the operation, unless the target is the writer already or an operation towards it is under way.

    Each call follows a fresh observation and decision. Raises ``Refused`` and ``DrError``.
    """
    wrong = check_request(wanted)
    if wrong:
        raise Refused(wrong)
    perhaps_ours = False
    pauses = iter(PAUSES)
    while True:
        seen = observe(wanted, context)
        decision = decide(seen, wanted)
        if isinstance(decision, Refuse):
            raise Refused(decision.findings)
        if not isinstance(decision, Start):
            return _found(decision, seen.global_cluster, wanted, context, perhaps_ours)
        if context.check_mode:
            return _would_start(decision, seen.global_cluster, wanted, context)
        error = _call(decision, wanted, context)
        if error is None:
            return _started(decision, seen.global_cluster, wanted, context)
        perhaps_ours = _weigh(error, decision, wanted, context) or perhaps_ours
        pause = next(pauses, None)
        if pause is None or context.deadline.remaining(context.clock) <= pause:
            raise aws_error(error, _tried(decision)) from error
        context.clock.sleep(pause)


def observe(wanted: Wanted, context: Context) -> Observed:
    """The global cluster through the target's Region, and the clusters that the decision needs.

    Unplanned, no other Region than the target's is asked. Raises ``Refused`` where the target's Region gives no answer.
    """
    cluster = read_for(wanted, context)
    if under_way(cluster, wanted) is not None:
        return Observed(cluster)
    target = cluster.member(wanted.target)
    planned_from = cluster.writer if wanted.mode is Mode.PLANNED else None
    members = [member for member in (target, planned_from) if member is not None]
    deadline = context.deadline.sooner(context.clock, REACH if planned_from else READ)
    clusters = read_clusters(context.clients, [member.arn for member in members], context.clock, deadline)
    return Observed(
        cluster,
        target=clusters.get(target.arn) if target else None,
        source=clusters.get(planned_from.arn) if planned_from else None,
    )


def read_for(wanted: Wanted, context: Context) -> GlobalCluster:
    """The global cluster through the target's Region. Raises ``Refused`` where there is none or no answer."""
    region, clock = wanted.target_region, context.clock
    deadline = context.deadline.sooner(clock, READ)
    tried = f"Describing the global cluster {wanted.global_cluster_id} (rds:DescribeGlobalClusters in {region})"
    try:
        cluster = again(
            lambda: read_global_cluster(context.clients, region, wanted.global_cluster_id, clock, deadline),
            clock,
            deadline,
        )
    except CALL_ERRORS as exc:
        if effect_of(exc) is Effect.FINAL:
            raise aws_error(exc, tried) from exc
        seen = f"{tried} gave no answer: {type(exc).__name__}: {exc}".rstrip(".") + "."
        remedy = "Nothing can be moved to a Region that can't be reached: check the path to it and its health."
        raise Refused((refusal("target_unreachable", seen, remedy),)) from exc
    if cluster is None:
        seen = f"RDS in {region} knows no global cluster {wanted.global_cluster_id!r} for these credentials."
        remedy = "Check global_cluster_id, the account in use, and that the target's Region is right."
        raise Refused((refusal("unknown_global_cluster", seen, remedy),))
    return cluster


def _call(start: Start, wanted: Wanted, context: Context) -> Exception | None:
    """Make the one call; give the error it ended with."""
    call = api.failover_global_cluster if start.kind is Kind.FAILOVER else api.switchover_global_cluster
    for finding in start.warnings:
        context.warn(f"[{finding.code}] {finding.observed} {finding.remedy}")
    try:
        within(
            lambda: call(context.clients.get("rds", start.region), wanted.global_cluster_id, start.to_arn),
            context.deadline.sooner(context.clock, READ),
            context.clock,
            _tried(start),
        )
    except CALL_ERRORS as exc:
        return exc
    return None


def _weigh(error: Exception, start: Start, wanted: Wanted, context: Context) -> bool:
    """Whether the call may have taken effect in spite of ``error``; raises where another try can't help."""
    effect = effect_of(error)
    if effect is Effect.FINAL:
        raise aws_error(error, _tried(start)) from error
    if effect is Effect.NONE:
        return False
    if not _settled(start, wanted, context) and effect is Effect.WRONG_STATE:
        seen = f"{_tried(start)} was refused, and no operation is under way: {error}".rstrip(".") + "."
        remedy = "Wait until the global cluster and its members are available, then run again."
        raise Refused((refusal("refused_by_rds", seen, remedy),)) from error
    return effect is Effect.UNKNOWN


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
            lambda seen: seen.is_so(busy) or seen.is_so(writer_is(start.to_arn)),
            what="what the call did",
            interval=0.5,
            deadline=deadline,
            clock=clock,
            progress=context.progress,
        )
    except TimedOut:
        return False
    return True


def _found(decision: Decision, before: GlobalCluster, wanted: Wanted, context: Context, ours: bool) -> Begun:
    """What is so without a call of ours, unless an earlier call of this very run did take effect."""
    assert isinstance(decision, (Already, Follow))  # the caller has dealt with the other two
    kind = decision.kind if isinstance(decision, Follow) else wanted.mode.kind
    operation = Operation(
        id=_operation_id(wanted, kind, context),
        kind=kind,
        from_arn=decision.from_arn if isinstance(decision, Follow) else "",
        to_arn=decision.to_arn,
        started=ours,
        already=isinstance(decision, Already) and not ours,
        requested_at=context.clock.wall() if ours else 0.0,
    )
    return Begun(operation, before)


def _started(start: Start, before: GlobalCluster, wanted: Wanted, context: Context) -> Begun:
    begun = _would_start(start, before, wanted, context)
    operation = Operation(
        begun.operation.id, start.kind, start.from_arn, start.to_arn, started=True, requested_at=context.clock.wall()
    )
    return Begun(operation, before, begun.calls)


def _would_start(start: Start, before: GlobalCluster, wanted: Wanted, context: Context) -> Begun:
    operation = Operation(_operation_id(wanted, start.kind, context), start.kind, start.from_arn, start.to_arn)
    return Begun(operation, before, (Call("rds", start.action, start.region),))


def _operation_id(wanted: Wanted, kind: Kind, context: Context) -> str:
    return f"{wanted.global_cluster_id}/{kind.value}/{int(context.clock.wall())}"


def _tried(start: Start) -> str:
    return f"rds:{start.action} in {start.region} towards {start.to_arn}"
