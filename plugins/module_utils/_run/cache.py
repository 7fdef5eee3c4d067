# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Promoting a cache: observe, decide, call once; and where the answer is unclear, observe again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import (
    CALL_ERRORS,
    NO_EFFECT,
    Effect,
    effect_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache.observe import (
    Look,
    look,
    read_datastore,
    read_group,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, TimedOut, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import (
    CacheOperation,
    Datastore,
    ReplicationGroup,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cache import (
    Already,
    Follow,
    Observed,
    Refuse,
    Start,
    Wanted,
    check_request,
    decide,
    from_datastore,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

READ = 10.0  # seconds that an observation may take, tries again included
ELSEWHERE = 5.0  # seconds to ask the other Region who the members are
CALL = 4.0  # seconds that the one call has for its answer: after that, looking tells more than waiting
SETTLE = 10.0  # seconds to look for an effect after a call whose answer is unclear
PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds before the next try after a call that had no effect
STEP = "promote_cache"


class CacheRefused(Refused):
    """A refusal of the cache's own, which a task may be told to pass over; a lost lease never is."""


@dataclass(frozen=True)
class Begun:
    """The operation, what was seen just before, and the call that started it (would start it, in check mode)."""

    operation: CacheOperation
    before: Datastore
    calls: tuple[Call, ...] = ()


def begin(wanted: Wanted, guard: Guard) -> Begun:
    """Start the promotion, unless the target is the primary already or the datastore is being modified.

    Each call follows a fresh observation and decision. Raises ``Refused`` and ``DrError``.
    """
    context = guard.context
    _refuse(check_request(wanted))
    unclear: Begun | None = None
    pauses = iter(PAUSES)
    while True:
        seen = observe(wanted, context)
        decision = decide(seen, wanted)
        if isinstance(decision, Refuse):
            raise CacheRefused(decision.findings)
        if not isinstance(decision, Start):
            return unclear or _found(decision, seen.datastore, wanted, guard)
        begun = _request(decision, seen.datastore, wanted, context)
        if context.check_mode:
            return begun
        begun = replace(begun, operation=replace(begun.operation, started=True))
        with guard.step(STEP, begun.calls) as step:
            error = _call(decision, wanted, context)
            may_have_worked = error is not None and _may_have_worked(error, wanted, context)
            step.saw(target=wanted.target, answer=type(error).__name__ if error else "accepted")
        if error is None:
            return begun
        unclear = begun if may_have_worked else unclear
        pause = next(pauses, None)
        if pause is None or context.deadline.remaining(context.clock) <= pause:
            raise aws_error(error, _tried(wanted)) from error
        context.clock.sleep(0.0 if may_have_worked else pause)  # an unclear call has been looked after long enough


def observe(wanted: Wanted, context: Context) -> Observed:
    """The datastore and the target's own group, both through the target's Region; no other is asked.

    Raises ``Refused`` where that Region gives no answer.
    """
    datastore = read_for(wanted, context)
    member = datastore.member(wanted.target)
    if member is None or from_datastore(datastore, wanted) is not None:
        return Observed(datastore)
    deadline = context.deadline.sooner(context.clock, READ)
    name = member.group

    def read() -> ReplicationGroup:
        return again(lambda: read_group(context.clients, wanted.target, name), context.clock, deadline)

    outcome = gather({"group": read}, deadline, context.clock)["group"]
    if outcome.error is not None and not isinstance(outcome.error, CALL_ERRORS):
        raise outcome.error
    if outcome.error is not None and effect_of(outcome.error) is Effect.FINAL:
        raise aws_error(outcome.error, f"Describing {name} (elasticache:DescribeReplicationGroups in {wanted.target})")
    return Observed(datastore, outcome.value)


def read_for(wanted: Wanted, context: Context) -> Datastore:
    """The datastore through the target's Region. Raises ``Refused`` where there is none or no answer."""
    region, clock = wanted.target, context.clock
    deadline = context.deadline.sooner(clock, READ)
    tried = f"Describing {wanted.datastore_id} (elasticache:DescribeGlobalReplicationGroups in {region})"
    try:
        found = again(
            lambda: read_datastore(context.clients, region, wanted.datastore_id, clock, deadline), clock, deadline
        )
    except CALL_ERRORS as exc:
        if effect_of(exc) is Effect.FINAL:
            raise aws_error(exc, tried) from exc
        seen = f"{tried} gave no answer: {type(exc).__name__}: {exc}".rstrip(".") + "."
        remedy = "Nothing can be moved to a Region that can't be reached: check the path to it and its health."
        raise CacheRefused((refusal("target_unreachable", seen, remedy),)) from exc
    return found or _known_elsewhere(wanted, context)


def _known_elsewhere(wanted: Wanted, context: Context) -> Datastore:
    """The datastore as another Region knows it where the target's has no member of it; else raises ``Refused``."""
    clock = context.clock
    deadline = context.deadline.sooner(clock, ELSEWHERE)

    def reader(region: str) -> Callable[[], Datastore | None]:
        return lambda: read_datastore(context.clients, region, wanted.datastore_id, clock, deadline)

    others = {region: reader(region) for region in wanted.regions if region != wanted.target}
    answers = gather(others, deadline, clock)
    for answer in answers.values():
        if answer.value is not None and answer.value.member(wanted.target) is None:
            return answer.value
    silent = [region for region, answer in answers.items() if not answer.ok]
    seen = f"ElastiCache in {wanted.target} knows no global datastore {wanted.datastore_id!r} for these credentials."
    seen += f" No answer from {', '.join(silent)}." if silent else ""
    remedy = "Check global_replication_group_id (with the five letters that AWS puts before it), account and Regions."
    raise CacheRefused((refusal("unknown_global_datastore", seen, remedy),))


def _call(start: Start, wanted: Wanted, context: Context) -> Exception | None:
    """Make the one call; give the error it ended with."""
    for finding in start.warnings:
        context.warn(f"[{finding.code}] {finding.observed} {finding.remedy}")
    region, group = wanted.target, start.member.group
    try:
        within(
            lambda: api.failover_global_replication_group(
                context.clients.get("elasticache", region), wanted.datastore_id, region, group
            ),
            context.deadline.sooner(context.clock, CALL),
            context.clock,
            _tried(wanted),
        )
    except CALL_ERRORS as exc:
        return exc
    return None


def _may_have_worked(error: Exception, wanted: Wanted, context: Context) -> bool:
    """Whether the call may have taken effect in spite of ``error``; raises where another try can't help."""
    effect = effect_of(error)
    if effect is Effect.FINAL:
        raise aws_error(error, _tried(wanted)) from error
    if effect in NO_EFFECT:
        return False
    if not _settled(wanted, context) and effect is Effect.CONFLICT:
        seen = f"{_tried(wanted)} was refused, and nothing is under way: {error}".rstrip(".") + "."
        remedy = "Wait until the global datastore and its members are available, then run again."
        raise CacheRefused((refusal("refused_by_elasticache", seen, remedy),)) from error
    return effect is Effect.UNKNOWN


def _settled(wanted: Wanted, context: Context) -> bool:
    """Look for a modification, or for the target as the primary, for ``SETTLE`` seconds at most."""
    clock = context.clock
    deadline = context.deadline.sooner(clock, SETTLE)

    def read() -> Look:
        return look(
            lambda: read_datastore(context.clients, wanted.target, wanted.datastore_id, clock, deadline),
            "Looking for what the call did (elasticache:DescribeGlobalReplicationGroups)",
        )

    def has_effect(seen: Look) -> bool:
        store = seen.datastore
        return store is not None and (not store.idle or is_primary(store, wanted.target))

    try:
        wait_until(
            read,
            has_effect,
            what="what the call did",
            interval=0.5,
            deadline=deadline,
            clock=clock,
            progress=context.progress,
        )
    except TimedOut:
        return False
    return True


def is_primary(datastore: Datastore, region: str) -> bool:
    """The member of that Region is the primary."""
    return datastore.primary is not None and datastore.primary.region == region


def _found(decision: Already | Follow, before: Datastore, wanted: Wanted, guard: Guard) -> Begun:
    """What is so without any call of ours."""
    already = isinstance(decision, Already)
    if already and not guard.context.check_mode:
        guard.already(STEP, primary=wanted.target)
    primary = before.primary
    operation = CacheOperation(
        id=_operation_id(wanted, guard.context),
        from_region="" if already or primary is None else primary.region,
        to_region=wanted.target,
        group=decision.member.group,
        already=already,
    )
    return Begun(operation, before)


def _request(start: Start, before: Datastore, wanted: Wanted, context: Context) -> Begun:
    """The operation as it is about to be requested."""
    operation = CacheOperation(
        id=_operation_id(wanted, context),
        from_region=start.from_region,
        to_region=wanted.target,
        group=start.member.group,
        requested_at=0.0 if context.check_mode else context.clock.wall(),
    )
    return Begun(operation, before, (Call("elasticache", "FailoverGlobalReplicationGroup", wanted.target),))


def _operation_id(wanted: Wanted, context: Context) -> str:
    return f"{wanted.datastore_id}/{wanted.target}/{int(context.clock.wall())}"


def _tried(wanted: Wanted) -> str:
    return f"elasticache:FailoverGlobalReplicationGroup in {wanted.target} of {wanted.datastore_id}"


def _refuse(findings: tuple[Finding, ...]) -> None:
    if findings:
        raise CacheRefused(findings)
