# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""There and home again under load, twice in a row, after each of ten faults: no row is lost without a trace.

Every acknowledged row is at the end in both databases, which are the same, or in a file of lost writes that was made
before the way home. The control opens the failback's gates: it goes home and leaves the lost writes behind.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from home import CAREFUL, differing, failback, nothing_missing, until, wait_until_back, wrongs_at_home
from journal import events
from stage import UNPLANNED, Attempt, Stage
from tracing import Trace

from lab.settings import HOME, STANDBY

SETTLE = 1.0  # seconds of load before anything happens
CIRCLES = 2
LOOKS = 6.0  # seconds in which home is looked at once at least, where it has to be stable for 20


@dataclass(frozen=True)
class Case:
    """``harm`` breaks something, ``away`` fails over, ``heal`` mends it, ``back`` goes home."""

    name: str
    harm: Callable[[Stage], None]
    away: Callable[[Stage], Attempt]
    heal: Callable[[Stage], None]
    back: Callable[[Stage, Trace], Attempt]
    loses: bool = True

    def __str__(self) -> str:
        return self.name


class Circle:
    """Each case is a fault; what was acknowledged must be there at the end, or stand in a file."""

    def cases(self, _stage: Stage) -> Sequence[Case]:
        return CASES

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        stage.lab("reset")
        stage.lab("load", "start", "--rate", "50")
        trace, wrongs = Trace(), list[str]()
        for number in range(1, CIRCLES + 1):
            time.sleep(SETTLE)
            wrongs += [f"circle {number}: {each}" for each in self._tried(stage, case, trace)]
            if wrongs:
                break
        stage.lab("heal", "all")
        stage.lab("load", "stop")
        return wrongs or [*differing(stage), *trace.lost(stage), *_ended_well(stage, case)]

    def _tried(self, stage: Stage, case: Case, trace: Trace) -> list[str]:
        try:
            return self._once(stage, case, trace)
        except SystemExit as waited_in_vain:
            return [str(waited_in_vain)]

    def _once(self, stage: Stage, case: Case, trace: Trace) -> list[str]:
        case.harm(stage)
        away = case.away(stage)
        wrongs = stage.ended_badly(away)
        if not wrongs and case.loses:
            wrongs += stage.other_writers(STANDBY)
        case.heal(stage)
        wait_until_back(stage)
        began = time.time()
        return [*wrongs, *wrongs_at_home(stage, case.back(stage, trace), began)]


def _ended_well(stage: Stage, case: Case) -> list[str]:
    """Clients are served, no Region acknowledged a row once it had been left, and a planned run lost none."""
    report = json.loads(stage.lab("load", "report"))
    wrongs = [] if report["served_again"] else ["clients aren't served"]
    if report["acked_rows"] == 0:
        wrongs.append("nothing was acknowledged: the load says nothing")
    if report["stale_acks"]:
        wrongs.append(f"{report['stale_acks']} rows were acknowledged by a Region that had been left")
    if report["lost_rows"] and not case.loses:
        wrongs.append(f"{report['lost_rows']} acknowledged rows are lost")
    return wrongs


def _nothing(_stage: Stage) -> None:
    pass


def _in_turn(verb: str, what: Sequence[Sequence[str]], stage: Stage) -> None:
    for words in what:
        stage.lab(verb, *words)


def _faults(*faults: Sequence[str]) -> Callable[[Stage], None]:
    return partial(_in_turn, "fault", faults)


def _heals(*heals: Sequence[str]) -> Callable[[Stage], None]:
    return partial(_in_turn, "heal", heals)


def _slow_then_lost(stage: Stage) -> None:
    stage.lab("fault", "wan", "--rate", "30000")
    time.sleep(3.0)
    stage.lab("fault", "region", HOME)


def _unplanned(stage: Stage) -> Attempt:
    return stage.attempt(*UNPLANNED)


def _planned(stage: Stage) -> Attempt:
    return stage.attempt()


def _overtaken(stage: Stage) -> Attempt:
    """Home dies as soon as the switchover was asked for."""
    process = stage.begin()
    _await_call(stage, "SwitchoverGlobalCluster")
    stage.lab("fault", "region", HOME)
    stage.end(process)
    return _again(stage, lambda: stage.attempt(*UNPLANNED))


def _home(stage: Stage, trace: Trace) -> Attempt:
    return trace.go_home(stage)


def _target_lost(stage: Stage, trace: Trace) -> Attempt:
    """Home dies as soon as it was asked to take over: out again, until it is back; then home."""
    if (refused := trace.reconcile_where_refused(stage, failback(stage))) is not None:
        return refused
    process = stage.begin(playbook=CAREFUL)
    _await_call(stage, "SwitchoverGlobalCluster")
    stage.lab("fault", "region", HOME)
    stage.end(process)
    out = _again(stage, lambda: stage.attempt(*UNPLANNED))
    if out.status:
        return out
    stage.lab("heal", "region", HOME)
    wait_until_back(stage)
    return trace.go_home(stage)


def _lost_again(stage: Stage, trace: Trace) -> Attempt:
    """Home dies as soon as the failback has ended."""
    home = trace.go_home(stage)
    if home.status:
        return home
    LOST(stage)
    out = _again(stage, lambda: stage.attempt(*UNPLANNED))
    if out.status:
        return out
    BACK(stage)
    wait_until_back(stage)
    return trace.go_home(stage)


def _flapping(stage: Stage, trace: Trace) -> Attempt:
    """Home comes and goes while it is watched: the failback must leave it alone, and go once it is calm."""
    if (refused := trace.reconcile_where_refused(stage, failback(stage))) is not None:
        return refused
    began = time.time()
    process = stage.begin("-e", "aws_dr_home_stable_for=20", playbook=CAREFUL)
    until("home is watched", lambda: _watched(stage, began), 90.0)
    for _time in range(2):
        time.sleep(LOOKS)
        stage.lab("fault", "region", HOME)
        time.sleep(LOOKS)
        stage.lab("heal", "region", HOME)
        until("home's processes run", lambda: nothing_missing(stage))
    refused = stage.end(process)
    wait_until_back(stage)
    if refused.status == 0:
        return Attempt(1, "it went home while home was flapping", refused.seconds)
    return trace.go_home(stage)


def _watched(stage: Stage, since: float) -> bool:
    return any(event.step == "gate_home_stable" and event.at >= since for event in events(stage.instance))


def _await_call(stage: Stage, action: str) -> None:
    since = time.time()
    until(action, lambda: any(call["action"] == action for call in stage.admin.calls(since=since)), 90.0)


def _again(_stage: Stage, attempt: Callable[[], Attempt]) -> Attempt:
    """An operation that can't be cancelled may have to be waited for."""
    last = attempt()
    for _try in range(3):
        if last.status == 0:
            break
        time.sleep(5.0)
        last = attempt()
    return last


LOST, BACK = _faults(("region", HOME)), _heals(("region", HOME))
CASES = (
    Case("the whole Region is lost", LOST, _unplanned, BACK, _home),
    Case("the database alone dies", _faults(("kill", "postgres", HOME)), _unplanned, _nothing, _home),
    Case("a partition", _faults(("partition",)), _unplanned, _heals(("partition",)), _home),
    Case(
        "replication slows down, then the Region is lost",
        _slow_then_lost,
        _unplanned,
        _heals(("wan",), ("region", HOME)),
        _home,
    ),
    Case("the Region is lost during a planned switchover", _nothing, _overtaken, BACK, _home),
    Case("home is lost again during the failback", LOST, _unplanned, BACK, _target_lost),
    Case("home is lost again right after the failback", LOST, _unplanned, BACK, _lost_again),
    Case("the cache alone dies", _faults(("kill", "valkey", HOME)), _planned, _heals(("process", HOME)), _home, False),
    Case(
        "us-east-1 is gone as well",
        _faults(("api", "black_hole", "--region", "us-east-1"), ("region", HOME)),
        _unplanned,
        _heals(("api",), ("region", HOME)),
        _home,
    ),
    Case("home flaps", LOST, _unplanned, BACK, _flapping),
)
CIRCLE = Circle()
CONTROL = "gates"
