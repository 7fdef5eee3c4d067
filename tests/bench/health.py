# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether many checks in one task overlap: the whole takes little more than its slowest one, and little memory.

Each leg has an HTTPS API of its own name, which is resolved, and a secret that AWS's stand-in is asked for. The APIs
answer after times of their own, of which the longest is known: a time that the task itself measured would be longer on
a busy machine, and the limit with it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab.lifecycle import running
from lab.settings import REGIONS, Instance

SHARE, SLACK, MEMORY = 1.3, 1.0, 300
"""The whole may take this many times the slowest check and this many seconds more; and so many MB."""
HERE = Path(__file__).parent


@contextmanager
def servers(directory: str) -> Iterator[dict[str, Any]]:
    """Where they are: ``zone``, ``port``, ``resolver``."""
    command = [sys.executable, str(HERE / "health_servers.py"), directory]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        yield dict(json.loads(process.stdout.readline()))
        process.stdin.close()


def workloads(count: int, slowest: float, seed: int, at: dict[str, Any]) -> list[dict[str, Any]]:
    """Each API answers within a second, but for one."""
    chance = random.Random(seed)
    waits = [chance.uniform(0.01, min(1.0, slowest)) for _leg in range(2 * count)]
    waits[chance.randrange(len(waits))] = slowest
    return [
        {
            "name": f"w{number}",
            "legs": [
                {
                    "region": region,
                    "api_url": f"https://w{number}-{region}.{at['zone']}:{at['port']}/{waits.pop():.3f}",
                }
                for region in REGIONS
            ],
            "secrets": ["shop/db"],
        }
        for number in range(count)
    ]


def play(instance: Instance, variables: str) -> tuple[dict[str, Any], float, float]:
    """What the play handed over, the most memory that any of its processes had (MB), and its processors' seconds."""
    words = ["ansible-playbook", str(HERE / "health.yml"), "-i", "inventories/lab", "-e", f"@{variables}"]
    environment = {
        **os.environ,
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    command = [sys.executable, "-m", "lab", "--instance", str(instance.id), "exec", "--", *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(output)
    line = next(line for line in output.partition("CUSTOM STATS:")[2].splitlines() if "bench_health" in line)
    handed = dict(json.loads(line.strip().partition(": ")[2])["bench_health"])
    return handed, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--legs", type=int, default=500, help="each has two checks")
    parser.add_argument("--slowest", type=float, default=3.0, help="seconds that the slowest API takes")
    options = parser.parse_args()
    limit, held = SHARE * options.slowest + SLACK, 0
    with running() as instance, tempfile.TemporaryDirectory() as scratch, servers(scratch) as at:
        for number in range(1, options.repeats + 1):
            given: dict[str, Any] = {
                "bench_workloads": workloads(options.legs // 2, options.slowest, number, at),
                "bench_resolvers": [at["resolver"]],
                "bench_ca": f"{scratch}/ca.pem",
            }
            variables = Path(scratch) / "variables.json"
            variables.write_text(json.dumps(given), encoding="utf-8")
            found, memory, processors = play(instance, str(variables))
            waits = [
                float(leg["api_url"].rpartition("/")[2]) for each in given["bench_workloads"] for leg in each["legs"]
            ]
            late = sorted(took - 1000 * wait for took, wait in zip(found["api_ms"], waits, strict=True))
            summary = found["summary"]
            good = found["seconds"] <= limit and memory <= MEMORY and summary["counts"]["healthy"] == summary["checks"]
            held += good
            print(
                f"{number:3} {'ok' if good else 'MISSED':7}{found['seconds']:6.2f} s for {summary['checks']} checks, at"
                f" most {limit:.2f} s; {summary['counts']['healthy']} healthy;"
                f" an API's answer seen {late[len(late) // 2]:.0f} ms late (median), {late[-1]:.0f} ms (most);"
                f" {memory:.0f} MB, {processors:.1f} s of processors with Ansible's own, load {os.getloadavg()[0]:.0f}",
                flush=True,
            )
    print(f"{held} of {options.repeats} held")
    return 0 if held == options.repeats else 1


if __name__ == "__main__":
    sys.exit(main())
