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


def about(told: Told, what: str) -> list[dict[str, Any]]:
    """The messages of that. The failovers before them had nobody to tell: who comes next tells of them, too."""
    return [each for each in told.hook.taken if what in each["title"]]


def kinds(messages: list[dict[str, Any]]) -> list[list[str]]:
    return [[event["kind"] for event in each["events"]] for each in messages]


def test_a_failback_is_told_when_it_is_held_up_when_it_begins_and_when_it_has_ended(
    away: LabUnderTest, told: Told
) -> None:
    held_up = away.failback(*told.options())
    assert held_up.status != 0 and "[losses_unreconciled]" in held_up.output
    (refusal,) = about(told, "failback")
    assert (kinds([refusal]), refusal["level"]) == ([["refusal"]], "warning")
    assert "reconcile" in json.dumps(refusal["next_steps"])
    played = away.failback(*ACCEPTED, *told.options())
    assert played.status == 0, played.output
    found = kinds(about(told, "failback to eu-central-1"))[1:]
    assert len(found) == 2
    assert (found[0], found[1][0]) == (["start", "point_of_no_return"], "done")
    assert "failback_due" not in found[1]


def test_one_that_cannot_begin_is_told_and_so_is_the_way_home_once_it_is_open(lab: LabUnderTest, told: Told) -> None:
    lab.run("fault", "region", HOME)
    assert lab.failover(*UNPLANNED).status == 0
    played = lab.failback(*ACCEPTED, *told.options())
    assert played.status != 0 and "[database_unreadable]" in played.output, played.output
    assert [call for call in played.writes if call["service"] not in ("dynamodb", "sts")] == []
    assert kinds(about(told, "shop: a failback to eu-central-1 was refused")) == [["refusal"]]
    lab.run("heal", "region", HOME)
    returned = lab.play(*RETURN, *told.options())
    assert returned.status == 0, returned.output
    (back,) = about(told, "eu-central-1 answers again")
    assert {"done", "failback_due"} <= set(kinds([back])[0])
    assert "multiregion.aws_dr.failback" in json.dumps(back["next_steps"])
    before = len(told.kinds)
    again = lab.play(*RETURN, *told.options())
    assert (again.status, len(told.kinds)) == (0, before), again.output


def test_drills_tell_their_verdicts_once_within_their_permissions_whoever_does_not_hear(
    lab: LabUnderTest, told: Told
) -> None:
    sync_parameters(lab)
    told.channels += [each for each in ALL_DOWN if each["name"] not in ("hook", "mail")]
    played = drill(lab, *told.options(timeout=4))
    assert played.status == 0, played.output
    assert told.kinds == [["drill_result"]]
    assert told.hook.taken[0]["title"] == "shop: the drills in eu-west-1 passed"
    (figures,) = (line for line in told.hook.taken[0]["figures"] if line.startswith("failover_simulation: "))
    assert "isolated rto" in figures
    assert "NOT TOLD silent: drill_result" in played.output
    assert {each for each in outside(played, "drill") if "sns" not in str(each) and "ses" not in str(each)} == set()
    assert left(lab) == []


def test_a_drill_that_does_not_pass_says_what_is_wrong(lab: LabUnderTest, told: Told) -> None:
    instance = ("--db-instance-identifier", f"shop-{STANDBY}-1", "--skip-final-snapshot")
    lab.run("exec", "--", "aws", "rds", "delete-db-instance", "--region", STANDBY, *instance)
    played = drill(lab, "-e", "type=failover_simulation", *told.options())
    assert played.status != 0 and "drill_failed" in played.output
    assert told.kinds == [["drill_result"]] and told.hook.taken[0]["level"] == "warning"
    assert "target_headless" in json.dumps(told.hook.taken[0]["happened"])


def test_a_drill_that_is_refused_is_told_as_such(lab: LabUnderTest, told: Told) -> None:
    played = drill(lab, "-e", "type=live", *told.options())
    assert played.status != 0
    assert told.kinds == [["refusal"]]
    assert told.hook.taken[0]["title"].startswith("shop: a drill to eu-west-1 was refused (")
