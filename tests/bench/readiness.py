# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether readiness's reads overlap: with every call slowed down, the whole takes little more than its slowest read."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from lab.lifecycle import running
from lab.settings import Instance

SHARE, SLACK = 1.3, 0.3
"""The whole may take this many times the slowest read, and this many seconds more."""
HERE = Path(__file__).parent


def lab(instance: Instance, *words: str) -> str:
    environment = {
        **os.environ,
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    command = [sys.executable, "-m", "lab", "--instance", str(instance.id), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def measured(output: str) -> dict[str, Any]:
    """What the play handed over."""
    line = next(line for line in output.partition("CUSTOM STATS:")[2].splitlines() if "bench_readiness" in line)
    return dict(json.loads(line.strip().partition(": ")[2])["bench_readiness"])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--latency", type=float, default=0.3, help="seconds that every AWS call is slowed down by")
    options = parser.parse_args()
    held = 0
    with running() as instance:
        lab(instance, "fault", "api", "latency", "--seconds", str(options.latency))
        for number in range(1, options.repeats + 1):
            play = ["ansible-playbook", str(HERE / "readiness.yml"), "-i", "inventories/lab"]
            found = measured(lab(instance, "exec", "--", *play))
            slowest = max(read["seconds"] for read in found["reads"])
            limit = SHARE * slowest + SLACK
            good, together = found["seconds"] <= limit, sum(read["seconds"] for read in found["reads"])
            held += good
            print(
                f"{number:3} {'ok' if good else 'SLOW':6}{found['seconds']:6.2f} s for {len(found['reads'])} reads of"
                f" {together:.2f} s together; the slowest {slowest:.2f} s, so at most {limit:.2f} s",
                flush=True,
            )
    print(f"{held} of {options.repeats} held")
    return 0 if held == options.repeats else 1


if __name__ == "__main__":
    sys.exit(main())
