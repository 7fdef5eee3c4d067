# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The meter's reading of a lab: its log, its databases as they are now, and the world's journal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from lab.client import LabError
from lab.data.postgres import conninfo
from lab.load.meter import Report, measure, read_log
from lab.settings import DATABASE, POSTGRES_PORT, REGIONS, Instance, other


def writers(instance: Instance) -> list[str]:
    """The Regions whose database would take a client's write now, asked by SQL. One that doesn't answer takes none."""
    found = []
    for region in REGIONS:
        try:
            with psycopg.connect(conninfo(instance.address(region), DATABASE, port=POSTGRES_PORT)) as connection:
                row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        except psycopg.OperationalError:
            continue
        if row == (False,):
            found.append(region)
    return found


def rows(instance: Instance, region: str) -> list[int]:
    """The ids of the orders in a Region's database."""
    with psycopg.connect(conninfo(instance.address(region), DATABASE)) as connection:
        return [number for (number,) in connection.execute("SELECT id FROM writes")]


def last_promotion(events: Sequence[dict[str, Any]]) -> tuple[float, str] | None:
    """When which Region was promoted last; None when none was."""
    found = [(float(event["at"]), str(event["region"])) for event in events if event["event"] == "promoting"]
    return found[-1] if found else None


def report(instance: Instance, log: Path, events: Sequence[dict[str, Any]]) -> Report:
    """Measure. With two writers the one promoted last counts as the survivor. Raises LabError without a log."""
    if not log.exists():
        raise LabError("nothing was written yet: start the load with 'lab load start'")
    now = writers(instance)
    promotion = last_promotion(events)
    promoted_at, promoted = promotion if promotion else (None, "")
    survivor = promoted if promoted in now else next(iter(now), None)
    stored = None if survivor is None else rows(instance, survivor)
    return measure(read_log(log), stored, len(now), promoted_at, other(promoted) if promoted else "")
