# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/dashboards: what the dashboards of the lab's workload look like, from the JSON that CloudWatch gets.

python tools/dashboards.py
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from dashboard_picture import Line, Points, picture

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.dashboard import Dashboard
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.observability import Watched, WatchedLeg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.dashboards import dashboards

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "dashboards"
HOME, STANDBY = "eu-central-1", "eu-west-1"
SERVICES = ("api", "database", "cache")
SHOP = Watched(
    workload="shop",
    legs=tuple(WatchedLeg(region, f"shop-{region}", SERVICES) for region in (HOME, STANDBY)),
    account="123456789012",
    runbooks="docs/runbooks",
    budget=1000.0,
)
NOTE = (
    "Sample data: eu-central-1 is lost at two thirds of the time, and the workload fails over."
    " Drawn from the JSON that CloudWatch gets."
)
SAMPLES = 61
LOST, MOVED, TOLD = 40, 43, 42  # the Region is lost, the failover done; from here on its lag is unknown
RUNS = {5: 0.9, 25: 0.7, MOVED: 1.6}
"""Minutes that a failover took, by when."""


def shown() -> tuple[Dashboard, ...]:
    """The dashboards that are drawn."""
    return dashboards(SHOP, STANDBY)


def files() -> Iterator[tuple[str, str]]:
    """What docs/dashboards holds, by file name."""
    for made in shown():
        body = made.body()
        arns = [arn for widget in body["widgets"] for arn in widget["properties"].get("alarms", [])]
        states = {arn: "ALARM" if any(word in arn for word in IN_ALARM) else "OK" for arn in arns}
        yield (
            f"{made.name.removeprefix('aws-dr-shop-').removesuffix(f'-{STANDBY}')}.svg",
            picture(body, sample, states, NOTE),
        )


IN_ALARM = (f"service_unhealthy/{HOME}", f"region_down/{HOME}", "alarm:aws-dr/shop/critical")


def sample(line: Line) -> Points:
    """What the line's metric may hold."""
    namespace, name, *dimensions, _how = line
    region = dimensions[3]
    if namespace != "MultiRegion":
        return [_lag(n, STANDBY) for n in range(SAMPLES)]
    return [_value(name, region, dimensions[5], n) for n in range(SAMPLES)]


def _value(name: str, region: str, service: str, n: int) -> float | None:
    lost = region == HOME and n >= LOST
    to_here = n in RUNS and region == (HOME if n == 25 else STANDBY)
    bad = service == "api" and n in (12, 13)
    found: dict[str, float | None] = {
        "HealthCheck": (0.0 if service == "api" else None) if lost else 0.0 if bad and region == STANDBY else 1.0,
        "Availability": 0.0 if lost else 100.0,
        "ReplicationLag": _lag(n, region) if service == "database" else _lag(n, region, 0.3),
        "ResponseTime": None
        if lost
        else 18 + 9 * math.sin(n / 5 + len(service)) + (25 if service == "database" else 0),
        "FailoverUnderWay": 1.0 if LOST <= n < MOVED else 0.0,
        "Failover": 1.0 if to_here else None,
        "FailoverSucceeded": 1.0 if to_here else None,
        "ObjectiveMet": 1.0 if to_here and (service == "rto" or n != MOVED) else None,
        "RTO": RUNS[n] if to_here else None,
        "RPO": 0.0 if to_here and n != MOVED else None,
        "RPOAtMost": 1.97 if to_here and n == MOVED else None,
        "Cost": (12.0 if region == HOME else 7.5) * n if n % 4 == 0 else None,
    }
    return found[name]


def _lag(n: int, region: str, scale: float = 1.0) -> float | None:
    """Of the secondary alone, and of nobody once its primary is gone."""
    if region != STANDBY or n >= TOLD:
        return None
    return scale * (120 + 60 * math.sin(n / 4) + (400 if n in (11, 12, 13) else 0))


def main() -> None:
    """Write every file, and remove those that aren't made any more."""
    DOCS.mkdir(parents=True, exist_ok=True)
    wanted = dict(files())
    for old in DOCS.iterdir():
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (DOCS / name).write_text(text, encoding="utf-8")
    print(f"docs/dashboards: {len(wanted)} files")


if __name__ == "__main__":
    main()
