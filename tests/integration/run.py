# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the integration targets on two labs beside each other: in process, or both ways, as modules too.

ansible-test itself drops the proxy and the CA from the environment, and would go to the real AWS. The targets are
roles, as for ansible-test; each run starts from the lab as it is seeded.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from lab.lifecycle import running

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGETS = HERE / "targets"
WAYS = {"in process": True, "as a module": False}
BEGINS = re.compile(r"TASK \[Target (\w+)\]")
FAILED = "TASK [Keep its name]"
FAILED_STATUS = 2  # ansible-playbook's where a task failed: the last one says which targets did
LONG = ("rds_global_cluster_rejoin",)  # it goes through a disaster first, and isn't on the way of one
ACTIONS = ROOT / "plugins" / "action"


def both_ways(target: str) -> bool:
    """Whether the target's module can run inside the controller: any other runs as a module whatever is asked for."""
    action = ACTIONS / f"{target}.py"
    return action.exists() and "InProcessAction" in action.read_text(encoding="utf-8")


class Told:
    """What ansible-playbook prints, target by target: a line each as it ends, and all of one that failed."""

    def __init__(self, way: str) -> None:
        self._way, self._name, self._lines = way, "", list[str]()
        self._began = 0.0
        self.results: list[bool] = []

    def line(self, line: str) -> None:
        begins = BEGINS.match(line)
        if begins:
            self.end()
            self._name, self._lines, self._began = begins[1], [], time.monotonic()
        self._lines.append(line)

    def end(self, died: bool = False) -> None:
        """The target has ended; ``died`` is whether the play was cut short."""
        if not self._name:
            return
        failed = died or any(line.startswith(FAILED) for line in self._lines)
        self.results.append(not failed)
        word, seconds = "FAILED" if failed else "ok", time.monotonic() - self._began
        print(f"{self._name:46}{self._way:14}{word:8}{seconds:5.1f} s", flush=True)
        if failed:
            print("".join(self._lines), flush=True)
        self._name = ""


def run_way(way: str, targets: Sequence[str], results: list[bool]) -> None:
    """All targets one way, in one play, each on the lab as it is seeded."""
    told = Told(way)
    values = json.dumps({"target_names": targets, "target_way": way, "aws_dr_in_process": WAYS[way]})
    with running() as instance:
        play = ["ansible-playbook", str(HERE / "target.yml"), "-i", str(ROOT / "inventories" / "lab"), "-e", values]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        with subprocess.Popen(
            [sys.executable, "-m", "lab", "--instance", str(instance.id), "exec", "--", *play],
            env={**os.environ, "ANSIBLE_ROLES_PATH": str(TARGETS), "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            for line in process.stdout or ():
                told.line(line)
        told.end(died=process.returncode not in (0, FAILED_STATUS))
        if not all(told.results):  # the lab may be at fault, and its log goes with it
            print((instance.log_dir / "control.log").read_text(encoding="utf-8"), flush=True)
    results += told.results


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("targets", nargs="*", help="the targets' names; all when none is given")
    parser.add_argument("--both-ways", action="store_true", help="also as modules in processes of their own")
    parser.add_argument("--hot-path", action="store_true", help="only of modules that run inside the controller")
    options = parser.parse_args()
    every = sorted(path.name for path in TARGETS.iterdir())
    hot = [target for target in every if both_ways(target) and target not in LONG]
    targets = options.targets or (hot if options.hot_path else every)
    # Each lab its share: every other target, or those that have a second way.
    halves = [("in process", targets[::2]), ("in process", targets[1::2])]
    if options.hot_path:  # beside it run the scenarios, which measure time
        halves = [("in process", targets)]
    if options.both_ways:
        halves = [("in process", targets), ("as a module", [target for target in targets if both_ways(target)])]
    started, results = time.monotonic(), list[bool]()
    threads = [threading.Thread(target=run_way, args=(way, half, results)) for way, half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = results.count(True)
    failed = sum(len(half) for _way, half in halves) - passed
    print(f"{passed} passed, {failed} failed in {time.monotonic() - started:.1f}s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
