# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people hear of a drill: its verdicts, and never that anything was promoted."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import Drill, DrillType
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import EventKind, Level
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill import refusals
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_drill import drill_result

PASSED = Drill(DrillType.FAILOVER, figures={"isolated_rto_seconds": 1.448, "replication_lag_seconds": None})
WRONG = Drill(DrillType.CONSISTENCY, wrong=("buckets: 7 differ",))
UNKNOWN = Drill(DrillType.PERFORMANCE, unknown=("the loss",))


def drill(outcome: Outcome | None, drills: tuple[Drill, ...] = (), **summary: Any) -> RunRecord:
    told = {"drills": [each.as_dict() for each in drills]} if drills else {}
    return RunRecord(
        id="shop-1",
        kind=RunKind.DRILL,
        workload="shop",
        lock="shop",
        mode="planned",
        target="eu-west-1",
        reason="weekly",
        initiated_by="ada",
        approved_by="",
        opened_at=1_000.0,
        fence=3,
        outcome=outcome,
        details={"type": "all"},
        summary={**told, **summary},
    )


def text(found: dict[str, Any]) -> str:
    return "\n".join([found["title"], *found["happened"], *found["figures"], *found["next_steps"]])


def test_one_that_passed_says_so_with_its_figures_and_asks_for_nothing() -> None:
    found = drill_result(drill(Outcome.SUCCEEDED, (PASSED,)), [])
    assert [(each.kind, each.level) for each in found["events"]] == [(EventKind.DRILL_RESULT, Level.INFO)]
    assert found["title"] == "shop: the drills in eu-west-1 passed"
    assert found["happened"] == ("failover_simulation passed",)
    assert found["figures"] == ("failover_simulation: isolated rto 1.45 s",)
    assert found["next_steps"] == ()


def test_one_that_did_not_says_why_and_what_to_do() -> None:
    drills = (PASSED, WRONG, UNKNOWN)
    kept = [each.as_dict() for each in refusals("shop", drills)]
    found = drill_result(drill(Outcome.FAILED, drills, refusals=kept), [])
    assert [(each.kind, each.level) for each in found["events"]] == [(EventKind.DRILL_RESULT, Level.WARNING)]
    assert "did NOT pass" in found["title"]
    assert "data_consistency failed: buckets: 7 differ" in found["happened"]
    assert "performance_validation unknown: the loss" in found["happened"]
    assert any("docs/runbooks/drills.md#data_consistency" in step for step in found["next_steps"])


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (drill(Outcome.FAILED, failed_task="Take the lease", error="no answer"), "It stopped at: Take the lease."),
        (drill(Outcome.FAILED, failed_task="Take the lease", error="no answer"), "no answer"),
        (drill(Outcome.FAILED), "didn't come to its end"),
        (drill(None), "It stopped without a word."),
        (drill(None), "-e type=cleanup"),
        (drill(Outcome.FAILED, cleaned_up=True), "what it left was removed"),
        (drill(Outcome.PREEMPTED), "made way for an emergency"),
    ],
)
def test_one_that_was_cut_short_says_how(record: RunRecord, said: str) -> None:
    assert said in text(drill_result(record, []))


def test_what_was_cleaned_up_needs_no_cleaning_up() -> None:
    assert "type=cleanup" not in text(drill_result(drill(Outcome.FAILED, cleaned_up=True), []))


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_none_of_them_says_that_a_region_writes_now(outcome: Outcome | None) -> None:
    told = text(drill_result(drill(outcome), []))
    assert "writes now" not in told and "promoted" not in told
