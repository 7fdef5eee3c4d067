# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""failback.yml on the lab: what it refuses, the way out of a half-done one, and the way home without the standby."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from playing import LabUnderTest

from lab.client import Admin
from lab.data.processes import wait_for
from lab.settings import HOME, STANDBY, client_environment

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
ACCEPTED = ("-e", "accept_unreconciled=true", "-e", "reason=rehearsal")


@pytest.fixture
def away(lab: LabUnderTest) -> LabUnderTest:
    """Home was lost and is back; the standby Region writes."""
    lab.run("fault", "region", HOME)
    played = lab.failover(*UNPLANNED)
    assert played.status == 0, played.output
    lab.run("heal", "region", HOME)
    lab.wait_for_replica(HOME)
    return lab


def test_check_mode_shows_the_gates_and_the_calls_and_changes_nothing(away: LabUnderTest) -> None:
    played = away.failback("--check")
    assert played.status == 0, played.output
    assert played.writes == []
    shut = {gate["step"] for gate in played.summary["gates"] if not gate["open"]}
    assert {"losses", "switch_over"} <= shut and "losses_unreconciled" in played.output
    planned = {(call["service"], call["action"], call["region"]) for call in played.summary["calls"]}
    assert {("rds", "SwitchoverGlobalCluster", STANDBY), ("s3", "DeleteObject", STANDBY)} <= planned


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ((), "[losses_unreconciled]"),
        (("-e", "accept_unreconciled=false", "-e", "reason=x"), "[losses_unreconciled]"),
        (("-e", "accept_unreconciled=true"), "[no_reason]"),
        (("-e", "accept_unreconciled=perhaps"), "[bad_value]"),
        (("-e", f"target={HOME}"), "[unknown_variable]"),
    ],
)
def test_lost_writes_are_not_passed_over(away: LabUnderTest, extra: tuple[str, ...], said: str) -> None:
    played = away.failback(*extra)
    assert played.status != 0 and said in played.output, played.output
    assert [call for call in played.writes if call["action"] in ("SwitchoverGlobalCluster", "DeleteObject")] == []


def test_nothing_goes_home_while_home_is_lost(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME)
    assert lab.failover(*UNPLANNED).status == 0
    for mode in ((), ("--check",)):
        played = lab.failback(*ACCEPTED, *mode)
        assert played.status != 0 and "[database_unreadable]" in played.output, played.output
        assert "GetParametersByPath" not in played.output and played.writes == []


def test_an_unplanned_failover_leads_out_of_a_failback_that_was_killed(away: LabUnderTest) -> None:
    failback = subprocess.Popen(
        ["ansible-playbook", "multiregion.aws_dr.failback", "-i", "inventories/lab", *ACCEPTED],
        env=client_environment(away.instance, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    spec = {"kind": "kill", "pid": failback.pid, "tree": True, "action": "SwitchoverGlobalCluster", "times": 1}
    Admin(away.instance).fault({"kind": "api", "fault": spec})
    assert failback.wait(120) == -9
    away.run("fault", "region", HOME)
    out = away.failover(*UNPLANNED)
    assert out.status == 0, out.output
    assert out.summary["writer"] == STANDBY
    assert away.report_writers() == [STANDBY]


def test_home_takes_over_by_the_reverse_latch_when_the_standby_is_lost(away: LabUnderTest) -> None:
    away.run("fault", "region", STANDBY)
    played = away.failover(*UNPLANNED, "-e", f"target={HOME}")
    assert played.status == 0, played.output
    assert played.summary["writer"] == HOME and played.summary["outcome"] == "degraded"
    assert any("forward latch" in each for each in played.summary["owed"])
    assert not [call for call in played.writes if call["region"] == STANDBY and call["outcome"].startswith("2")]
    again = away.failover(*UNPLANNED, "-e", f"target={HOME}")
    assert (again.status, again.changed) == (0, 0), again.output
    away.run("heal", "region", STANDBY)
    assert wait_for(lambda: Admin(away.instance).status()["missing"] == [], 60)
    away.wait_for_replica(STANDBY)
    tidied = away.failback(*ACCEPTED)
    assert tidied.status == 0, tidied.output
    deleted = [call for call in tidied.writes if call["action"] == "DeleteObject"]
    assert {call["region"] for call in deleted} >= {HOME, STANDBY}
    assert away.failback(*ACCEPTED).changed == 0


def test_a_secret_that_was_promoted_comes_home_with_the_workload(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME)
    away = lab.failover(*UNPLANNED, "-e", json.dumps({"aws_dr_secrets_written": ["shop/db"]}))
    assert away.status == 0, away.output
    lab.run("heal", "region", HOME)
    lab.wait_for_replica(HOME)
    home = lab.failback(*ACCEPTED)
    assert home.status == 0 and home.summary["outcome"] == "succeeded", home.output
    command = ("aws", "secretsmanager", "describe-secret", "--secret-id", "shop/db", "--output", "json")
    at_home, away_ = (
        json.loads(lab.run("exec", "--", *command, "--region", region).stdout) for region in (HOME, STANDBY)
    )
    (replica,) = at_home["ReplicationStatus"]
    assert (replica["Region"], replica["Status"]) == (STANDBY, "InSync")
    assert away_["PrimaryRegion"] == HOME
    assert lab.failback(*ACCEPTED).changed == 0
