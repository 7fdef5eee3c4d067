# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries every case of a matrix on a lab, says how it went, and writes build/matrix/NAME.json.

Each matrix has a control: the same with the guarded thing broken on purpose, where cases must fall.

python tests/matrix/run.py NAME [--sample N] [--seed S] [--jobs J] [--part K/N]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "extensions"), str(ROOT / "tests" / "scenarios")]
os.environ["PYTHONPATH"] = str(ROOT / "extensions")
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
os.chdir(ROOT)

import circle  # the path to the lab is set above
import consistency
import crash
import crash_drill
import detection
import failback_crash
import faults
import notify_down
import partition
import race
import trials
import two_watchers
from beside import tried_beside
from stage import SCALE, Stage
from watching import no_java

from lab.lifecycle import running

CONTROL_CASES = 6
SAMPLED_CONTROL_CASES = 2


@dataclass(frozen=True)
class Matrix:
    """``cases`` lists what to try, ``try_case`` says what didn't hold; ``control`` is what to break on purpose.

    ``simulated``: on a simulated clock, without a lab.
    """

    cases: Callable[[Any], Sequence[Any]]
    try_case: Callable[[Any, Any], list[str]]
    control: str
    simulated: bool = False

    def stage(self, instance: Any, sabotage: str = "") -> Any:
        return trials.Simulated(sabotage) if self.simulated else Stage(instance, sabotage)


def _matrix(matrix: Any, control: str, simulated: bool = False) -> Matrix:
    return Matrix(matrix.cases, matrix.try_case, control, simulated)


MATRICES = {
    "crash-failover": _matrix(crash.FAILOVER, crash.CONTROL),
    "crash-switchover": _matrix(crash.SWITCHOVER, crash.SWITCHOVER_CONTROL),
    "circle": _matrix(circle.CIRCLE, circle.CONTROL),
    "crash-failback": _matrix(failback_crash.CRASH, failback_crash.CONTROL),
    "crash-drill": _matrix(crash_drill.DRILL, crash_drill.CONTROL),
    "faults": _matrix(faults.FAULTS, faults.CONTROL),
    "static-stability": _matrix(faults.STABILITY, faults.STABILITY_CONTROL),
    "partition": _matrix(partition.PARTITION, partition.CONTROL),
    "consistency": _matrix(consistency.CONSISTENCY, consistency.CONTROL),
    "notify-down": _matrix(notify_down.DOWN, notify_down.CONTROL),
    "lock-race": _matrix(race.RACE, race.CONTROL),
    "detection": _matrix(detection.DETECTION, detection.CONTROL),
    "two-watchers": _matrix(two_watchers.TWO_WATCHERS, two_watchers.CONTROL),
    "false-failover": _matrix(trials.FalseFailover(), trials.FalseFailover.CONTROL, simulated=True),
    "missed-failover": _matrix(trials.MissedFailover(), trials.MissedFailover.CONTROL, simulated=True),
}
WITH_RULEBOOK = ("detection", "two-watchers")
NOT_HERE = 3  # what it ends with when this machine lacks what a matrix needs


@dataclass(frozen=True)
class Labs:
    """Where a matrix is tried: on ``instance`` alone, or (``jobs``) on so many labs of its own at once."""

    matrix: Matrix
    instance: Any
    jobs: int

    def tried(self, sabotage: str, cases: Sequence[Any]) -> Iterator[tuple[Any, list[str], float]]:
        """Each case with what didn't hold, and the seconds that it took."""
        stage_of = partial(self.matrix.stage, sabotage=sabotage)
        if self.jobs > 1:
            yield from tried_beside(self.jobs, SCALE, stage_of, self.matrix.try_case, cases)
            return
        stage = stage_of(self.instance)
        for case in cases:
            began = time.monotonic()
            wrongs = self.matrix.try_case(stage, case)
            yield case, wrongs, time.monotonic() - began


def try_all(labs: Labs, sabotage: str, cases: Sequence[Any], seed: int) -> list[dict[str, Any]]:
    """The cases that fell, with why."""
    fell = []
    for number, (case, wrongs, took) in enumerate(labs.tried(sabotage, cases), 1):
        print(
            f"[{number}/{len(cases)}] {case}: {'held' if not wrongs else 'FELL: ' + '; '.join(wrongs)} {took:.1f} s",
            flush=True,
        )
        if wrongs:
            fell.append({"case": str(case), "seed": seed, "why": wrongs})
    return fell


def lacks_java(name: str) -> bool:
    """Whether the matrix can't be tried here, which is then said."""
    absent = no_java() if name in WITH_RULEBOOK else ""
    print(absent, end="\n" if absent else "")
    return bool(absent)


def control_cases(name: str, every: Sequence[Any], sampled: bool, chance: random.Random) -> Sequence[Any]:
    """What to try with something broken on purpose."""
    count = SAMPLED_CONTROL_CASES if sampled else CONTROL_CASES
    if name in ("lock-race", "consistency"):
        return every[-count:]
    # A cleanup after a drill that had made nothing yet finds nothing, broken or not.
    pool = [case for case in every if not getattr(case, "by_cleanup", False)]
    return chance.sample(pool, min(count, len(pool)))


@dataclass(frozen=True)
class Part:
    """One of ``of`` parts of a matrix too long for one sitting: each ``of``-th case from the ``number``-th on."""

    number: int = 1
    of: int = 1

    @classmethod
    def parsed(cls, text: str) -> Part:
        """Of K/N. Raises ``ValueError`` where there is no such part, as argparse wants it."""
        number, of = (int(each) for each in text.split("/"))
        if not 1 <= number <= of:
            raise ValueError(text)
        return cls(number, of)

    def cut(self, cases: Sequence[Any]) -> Sequence[Any]:
        return cases[self.number - 1 :: self.of]

    @property
    def suffix(self) -> str:
        """Of the file's name: a part doesn't write over another."""
        return f"-{self.number}-of-{self.of}" if self.of > 1 else ""


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", choices=MATRICES)
    parser.add_argument("--sample", type=int, default=0, help="so many at random; all of them by default")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--jobs", type=int, default=1, help="so many labs at once; each takes a core, and 1 GiB")
    parser.add_argument(
        "--part", type=Part.parsed, default=Part(), metavar="K/N", help="the Kth of N parts of it alone"
    )
    return parser.parse_args()


def main() -> int:
    options = parsed()
    if lacks_java(options.name):
        return NOT_HERE
    matrix, chance = MATRICES[options.name], random.Random(options.seed)
    with ExitStack() as stack:
        instance = None if matrix.simulated else stack.enter_context(running(SCALE))
        every = matrix.cases(matrix.stage(instance))
        if options.jobs > 1:
            stack.close()  # its lab would take from the others
        labs = Labs(matrix, instance, 1 if matrix.simulated else options.jobs)
        part = options.part.cut(every)
        if not part:
            raise SystemExit(f"there are {len(every)} cases, and none in that part")
        tried = chance.sample(part, min(options.sample, len(part))) if options.sample else list(part)
        print(f"{options.name}: {len(tried)} of {len(every)} cases, seed {options.seed}", flush=True)
        fell = try_all(labs, "", tried, options.seed)
        print(f"control, with the {matrix.control} broken on purpose:", flush=True)
        chosen = control_cases(options.name, every, bool(options.sample), chance)
        controlled = try_all(labs, matrix.control, chosen, options.seed)
    result = {
        "name": options.name,
        "emulated": True,
        "clock": "simulated" if matrix.simulated else "real",
        "seed": options.seed,
        "cases": len(every),
        "tried": len(tried),
        "held": len(tried) - len(fell),
        "fell": fell,
        "control": {"broken": matrix.control, "tried": len(chosen), "fell": len(controlled)},
    }
    path = ROOT / "build" / "matrix" / f"{options.name}{options.part.suffix}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    passed, failed = result["held"], len(fell) + (not controlled)
    print(f"control: {len(controlled)} of {len(chosen)} fell{'' if controlled else ': it finds nothing'}")
    print(f"{passed} passed, {failed} failed in {time.process_time():.1f}s ({path.relative_to(ROOT)})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
