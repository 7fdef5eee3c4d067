# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on a run's record for its report."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.evidence import (
    FINDINGS,
    TEXT,
    bounded,
    drills_kept,
    evidence,
    findings_kept,
    size,
    slim,
)

FINDING = {"code": "x", "severity": "warn", "observed": "o", "remedy": "r", "runbook": "", "topic": "database"}


def test_a_small_record_stays_as_it_is() -> None:
    assert bounded({"a": 1, "lines": ["x"]}) == {"a": 1, "lines": ["x"]}


def test_of_a_big_one_the_biggest_part_goes_and_is_named() -> None:
    found = bounded({"rto_seconds": 8.5, "series": ["x" * 100] * 100, "lines": ["y" * 100] * 50}, limit=8_000)
    assert found["rto_seconds"] == 8.5
    assert "series" not in found
    assert list(found["left_out"]) == ["series"] and found["left_out"]["series"] > 10_000
    assert found["lines"] and size(found) <= 8_100


def test_a_finding_is_cut_and_keeps_its_code() -> None:
    found = findings_kept([{**FINDING, "observed": "o" * 2000, "region": "eu-west-1"}])
    assert found == [
        {"code": "x", "severity": "warn", "region": "eu-west-1", "observed": f"{'o' * (TEXT - 3)}...", "remedy": "r"}
    ]


def test_there_are_never_more_than_fit() -> None:
    assert len(findings_kept([FINDING] * (FINDINGS + 5))) == FINDINGS


def test_the_waits_are_those_of_tasks_that_ran_in_their_order() -> None:
    results: dict[str, Any] = {
        "probe": {"timing": {"started": 5.0, "ended": 9.0}, "probe": {"samples": 3}},
        "writer": {"timing": {"started": 1.0, "ended": 2.0}},
        "cached": {"skipped": True},
        "sources_on": {"timing": {"started": 0.0, "ended": 0.1}},
    }
    found = evidence(results)
    assert [(each["name"], each["started"]) for each in found["waits"]] == [
        ("writer proved", 1.0),
        ("clients served, stable", 5.0),
    ]
    assert found["probe"] == {"samples": 3}


def test_a_drill_keeps_what_it_found_and_rehearsed_and_how_long_that_took() -> None:
    results: dict[str, Any] = {
        "copy": {"timing": {"started": 1.0, "ended": 2.0}},
        "production": {"timing": {"started": 3.0, "ended": 9.0}, "probe": {"samples": 3}},
        "health": {"skipped": True},
        "writer_before": "eu-central-1",
    }
    found = drills_kept(results, [FINDING], [{"name": "promote_database"}])
    assert [each["name"] for each in found["waits"]] == ["copy promoted and proved", "production watched"]
    assert [each["code"] for each in found["findings"]] == ["x"]
    assert (found["plan"], found["probe"]) == ([{"name": "promote_database"}], {"samples": 3})
    assert "probe" not in drills_kept({}, [], [])


def test_the_history_goes_without_it() -> None:
    assert slim({"rto_seconds": 1.0, "evidence": {"waits": []}}) == {"rto_seconds": 1.0}
