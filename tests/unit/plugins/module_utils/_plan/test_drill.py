# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts: a drill passes only if things are good and stay so, and what couldn't be told is no pass."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import Drill, DrillType, Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill import (
    SCRIPTS,
    chosen,
    home_refusals,
    lines,
    passed,
    past,
    plan_lines,
    refusals,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill_judges import (
    Wanted,
    consistency,
    failover,
    health,
    live,
    replication_lag,
)

WANTED = Wanted(rto=900, rpo=60, detect=60, stable_for=30)
HEALTH: dict[str, Any] = {"drill": {"detected_seconds": 12.0, "recovered_seconds": 9.0, "stayed_good_seconds": 30.1}}
COPY: dict[str, Any] = {
    "proof": {"server_id": "copy-1"},
    "reads": {"tables": 2, "missing": [], "isolated": True},
    "seconds": {"restored": 300.0, "instance_ready": 600.0, "proved": 610.0},
}
CALL = {"service": "rds", "action": "SwitchoverGlobalCluster", "region": "eu-central-1"}
GOOD: dict[str, Any] = {
    "readiness": [{"dr_drill__mode": "planned", "findings": [{"code": "x", "severity": "warn", "observed": "so"}]}],
    "steps": {"promotion": {"calls": [CALL]}, "fence": {"skipped": True}},
    "copy": COPY,
    "again": {"changed": False},
    "removed": {"changed": True},
    "production": {"probe": {}},
    "writer_before": "eu-central-1",
    "writer_after": "eu-central-1",
    "lag_seconds": 0.4,
}
THERE: dict[str, Any] = {"outcome": "succeeded", "run_seconds": 80.0}
WATCH: dict[str, Any] = {"watch": {"samples": 900, "failures": 12, "longest_gap_seconds": 4.2}}


def test_all_leaves_production_alone() -> None:
    assert DrillType.LIVE not in chosen("all") and chosen("all") == chosen("")
    assert chosen("live") == (DrillType.LIVE,)
    assert chosen("cleanup") == ()


def test_every_drill_has_a_hypothesis_and_a_method() -> None:
    assert set(SCRIPTS) == set(DrillType)


def test_a_sick_leg_that_is_noticed_and_recovers_for_good_passes() -> None:
    drill = health(HEALTH, WANTED)
    assert drill.verdict is Verdict.PASSED and drill.figures["detected_seconds"] == 12.0


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({}, "not carried out"),
        ({"skipped": True}, "not carried out"),
        ({"failed": True, "msg": "not so after 600 s"}, "not so after 600 s"),
        ({"failed": False, "failed_when_result": False, "msg": "not so after 9 s"}, "not so after 9 s"),
        ({"drill": {**HEALTH["drill"], "detected_seconds": 61.0}}, "61.00 s to be noticed"),
        ({"drill": {**HEALTH["drill"], "stayed_good_seconds": 3.0}}, "stayed good for 3.00 s"),
    ],
)
def test_one_that_is_not_fails(result: dict[str, Any], said: str) -> None:
    drill = health(result, WANTED)
    assert drill.verdict is Verdict.FAILED and said in drill.wrong[0]


def test_a_leg_that_nothing_can_look_at_is_no_drill_and_no_failure() -> None:
    drill = health({"skipped": True}, WANTED, checkable=False)
    assert drill.verdict is Verdict.NOT_APPLICABLE and "api_url" in drill.inapplicable
    drills = [drill, Drill(DrillType.FAILOVER)]
    assert passed(drills) and refusals("shop", drills) == []
    assert any("api_url" in line for line in lines("shop", drills))
    # Asked for alone, it has shown nothing.
    assert not passed([drill])
    assert [each.code for each in refusals("shop", [drill])] == ["drill_inconclusive"]


def test_production_that_nothing_can_look_at_is_said_not_to_have_been_watched() -> None:
    drill = failover({**GOOD, "production": {"skipped": True}, "checkable": False}, WANTED)
    assert drill.verdict is Verdict.PASSED and any("not watched" in line for line in drill.seen)
    assert failover({**GOOD, "production": {"skipped": True}}, WANTED).verdict is Verdict.FAILED


def test_a_failover_that_would_do_passes_and_says_what_it_would_call() -> None:
    drill = failover(GOOD, WANTED)
    assert drill.verdict is Verdict.PASSED, drill.wrong
    assert "rds:SwitchoverGlobalCluster in eu-central-1" in drill.seen[0]
    assert drill.figures == {
        "isolated_rto_seconds": 610.0,
        "isolated_restore_seconds": 300.0,
        "replication_lag_seconds": 0.4,
    }


REFUSED = {"code": "target_headless", "severity": "refuse", "observed": "no instance"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"readiness": [{"dr_drill__mode": "planned", "findings": [REFUSED]}]}, "would be refused: [target_headless]"),
        ({"readiness": [{"dr_drill__mode": "unplanned", "failed": True, "msg": "no"}]}, "unplanned: no"),
        ({"steps": {"fence": {"failed_when_result": False, "msg": "no rule"}}}, "fence couldn't be planned: no rule"),
        ({"copy": {"failed": True, "msg": "InsufficientDBInstanceCapacity"}}, "InsufficientDBInstanceCapacity"),
        ({"copy": {}}, "the promotion on a copy: it was not carried out"),
        ({"copy": {**COPY, "reads": {**COPY["reads"], "missing": ["public.orders"]}}}, "lacks tables"),
        ({"copy": {**COPY, "reads": {**COPY["reads"], "tables": 0}}}, "no table could be read"),
        ({"copy": {**COPY, "reads": {**COPY["reads"], "isolated": False}}}, "NOT isolated"),
        ({"copy": {**COPY, "seconds": {**COPY["seconds"], "proved": 901.0}}}, "more than the objective of 900 s"),
        ({"again": {"failed": True, "msg": "gone"}}, "didn't stay good for 30 s: gone"),
        ({"again": {}}, "didn't stay good"),
        ({"removed": {"failed": True, "msg": "AccessDenied"}}, "LEFT, and costs money: AccessDenied"),
        ({"production": {"failed": True, "msg": "502"}}, "production wasn't served all the while: 502"),
        ({"writer_after": "eu-west-1"}, "the writer was eu-central-1 before, and eu-west-1 after"),
        ({"writer_before": None}, "the writer was unknown before"),
        ({"lag_seconds": 61.0}, "the standby was 61.00 s behind"),
    ],
)  # fmt: skip
def test_whatever_speaks_against_it_fails_it(changed: dict[str, Any], said: str) -> None:
    drill = failover({**GOOD, **changed}, WANTED)
    assert drill.verdict is Verdict.FAILED
    assert any(said in each for each in drill.wrong), drill.wrong


def test_an_unknown_lag_is_not_zero() -> None:
    drill = failover({**GOOD, "lag_seconds": None}, WANTED)
    assert (drill.verdict, drill.wrong) == (Verdict.UNKNOWN, ())


def test_the_newest_sample_of_the_target_s_lag_counts() -> None:
    lag = {"samples": [{"ms": 900, "sampled_at": 120}, {"ms": 100, "sampled_at": 60}]}
    legs = [{"region": "w", "services": {"database": {"replication_lag": lag}}}, {"region": "c", "services": {}}]
    assert replication_lag(legs, "w") == 0.9
    assert replication_lag(legs, "c") is None
    assert replication_lag([{"region": "w", "services": {"database": {"replication_lag": None}}}], "w") is None


LINES = [{"what": "/shop", "status": "differs", "examples": ["/shop/limit"]}, {"what": "/x", "status": "same"}]
DIFFERS: dict[str, Any] = {"status": "differs", "compared": 2, "differing": 1, "lines": LINES}


@pytest.mark.parametrize(
    ("result", "verdict", "said"),
    [
        ({"layers": {"database": {"status": "same", "compared": 2, "differing": 0}}}, Verdict.PASSED, "2 compared"),
        ({"layers": {"buckets": {"status": "differs", "compared": 1, "differing": 7}}}, Verdict.FAILED, "7 differ"),
        ({"layers": {"parameters": DIFFERS}}, Verdict.FAILED, "parameters: 1 differ (/shop: /shop/limit)"),
        ({"layers": {"cache": {"status": "unknown", "compared": 0, "differing": 0}}}, Verdict.UNKNOWN, "the cache"),
        ({"layers": {}}, Verdict.UNKNOWN, "nothing was compared"),
        ({"failed": True, "msg": "no such table"}, Verdict.FAILED, "no such table"),
    ],
)
def test_data_that_is_not_known_to_be_the_same_is_no_pass(result: Any, verdict: Verdict, said: str) -> None:
    drill = consistency(result)
    assert drill.verdict is verdict
    assert any(said in each for each in (*drill.wrong, *drill.unknown, *drill.seen))


def test_a_live_drill_passes_when_both_ways_ended_well_and_clients_hardly_noticed() -> None:
    drill = live(THERE, {**THERE, "run_seconds": 70.0}, WATCH, WANTED)
    assert drill.verdict is Verdict.PASSED
    assert drill.figures == {"longest_gap_seconds": 4.2, "there_seconds": 80.0, "back_seconds": 70.0}


@pytest.mark.parametrize(
    ("there", "back", "watch", "verdict", "said"),
    [
        ({}, {}, WATCH, Verdict.FAILED, "the way there: it didn't come to its end"),
        (THERE, {}, WATCH, Verdict.FAILED, "the way back: it didn't"),
        (THERE, {"outcome": "degraded", "owed": ["a fence"]}, WATCH, Verdict.FAILED, "a fence"),
        (THERE, THERE, {"watch": {**WATCH["watch"], "longest_gap_seconds": 901.0}}, Verdict.FAILED, "cut off for 901"),
        (THERE, THERE, {}, Verdict.UNKNOWN, "what clients saw"),
    ],
)
def test_one_that_did_not_is_no_pass(there: Any, back: Any, watch: Any, verdict: Verdict, said: str) -> None:
    drill = live(there, back, watch, WANTED)
    assert drill.verdict is verdict
    assert any(said in each for each in (*drill.wrong, *drill.unknown))


def test_what_did_not_pass_ends_the_play() -> None:
    drills = [Drill(DrillType.HEALTH), Drill(DrillType.FAILOVER, ("no",)), Drill(DrillType.PERFORMANCE, (), ("what",))]
    found = refusals("shop", drills)
    assert [each.code for each in found] == ["drill_failed", "drill_inconclusive"]
    assert found[0].runbook == "docs/runbooks/drills.md#failover_simulation"
    assert passed(drills[:1]) and not passed(drills) and not passed([])
    told = lines("shop", drills)
    assert told[0] == "shop: NOT every drill passed" and "    WRONG:    no" in told and "    unknown:  what" in told


def test_a_live_drill_begins_at_home() -> None:
    assert home_refusals("eu-central-1", "eu-central-1", "shop") == []
    assert [each.code for each in home_refusals("eu-west-1", "eu-central-1", "shop")] == ["not_at_home"]
    assert "unknown" in home_refusals(None, "eu-central-1", "shop")[0].observed


def test_the_history_says_how_drills_went() -> None:
    assert past({"drills": [Drill(DrillType.HEALTH).as_dict()]}) == "health_check_simulation passed"
    assert past({}) == past({"drills": "none"}) == ""


def test_check_mode_says_what_would_be_called() -> None:
    told = plan_lines("shop", [DrillType.FAILOVER], [CALL])
    assert told[-1] == "    call    rds:SwitchoverGlobalCluster in eu-central-1"
