# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failover costs in time whose every channel is down, against one with nobody to tell: shuffled, on one lab.

The times are those on the runs' records: until users were served, and until the run was closed and its lock free. The
process itself goes on after that, to tell people, for the channels' ``timeout`` at most; that is shown beside them.
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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord
from ansible_collections.multiregion.aws_dr.tests.scenarios.unreachable import ways_down
from lab.lifecycle import running
from lab.settings import HOME, STANDBY, Instance, client_environment

LIMIT = 1.02  # the ratio of the medians that is allowed
FAILOVER = [
    *("ansible-playbook", "multiregion.aws_dr.failover", "-i", "inventories/lab", "-e", "mode=unplanned"),
    *("-e", "accept_data_loss=true", "-e", "approved_by=bench"),
]
TIMES = ("served", "closed", "process")


@dataclass(frozen=True)
class Sample:
    """One failover, in seconds: until users were served, until it was closed, until its process ended."""

    contender: str
    served: float
    closed: float
    process: float


def lab(instance: Instance, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "lab", "--instance", str(instance.id), *words], check=True)


def measure(instance: Instance, contender: str, extra: Sequence[str]) -> Sample:
    """Lose the home Region of a fresh lab, and fail over. Raises SystemExit where that failed."""
    lab(instance, "reset")
    lab(instance, "fault", "region", HOME)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = client_environment(instance, {**os.environ, "PATH": path})
    began = time.monotonic()
    done = subprocess.run([*FAILOVER, *extra], env=environment, capture_output=True, text=True, check=False)
    process = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"{contender} failed with status {done.returncode}: {done.stdout}{done.stderr}")
    run = last_run(instance)
    return Sample(
        contender,
        float(run.summary["run_seconds"]),
        run.closed_at - float(run.summary["marks"]["run_started"]),
        process,
    )


def last_run(instance: Instance) -> RunRecord:
    os.environ.update(client_environment(instance, {}))
    (run,) = TableStore(Clients({}), STANDBY, "aws-dr-state", SystemClock()).read_history("shop", 1)
    return run


def summarise(samples: Sequence[Sample], scale: float) -> dict[str, Any]:
    """Medians, and the ratios of those with every channel down to those with none."""
    found = {
        name: {which: [getattr(each, which) for each in samples if each.contender == name] for which in TIMES}
        for name in ("nobody to tell", "every channel down")
    }
    medians = {name: {which: statistics.median(times) for which, times in each.items()} for name, each in found.items()}
    ratios = {which: medians["every channel down"][which] / medians["nobody to tell"][which] for which in TIMES}
    return {
        "emulated": True,
        "scale": scale,
        "repeats": len(found["nobody to tell"]["served"]),
        "limit": LIMIT,
        "ratios": {which: round(ratio, 4) for which, ratio in ratios.items()},
        "medians": {name: {which: round(value, 3) for which, value in each.items()} for name, each in medians.items()},
        "seconds": {
            name: {which: [round(value, 3) for value in times] for which, times in each.items()}
            for name, each in found.items()
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--output", type=Path, default=Path("build/bench/notify.json"))
    options = parser.parse_args()
    samples = []
    with ways_down() as ways, running(options.scale) as instance:
        given = json.dumps({"aws_dr_notify": {"channels": ways["everything"]}})
        contenders = {"nobody to tell": (), "every channel down": ("-e", given)}
        for repeat in range(options.repeats):
            for name in random.sample(list(contenders), len(contenders)):
                samples.append(measure(instance, name, contenders[name]))
                print(f"{repeat + 1}/{options.repeats} {samples[-1]}", flush=True)
    report = summarise(samples, options.scale)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({name: report[name] for name in ("scale", "repeats", "ratios", "medians")}, indent=2))
    held = all(report["ratios"][which] <= LIMIT for which in ("served", "closed"))
    print(f"at most {LIMIT}: {'held' if held else 'NOT held'}; in figures: {options.output}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
