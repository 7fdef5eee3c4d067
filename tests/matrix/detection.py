# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the loss of a Region to the start of the failover run, by a watcher and a rulebook that nobody helps."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from stage import Stage
from watching import INTERVAL, POLICY, SUSTAINED, Rulebook, rulebook, runs, shipped_watch, state_table

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import ENDED_WELL, RunRecord
from lab.settings import HOME, STANDBY

TRIALS = 20
IN_TIME = 1.5  # seconds from the verdict to the run
LONGEST = 180.0
LOOKS = 1.0  # seconds between two looks for the run, which are to be no load beside it
WATCH = {"interval": INTERVAL, "timeout": 0.8}


@dataclass(frozen=True)
class Case:
    """When within an interval the Region is lost, as a part of it, and how."""

    number: int
    mode: str

    def __str__(self) -> str:
        return f"trial {self.number}: home {self.mode}s"


class Detection:
    """At most the policy's time, an interval and 1.5 s; and what was started then is one failover, and ends well."""

    def cases(self, _stage: Stage) -> Sequence[Case]:
        return [Case(number, ("refuse", "hang")[number % 2]) for number in range(TRIALS)]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        interval = INTERVAL * (4 if stage.sabotage else 1)
        stage.lab("reset")
        variables = {"aws_dr_automatic": POLICY, "aws_dr_watch": {**shipped_watch(), **WATCH, "interval": interval}}
        with (
            tempfile.TemporaryDirectory() as directory,
            rulebook(stage.instance, Path(directory), variables) as watcher,
        ):
            time.sleep(2.5 * interval + random.random() * interval)
            lost_at = time.time()
            stage.admin.fault({"kind": "region", "region": HOME, "mode": case.mode})
            run = wait_for_end(stage, watcher)
            if run is None:
                return [f"no run within {LONGEST:.0f} s: {watcher.output[-600:]}"]
            took = run.opened_at - lost_at
            print(f"    {case.mode}: {took:.2f} s, of them {SUSTAINED + INTERVAL:g} s to be sure", flush=True)
            limit = SUSTAINED + INTERVAL + IN_TIME
            wrongs = [f"it took {took:.2f} s, not {limit:g} s"] if took > limit else []
            wrongs += [] if run.outcome in ENDED_WELL else [f"the run ended {run.outcome}: {watcher.output[-600:]}"]
            first = (run.details.get("ledger") or {}).get("first_failure", 0)
            wrongs += [] if lost_at <= first + 0.05 <= lost_at + interval + 0.1 else [f"its first failure is {first}"]
        return wrongs + stage.other_writers(STANDBY)


def wait_for_end(stage: Stage, *watchers: Rulebook) -> RunRecord | None:
    """The run that the watchers started, once it has ended."""
    table, until = state_table(stage.instance), time.monotonic() + LONGEST
    while time.monotonic() < until:
        with suppress(DrError):  # on a busy machine the table may be late; when the run began stands in its record
            found = runs(table)
            if found and not found[0].open:
                return found[0]
        time.sleep(LOOKS)
    return None


DETECTION = Detection()
CONTROL = "interval"
