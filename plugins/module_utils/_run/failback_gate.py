# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting at a gate of a failback: until it is open, can't open any more, or the time is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import (
    FailbackSeen,
    Losses,
    Obstacle,
    Step,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback import gate
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_stability import (
    Watch,
    after,
    is_stable,
    obstacle,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.failback import Way, look, witnesses

EARLY, EARLY_INTERVAL, INTERVAL = 10.0, 0.5, 5.0  # seconds: looked at often at first, then less
SAMPLES = 5  # that a stable stretch has at least, however short it is


@dataclass(frozen=True)
class Passed:
    """A gate that is open: what was seen of the databases, and of home where that was watched."""

    seen: FailbackSeen | None
    watch: Watch | None = None


def way_of(options: Mapping[str, Any]) -> Way:
    """The record of a module's options."""
    from_latch = options["latch"] or {}
    return Way(
        workload=options["workload"],
        home=options["home"],
        standby=options["standby"],
        database=Database.from_options(options["database"]),
        api_url=options["api_url"],
        table=options["table"],
        table_region=options["standby"],
        datastore_id=options["global_replication_group_id"],
        bucket=from_latch.get("bucket"),
        bucket_key=from_latch.get("key", ""),
        resolvers=options["resolvers"],
    )


def losses_of(options: Mapping[str, Any]) -> Losses:
    """What was accepted of lost writes."""
    return Losses(accepted=options["accept_unreconciled"], reason=options["reason"])


def wait_at(step: Step, way: Way, losses: Losses, context: Context) -> Passed:
    """Wait until ``step`` may be made. Raises ``Refused`` where it can't, or not in time."""
    last: list[tuple[Obstacle, ...]] = [()]

    def observe() -> FailbackSeen:
        seen = look(way, context, losses)
        last[0] = gate(step, seen)
        return seen

    def decided(_seen: FailbackSeen) -> bool:
        return not last[0] or any(not each.passes for each in last[0])

    seen = _waited(observe, decided, lambda: last[0], f"the gate {step.value}", _interval, context)
    _demand_open(last[0])
    return Passed(seen)


def wait_stable(way: Way, stable_for: float, interval: float, context: Context) -> Passed:
    """Watch home until it has been well for ``stable_for`` seconds. Raises ``Refused`` where it flaps, or isn't."""
    seen = look(way, context)
    watch = Watch()
    pause = min(interval, stable_for / SAMPLES)

    def observe() -> Watch:
        nonlocal watch
        told = witnesses(way, context, seen.fence)
        watch = after(watch, told, context.clock.monotonic())
        return watch

    def found() -> tuple[Obstacle, ...]:
        why = obstacle(watch, way.home, stable_for)
        return (why,) if why else ()

    def decided(now: Watch) -> bool:
        return is_stable(now, stable_for) or any(not each.passes for each in found())

    _waited(observe, decided, found, f"{way.home} to be well for {stable_for:g} s", lambda _waited: pause, context)
    _demand_open(found())
    return Passed(seen, watch)


def _waited(
    observe: Callable[[], Any],
    decided: Callable[[Any], bool],
    found: Callable[[], tuple[Obstacle, ...]],
    what: str,
    interval: Callable[[float], float],
    context: Context,
) -> Any:
    try:
        return wait_until(
            observe,
            decided,
            what=what,
            interval=interval,
            deadline=context.deadline,
            clock=context.clock,
            progress=context.progress,
        )
    except TimedOut:
        _demand_open(found())
        raise


def _demand_open(obstacles: tuple[Obstacle, ...]) -> None:
    if obstacles:
        raise Refused(tuple(each.finding for each in obstacles))


def _interval(waited: float) -> float:
    return EARLY_INTERVAL if waited < EARLY else INTERVAL
