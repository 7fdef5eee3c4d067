# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL after every AWS call of a failover, the state table's included: with or without its workers; then again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from stage import UNPLANNED, Stage, calls_of, lose_home

SETTLE = 1.0  # seconds that the load has before and after


@dataclass(frozen=True)
class Case:
    """After which call (from 1), and whether the workers die as well."""

    after: int
    call: str
    tree: bool

    def __str__(self) -> str:
        workers = "with its workers" if self.tree else "its worker lives on"
        return f"killed after call {self.after} ({self.call}), {workers}"


@dataclass(frozen=True)
class Crash:
    """A matrix of crash points: ``planned`` ones run under load, and may lose no row."""

    planned: bool

    @property
    def _extra(self) -> tuple[str, ...]:
        return () if self.planned else UNPLANNED

    def cases(self, stage: Stage) -> Sequence[Case]:
        """One for each call of an uninterrupted run, in both variants."""
        self._prepare(stage)
        began = time.time()
        last = stage.attempt(*self._extra)
        if last.status:
            raise SystemExit(f"the uninterrupted run failed: {last.output[-2000:]}")
        calls = calls_of(stage, began)
        names = [f"{call['service']}:{call['action']} {call['region']}" for call in calls]
        return [Case(after, name, tree) for after, name in enumerate(names, 1) for tree in (True, False)]

    def _prepare(self, stage: Stage) -> None:
        stage.lab("reset")
        if self.planned:
            stage.lab("load", "start", "--rate", "50")
            time.sleep(SETTLE)
        else:
            lose_home(stage)

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        self._prepare(stage)
        process = stage.begin(*self._extra)
        spec = {"kind": "kill", "pid": process.pid, "tree": case.tree, "skip": case.after - 1, "times": 1}
        stage.admin.fault({"kind": "api", "fault": spec})
        first = stage.end(process)
        second = stage.attempt(*self._extra)
        wrongs = [*stage.wrongs(second), *stage.late_orphans()]
        if self.planned:
            time.sleep(SETTLE)
            stage.lab("load", "stop")
            wrongs += _lost_rows(stage)
        # A run may make a few calls less than the one that was counted: then it ended before it could be killed.
        if first.status not in (-9, 0):
            wrongs.append(f"the first attempt wasn't killed, but ended with {first.status}")
        return wrongs


def _lost_rows(stage: Stage) -> list[str]:
    import json

    report = json.loads(stage.lab("load", "report"))
    return [f"{report['lost_rows']} acknowledged rows are lost"] if report["lost_rows"] else []


FAILOVER = Crash(planned=False)
SWITCHOVER = Crash(planned=True)
CONTROL = "proof"
SWITCHOVER_CONTROL = "order"
"""A switchover is over by the time that the proof would have been waited for. Broken so, a run falls without a crash,
too: what it shows is that clients who are sent past the writer are seen."""
