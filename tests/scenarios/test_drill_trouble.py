# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills that don't pass, that are killed or overtaken, and the one that moves production."""

from __future__ import annotations

import os
import signal
import subprocess
import time

from drilling import DRILL, drill, left, untouched, verdicts
from playing import LabUnderTest

from lab.client import Admin
from lab.load.report import writers
from lab.settings import HOME, STANDBY, client_environment

SIMULATION = ("-e", "type=failover_simulation")


def begun(lab: LabUnderTest, *extra: str) -> subprocess.Popen[str]:
    """A drill under way."""
    return subprocess.Popen(
        [*DRILL, *extra],
        env=client_environment(lab.instance, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for_a_copy(lab: LabUnderTest) -> None:
    admin, until = Admin(lab.instance), time.monotonic() + 60
    while "CreateDBInstance" not in {call["action"] for call in admin.calls()}:
        assert time.monotonic() < until, "no copy came"
        time.sleep(0.2)


def test_a_standby_that_could_not_take_over_fails_the_drill(lab: LabUnderTest) -> None:
    instance = ("--db-instance-identifier", f"shop-{STANDBY}-1", "--skip-final-snapshot")
    lab.run("exec", "--", "aws", "rds", "delete-db-instance", "--region", STANDBY, *instance)
    played = drill(lab, *SIMULATION)
    assert played.status != 0 and verdicts(played) == {"failover_simulation": "failed"}
    assert "target_headless" in played.output and "drill_failed" in played.output


def test_data_that_differ_fail_the_drill_and_are_named(lab: LabUnderTest) -> None:
    played = drill(lab, "-e", "type=data_consistency")
    assert played.status != 0 and verdicts(played) == {"data_consistency": "failed"}
    assert "/shop/payment/limit" in played.output


def test_what_a_killed_drill_left_is_removed_by_its_tag(lab: LabUnderTest) -> None:
    process = begun(lab, *SIMULATION, "-e", "stable_for=120")
    wait_for_a_copy(lab)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert left(lab) != []
    cleaned = drill(lab, "-e", "type=cleanup")
    assert cleaned.status == 0 and "copy aws-dr-drill-shop" in cleaned.output, cleaned.output
    assert left(lab) == [] and untouched(lab, cleaned)
    again = drill(lab, "-e", "type=cleanup")
    assert (again.status, again.writes) == (0, []), again.output


def test_an_emergency_takes_over_from_a_drill_at_once(lab: LabUnderTest) -> None:
    process = begun(lab, *SIMULATION, "-e", "stable_for=120")
    wait_for_a_copy(lab)
    began = time.monotonic()
    played = lab.failover("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
    assert played.status == 0, played.output
    assert time.monotonic() - began < 60
    assert writers(lab.instance) == [STANDBY]
    output = process.communicate(timeout=120)[0]
    assert process.returncode != 0
    assert "fenced" in output, output[-3000:]
    assert [name for name in left(lab) if name.startswith("aws-dr-drill")] == []


def test_production_goes_there_and_back_and_clients_hardly_notice(lab: LabUnderTest) -> None:
    lab.run("load", "start", "--rate", "20")
    played = drill(lab, "-e", "type=live", "-e", "approved_by=Ada")
    lab.run("load", "stop")
    report = lab.report()
    assert played.status == 0, played.output
    assert "live: PASSED" in played.output
    (told,) = played.summary["drills"]
    gap = told["figures"]["longest_gap_seconds"]
    # A client of its own, which samples at its own moments: the two gaps are of the same two switchovers.
    assert gap is not None and 0 < gap < 900 and told["figures"]["back_seconds"] > 0
    assert "a client sent" in played.output
    assert writers(lab.instance) == [HOME]
    assert (report["lost_rows"], report["stale_acks"]) == (0, 0)


def test_a_live_drill_does_not_begin_away_from_home(lab: LabUnderTest) -> None:
    assert lab.failover().status == 0
    lab.wait_for_replica(HOME)
    played = drill(lab, "-e", "type=live", "-e", "approved_by=Ada")
    assert played.status != 0 and "not_at_home" in played.output
    assert writers(lab.instance) == [STANDBY]
