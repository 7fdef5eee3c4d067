# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading capacity and quotas, scaling, and waiting for it to serve: all targets at once, each with its own outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.autoscaling import api as autoscaling
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.autoscaling import (
    transform as autoscaling_transform,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ecs import api as ecs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ecs import transform as ecs_transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.lambda_ import api as functions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.lambda_ import transform as functions_transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.quotas import api as quotas
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.quotas.transform import quotas as as_quotas
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import (
    Capacity,
    Goal,
    Quota,
    Target,
    TargetKind,
    TargetSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.capacity import (
    Scale,
    decide,
    failed,
    goal_of,
    serves,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

READ = 10.0  # seconds that an observation may take, tries again included
CALL = 5.0  # seconds that a change has for its answer: after that, looking tells more than waiting
PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before a target is looked at again after a change without a clear answer
EARLY, EARLY_INTERVAL, INTERVAL = 10.0, 0.5, 2.0  # seconds: often at first, then gently, as AWS limits the calls


@dataclass(frozen=True)
class Outcome:
    """What became of a target: what was to be, what is, and why it isn't as it should be. ``call``: what it took."""

    goal: Goal
    seen: Capacity | None
    call: Call | None = None
    error: str = ""

    @property
    def served(self) -> bool:
        return not self.error and serves(self.goal, self.seen)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.goal.target.id,
            "kind": self.goal.target.kind.value,
            "before": self.goal.before,
            "desired": self.goal.desired,
            "serving": self.seen.serving if self.seen else None,
            "served": self.served,
            "changed": self.call is not None,
            "error": self.error,
        }


def read_capacity(region: str, targets: Sequence[Target], context: Context) -> tuple[TargetSeen, ...]:
    """What was seen of each target, all at once. What gave no answer is unknown."""
    deadline = context.deadline.sooner(context.clock, READ)

    def reader(target: Target) -> Callable[[], Capacity | None]:
        return lambda: again(lambda: _read(region, target, context), context.clock, deadline)

    outcomes = gather({target.id: reader(target) for target in targets}, deadline, context.clock)
    seen = []
    for target in targets:
        outcome = outcomes[target.id]
        if outcome.error is not None and not isinstance(outcome.error, CALL_ERRORS):
            raise outcome.error
        error = _said(outcome.error) if outcome.error else "" if outcome.value else f"there is no {target.id}"
        missing = outcome.error is None and outcome.value is None
        seen.append(TargetSeen(target, outcome.value, error, missing))
    return tuple(seen)


def read_quotas(region: str, services: Sequence[str], context: Context) -> dict[str, tuple[Quota, ...] | None]:
    """The quotas of each service (by Service Quotas' code) in a Region; ``None`` where it gave no answer."""
    deadline = context.deadline.sooner(context.clock, READ)

    def reader(service: str) -> Callable[[], tuple[Quota, ...]]:
        client = context.clients
        return lambda: again(
            lambda: as_quotas(quotas.list_quotas(client.get("service-quotas", region), service)),
            context.clock,
            deadline,
        )

    outcomes = gather({service: reader(service) for service in services}, deadline, context.clock)
    return {service: outcomes[service].value for service in services}


def start(region: str, targets: Sequence[Target], allow_scale_down: bool, guard: Guard) -> tuple[Outcome, ...]:
    """Ask for what is wanted, of all targets at once. In check mode: what would be asked.

    A target that fails doesn't keep the others from being scaled: its outcome has the error.
    """
    context = guard.context
    seen = read_capacity(region, targets, context)
    plans = [_plan(each, region, allow_scale_down) for each in seen]
    calls = [outcome.call for _scale, outcome in plans if outcome.call]
    if context.check_mode or not calls:
        if not calls and not context.check_mode:
            guard.already("scale_compute", region=region)
        return tuple(outcome for _scale, outcome in plans)
    with guard.step("scale_compute", calls) as step:
        done = _change_all(region, plans, allow_scale_down, context)
        step.saw(region=region, targets=[outcome.as_dict() for outcome in done])
    return done


def finish(region: str, goals: Sequence[Goal], context: Context) -> tuple[Outcome, ...]:
    """Wait until every target serves, or can't any more. Starts nothing; a target that is late has the error."""
    latest: dict[str, TargetSeen] = {}

    def look() -> str:
        waiting = [goal for goal in goals if not _is_over(goal, latest.get(goal.target.id))]
        for seen in read_capacity(region, [goal.target for goal in waiting], context):
            if seen.capacity is not None or seen.target.id not in latest:
                latest[seen.target.id] = seen
        return "; ".join(_progress(goal, latest[goal.target.id]) for goal in goals)

    late = ""
    try:
        wait_until(
            look,
            lambda _seen: all(_is_over(goal, latest.get(goal.target.id)) for goal in goals),
            what=f"the compute of {region} to serve",
            interval=lambda waited: EARLY_INTERVAL if waited < EARLY else INTERVAL,
            deadline=context.deadline,
            clock=context.clock,
            progress=context.progress,
        )
    except TimedOut:
        late = "it doesn't serve yet"
    return tuple(_judged(goal, latest[goal.target.id], late) for goal in goals)


def _read(region: str, target: Target, context: Context) -> Capacity | None:
    """One look at a target; ``None`` where there is none of that name."""
    if target.kind is TargetKind.LAMBDA:
        client = context.clients.get("lambda", region)
        return functions_transform.capacity(functions.get_concurrency(client, target.parent, target.name))
    if target.kind is TargetKind.ECS:
        service = ecs.describe_service(context.clients.get("ecs", region), target.parent, target.name)
        return ecs_transform.capacity(service) if service else None
    client = context.clients.get("autoscaling", region)
    group = autoscaling.describe_group(client, target.name)
    if group is None:
        return None
    seen = autoscaling_transform.capacity(group)
    if seen.serving >= seen.desired or seen.blocked:
        return seen
    return autoscaling_transform.capacity(group, _activities(client, target.name))


def _activities(client: Any, name: str) -> list[dict[str, Any]]:
    """Why launches fail, where that may be read; it is no reason not to see the group."""
    try:
        return autoscaling.describe_activities(client, name)
    except CALL_ERRORS:
        return []


def _plan(seen: TargetSeen, region: str, allow_scale_down: bool) -> tuple[Scale | None, Outcome]:
    if seen.capacity is None:
        return None, Outcome(Goal(seen.target, seen.target.desired, None), None, error=seen.error)
    scale = decide(seen.target, seen.capacity, allow_scale_down)
    goal = Goal(seen.target, goal_of(seen.target, seen.capacity, allow_scale_down), seen.capacity.desired)
    call = Call(scale.service, scale.action, region) if scale else None
    return scale, Outcome(goal, seen.capacity, call)


def _change_all(
    region: str, plans: Sequence[tuple[Scale | None, Outcome]], allow_scale_down: bool, context: Context
) -> tuple[Outcome, ...]:
    def changer(scale: Scale) -> Callable[[], Capacity | None]:
        return lambda: _change(region, scale, allow_scale_down, context)

    jobs = {outcome.goal.target.id: changer(scale) for scale, outcome in plans if scale}
    results = gather(jobs, context.deadline, context.clock)
    done = []
    for scale, outcome in plans:
        result = results.get(outcome.goal.target.id)
        if scale is None or result is None:
            done.append(outcome)
        elif result.error is None:
            done.append(Outcome(outcome.goal, result.value or outcome.seen, outcome.call))
        elif isinstance(result.error, CALL_ERRORS):
            done.append(Outcome(outcome.goal, outcome.seen, outcome.call, _said(result.error)))
        else:
            raise result.error
    return tuple(done)


def _change(region: str, scale: Scale, allow_scale_down: bool, context: Context) -> Capacity | None:
    """Call once; where the answer is unclear, look, and call again only if nothing has come of it."""
    pauses = iter(PAUSES)
    while True:
        tried = f"{scale.service}:{scale.action} in {region}"
        try:
            within(
                lambda: _call(region, scale, context),
                context.deadline.sooner(context.clock, CALL),
                context.clock,
                tried,
            )
            return None
        except CALL_ERRORS as exc:
            pause = next(pauses, None)
            if effect_of(exc) is Effect.FINAL or pause is None or context.deadline.remaining(context.clock) <= pause:
                raise
        context.clock.sleep(pause)
        (seen,) = read_capacity(region, [scale.target], context)
        if seen.capacity is not None and decide(scale.target, seen.capacity, allow_scale_down) is None:
            return seen.capacity


def _call(region: str, scale: Scale, context: Context) -> None:
    target, client = scale.target, context.clients.get(scale.service, region)
    if target.kind is TargetKind.ASG:
        autoscaling.update_group(client, target.name, scale.desired, scale.minimum, scale.maximum)
    elif target.kind is TargetKind.ECS:
        ecs.update_service(client, target.parent, target.name, scale.desired)
    elif scale.desired:
        functions.put_concurrency(client, target.parent, target.name, scale.desired)
    else:
        functions.delete_concurrency(client, target.parent, target.name)


def _is_over(goal: Goal, seen: TargetSeen | None) -> bool:
    return seen is not None and (serves(goal, seen.capacity) or failed(goal, seen.capacity))


def _progress(goal: Goal, seen: TargetSeen) -> str:
    counts = f"{seen.capacity.serving} of {goal.desired} serve" if seen.capacity else f"unknown ({seen.error})"
    blocked = f" ({seen.capacity.blocked})" if seen.capacity and seen.capacity.blocked else ""
    return f"{goal.target.id}: {counts}{blocked}"


def _judged(goal: Goal, seen: TargetSeen, late: str) -> Outcome:
    if serves(goal, seen.capacity):
        return Outcome(goal, seen.capacity)
    blocked = seen.capacity.blocked if seen.capacity else seen.error
    return Outcome(goal, seen.capacity, error=blocked or late or "it doesn't serve")


def _said(error: Exception) -> str:
    return aws_error(error, "").seen if not isinstance(error, TimedOut) else error.seen


def operation_of(region: str, outcomes: Sequence[Outcome], requested_at: float) -> dict[str, Any]:
    """What a start hands to the wait: the goals, plain enough to pass through a play.

    What couldn't be asked for won't come, and isn't waited for.
    """
    goals = [
        {
            "kind": outcome.goal.target.kind.value,
            "name": outcome.goal.target.name,
            "parent": outcome.goal.target.parent,
            "desired": outcome.goal.desired,
            "before": outcome.goal.before,
        }
        for outcome in outcomes
        if not outcome.error
    ]
    return {"region": region, "goals": goals, "requested_at": requested_at}


def goals_of(operation: Mapping[str, Any]) -> tuple[Goal, ...]:
    """The goals of what a start returned."""
    return tuple(
        Goal(Target(TargetKind(each["kind"]), each["name"], each["parent"] or ""), each["desired"], each["before"])
        for each in operation["goals"]
    )
