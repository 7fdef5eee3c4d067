# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL after every AWS call of a failback under load, with or without its workers; then again, or out of it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from home import FAILBACK, failback, send_away, wrongs_at_home
from stage import UNPLANNED, Stage, calls_of

from lab.settings import STANDBY

SETTLE = 1.0  # seconds that the load has before and after
WAY_OUT = 5  # every so many, an unplanned failover follows the kill in place of a second failback


@dataclass(frozen=True)
class Case:
    """After which call (from 1), whether the workers die as well, and whether an unplanned failover follows."""

    after: int
    call: str
    tree: bool
    out: bool

    def __str__(self) -> str:
        workers = "with its workers" if self.tree else "its worker lives on"
        then = "then out again, unplanned" if self.out else "then again"
        return f"killed after call {self.after} ({self.call}), {workers}, {then}"


class Crash:
    """A matrix of crash points."""

    def cases(self, stage: Stage) -> Sequence[Case]:
        """One for each call of an uninterrupted run, in both variants."""
        send_away(stage)
        began = time.time()
        last = failback(stage)
        if last.status:
            raise SystemExit(f"the uninterrupted failback failed: {last.output[-2000:]}")
        names = [f"{call['service']}:{call['action']} {call['region']}" for call in calls_of(stage, began)]
        return [
            Case(after, name, tree, after % WAY_OUT == 0)
            for after, name in enumerate(names, 1)
            for tree in (True, False)
        ]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        send_away(stage)
        stage.lab("load", "start", "--rate", "50")
        time.sleep(SETTLE)
        began = time.time()
        process = stage.begin(playbook=FAILBACK)
        spec = {"kind": "kill", "pid": process.pid, "tree": case.tree, "skip": case.after - 1, "times": 1}
        stage.admin.fault({"kind": "api", "fault": spec})
        first = stage.end(process)
        if case.out:
            last = stage.attempt(*UNPLANNED)
            wrongs = [*stage.ended_badly(last), *stage.other_writers(STANDBY)]
        else:
            wrongs = wrongs_at_home(stage, failback(stage), began)
        wrongs += stage.late_orphans()
        time.sleep(SETTLE)
        stage.lab("load", "stop")
        report = json.loads(stage.lab("load", "report"))
        if report["lost_rows"] and not case.out:
            wrongs.append(f"{report['lost_rows']} acknowledged rows are lost")
        if not report["served_again"]:
            wrongs.append("clients aren't served")
        # A run may make a few calls less than the one that was counted: then it ended before it could be killed.
        if first.status not in (-9, 0):
            wrongs.append(f"the first attempt wasn't killed, but ended with {first.status}")
        return wrongs


CRASH = Crash()
CONTROL = "gates"
