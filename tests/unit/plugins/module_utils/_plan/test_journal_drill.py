# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journal tells of drills: they are never finished, and hide nothing that a failover owes."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import status_lines, way_back


def run(name: str, kind: str, outcome: str | None, **summary: Any) -> dict[str, Any]:
    return {
        "id": name,
        "kind": kind,
        "workload": "shop",
        "mode": "planned",
        "target": "eu-west-1",
        "outcome": outcome,
        "summary": summary,
        "opened_at": 0.0,
        "closed_at": 0.0,
        "initiated_by": "Ada",
        "approved_by": "",
        "reason": "",
    }


def seen(*history: dict[str, Any]) -> dict[str, Any]:
    return {"workload": "shop", "source": "table", "lock": None, "run": None, "events": [], "history": list(history)}


def test_a_drill_that_was_killed_is_begun_anew_or_cleaned_up_after() -> None:
    drill = run("d", "drill", None)
    event = {"step": "drill_copy_restore", "state": "started", "seen": {}}
    again, cleanup = way_back(drill, [event])
    assert "multiregion.aws_dr.drill -i INVENTORY -e workloads=shop" in again
    assert "type=cleanup" in cleanup


def test_the_history_says_how_each_drill_went() -> None:
    drills = [
        {"type": "failover_simulation", "verdict": "failed"},
        {"type": "performance_validation", "verdict": "passed"},
    ]
    told = status_lines(seen(run("d", "drill", "failed", drills=drills)), 0.0)
    assert told[-1].strip() == (
        "d: drill in eu-west-1, failed: failover_simulation failed, performance_validation passed"
    )


def test_a_drill_does_not_hide_what_a_failover_owes() -> None:
    owing = run("f", "failover", "degraded", owed=["the fence of eu-central-1"])
    told = status_lines(seen(run("d", "drill", "succeeded"), owing), 0.0)
    assert any("DEGRADED since run f: the fence of eu-central-1" in line for line in told)
