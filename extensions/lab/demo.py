# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo`: a Region dies under load, the playbook moves the workload, and three accounts of it are compared.

What was promised, what the product says of its own run, and what the clients' log shows. The product is told one
thing only: when an outside probe first saw a sample fail. It never hears when the fault fell, nor reads the meter.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab.claim import claimed
from lab.load.probe import OutsideProbe
from lab.settings import API_PORT, DNS_PORT, HOME, Instance

PLAYBOOK = "multiregion.aws_dr.failover"
STATS_MARK = "CUSTOM STATS:"
SETTLE_SECONDS = 2.0
ALARM_TIMEOUT = 15.0


NOTES = (
    "RTO: the product counts from its outside probe's first failed sample until the last cached answer has run out;",
    "     clients from their first failed write to the first of those that all succeed.",
    "RPO: the product gives a bound, the lag and the age of its sample; of the clients' rows the lost are counted.",
)


@dataclass(frozen=True)
class DemoResult:
    """`build/demo/result.json`. Seconds; ``None`` is unknown. ``exit`` is what the demo ends with."""

    rto_seconds: float | None
    rto_origin: str | None
    rto_client_seconds: float | None
    rpo_seconds: float | None
    rpo_lag_seconds: float | None
    lost_rows: int
    acked_rows: int
    writers: int
    stale_acks: int
    exit: int


def lab(instance: Instance, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The lab's own command, as a user would type it. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "lab", "--instance", str(instance.id), *words]
    return subprocess.run(command, text=True, check=True, **options)


def say(line: str) -> None:
    print(f"\n=== {line}", flush=True)


def failover(instance: Instance, inventory: str, first_failure: float) -> dict[str, Any]:
    """Run the playbook, showing its output as it comes; what it sums up is returned ({} when it failed)."""
    arguments = [
        *("exec", "--", "ansible-playbook", PLAYBOOK, "-i", inventory),
        *("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", f"first_failure={first_failure:.3f}"),
        *("-e", "approved_by=demo", "-e", "reason=demo"),
    ]
    command = [sys.executable, "-m", "lab", "--instance", str(instance.id), *arguments]
    summary: dict[str, Any] = {}
    environment = {**os.environ, "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = iter(process.stdout)
        for line in lines:
            if line.startswith(STATS_MARK):
                summary = parse_stats("".join(lines))
                break
            print(line, end="", flush=True)
    return {} if process.returncode else summary


def parse_stats(text: str) -> dict[str, Any]:
    """The custom stats that ansible-playbook prints, a host a line: those of the first host."""
    for line in text.splitlines():
        _host, _colon, values = line.strip().partition(": ")
        if values.startswith("{"):
            return dict(json.loads(values)["dr_failover_summary"])
    return {}


def verdict(summary: dict[str, Any], report: dict[str, Any]) -> DemoResult:
    """Both accounts side by side. It failed if users weren't served again, or if there is other than one writer."""
    served = report["outage_seconds"] is not None and report["served_again"]
    good = bool(summary) and served and report["writers"] == 1
    return DemoResult(
        rto_seconds=summary.get("rto_seconds"),
        rto_origin=summary.get("rto_origin"),
        rto_client_seconds=report["outage_seconds"],
        rpo_seconds=summary.get("rpo_seconds"),
        rpo_lag_seconds=summary.get("rpo_lag_seconds"),
        lost_rows=report["lost_rows"],
        acked_rows=report["acked_rows"],
        writers=report["writers"],
        stale_acks=report["stale_acks"],
        exit=0 if good else 1,
    )


def show(value: float | None, unit: str = "s") -> str:
    return "unknown" if value is None else f"{value:.2f} {unit}"


def at_most(seconds: float | None) -> str:
    return "unknown" if seconds is None else f"<= {seconds:.2f} s"


def table(result: DemoResult, summary: dict[str, Any], report: dict[str, Any]) -> str:
    """What was promised, what the product says, what clients saw."""
    objectives = summary.get("objectives", {})
    promised = {name: f"<= {seconds:.0f} s" for name, seconds in objectives.items()}
    rows = [
        ("", "promised", "the product says", "clients saw"),
        (
            "RTO",
            promised.get("rto_seconds", "unknown"),
            show(result.rto_seconds),
            show(result.rto_client_seconds),
        ),
        (
            "RPO",
            promised.get("rpo_seconds", "unknown"),
            f"{at_most(result.rpo_seconds)} (lag {show(result.rpo_lag_seconds)})",
            f"{result.lost_rows} of {result.acked_rows} acknowledged rows ({show(report['lost_seconds'])})",
        ),
        ("writers", "1", str(summary.get("writer", "unknown")), str(result.writers)),
        ("stale acknowledgements", "0", "-", str(result.stale_acks)),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], "", *NOTES])


def rehearse(instance: Instance, inventory: str, seed: int) -> tuple[DemoResult, str]:
    """Load on, Region lost at a random moment, failover, meter read."""
    probe = OutsideProbe("api.shop.example", instance.dns_address, DNS_PORT, API_PORT)
    say("Load on: 200 orders a second through public DNS, and an outside probe beside it")
    lab(instance, "load", "start")
    probe.start()
    time.sleep(SETTLE_SECONDS + random.Random(seed).random())
    say(f"Region {HOME} is lost: WAN cut, every process killed, every AWS endpoint gone")
    lab(instance, "fault", "region", HOME)
    if not probe.alarm.wait(ALARM_TIMEOUT) or probe.first_failure is None:
        raise SystemExit("The outside probe saw no failure: the fault did not take.")
    say(f"The outside probe has seen {probe.needed} samples fail: ansible-playbook {PLAYBOOK}")
    summary = failover(instance, inventory, probe.first_failure)
    time.sleep(SETTLE_SECONDS)
    probe.stop()
    lab(instance, "load", "stop")
    report = json.loads(lab(instance, "load", "report", stdout=subprocess.PIPE).stdout)
    result = verdict(summary, report)
    return result, table(result, summary, report)


def whole(instance: Instance, inventory: str, seed: int) -> tuple[DemoResult, str]:
    """The lab up, the rehearsal, and the lab down, whatever became of it."""
    say("Lab up: two Regions on this machine, no AWS account")
    lab(instance, "up")
    try:
        lab(instance, "reset")
        return rehearse(instance, inventory, seed)
    finally:
        lab(instance, "down")


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab.demo", description=__doc__.splitlines()[0])
    parser.add_argument("--instance", type=int, help="the lab to use; default is one that nobody uses")
    parser.add_argument("--inventory", default="inventories/lab")
    parser.add_argument("--output", type=Path, default=Path("build/demo/result.json"))
    parser.add_argument("--seed", type=int, default=time.time_ns(), help="decides when the fault falls")
    options = parser.parse_args()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.unlink(missing_ok=True)  # an earlier one's success is none of this one's
    with claimed() if options.instance is None else nullcontext(Instance(options.instance)) as instance:
        result, text = whole(instance, options.inventory, options.seed)
    say("Promised, said, seen (emulated)")
    print(text)
    options.output.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")
    print(f"\nIn figures: {options.output}")
    return result.exit


if __name__ == "__main__":
    sys.exit(main())
