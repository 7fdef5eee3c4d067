# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS refuses the failover for good: the target is detached, and the old primary comes back as a second writer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playing import LabUnderTest, lab_under_test

from lab.client import Admin
from lab.data.processes import wait_for
from lab.settings import HOME, STANDBY

DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "prefer"}
REFUSE = ("--service", "rds", "--action", "FailoverGlobalCluster", "--status", "400")
LATCH = {
    "key": "latch/shop",
    "token": "aws-dr-latch:shop",
    "objects": [
        {"bucket": "shop-latch-eu-west-1", "region": "eu-west-1"},
        {"bucket": "shop-latch-eu-west-3", "region": "eu-west-3"},
    ],
}


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lab14(started: LabUnderTest) -> LabUnderTest:
    """Home is lost under load, and RDS takes no failover in."""
    started.run("reset")
    started.run("load", "start", "--rate", "20")
    time.sleep(1.0)
    started.run("fault", "region", HOME)
    started.run("fault", "api", "error", *REFUSE, "--code", "InvalidGlobalClusterStateFault")
    return started


def module(lab: LabUnderTest, name: str, **options: Any) -> tuple[int, str]:
    """Run a module of ours on the lab; its status and what it printed."""
    resolvers = [f"{lab.instance.dns_address}:25353"]
    given = json.dumps({"database": DATABASE, "resolvers": resolvers, "timeout": 120, **options})
    command = ("ansible", "localhost", "-c", "local", "-m", f"multiregion.aws_dr.{name}", "-a", given)
    played = lab.play(*command, "-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
    return played.status, played.output


def promote(lab: LabUnderTest, target: str = STANDBY, mode: str = "unplanned", **options: Any) -> tuple[int, str]:
    wanted = {"global_cluster_id": "shop", "regions": [HOME, STANDBY], "target": target, "mode": mode}
    return module(lab, "rds_global_cluster_failover", **wanted, accept_data_loss=mode == "unplanned", **options)


def test_a_detach_needs_to_be_asked_for(lab14: LabUnderTest) -> None:
    status, output = promote(lab14)
    assert status != 0
    assert "refused_by_rds" in output and "detach=true" in output


def test_a_detached_target_writes_is_known_as_the_writer_and_takes_the_clients(lab14: LabUnderTest) -> None:
    status, output = promote(lab14, detach=True, detach_after=3)
    assert status == 0, output
    assert '"kind": "detach"' in output and f'"server_id": "shop-{STANDBY}-1"' in output

    status, output = promote(lab14)
    assert status == 0 and '"already": true' in output and '"changed": false' in output, output

    status, output = module(lab14, "traffic_latch", state="set", target=STANDBY, **LATCH)
    assert status == 0, output

    lab14.run("heal", "region", HOME)
    assert wait_for(lambda: Admin(lab14.instance).status()["missing"] == [], 60)
    lab14.run("load", "stop")
    report = lab14.report()
    assert report["acked_rows"] > 0
    assert report["writers"] == 2, "nothing fences the old primary: it writes again"

    status, output = promote(lab14, target=HOME, mode="planned")
    assert status != 0 and "detached_elsewhere" in output, output
