# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads afresh what a trigger is decided on, at once and from the target's Region alone; and puts it on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.background import Background
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_dead
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import (
    EVERY_WORKLOAD,
    Action,
    Decision,
    DecisionRecord,
    Surroundings,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import trigger_case as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.health import SERVICES
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.reading import why_unread

RUNS = 10  # of the last ones, that are read
IN_PASSING = 0.3  # seconds that a failover may be kept by its record
RIVALS = 3  # deciders at the same moment, each of which gets a number


@dataclass(frozen=True)
class Place:
    """What is decided for, and where it is read. ``leg`` is the target's, ``home`` the Region that may be lost."""

    workload: str
    lock: str
    home: str
    leg: Leg
    database: Database | None
    resolvers: Sequence[str]
    patience: float


@dataclass(frozen=True)
class Known:
    """``unread`` says why, by what couldn't be read. ``before`` is the last decision on record.

    ``goes_on``: a failover of the policy's own was killed. It may have moved the writer, and its lease holds nobody up.
    """

    surroundings: Surroundings
    before: DecisionRecord | None
    unread: Mapping[str, str]
    goes_on: bool = False


def look(place: Place, store: Store, context: Context) -> Known:
    """Everything at once under one deadline. What isn't read by then is unknown."""
    deadline = context.deadline.sooner(context.clock, place.patience)
    services = _services(place, deadline, context)
    jobs: dict[str, Callable[[], Any]] = {
        "kill switch": lambda: plan.engaged([store.read_switch(EVERY_WORKLOAD), store.read_switch(place.workload)]),
        "lock": lambda: _lease(place, store),
        "runs": lambda: store.read_history(place.workload, RUNS),
        "baseline": lambda: store.read_baseline(place.workload),
        "decisions": lambda: store.read_decisions(place.workload),
        **services,
    }
    outcomes = gather(jobs, deadline, context.clock)
    unread = {name: why_unread(name, outcome, False) for name, outcome in outcomes.items() if outcome.error}
    now = context.clock.wall()
    seen: dict[str, Any] = {name: unread.get(name) or outcomes[name].value for name in services}
    runs = _value(outcomes["runs"])
    lease = _value(outcomes["lock"]) or _Lease(None, False)
    surroundings = Surroundings(
        wall=now,
        writer_region=place.home if lease.goes_on else _writer(seen.get("database"), outcomes, unread),
        target_healthy=plan.target_healthy(place.leg.region, seen, now),
        kill_switch=_value(outcomes["kill switch"]),
        lease_held=lease.held,
        since_last_run=None if runs is None else plan.since_last_run(runs, now),
    )
    decisions = _value(outcomes["decisions"]) or ()
    return Known(surroundings, decisions[0] if decisions else None, unread, lease.goes_on)


def record(decision: Decision, known: Known, by: str, store: Store, context: Context) -> bool:
    """Write the decision if it is news; say whether it is on record by now. A failover hardly waits for it."""
    made = plan.record_of(decision, known.before, context.clock.wall(), by)
    if made is None:
        return known.before is not None
    job = Background("decision", partial(_write, made, store), context.clock)
    patience = IN_PASSING if decision.action is Action.FAIL_OVER else context.deadline.remaining(context.clock)
    outcome = job.wait(patience)
    if outcome is None or not outcome.value:
        context.warn(f"The decision isn't on record: {_why(outcome)}")
        return False
    return True


def _write(made: DecisionRecord, store: Store) -> bool:
    return any(store.write_decision(replace(made, number=made.number + rival)) for rival in range(RIVALS))


def _why(outcome: Outcome[bool] | None) -> str:
    return "the state table hasn't answered yet" if outcome is None else str(outcome.error or "others wrote theirs")


def _services(place: Place, deadline: Deadline, context: Context) -> dict[str, Callable[[], Any]]:
    lookout = Lookout(
        clients=context.clients,
        clock=context.clock,
        deadline=deadline,
        resolvers=place.resolvers,
        request_timeout=place.patience,
        database=place.database,
        ca_path=None,
    )
    return {
        name: partial(service.look, place.leg, lookout)
        for name, service in SERVICES.items()
        if service.asked(place.leg)
    }


@dataclass(frozen=True)
class _Lease:
    held: bool | None
    goes_on: bool


def _lease(place: Place, store: Store) -> _Lease:
    lock = store.read_lock(place.lock)
    run = store.read_run(lock.run_id) if lock and lock.run_id else None
    dead = lock is not None and lock.holder is not None and is_dead(lock.holder)
    goes_on = plan.was_killed(run, dead, place.leg.region)
    return _Lease(plan.lease_held(lock, run) and not goes_on, goes_on)


def _writer(database: Any, outcomes: Mapping[str, Outcome[Any]], unread: Mapping[str, str]) -> str | None:
    """Without knowing the runs since then, a baseline tells nothing."""
    baseline = None if "baseline" in unread or "runs" in unread else outcomes["baseline"].value
    return plan.writer_region(database, baseline, outcomes["runs"].value or ())


def _value(outcome: Outcome[Any]) -> Any:
    return None if outcome.error else outcome.value
