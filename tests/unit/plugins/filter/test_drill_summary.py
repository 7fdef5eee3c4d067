# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills summed up, and what of them goes on record for the report."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.filter.drill_summary import drill_evidence, drill_summary

WARNS = {"code": "baseline_old", "severity": "warn", "region": "eu-west-1", "observed": "o", "remedy": "r"}
REFUSES = {"code": "target_headless", "severity": "refuse", "region": "eu-west-1", "observed": "o", "remedy": "r"}
TIMED = {"timing": {"started": 1.0, "ended": 2.0}}
RESULTS: dict[str, Any] = {
    "types": ["health_check_simulation"],
    "checkable": True,
    "health": {"drill": {"detected_seconds": 1.0, "recovered_seconds": 1.0, "stayed_good_seconds": 3.0}, **TIMED},
    "consistency": {},
    "watch": {},
    "failover": {
        "readiness": [
            {"dr_drill__mode": "planned", "findings": [WARNS]},
            {"dr_drill__mode": "unplanned", "findings": [WARNS, REFUSES]},
            {"dr_drill__mode": "broken", "msg": "no answer"},
        ],
        "steps": {},
        "production": {"probe": {"samples": 3}, **TIMED},
    },
}
WANTED = {"detect_within": "60", "stable_for": "2"}


def test_a_finding_of_both_modes_is_on_record_once() -> None:
    found = drill_evidence(RESULTS, [{"name": "promote_database"}])
    assert [each["code"] for each in found["findings"]] == ["baseline_old", "target_headless"]
    assert [each["name"] for each in found["plan"]] == ["promote_database"]
    assert {each["name"] for each in found["waits"]} == {"sick leg noticed, recovery too", "production watched"}
    assert found["probe"] == {"samples": 3}


def test_a_leg_without_a_url_has_nothing_to_drill() -> None:
    alone = drill_summary({**RESULTS, "checkable": False}, "shop", WANTED, {}, 0.0)
    assert [each["verdict"] for each in alone["drills"]] == ["not applicable"]
    assert (alone["passed"], [each["code"] for each in alone["refusals"]]) == (False, ["drill_inconclusive"])
    assert drill_summary(RESULTS, "shop", WANTED, {}, 0.0)["passed"]
