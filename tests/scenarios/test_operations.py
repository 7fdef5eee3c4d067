# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""operations.yml on the lab: what is due each day, week and month is done, and whatever isn't right ends it badly."""

from __future__ import annotations

from pathlib import Path

from drilling import left, sync_parameters
from playing import LabUnderTest
from test_notify import Told, down, told

__all__ = ["told"]  # a fixture
RHYTHM = (
    *("ansible-playbook", "multiregion.aws_dr.operations", "-i", "inventories/lab"),
    *("-e", "dr_preflight_timeout=30"),
)


def test_each_day_it_looks_and_drills_nothing(lab: LabUnderTest) -> None:
    daily = lab.play(*RHYTHM)
    assert daily.status == 0, daily.output
    assert "every drill passed" not in daily.output
    assert [call for call in daily.writes if call["service"] not in ("dynamodb", "sts")] == []


def test_each_week_it_drills_tries_the_channels_and_checks_the_runbook(
    lab: LabUnderTest, told: Told, tmp_path: Path
) -> None:
    sync_parameters(lab)
    kept = ("-e", f"dr_operations_runbook_path={tmp_path}")
    weekly = lab.play(*RHYTHM, "-e", "rhythm=weekly", *kept, *told.options())
    assert weekly.status == 0, weekly.output
    assert "every drill passed" in weekly.output
    assert told.kinds == [["test"], ["drill_result"]]
    assert {path.suffix for path in (tmp_path / "shop" / "manual-runbook").iterdir()} >= {".md", ".html"}
    assert "print it again" in weekly.output
    assert left(lab) == []
    due = ("-e", '{"aws_dr_drill_calendar": {"failover_simulation": 7}}')
    monthly = lab.play(*RHYTHM, "-e", "rhythm=monthly", *kept, *due)
    assert monthly.status == 0, monthly.output
    assert "capacity trend: 2 preflights" in monthly.output
    assert "rehearsal failover_simulation every 7 days: done" in monthly.output
    assert "audit: 2 runs" in monthly.output and "kill switch: never touched" in monthly.output
    assert "every drill passed" in monthly.output and "print it again" not in monthly.output
    assert "notification test: not applicable" in monthly.output


def test_one_part_that_fails_keeps_no_other_from_being_done(lab: LabUnderTest, told: Told, tmp_path: Path) -> None:
    sync_parameters(lab)
    told.channels = [down("gone", type="webhook", url="http://127.0.0.1:9/hook", key="a-key-which-nobody-may-see")]
    given = (f"dr_operations_runbook_path={tmp_path}", "rhythm=weekly")
    played = lab.play(*RHYTHM, *(word for each in given for word in ("-e", each)), *told.options(timeout=4))
    assert played.status != 0
    assert "[part_failed] The part notification_test failed" in played.output
    assert "every drill passed" in played.output


def test_what_is_not_ready_is_not_drilled(lab: LabUnderTest) -> None:
    lab.run("fault", "region", "eu-west-1")
    played = lab.play(*RHYTHM, "-e", "rhythm=weekly")
    assert played.status != 0
    assert "[part_failed]" not in played.output and "drills" not in played.summary


def test_a_misspelt_variable_is_refused(lab: LabUnderTest) -> None:
    wrong = lab.play(*RHYTHM, "-e", "rythm=weekly")
    assert wrong.status != 0 and "rythm" in wrong.output
