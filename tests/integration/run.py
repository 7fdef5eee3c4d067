# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the integration targets on two labs beside each other: in process, or both ways, as modules too.

ansible-test itself drops the proxy and the CA from the environment, and would go to the real AWS. The targets are
roles, as for ansible-test; each run starts from the lab as it is seeded.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from lab.lifecycle import running
from lab.settings import Instance

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGETS = HERE / "targets"
WAYS = {"in process": "true", "as a module": "false"}
ACTIONS = ROOT / "plugins" / "action"


def both_ways(target: str) -> bool:
    """Whether the target's module can run inside the controller: any other runs as a module whatever is asked for."""
    action = ACTIONS / f"{target}.py"
    return action.exists() and "InProcessAction" in action.read_text(encoding="utf-8")


def lab(instance: Instance, *words: str) -> list[str]:
    return [sys.executable, "-m", "lab", "--instance", str(instance.id), *words]


def passes(instance: Instance, target: str, way: str) -> bool:
    """Reset the lab and run one target one way; what it printed is shown when it failed."""
    started = time.monotonic()
    subprocess.run(lab(instance, "reset"), check=True, stdout=subprocess.DEVNULL)
    values = {"target_name": target, "target_way": way, "aws_dr_in_process": WAYS[way]}
    variables = [word for name, value in values.items() for word in ("-e", f"{name}='{value}'")]
    play = ["ansible-playbook", str(HERE / "target.yml"), "-i", str(ROOT / "inventories" / "lab"), *variables]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        lab(instance, "exec", "--", *play),
        env={**os.environ, "ANSIBLE_ROLES_PATH": str(TARGETS), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    word = "FAILED" if done.returncode else "ok"
    print(f"{target:30}{way:14}{word:8}{time.monotonic() - started:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def run_way(way: str, targets: Sequence[str], results: list[bool]) -> None:
    """All targets one way, on a lab that is brought up for them."""
    with running() as instance:
        results += [passes(instance, target, way) for target in targets]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("targets", nargs="*", help="the targets' names; all when none is given")
    parser.add_argument("--both-ways", action="store_true", help="also as modules in processes of their own")
    options = parser.parse_args()
    targets = options.targets or sorted(path.name for path in TARGETS.iterdir())
    # Each lab its share: every other target, or those that have a second way.
    halves = [("in process", targets[::2]), ("in process", targets[1::2])]
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
