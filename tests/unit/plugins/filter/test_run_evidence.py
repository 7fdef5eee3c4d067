# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on a run's record for its report, and where a report is."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.report_files import report_places
from ansible_collections.multiregion.aws_dr.plugins.filter.run_evidence import run_plan

STEPS = ["switch_traffic", "promote_database", "fence_region"]


def places(intact: bool | None, *found: dict[str, Any]) -> list[str]:
    listed = [{"place": "/reports", "written": [], "locked_until": None, "error": "", **each} for each in found]
    return report_places({"intact": intact, "manifest_sha256": "ab", "places": listed})


def test_the_plan_is_in_the_order_of_the_steps_whatever_it_was_named_in() -> None:
    found = run_plan(STEPS, "unplanned", "eu-central-1", "eu-west-1")
    assert [each["name"] for each in found] == ["fence_region", "promote_database", "switch_traffic"]
    assert [each["point_of_no_return"] for each in found] == [False, True, False]
    assert all(each["gate"] and each["way_back"] for each in found)


@pytest.mark.parametrize("mode", ["planned", "unplanned"])
def test_only_an_unplanned_promotion_has_no_way_back(mode: str) -> None:
    [promotion] = run_plan(["promote_database"], mode, "eu-central-1", "eu-west-1")
    assert promotion["point_of_no_return"] is (mode == "unplanned")


def test_a_place_that_cannot_be_reached_is_unknown() -> None:
    assert places(None, {"error": "no answer"})[0] == "/reports: UNKNOWN, no answer"


def test_files_that_were_written_are_counted_and_their_lock_is_told() -> None:
    assert places(None, {"written": ["a", "b"], "locked_until": 0.0}, {"locked_until": 86400.0})[:2] == [
        "/reports: 2 files written",
        "/reports: as it was, locked until 1970-01-02 00:00:00.000Z",
    ]


def test_a_look_at_this_machine_alone_says_what_it_is_worth() -> None:
    alone, both = places(True, {}), places(True, {}, {})
    assert any("can alter both" in line for line in alone)
    assert not any("can alter both" in line for line in both)
