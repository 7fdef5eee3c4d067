# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's own steps in a failover: in their place, in the journal, once, and in nobody's way in a disaster."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from playing import LabUnderTest, Played

from lab.settings import HOME

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
TASKS = str(Path(__file__).parent / "yours" / "note.yml")
STATUS = ("-i", "inventories/lab")
REFUSE = ("fault", "api", "error", "--service", "rds", "--action", "SwitchoverGlobalCluster", "--status", "400")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


def yours(notes: Path, *steps: dict[str, Any]) -> tuple[str, ...]:
    """Steps with the same tasks; the variable that these read is in a file, as an extra one would be refused."""
    inventory = notes.parent / "notes.yml"
    inventory.write_text(json.dumps({"all": {"hosts": {"shop": {"notes": str(notes)}}}}), encoding="utf-8")
    made = [{"tasks": TASKS, **step} for step in steps]
    return ("-i", str(inventory), "-e", json.dumps({"aws_dr_extra_steps": made}))


DRAIN = {"name": "drain", "before": "promote"}
WARM = {"name": "warm", "after": "promote"}
TELL = {"name": "tell", "after": "verify"}


def ran(notes: Path) -> list[str]:
    return notes.read_text(encoding="utf-8").split() if notes.exists() else []


def test_they_run_in_their_places_and_not_in_check_mode(lab: LabUnderTest, notes: Path) -> None:
    steps = yours(notes, TELL, WARM, DRAIN)
    check = lab.failover("--check", *steps)
    assert check.status == 0, check.output
    assert ran(notes) == []
    order = [check.output.index(text) for text in ("yours: drain", "promote_database ", "yours: warm", "yours: tell")]
    assert order == sorted(order)
    played = lab.failover(*steps)
    assert played.status == 0, played.output
    assert ran(notes) == ["drain", "warm", "tell"]
    again = lab.failover(*steps)
    assert (again.status, again.changed, ran(notes)) == (0, 0, ["drain", "warm", "tell"]), again.output


def test_what_an_earlier_attempt_has_done_is_not_done_again(lab: LabUnderTest, notes: Path) -> None:
    lab.run(*REFUSE, "--code", "InvalidGlobalClusterStateFault")
    first = lab.failover(*yours(notes, DRAIN, WARM))
    assert first.status != 0 and ran(notes) == ["drain"], first.output
    lab.run("heal", "all")
    second = lab.failover(*yours(notes, DRAIN, WARM))
    assert second.status == 0, second.output
    assert ran(notes) == ["drain", "warm"]


def test_one_that_fails_stops_a_planned_failover_and_is_made_again(lab: LabUnderTest, notes: Path) -> None:
    fails = notes.with_name("notes.warm.fail")
    fails.touch()
    first = lab.failover(*yours(notes, DRAIN, WARM))
    assert first.status != 0
    assert "Your step warm failed, in the task Note it." in first.output
    fails.unlink()
    second = lab.failover(*yours(notes, DRAIN, WARM))
    assert second.status == 0, second.output
    assert ran(notes) == ["drain", "warm", "warm"]


def test_one_that_fails_is_owed_in_a_disaster(lab: LabUnderTest, notes: Path) -> None:
    notes.with_name("notes.drain.fail").touch()
    lab.run("fault", "region", HOME)
    played = lab.failover(*yours(notes, DRAIN), *UNPLANNED)
    assert played.status == 0, played.output
    assert "your step drain: its task Note it failed" in played.summary["owed"]


def test_one_that_is_required_stops_even_then(lab: LabUnderTest, notes: Path) -> None:
    notes.with_name("notes.drain.fail").touch()
    lab.run("fault", "region", HOME)
    played = lab.failover(*yours(notes, {**DRAIN, "required": True}), *UNPLANNED)
    assert played.status != 0
    assert "FailoverGlobalCluster" not in {call["action"] for call in played.writes}


def test_one_that_is_not_there_is_refused_before_anything(lab: LabUnderTest, notes: Path) -> None:
    played = lab.failover(*yours(notes, {**DRAIN, "tasks": "nowhere.yml"}))
    assert played.status != 0 and "extra_step_unusable" in played.output
    assert played.calls == []


@pytest.mark.parametrize("option", [("--tags", "promote"), ("--skip-tags", "untagged")])
def test_no_part_of_a_failover_can_be_picked_by_tags(lab: LabUnderTest, notes: Path, option: tuple[str, str]) -> None:
    played = lab.failover(*yours(notes, DRAIN), *option)
    assert played.status != 0 and "tags_given" in played.output, played.output
    assert played.writes == [] and ran(notes) == []


SLOW = 45  # seconds: a lease and half of one


def test_one_that_outlasts_the_lease_is_not_taken_over_from(lab: LabUnderTest, notes: Path) -> None:
    notes.with_name("slow.json").write_text(json.dumps({"all": {"hosts": {"shop": {"seconds": SLOW}}}}))
    slow = {"name": "slow", "tasks": str(Path(TASKS).with_name("slow.yml")), "before": "promote"}
    extra = ("-i", str(notes.with_name("slow.json")), "-e", json.dumps({"aws_dr_extra_steps": [slow]}))
    played: list[Played] = []
    first = threading.Thread(target=lambda: played.append(lab.failover(*extra)))
    first.start()
    until = time.monotonic() + 60
    while "extra_preparation slow" not in lab.play("ansible-playbook", "multiregion.aws_dr.status", *STATUS).output:
        assert time.monotonic() < until, "the step did not begin"
    second = lab.failover()
    assert second.status != 0 and "lock_held" in second.output, second.output
    first.join()
    assert played[0].status == 0, played[0].output
    assert [call["action"] for call in played[0].writes].count("SwitchoverGlobalCluster") == 1
