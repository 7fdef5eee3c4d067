# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.operations import operations_audit, operations_capacity

HOME, STANDBY = "eu-central-1", "eu-west-1"
COMPUTE = [{"kind": "asg", "name": "web", "desired": 4, "maximum": 8}]
DAY = 86_400.0
RUN = {
    "id": "shop-1",
    "kind": "failover",
    "mode": "unplanned",
    "target": STANDBY,
    "outcome": "succeeded",
    "initiated_by": "grace",
    "approved_by": "Ada",
    "reason": "home is down",
    "opened_at": 0.0,
    "summary": {},
}
NOTHING: dict[str, Any] = {"history": [], "automation": {"switches": [], "unread": ""}}


def baseline(day: float, serving: int | None, *findings: dict[str, str]) -> dict[str, Any]:
    seen = {"targets": [{"id": "asg:web", "desired": 4, "serving": serving, "error": ""}]}
    return {"taken_at": day * DAY, "by": "cron", "capacity": {HOME: seen}, "findings": list(findings)}


def capacity(*serving: int | None) -> dict[str, Any]:
    """The oldest comes first."""
    kept = [baseline(float(day), each) for day, each in enumerate(serving)]
    return operations_capacity({"baselines": kept[::-1]}, COMPUTE)


@pytest.mark.parametrize(
    ("serving", "trend"),
    [
        ((2, 2, 4, 4), "rising"),
        ((4, 4, 2, 2), "falling"),
        ((4, 4, 4, 4), "steady"),
        ((4, 4, 4), "unknown"),
        ((4, None, 4, 4), "unknown"),
    ],
)
def test_the_trend_is_that_of_the_later_half_against_the_earlier_one(
    serving: tuple[int | None, ...], trend: str
) -> None:
    assert f"trend {trend}" in capacity(*serving)["lines"][1]


def test_each_target_is_shown_with_what_a_failover_wants_and_may_have() -> None:
    lines = capacity(2, 3)["lines"]
    assert lines[0] == "capacity trend: 2 preflights in 1.0 days, the last one of 1970-01-02 00:00 UTC by cron"
    assert "asg:web in eu-central-1: 3 serve (2 to 3 in 2 preflights); a failover wants 4, at most 8" in lines[1]


def test_what_the_last_preflight_could_not_tell_is_unknown_and_not_what_an_earlier_one_saw() -> None:
    found = capacity(9, None)
    assert "unknown how many serve now (9 to 9 in 1 preflight)" in found["lines"][1]
    assert found["findings"] == []


def test_more_than_a_failover_would_scale_to_is_a_finding() -> None:
    (found,) = capacity(4, 5)["findings"]
    assert (found["code"], found["severity"]) == ("capacity_outgrown", "refuse")
    assert capacity(5, 4)["findings"] == []


def test_what_the_last_preflight_found_of_limits_is_told_and_nothing_else_of_it() -> None:
    low = {"code": "quota_below_source", "observed": "too low"}
    found = [low, low, {"code": "lag_high", "observed": "late"}]
    shown = operations_capacity({"baselines": [baseline(1, 4, *found)]}, COMPUTE)
    assert shown["lines"].count("    [quota_below_source] too low") == 1 and "late" not in str(shown)


@pytest.mark.parametrize(
    ("compute", "said"), [([], "not applicable"), (COMPUTE, "unknown, as no preflight is on record")]
)
def test_without_compute_or_records_it_says_so(compute: list[dict[str, Any]], said: str) -> None:
    shown = operations_capacity({"baselines": []}, compute)
    assert said in shown["lines"][0] and shown["findings"] == []


def test_each_run_is_told_with_who_made_it_and_who_approved_it() -> None:
    aborted = {**RUN, "outcome": "aborted", "approved_by": "", "summary": {"by": "eve", "reason": "came back"}}
    lines = operations_audit({**NOTHING, "history": [aborted, RUN]}, [], [])["lines"]
    assert lines[0] == "audit: 2 runs, the first of 1970-01-01 00:00 UTC"
    assert "aborted, by grace, approved by nobody; home is down; ended by eve: came back (shop-1)" in lines[1]
    assert "failover unplanned to eu-west-1: succeeded, by grace, approved by Ada; home is down (shop-1)" in lines[2]


@pytest.mark.parametrize(
    ("automation", "said"),
    [
        ({"switches": [], "unread": ""}, "kill switch: never touched"),
        ({"switches": [], "unread": "no answer"}, "kill switch: unknown (no answer)"),
        (
            {
                "switches": [{"scope": "shop", "state": "engaged", "at": DAY, "by": "ada", "reason": "works"}],
                "unread": "",
            },
            "kill switch of shop: engaged since 1970-01-02 00:00 UTC by ada: works",
        ),
    ],
)
def test_the_kill_switch_is_told_with_who_set_it(automation: dict[str, Any], said: str) -> None:
    assert f"    {said}" in operations_audit({"history": [], "automation": automation}, [], [])["lines"]


@pytest.mark.parametrize(("state", "due"), [("done", 0), ("due soon", 0), ("overdue", 1), ("never done", 1)])
def test_a_rehearsal_that_was_not_made_in_time_is_a_finding(state: str, due: int) -> None:
    entry = {"type": "live", "every_days": 90.0, "state": state, "last_at": 0.0, "last_run": "shop-1"}
    found = operations_audit(NOTHING, [entry], [])
    assert [each["code"] for each in found["findings"]] == ["rehearsal_overdue"] * due
    assert f"    rehearsal live every 90 days: {state}, last 1970-01-01 00:00 UTC (shop-1)" in found["lines"]


def test_evidence_is_intact_altered_or_not_verified() -> None:
    results: list[dict[str, Any]] = [
        {"item": "/r/one"},
        {"item": "/r/two", "failed": True, "msg": "one file was altered"},
    ]
    found = operations_audit(NOTHING, [], results)
    assert [each["code"] for each in found["findings"]] == ["evidence_altered"]
    assert "    evidence /r/one: intact" in found["lines"]
    assert "    evidence /r/two: ALTERED, or not to be read" in found["lines"]
    assert (
        "    evidence: not verified, as no report is kept on this machine" in operations_audit(NOTHING, [], [])["lines"]
    )
