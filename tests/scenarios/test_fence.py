# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A partition without a kill: home goes on serving over connections that are open, and only a fence stops it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playing import LabUnderTest, lab_under_test

from lab.client import Admin
from lab.data.processes import wait_for
from lab.lifecycle import load_log
from lab.load.meter import read_log
from lab.settings import HOME, STANDBY

RATE = ("--rate", "50")
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "prefer"}
REVOKE = f"""
import boto3
rds, ec2 = (boto3.client(service, "{HOME}") for service in ("rds", "ec2"))
(cluster,) = rds.describe_db_clusters(DBClusterIdentifier="shop-{HOME}")["DBClusters"]
group = cluster["VpcSecurityGroups"][0]["VpcSecurityGroupId"]
(found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=found["IpPermissions"])
"""


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lab12(started: LabUnderTest) -> LabUnderTest:
    """A lab under load whose Regions don't see each other any more."""
    started.run("reset")
    started.run("load", "start", *RATE)
    time.sleep(2.0)
    started.run("fault", "partition")
    return started


def module(lab: LabUnderTest, name: str, **options: Any) -> tuple[int, str]:
    """Run a module of ours on the lab; its status and what it printed."""
    resolvers = [f"{lab.instance.dns_address}:25353"]
    given = json.dumps({"database": DATABASE, "resolvers": resolvers, "timeout": 120, **options})
    command = ("ansible", "localhost", "-c", "local", "-m", f"multiregion.aws_dr.{name}", "-a", given)
    played = lab.play(*command, "-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
    return played.status, played.output


def promote(lab: LabUnderTest) -> None:
    status, output = module(
        lab,
        "rds_global_cluster_failover",
        global_cluster_id="shop",
        regions=[HOME, STANDBY],
        target=STANDBY,
        mode="unplanned",
        accept_data_loss=True,
    )
    assert status == 0, output


def stale_acks(lab: LabUnderTest) -> int:
    """What home acknowledged after the promotion, of a stretch that is long enough to show it."""
    time.sleep(3.0)
    lab.run("load", "stop")
    report = lab.report()
    assert report["acked_rows"] > 30, "the load must have been acknowledged beforehand"
    return int(report["stale_acks"])


def test_without_a_fence_home_goes_on_acknowledging(lab12: LabUnderTest) -> None:
    promote(lab12)
    assert stale_acks(lab12) > 0


def test_a_fence_by_network_acl_leaves_no_acknowledgement_after_the_promotion(lab12: LabUnderTest) -> None:
    url = f"http://api.{HOME}.shop.example:28080/healthz"
    status, output = module(lab12, "region_fence", state="fenced", region=HOME, api_url=url)
    assert status == 0, output
    assert '"proved": "true"' in output
    fenced_at = time.time()
    promote(lab12)
    assert stale_acks(lab12) == 0
    assert lab12.report()["writers"] == 1
    log = read_log(load_log(lab12.instance))
    assert not [write for write in log if write.acknowledged and write.done > fenced_at]


def test_a_revoked_security_group_leaves_open_connections_acknowledging(lab12: LabUnderTest) -> None:
    lab12.run("exec", "--", "python", "-c", REVOKE)
    promote(lab12)
    assert stale_acks(lab12) > 0


def test_a_region_whose_control_plane_is_gone_is_owed_its_fence_and_gets_it_on_first_contact(
    lab12: LabUnderTest,
) -> None:
    lab12.run("load", "stop")
    lab12.run("fault", "region", HOME, "--mode", "hang")
    began = time.monotonic()
    status, output = module(lab12, "region_fence", state="fenced", region=HOME, timeout=20)
    assert status != 0 and "fence_owed" in output
    status, output = module(lab12, "region_fence", state="fenced", region=HOME, timeout=20, allow_unfenced=True)
    assert status == 0 and '"state": "owed"' in output, output
    assert time.monotonic() - began < 120
    lab12.run("heal", "region", HOME)
    assert wait_for(lambda: Admin(lab12.instance).status()["missing"] == [], 60)
    status, output = module(lab12, "region_fence", state="fenced", region=HOME)
    assert status == 0 and '"state": "fenced"' in output, output
