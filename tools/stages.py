# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs what must pass, one line a stage; `make test` is all of it, and each stage can be asked for by its name.

python tools/stages.py lint | test | test-full | STAGE...
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lab.claim import claimed
from lab.settings import client_environment

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "log"
TYPES = ROOT / "build" / "types" / "ansible_collections" / "multiregion" / "aws_dr"
NOT_HERE = 3  # what a stage ends with when this machine lacks what it needs; the reason is its last line
TAIL_LINES = 80


@dataclass(frozen=True)
class Stage:
    """Commands that all must succeed. ``lab``: in the environment of a lab claimed for them, as under ``lab exec``."""

    name: str
    commands: tuple[str, ...]
    lab: bool = False


@dataclass(frozen=True)
class Tally:
    """How many checks of a stage passed and failed: its tests where it has any, else the stage itself."""

    passed: int
    failed: int
    absent: str = ""


# The scenarios that `make test` runs; the others take minutes, and run in test-full.
SCENARIOS = tuple(f"tests/scenarios/test_{name}.py" for name in ("deadline", "failover", "lab_data_plane"))
LINT = (
    Stage("sanity", ("python tools/collection.py sanity",)),
    Stage("ansible-lint", ("ansible-lint --nocolor",)),
    Stage("mypy", ("mypy",)),
    Stage("ruff", ("ruff check --output-format concise .", "ruff format --check .")),
    Stage("changelog", ("antsibull-changelog lint",)),
)
UNIT = (Stage("unit", ("pytest tests/unit -q -n 2 -o faulthandler_timeout=45",)),)
TARGETS = (Stage("integration", ("python tests/integration/run.py --hot-path",)),)
WHOLE = (
    Stage("scenarios", (f"pytest {' '.join(SCENARIOS)} -q --durations=15",)),
    Stage("installed", ("python tools/collection.py installed",)),
)
PARTS = (
    Stage("molecule", ("molecule test --scenario-name failover",), lab=True),
    Stage("browser", ("python tools/browser.py",)),
)
LANE = (Stage("lane", ("python tools/lane.py",)),)
DEMOS = (
    Stage("slow-sanity", ("python tools/collection.py slow-sanity",)),
    Stage("whole-lane", ("python tools/lane.py --whole",)),
    Stage("both-ways", ("python tests/integration/run.py --both-ways",)),
    Stage("rehearsals", (f"pytest tests/scenarios -q {' '.join(f'--ignore={each}' for each in SCENARIOS)}",)),
    Stage(
        "matrices",
        (
            "python tests/matrix/run.py crash-failover --sample 2",
            "python tests/matrix/run.py crash-failback --sample 2",
            "python tests/matrix/run.py crash-drill --sample 2",
            "python tests/matrix/run.py circle --sample 1",
            "python tests/matrix/run.py partition --sample 2",
            "python tests/matrix/run.py false-failover",
            "python tests/matrix/run.py missed-failover",
        ),
    ),
    Stage(
        "watcher",
        ("python tests/matrix/run.py two-watchers --sample 1", "python tests/matrix/run.py detection --sample 3"),
    ),
    Stage("demos", ("python tests/bench/demos.py",)),
)
STAGES = {stage.name: stage for stage in LINT + UNIT + TARGETS + WHOLE + PARTS + LANE + DEMOS}
# Rounds one after the other, each of queues beside each other: what measures time runs beside nothing that computes.
TEST = ((LINT[:1] + LANE, UNIT + LINT[1:]), (TARGETS + PARTS, WHOLE))
GROUPS = {"lint": ((LINT,),), "test": TEST, "test-full": (*TEST, (DEMOS,))}


def run(stage: Stage) -> Tally:
    """Run a stage's commands up to the first that fails, what they print going to build/log, and print its line."""
    started, status = time.monotonic(), 0
    environment = {**os.environ, "NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1"}
    polite = ("nice", "-n", "10") if stage in LINT else ()  # beside them run the tests that measure time
    path = LOGS / f"{stage.name}.log"
    with path.open("w", encoding="utf-8") as log, ExitStack() as stack:
        if stage.lab:
            environment = client_environment(stack.enter_context(claimed()), environment)
        for command in stage.commands:
            status = status or subprocess.call(
                [*polite, *command.split()],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    text = path.read_text(encoding="utf-8", errors="replace")
    tally = count(status, text)
    word = "ok" if not status else "not run" if tally.absent else "FAILED"
    tests = ", ".join(f"{number} {what}" for what, number in _tests(text).items())
    seconds = time.monotonic() - started
    print(f"{stage.name:14}{word:9}{seconds:6.1f} s  {tally.absent or tests}".rstrip(), flush=True)
    if tally.failed:
        print("\n".join(["", *text.splitlines()[-TAIL_LINES:], f"({path.relative_to(ROOT)})", ""]), flush=True)
    return tally


def _tests(text: str) -> dict[str, int]:
    """What the summary lines of pytest, and of our own runner, say: ``3 failed, 12 passed in 1.2s``."""
    found: dict[str, int] = {}
    for line in re.findall(r"^.*\d (?:passed|failed|errors?)\b.* in [\d.]+s", text, re.MULTILINE):
        for number, word in re.findall(r"\b(\d+) (passed|failed|error)", line):
            found[word] = found.get(word, 0) + int(number)
    return found


def count(status: int, text: str) -> Tally:
    """The tests that a stage's output reports; a stage that failed for another reason counts as one failed."""
    if status == NOT_HERE:
        return Tally(0, 0, absent=text.strip().splitlines()[-1])
    tests = _tests(text)
    failed = tests.get("failed", 0) + tests.get("error", 0)
    return Tally(tests.get("passed", int(not status)), max(failed, 1) if status else 0)


def run_all(queues: Sequence[Sequence[Stage]]) -> list[Tally]:
    """The queues beside each other, each in its order."""
    tallies: list[Tally] = []

    def run_queue(queue: Sequence[Stage]) -> None:
        for stage in queue:
            try:
                tallies.append(run(stage))
            except Exception as exc:  # what comes to no end has failed, and the next stage is to run all the same
                print(f"{stage.name:14}FAILED   {type(exc).__name__}: {exc}", flush=True)
                tallies.append(Tally(0, 1))

    threads = [threading.Thread(target=run_queue, args=(queue,)) for queue in queues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tallies


def main() -> int:
    wanted = sys.argv[1:] or ["test"]
    unknown = [name for name in wanted if name not in STAGES and name not in GROUPS]
    if unknown:
        raise SystemExit(f"no stage {', '.join(unknown)}; there are {', '.join([*GROUPS, *STAGES])}")
    rounds = GROUPS.get(wanted[0]) or ((tuple(STAGES[name] for name in wanted),),)
    LOGS.mkdir(parents=True, exist_ok=True)
    TYPES.parent.mkdir(parents=True, exist_ok=True)
    TYPES.unlink(missing_ok=True)
    TYPES.symlink_to(ROOT)
    tallies = [tally for queues in rounds for tally in run_all(queues)]
    failed = sum(tally.failed for tally in tallies)
    print(f"{sum(tally.passed for tally in tallies)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
