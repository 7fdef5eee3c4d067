# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failbacks, drills and Regions that return tell people, too; with real receivers."""

from __future__ import annotations

import json
from typing import Any

from drilling import drill, left, outside, sync_parameters
from playing import LabUnderTest
from test_failback import ACCEPTED, UNPLANNED, away
from test_notify import ALL_DOWN, Told, told

from lab.settings import HOME, STANDBY

__all__ = ["away", "told"]  # fixtures
RETURN = ("ansible-playbook", "multiregion.aws_dr.region_return", "-i", "inventories/lab")
SIMULATION = ("-e", "type=failover_simulation")


def about(told: Told, what: str) -> list[dict[str, Any]]:
    """The messages of that. The failovers before them had nobody to tell: who comes next tells of them, too."""
    return [each for each in told.hook.taken if what in each["title"]]


def kinds(messages: list[dict[str, Any]]) -> list[list[str]]:
    return [[event["kind"] for event in each["events"]] for each in messages]


def test_a_failback_tells_people_that_it_began_and_how_it_ended(away: LabUnderTest, told: Told) -> None:
    played = away.failback(*ACCEPTED, *told.options())
    assert played.status == 0, played.output
    found = kinds(about(told, "failback to eu-central-1"))
    assert len(found) == 2
    assert (found[0], found[1][0]) == (["start", "point_of_no_return"], "done")
    assert "failback_due" not in found[1]


def test_a_failback_that_lost_writes_hold_up_is_told_as_refused(away: LabUnderTest, told: Told) -> None:
    played = away.failback(*told.options())
    assert played.status != 0 and "[losses_unreconciled]" in played.output
    (refusal,) = about(told, "failback")
    assert (kinds([refusal]), refusal["level"]) == ([["refusal"]], "warning")
    assert "reconcile" in json.dumps(refusal["next_steps"])


def test_a_failback_that_cannot_begin_is_told_and_ends_as_it_did(lab: LabUnderTest, told: Told) -> None:
    lab.run("fault", "region", HOME)
    assert lab.failover(*UNPLANNED).status == 0
    played = lab.failback(*ACCEPTED, *told.options())
    assert played.status != 0 and "[database_unreadable]" in played.output, played.output
    assert played.writes == [call for call in played.writes if call["service"] == "dynamodb"], "but for the outbox"
    assert kinds(about(told, "shop: a failback to eu-central-1 was refused")) == [["refusal"]]


def test_a_region_that_returns_is_told_with_the_way_home(lab: LabUnderTest, told: Told) -> None:
    lab.run("fault", "region", HOME)
    assert lab.failover(*UNPLANNED).status == 0
    lab.run("heal", "region", HOME)
    played = lab.play(*RETURN, *told.options())
    assert played.status == 0, played.output
    (back,) = about(told, "eu-central-1 answers again")
    assert {"done", "failback_due"} <= set(kinds([back])[0])
    assert "multiregion.aws_dr.failback" in json.dumps(back["next_steps"])
    before = len(told.kinds)
    again = lab.play(*RETURN, *told.options())
    assert (again.status, len(told.kinds)) == (0, before), again.output


def test_drills_tell_their_verdicts_once_and_within_their_own_permissions(lab: LabUnderTest, told: Told) -> None:
    sync_parameters(lab)
    played = drill(lab, *told.options())
    assert played.status == 0, played.output
    assert told.kinds == [["drill_result"]]
    assert told.hook.taken[0]["title"] == "shop: the drills in eu-west-1 passed"
    assert any("failover_simulation: isolated rto" in line for line in told.hook.taken[0]["figures"])
    assert outside(played, "drill") == set()


def test_a_drill_that_does_not_pass_says_what_is_wrong(lab: LabUnderTest, told: Told) -> None:
    instance = ("--db-instance-identifier", f"shop-{STANDBY}-1", "--skip-final-snapshot")
    lab.run("exec", "--", "aws", "rds", "delete-db-instance", "--region", STANDBY, *instance)
    played = drill(lab, *SIMULATION, *told.options())
    assert played.status != 0 and "drill_failed" in played.output
    assert told.kinds == [["drill_result"]] and told.hook.taken[0]["level"] == "warning"
    assert "target_headless" in json.dumps(told.hook.taken[0]["happened"])


def test_a_live_drill_that_is_refused_is_told_as_such(lab: LabUnderTest, told: Told) -> None:
    assert lab.failover().status == 0
    lab.wait_for_replica(HOME)
    played = drill(lab, "-e", "type=live", "-e", "approved_by=Ada", *told.options())
    assert played.status != 0 and "not_at_home" in played.output
    assert kinds(about(told, "shop: a drill to eu-west-1 was refused (not_at_home)")) == [["refusal"]]


def test_a_drill_that_nobody_hears_of_passes_all_the_same(lab: LabUnderTest, told: Told) -> None:
    told.channels = ALL_DOWN
    played = drill(lab, *SIMULATION, *told.options(timeout=4))
    assert played.status == 0, played.output
    assert "NOT TOLD hook: drill_result" in played.output
    assert left(lab) == []
