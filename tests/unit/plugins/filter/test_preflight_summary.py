# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.preflight_summary import preflight_summary

SEEN = {"state": "one", "writers": ["eu-central-1"], "unknown": [], "findings": []}


def finding(code: str, severity: str) -> dict[str, str]:
    return {"code": code, "severity": severity, "observed": "seen", "remedy": "do", "runbook": ""}


LEGS = [{"region": "eu-central-1"}, {"region": "eu-west-1"}]


def summary(
    writers: dict[str, Any],
    *findings: dict[str, str],
    canary: Any = None,
    writer: str | None = "eu-central-1",
    target: str = "eu-west-1",
    older: dict[str, dict[str, float]] | None = None,
) -> dict[str, Any]:
    looked = {"findings": list(findings), "ready": True, "writer_region": writer, "legs": LEGS}
    readiness = [{"dr_preflight__mode": "planned", **looked}]
    kept = {"table_region": "eu-west-1", "older": older or {}}
    results = {"readiness": readiness, "baseline": kept, "canary": canary, "writers": writers}
    return preflight_summary(results, "shop", target, "eu-central-1")


@pytest.mark.parametrize(
    ("writers", "ready", "refused", "found"),
    [
        (SEEN, True, [], []),
        ({**SEEN, "findings": [finding("two_writers", "refuse")]}, False, ["two_writers"], ["two_writers"]),
        ({**SEEN, "findings": [finding("writer_unknown", "warn")]}, True, [], ["writer_unknown"]),
        ({"failed": True, "msg": "no psycopg"}, True, [], ["writers_not_asked"]),
    ],
)
def test_who_takes_writes_is_part_of_a_preflight(
    writers: dict[str, Any], ready: bool, refused: list[str], found: list[str]
) -> None:
    said = summary(writers)
    assert said["ready"] is ready
    assert [each["code"] for each in said["refusals"]] == refused
    assert [each["code"] for each in said["findings"]] == found


@pytest.mark.parametrize(
    ("canary", "found"),
    [
        (None, {"latch_unproved", "other"}),
        ({"failed": False, "canary": {"moved_seconds": 2.0}}, {"other"}),
        ({"failed": True, "msg": "it stayed"}, {"canary_failed", "latch_unproved", "other"}),
        ({"skipped": True}, {"canary_not_configured", "latch_unproved", "other"}),
    ],
)
def test_a_canary_that_has_flipped_proves_what_nobody_can_tell_by_looking(canary: Any, found: set[str]) -> None:
    said = summary(SEEN, finding("latch_unproved", "warn"), finding("other", "warn"), canary=canary)
    assert {each["code"] for each in said["findings"]} == found
    assert ("its name followed" in "\n".join(said["lines"])) is ("latch_unproved" not in found)


@pytest.mark.parametrize(("writer", "told"), [("eu-central-1", False), (None, False), ("eu-west-1", True)])
def test_where_the_target_writes_it_tells_how_to_ask_about_the_way_back(writer: str | None, told: bool) -> None:
    line = summary(SEEN, writer=writer)["lines"][1]
    assert ("eu-west-1 is the writer already" in line and "-e target=eu-central-1" in line) is told
    assert ("failback --check" in line) is told


def test_where_home_writes_there_is_no_way_home_to_be_told() -> None:
    line = summary(SEEN, target="eu-central-1")["lines"][1]
    assert "eu-central-1 is the writer already" in line and "-e target=eu-west-1" in line and "failback" not in line


def test_it_says_of_which_region_an_earlier_preflight_stands_in() -> None:
    assert summary(SEEN)["lines"][-1] == "baseline kept in eu-west-1"
    told = summary(SEEN, older={"database": {"eu-central-1": 1.0}, "latch": {"eu-central-1": 1.0}})["lines"][-1]
    assert told == "baseline kept in eu-west-1 (of eu-central-1 partly as an earlier preflight saw it)"
