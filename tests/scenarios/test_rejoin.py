# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS took no failover in, so the target was detached: home again from there, with the old primary kept aside."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playing import LabUnderTest, lab_under_test

from lab.client import Admin
from lab.data.processes import wait_for
from lab.settings import HOME, STANDBY, client_environment

REFUSE = ("--service", "rds", "--action", "FailoverGlobalCluster", "--status", "400")
UNPLANNED = (
    *("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada"),
    *("-e", "accept_detach=true", "-e", "detach_after=3"),
)
ACCEPTED = ("-e", "accept_unreconciled=true", "-e", "reason=rehearsal")


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def detached(started: LabUnderTest) -> LabUnderTest:
    """Home was lost under load and RDS took no failover in; the standby writes by itself, and home is back."""
    lab = started
    lab.run("reset")
    lab.run("load", "start", "--rate", "20")
    time.sleep(1.0)
    lab.run("fault", "region", HOME)
    lab.run("fault", "api", "error", *REFUSE, "--code", "InvalidGlobalClusterStateFault")
    away = lab.failover(*UNPLANNED)
    assert away.status == 0 and away.summary["writer"] == STANDBY, away.output
    lab.run("heal", "api")
    lab.run("heal", "region", HOME)
    assert wait_for(lambda: Admin(lab.instance).status()["missing"] == [], 60)
    return lab


def killed_at(lab: LabUnderTest, action: str) -> None:
    """A failback whose controller and workers die as soon as they have made that call."""
    failback = subprocess.Popen(
        ["ansible-playbook", "multiregion.aws_dr.failback", "-i", "inventories/lab", *ACCEPTED],
        env=client_environment(lab.instance, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    spec = {"kind": "kill", "pid": failback.pid, "tree": True, "action": action, "times": 1}
    Admin(lab.instance).fault({"kind": "api", "fault": spec})
    assert failback.wait(180) == -9


def rds(lab: LabUnderTest, region: str, *words: str) -> Any:
    return json.loads(lab.run("exec", "--", "aws", "rds", *words, "--region", region, "--output", "json").stdout)


def test_home_is_joined_again_and_gone_to_and_its_old_primary_stays_readable(detached: LabUnderTest) -> None:
    lab = detached
    checked = lab.failback("--check", *ACCEPTED)
    assert checked.status == 0 and checked.writes == [], checked.output
    planned = [call["action"] for call in checked.summary["calls"] if call["service"] == "rds"]
    assert {"CreateGlobalCluster", "CreateDBCluster", "CreateDBInstance", "ModifyDBCluster"} <= set(planned)

    killed_at(lab, "DeleteGlobalCluster")
    home = lab.failback(*ACCEPTED)
    assert home.status == 0 and home.summary["writer"] == HOME, home.output
    (kept,) = home.summary["kept_aside"]
    assert f"KEPT ASIDE: the old primary {kept['cluster']}" in home.output and kept["snapshot"]
    lab.run("load", "stop")
    report = lab.report()
    assert (report["writers"], report["served_again"]) == (1, True)

    (found,) = rds(lab, HOME, "describe-global-clusters", "--global-cluster-identifier", "shop")["GlobalClusters"]
    members = {each["DBClusterArn"].split(":")[-1]: each["IsWriter"] for each in found["GlobalClusterMembers"]}
    assert members == {f"shop-{HOME}": True, f"shop-{STANDBY}": False}
    names = [each["DBClusterIdentifier"] for each in rds(lab, HOME, "describe-db-clusters")["DBClusters"]]
    assert sorted(names) == sorted([f"shop-{HOME}", kept["cluster"]])
    assert not [call for call in home.writes if call["action"] in ("DeleteDBCluster", "DeleteDBInstance")]

    again = lab.failback(*ACCEPTED)
    assert (again.status, again.changed) == (0, 0), again.output
