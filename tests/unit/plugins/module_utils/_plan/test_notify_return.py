# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Once the home Region is back, and seen to, people hear that they can go home."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import EventKind, Level
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_return import returned

HOME = "eu-central-1"
SEEN: dict[str, Any] = {
    "region": HOME,
    "state": "settled",
    "fence": {"state": "fenced", "how": "a refused write"},
    "snapshot": {"state": "kept", "id": "aws-dr-lost", "how": ""},
    "owed": [],
}


def run(home: str = HOME, **seen: Any) -> RunRecord:
    return RunRecord(
        id="shop-2",
        kind=RunKind.REGION_RETURN,
        workload="shop",
        lock="shop",
        mode="unplanned",
        target=HOME,
        reason="",
        initiated_by="watcher",
        approved_by="",
        opened_at=1_000.0,
        fence=4,
        outcome=Outcome.SUCCEEDED,
        details={"home": home},
        summary={**SEEN, **seen},
    )


def test_the_way_home_is_open_and_told_with_its_command() -> None:
    found = returned(run())
    assert [(each.kind, each.level) for each in found["events"]] == [
        (EventKind.DONE, Level.INFO),
        (EventKind.FAILBACK_DUE, Level.INFO),
    ]
    assert found["title"] == f"shop: {HOME} answers again"
    assert any("kept as aws-dr-lost" in line for line in found["happened"])
    assert "multiregion.aws_dr.failback -i INVENTORY -e workloads=shop" in found["next_steps"][0]


def test_another_region_that_returns_is_no_way_home() -> None:
    found = returned(run(home="eu-west-1"))
    assert [each.kind for each in found["events"]] == [EventKind.DONE] and found["next_steps"] == ()


def test_a_fence_that_is_still_owed_is_told_loudly() -> None:
    left = owed.fence(HOME, "owed")
    found = returned(run(owed=[left]))
    assert (EventKind.FENCE_OWED, Level.CRITICAL) in [(each.kind, each.level) for each in found["events"]]
    assert f"Owed: {left}" in found["next_steps"] and "something is owed" in found["title"]


def test_a_run_that_saw_nothing_says_no_more_than_that() -> None:
    assert returned(run(fence=None))["happened"] == ()
