# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting a promotion: observe, decide, call once; and where the answer is unclear, observe again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import (
    CALL_ERRORS,
    NO_EFFECT,
    Effect,
    effect_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    again,
    read_clusters,
    read_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.wait import Look, busy, look, writer_is
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    Refused,
    TimedOut,
    aws_error,
    error_code,
    having_made,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
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
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

STEP = "promote_database"
REACH = 5.0  # seconds that a planned run gives the current primary's Region to answer
READ = 10.0  # seconds that any other observation may take, tries again included
CALL = 4.0  # seconds that the one call has for its answer: after that, looking tells more than waiting
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
        return _begin(wanted, guard, doubtful)


def _begin(wanted: Wanted, guard: Guard, doubtful: list[Call]) -> Begun:
    """``doubtful`` takes the calls that may have worked."""
    context = guard.context
    unclear: Begun | None = None
    pauses = iter(PAUSES)
    while True:
        seen = observe(wanted, context)
        decision = decide(seen, wanted)
        if isinstance(decision, Refuse):
            raise Refused(decision.findings)
        if not isinstance(decision, Start):
            found = unclear or _found(decision, seen.global_cluster, wanted, context)
            guard.already(STEP, already_writer=found.operation.already, operation=found.operation.kind.value)
            return found
        request = _request(decision, seen.global_cluster, wanted, context)
        if context.check_mode:
            return request
        begun = replace(request, operation=replace(request.operation, started=True))
        with guard.step(STEP, begun.calls) as step:
            error = _call(decision, wanted, context)
            step.saw(answer="taken in" if error is None else error_code(error))
        if error is None:
            return begun
        if _may_have_worked(error, decision, wanted, context):
            unclear = begun
            doubtful.extend(begun.calls)
        pause = next(pauses, None)
        if pause is None or context.deadline.remaining(context.clock) <= pause:
            raise aws_error(error, _tried(decision)) from error
        context.clock.sleep(0.0 if unclear else pause)  # an unclear call has been looked after for long enough


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
    return cluster or _known_elsewhere(wanted, context)


def _known_elsewhere(wanted: Wanted, context: Context) -> GlobalCluster:
    """The global cluster as another Region knows it where the target's has no member of it; else raises ``Refused``."""
    clock = context.clock
    deadline = context.deadline.sooner(clock, REACH)
    # Unplanned, nothing is asked of the impaired Region.
    asked_too = wanted.regions if wanted.mode is Mode.PLANNED else ()
    others = [region for region in asked_too if region != wanted.target_region]

    def reader(region: str) -> Callable[[], GlobalCluster | None]:
        return lambda: read_global_cluster(context.clients, region, wanted.global_cluster_id, clock, deadline)

    answers = gather({region: reader(region) for region in others}, deadline, clock)
    for answer in answers.values():
        if answer.value is not None and answer.value.member(wanted.target) is None:
            return answer.value
    silent = [region for region, answer in answers.items() if not answer.ok]
    asked = ", ".join(region for region in (wanted.target_region, *others) if region not in silent)
    seen = f"RDS in {asked} knows no global cluster {wanted.global_cluster_id!r} for these credentials."
    seen += f" No answer from {', '.join(silent)}." if silent else ""
    remedy = "Check global_cluster_id, the account in use, and the Regions."
    raise Refused((refusal("unknown_global_cluster", seen, remedy),))


def _call(start: Start, wanted: Wanted, context: Context) -> Exception | None:
    """Make the one call; give the error it ended with."""
    call = api.failover_global_cluster if start.kind is Kind.FAILOVER else api.switchover_global_cluster
    for finding in start.warnings:
        context.warn(f"[{finding.code}] {finding.observed} {finding.remedy}")
    try:
        within(
            lambda: call(context.clients.get("rds", start.region), wanted.global_cluster_id, start.to_arn),
            context.deadline.sooner(context.clock, CALL),
            context.clock,
            _tried(start),
        )
    except CALL_ERRORS as exc:
        return exc
    return None


def _may_have_worked(error: Exception, start: Start, wanted: Wanted, context: Context) -> bool:
    """Whether the call may have taken effect in spite of ``error``; raises where another try can't help."""
    effect = effect_of(error)
    if effect is Effect.FINAL:
        raise aws_error(error, _tried(start)) from error
    if effect in NO_EFFECT:
        return False
    if not _settled(start, wanted, context) and effect is Effect.CONFLICT:
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
    return Begun(operation, before, (Call("rds", start.action, start.region),))


def _operation_id(wanted: Wanted, kind: Kind, context: Context) -> str:
    return f"{wanted.global_cluster_id}/{kind.value}/{int(context.clock.wall())}"


def _tried(start: Start) -> str:
    return f"rds:{start.action} in {start.region} towards {start.to_arn}"
