# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients are without a writer for while a workload goes home: failback.yml, and a bare script, on one lab.

A planned way home moves the writer, so there is a gap for both. It is the load meter's: from the first write that
failed to the first of the stretch in which all succeed. The order is shuffled in every repeat; what counts is the
ratio of the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "matrix"))
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

from home import send_away  # the path to it is set above
from stage import Stage

from lab.lifecycle import load_log, running
from lab.load.meter import outage, read_log
from lab.load.report import writers
from lab.settings import HOME, client_environment

LIMIT = 1.5
"""The gap may be so many times that of the script."""
STABLE = "5"  # seconds that home has to be well before anything begins: no client feels them
PATIENCE = 900.0  # seconds that one way home may take
SETTLE = 2.0  # seconds of load before it, and after it
FAILBACK = ("ansible-playbook", "multiregion.aws_dr.failback", "-i", "inventories/lab")
CONTENDERS: dict[str, list[str]] = {
    "failback.yml": [*FAILBACK, "-e", "reason=bench", "-e", f"aws_dr_home_stable_for={STABLE}"],
    "bare script": [sys.executable, str(HERE / "failback_limit.py")],
}


@dataclass(frozen=True)
class Sample:
    """One way home: the gap that clients saw, and how long the whole process took, in seconds."""

    contender: str
    gap: float
    seconds: float


def measure(stage: Stage, contender: str, rate: str) -> Sample:
    """Send the workload away, load it, bring it home, read the meter. Raises SystemExit where that goes wrong."""
    send_away(stage)
    stage.lab("load", "start", "--rate", rate)
    time.sleep(SETTLE)
    began = time.monotonic()
    ended = subprocess.run(
        CONTENDERS[contender],
        env=client_environment(stage.instance, os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    seconds = time.monotonic() - began
    time.sleep(SETTLE)
    stage.lab("load", "stop")
    if ended.returncode or writers(stage.instance) != [HOME]:
        print(ended.stdout, ended.stderr, sep="\n", file=sys.stderr)
        raise SystemExit(f"{contender} ended with {ended.returncode}; it is {writers(stage.instance)} that write")
    first_failed, served = outage(read_log(load_log(stage.instance)))
    if first_failed is None or served is None:
        raise SystemExit(f"{contender}: the meter saw no gap that ended, so it measured nothing")
    return Sample(contender, served - first_failed, seconds)


def summarise(samples: Sequence[Sample], scale: float) -> dict[str, Any]:
    """Medians and spreads, and the ratio of the gaps' medians."""
    found = {name: [each for each in samples if each.contender == name] for name in CONTENDERS}
    medians = {name: statistics.median(each.gap for each in those) for name, those in found.items()}
    ratio = medians["failback.yml"] / medians["bare script"]
    return {
        "emulated": True,
        "scale": scale,
        "repeats": len(found["bare script"]),
        "contenders": {
            name: {
                "median_gap_seconds": round(medians[name], 3),
                "gap_seconds": [round(each.gap, 3) for each in those],
                "seconds": [round(each.seconds, 3) for each in those],
            }
            for name, those in found.items()
        },
        "ratio": round(ratio, 3),
        "limit": LIMIT,
        "held": ratio <= LIMIT,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the client gap of failback.yml against a bare script's.")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--rate", default="50", help="writes a second")
    parser.add_argument("--output", type=Path, default=Path("build/bench/failback.json"))
    options = parser.parse_args()
    samples = []
    with running(options.scale) as instance:
        stage = Stage(instance)
        for repeat in range(options.repeats):
            for contender in random.sample(list(CONTENDERS), len(CONTENDERS)):
                samples.append(measure(stage, contender, options.rate))
                print(
                    f"{repeat + 1}/{options.repeats} {contender:13} gap {samples[-1].gap:6.2f} s,"
                    f" {samples[-1].seconds:6.1f} s in all",
                    flush=True,
                )
    report = summarise(samples, options.scale)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    for name, row in report["contenders"].items():
        print(f"{name:13} median gap {row['median_gap_seconds']:6.2f} s")
    print(f"ratio {report['ratio']} of {LIMIT} at most (scale {options.scale}, emulated; {options.output})")
    return 0 if report["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
