# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eight controllers race for one lock; others are stopped past their lease, or have clocks that are off."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from stage import Stage

from lab.settings import client_environment

RACERS = 8
ROUNDS = 200
PAUSES = 20
RACER = Path(__file__).resolve().parent / "racer.py"
OFF = 600.0  # seconds that a machine's clock is wrong by, either way


@dataclass(frozen=True)
class Case:
    """A round: everybody at once, or a holder that sleeps in the middle of a step past its lease."""

    number: int
    pause: str

    def __str__(self) -> str:
        what = "a holder stopped between check and call" if self.pause else f"{RACERS} controllers at once"
        return f"round {self.number}: {what}"


@dataclass(frozen=True)
class Line:
    """What a racer said, of which fence, when (by the machine's monotonic clock)."""

    word: str
    fence: int
    at: float


class Race:
    """Never two holders: whoever sends, sends under the highest fence there is."""

    def cases(self, _stage: Stage) -> Sequence[Case]:
        return [Case(n, "") for n in range(ROUNDS)] + [Case(n, "in-step") for n in range(PAUSES)]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        lock = f"race-{case.number}-{case.pause}-{random.randrange(10**9)}"
        return self._paused(stage, lock) if case.pause else self._at_once(stage, lock)

    def _at_once(self, stage: Stage, lock: str) -> list[str]:
        said = ended(start(stage, lock, 2, *random.choices((-OFF, 0.0, OFF), k=RACERS)))
        return overlaps(said) or ([] if any(line.word == "closed" for line in said) else ["nobody won"])

    def _paused(self, stage: Stage, lock: str) -> list[str]:
        sleeper = start(stage, lock, 2, OFF, pause="in-step")
        assert sleeper.stdout is not None
        heard = sleeper.stdout.readline()
        taker = start(stage, lock, 2, -OFF)
        said = ended(taker)
        sleeper.send_signal(signal.SIGCONT)
        late = ended(sleeper)
        wrongs = [
            f"the sleeper sent under fence {line.fence} after it was taken over" for line in late if line.word == "sent"
        ]
        return wrongs + (
            [] if any(line.word == "closed" for line in said) else [f"the taker did not get on: {said}, {heard}"]
        )


def start(stage: Stage, lock: str, steps: int, *offsets: float, pause: str = "none") -> subprocess.Popen[str]:
    """A controller for each of ``offsets``, which is what its clock is wrong by."""
    program = [sys.executable, str(RACER)]
    if stage.sabotage:
        program = [sys.executable, str(RACER.parent / "sabotage.py"), stage.sabotage, str(RACER)]
    return subprocess.Popen(
        [*program, lock, str(steps), pause, *map(str, offsets)],
        env=client_environment(stage.instance, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


def ended(racer: subprocess.Popen[str]) -> list[Line]:
    output = racer.communicate(timeout=120)[0]
    words = [line.split(maxsplit=3) for line in output.splitlines()]
    return [Line(each[0], int(each[1]), float(each[2])) for each in words]


def overlaps(said: Sequence[Line]) -> list[str]:
    """Whatever was sent under a fence after something had been sent under a higher one."""
    sent = sorted((line for line in said if line.word == "sent"), key=lambda line: line.at)
    return [
        f"sent under fence {late.fence} after {early.fence}"
        for early, late in pairwise(sent)
        if late.fence < early.fence
    ]


RACE = Race()
CONTROL = "fence"
