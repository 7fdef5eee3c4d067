# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many demos, the fault falling at another moment each time: the product's RTO against what clients saw."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from lab.claim import claimed

MEDIAN_LIMIT, LIMIT = 0.5, 1.0
"""Seconds by which the product's RTO may differ from the clients', in the median and at most."""


def demo(number: int, instance: int, directory: Path) -> dict[str, Any]:
    """Run one demo; what it found, ``exit`` being its status."""
    output = directory / f"{number:02}.json"
    output.unlink(missing_ok=True)
    options = ["--instance", str(instance), "--output", str(output), "--seed", str(random.randrange(10**9))]
    done = subprocess.run(
        [sys.executable, "-m", "lab.demo", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode or not output.exists():
        print(done.stdout, flush=True)
        return {"exit": done.returncode or 1}
    return dict(json.loads(output.read_text(encoding="utf-8")))


def difference(result: dict[str, Any]) -> float | None:
    """Product's RTO less the clients', in seconds; ``None`` when either is unknown."""
    said, seen = result.get("rto_seconds"), result.get("rto_client_seconds")
    return None if said is None or seen is None else said - seen


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--directory", type=Path, default=Path("build/demo/repeats"))
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    started, differences, failed = time.monotonic(), [], 0
    with claimed() as instance:
        for number in range(1, options.repeats + 1):
            result = demo(number, instance.id, options.directory)
            found = difference(result)
            good = result["exit"] == 0 and found is not None and abs(found) <= LIMIT
            failed += not good
            differences += [] if found is None else [abs(found)]
            print(f"{number:3} {'ok' if good else 'FAILED':8} {json.dumps(result)}", flush=True)
    median = statistics.median(differences) if differences else float("inf")
    print(
        f"product and clients differ by {median:.2f} s in the median, {max(differences, default=median):.2f} s at most"
    )
    passed = options.repeats - failed
    print(f"{passed} passed, {failed} failed in {time.monotonic() - started:.1f}s")
    return 1 if failed or median >= MEDIAN_LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
