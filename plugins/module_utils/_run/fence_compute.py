# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fencing by stopping what writes: nothing may run any more, and the sessions there are in the database are ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws import standstill
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of, gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import (
    Before,
    Compute,
    FenceState,
    Method,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.fence import (
    compute_state,
    not_restorable,
    to_restore,
    to_stop,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.refusal import ATTEMPT, Held, end_sessions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_applied import Applied
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

CALL = 4.0
SESSION_INTERVAL = 1.0  # seconds between two rounds of ending sessions: what still runs connects again


def read_compute(region: str, listed: Sequence[Compute], context: Context) -> tuple[Compute, ...]:
    """What may run now. Raises botocore's errors and ``DrError``."""

    def reader(what: Compute) -> Callable[[], Compute]:
        return lambda: again(
            lambda: standstill.read(context.clients, region, what),
            context.clock,
            context.deadline.sooner(context.clock, CALL),
        )

    return tuple(all_of({str(each.key): reader(each) for each in listed}, context.deadline, context.clock).values())


def stop_compute(region: str, running: Sequence[Compute], held: Held | None, before: Before, guard: Guard) -> Applied:
    """Stop what runs, then end sessions until none comes back, or the time is over."""
    context, changes = guard.context, to_stop(running)
    calls = tuple(standstill.call_for(region, each) for each in changes)
    if context.check_mode:
        return Applied(Method.COMPUTE, FenceState.FENCED, bool(changes), calls)
    with guard.step("fence_compute", calls, before=before.as_dict()) as step:
        done, trouble = _set_all(region, changes, context)
        sessions, ended = _end_sessions(held, context)
        now = [next((each for each in done if each.key == was.key), was) for was in running]
        state = compute_state(now, sessions)
        step.saw(state=state.value, sessions=sessions, trouble=trouble)
    calls = tuple(standstill.call_for(region, each) for each in done)
    return Applied(Method.COMPUTE, state, bool(done) or ended > 0, calls, trouble=trouble, sessions=sessions)


def restore_compute(region: str, running: Sequence[Compute], before: Before, guard: Guard) -> Applied:
    """Let run again what ran before."""
    context, changes = guard.context, to_restore(running, before)
    for finding in not_restorable(running, before):
        context.warn(f"[{finding.code}] {finding.observed} {finding.remedy}")
    calls = tuple(standstill.call_for(region, each) for each in changes)
    if context.check_mode:
        return Applied(Method.COMPUTE, FenceState.UNFENCED, bool(changes), calls)
    if not changes:
        guard.already("unfence_compute")
        return Applied(Method.COMPUTE, FenceState.UNFENCED)
    with guard.step("unfence_compute", calls, before=before.as_dict()) as step:
        done, trouble = _set_all(region, changes, context)
        state = FenceState.UNFENCED if len(done) == len(changes) else FenceState.PARTIAL
        step.saw(state=state.value, trouble=trouble)
    calls = tuple(standstill.call_for(region, each) for each in done)
    return Applied(Method.COMPUTE, state, bool(done), calls, trouble=trouble)


def _set_all(region: str, changes: Sequence[Compute], context: Context) -> tuple[tuple[Compute, ...], str]:
    """Set each; those that are so now, and what went wrong. Setting it twice does no harm: so it is tried again."""

    def setter(what: Compute) -> Callable[[], None]:
        deadline = context.deadline.sooner(context.clock, 2 * CALL)

        def once() -> None:
            limit = deadline.sooner(context.clock, CALL)
            within(
                lambda: standstill.apply(context.clients, region, what), limit, context.clock, f"Setting {what.name}"
            )

        return lambda: again(once, context.clock, deadline)

    outcomes = gather({str(each.key): setter(each) for each in changes}, context.deadline, context.clock)
    for outcome in outcomes.values():
        if outcome.error is not None and not isinstance(outcome.error, CALL_ERRORS):
            raise outcome.error
    trouble = "; ".join(f"{type(each.error).__name__}: {each.error}" for each in outcomes.values() if each.error)
    return tuple(each for each in changes if outcomes[str(each.key)].ok), trouble


def _end_sessions(held: Held | None, context: Context) -> tuple[int | None, int]:
    """How many are left (``None``: not known), and how many were ended. None is left once two rounds find none."""
    if held is None:
        return None, 0
    rounds: list[int] = []

    def end() -> list[int]:
        rounds.append(
            within(
                lambda: end_sessions(held),
                context.deadline.sooner(context.clock, ATTEMPT),
                context.clock,
                "Ending sessions",
            )
        )
        return rounds

    try:
        wait_until(
            end,
            lambda seen: seen[-2:] == [0, 0],
            what="clients' sessions to end",
            interval=SESSION_INTERVAL,
            deadline=context.deadline.sooner(
                context.clock, max(0.0, context.deadline.remaining(context.clock) - 2 * ATTEMPT)
            ),
            clock=context.clock,
            progress=context.progress,
        )
    except TimedOut:
        return (rounds[-1] if rounds else None), sum(rounds)
    except DrError:
        return None, sum(rounds)
    return 0, sum(rounds)
