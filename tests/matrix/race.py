# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eight controllers race for one lock; others are stopped past their lease, or have clocks that are off."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from stage import Stage

from lab.settings import client_environment

RACERS = 8
ROUNDS = 200
PAUSES = 4
HOLDERS = 5  # that are stopped in such a round, each of a lock of its own
STEPS = 2
RACER = Path(__file__).resolve().parent / "racer.py"
END = "END"
OFF = 600.0  # seconds that a machine's clock is wrong by, either way
LONGEST = 120.0  # seconds that a race may take


@dataclass(frozen=True)
class Case:
    """A round: everybody at once, or holders that sleep in the middle of a step past their lease."""

    number: int
    pause: str

    def __str__(self) -> str:
        what = f"{HOLDERS} holders stopped between check and call" if self.pause else f"{RACERS} controllers at once"
        return f"round {self.number}: {what}"


@dataclass(frozen=True)
class Line:
    """What a racer said, of which fence, when (by the machine's monotonic clock)."""

    word: str
    fence: int
    at: float

    @classmethod
    def of(cls, text: str) -> Line:
        words = text.split(maxsplit=3)
        return cls(words[0], int(words[1]), float(words[2]))


@dataclass
class Race:
    """Never two holders: whoever sends, sends under the highest fence there is."""

    kept: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def cases(self, _stage: Stage) -> Sequence[Case]:
        return [Case(n, "") for n in range(ROUNDS)] + [Case(n, "in-step") for n in range(PAUSES)]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        lock = f"race-{case.number}-{case.pause}-{random.randrange(10**9)}"
        return self._paused(stage, lock) if case.pause else self._at_once(stage, lock)

    def _at_once(self, stage: Stage, lock: str) -> list[str]:
        if stage.sabotage not in self.kept:
            self.kept[stage.sabotage] = start(stage)
        begin(self.kept[stage.sabotage], lock, *random.choices((-OFF, 0.0, OFF), k=RACERS))
        said = ended(self.kept[stage.sabotage])
        return overlaps(said) or ([] if any(line.word == "closed" for line in said) else ["nobody won"])

    def _paused(self, stage: Stage, lock: str) -> list[str]:
        wrongs: list[str] = []
        threads = [
            threading.Thread(target=lambda name=f"{lock}-{number}": wrongs.extend(stopped(stage, name)))
            for number in range(HOLDERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return wrongs


def stopped(stage: Stage, lock: str) -> list[str]:
    """A holder that is stopped between check and call; somebody else takes over; then it wakes."""
    sleeper, taker = start(stage), start(stage)
    assert sleeper.stdout is not None
    begin(sleeper, lock, OFF, pause="in-step")
    asleep = Line.of(sleeper.stdout.readline())
    begin(taker, lock, -OFF)
    said = ended(taker)
    os.kill(asleep.fence, signal.SIGCONT)  # it is no fence, but the sleeper's process
    sent = [line for line in ended(sleeper) if line.word == "sent"]
    wrongs = [f"the sleeper sent under fence {line.fence} after it was taken over" for line in sent]
    for process in (sleeper, taker):
        process.communicate()
    return wrongs + ([] if any(line.word == "closed" for line in said) else [f"the taker did not get on: {said}"])


def start(stage: Stage) -> subprocess.Popen[str]:
    """Where racers are forked from."""
    program = [sys.executable, str(RACER)]
    if stage.sabotage:
        program = [sys.executable, str(RACER.parent / "sabotage.py"), stage.sabotage, str(RACER)]
    return subprocess.Popen(
        program,
        env=client_environment(stage.instance, os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def begin(racers: subprocess.Popen[str], lock: str, *offsets: float, pause: str = "none") -> None:
    """A controller for each of ``offsets``, which is what its clock is wrong by."""
    assert racers.stdin is not None
    print(lock, STEPS, pause, *offsets, file=racers.stdin, flush=True)


def ended(racers: subprocess.Popen[str]) -> list[Line]:
    """What they said, once all of them have ended."""
    assert racers.stdout is not None
    late = threading.Timer(LONGEST, racers.kill)
    late.start()
    said = []
    for text in racers.stdout:
        if text.strip() == END:
            break
        said.append(Line.of(text))
    late.cancel()
    return said


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
