# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the integration targets on a lab of their own, each both ways: in process, and as an ordinary module.

ansible-test itself drops the proxy and the CA from the environment, and would go to the real AWS. The targets are
roles, as for ansible-test; each run starts from the lab as it is seeded.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGETS = HERE / "targets"
WAYS = {"in process": "true", "as a module": "false"}


def lab(instance: int, *words: str) -> list[str]:
    return [sys.executable, "-m", "lab", "--instance", str(instance), *words]


def passes(instance: int, target: str, way: str) -> bool:
    """Reset the lab and run one target one way; what it printed is shown when it failed."""
    started = time.monotonic()
    subprocess.run(lab(instance, "reset"), check=True, stdout=subprocess.DEVNULL)
    values = {"target_name": target, "target_way": way, "aws_dr_in_process": WAYS[way]}
    variables = [word for name, value in values.items() for word in ("-e", f"{name}='{value}'")]
    play = ["ansible-playbook", str(HERE / "target.yml"), "-i", str(ROOT / "inventories" / "lab"), *variables]
    done = subprocess.run(
        lab(instance, "exec", "--", *play),
        env={**os.environ, "ANSIBLE_ROLES_PATH": str(TARGETS)},
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


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("targets", nargs="*", help="the targets' names; all when none is given")
    parser.add_argument("--instance", type=int, default=4)
    options = parser.parse_args()
    targets = options.targets or sorted(path.name for path in TARGETS.iterdir())
    started = time.monotonic()
    try:
        subprocess.run(lab(options.instance, "up"), check=True)
        results = [passes(options.instance, target, way) for target in targets for way in WAYS]
    finally:
        subprocess.run(lab(options.instance, "down"), check=True)
    print(f"{sum(results)} passed, {results.count(False)} failed in {time.monotonic() - started:.1f}s")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
