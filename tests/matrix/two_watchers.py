# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two watchers with a rulebook each see the same loss: one run is started, and the other one holds."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from detection import INTERVAL, wait_for_end
from stage import HERE, Stage
from watching import POLICY, rulebook, runs, state_table

from lab.settings import HOME, STANDBY

TRIALS = 10
BOTH = 2
SETTLES = 20.0  # seconds in which the slower one has begun, and given up
PROMOTION = {"kind": "latency", "service": "rds", "action": "FailoverGlobalCluster", "seconds": 5.0}
"""A promotion takes AWS a minute, and the lab at once: the slower watcher is to come while it goes on."""


@dataclass(frozen=True)
class Case:
    number: int

    def __str__(self) -> str:
        return f"trial {self.number}: two rulebooks at once"


class TwoWatchers:
    """However close together they come, one run is on record, and one Region writes."""

    def cases(self, _stage: Stage) -> Sequence[Case]:
        return [Case(number) for number in range(TRIALS)]

    def try_case(self, stage: Stage, _case: Case) -> list[str]:
        stage.lab("reset")
        with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
            programs = sabotaged(Path(scratch), stage.sabotage)
            watchers = [
                stack.enter_context(
                    rulebook(stage.instance, Path(scratch) / str(n), {"aws_dr_automatic": POLICY}, path=programs)
                )
                for n in range(BOTH)
            ]
            stage.admin.fault({"kind": "api", "fault": PROMOTION})
            time.sleep(2.5 * INTERVAL + random.random() * INTERVAL)
            stage.admin.fault({"kind": "region", "region": HOME})
            if wait_for_end(stage, *watchers) is None:
                return [f"no run: {watchers[0].output[-600:]}"]
            until = time.monotonic() + SETTLES
            while time.monotonic() < until and any(each.playing for each in watchers):
                time.sleep(0.2)
            found = runs(state_table(stage.instance))
            wrongs = [] if len(found) == 1 else [f"{len(found)} runs: {[(each.id, each.outcome) for each in found]}"]
            wrongs += [
                f"a rulebook ended: {each.output[-600:]}" for each in watchers if each.process.poll() is not None
            ]
        return wrongs + stage.other_writers(STANDBY)


def sabotaged(directory: Path, sabotage: str) -> list[Path]:
    """Where an ansible-playbook is found that lacks a guard; nowhere without a sabotage."""
    if not sabotage:
        return []
    program = directory / "bin" / "ansible-playbook"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE / "sabotage.py"} {sabotage} "$@"\n', encoding="utf-8")
    os.chmod(program, 0o755)
    return [program.parent]


TWO_WATCHERS = TwoWatchers()
CONTROL = "lease"
