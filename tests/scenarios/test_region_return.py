# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lost Region returns: while it is away, at first contact, and afterwards; with its lost writes in a snapshot."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playing import LabUnderTest, Played, lab_under_test

from lab.data.postgres import conninfo
from lab.data.processes import wait_for
from lab.load.report import writers
from lab.settings import DATABASE, DATABASE_PASSWORD, DATABASE_USER, HOME, POSTGRES_PORT, STANDBY

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
LOST = "rds:unplanned-global-failover-"
MODULE = ("ansible", "shop", "-i", "inventories/lab", "-c", "local", "-m")
DETACH = {
    "global_cluster_id": "shop",
    "regions": [HOME, STANDBY],
    "target": STANDBY,
    "mode": "unplanned",
    "accept_data_loss": True,
    "detach": True,
    "detach_after": 3,
    "database": "{{ aws_dr_database }}",
    "resolvers": "{{ aws_dr_resolvers }}",
    "timeout": 120,
}


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lost(started: LabUnderTest) -> LabUnderTest:
    """Home was lost under load, and the workload failed over."""
    started.run("reset")
    started.run("load", "start", "--rate", "50")
    time.sleep(1.5)
    started.run("fault", "region", HOME)
    started.run("load", "stop")
    moved = started.failover(*UNPLANNED)
    assert moved.status == 0, moved.output
    return started


def returned(lab: LabUnderTest, *extra: str) -> Played:
    return lab.play("ansible-playbook", "multiregion.aws_dr.region_return", "-i", "inventories/lab", *extra)


def status(lab: LabUnderTest) -> str:
    return lab.play("ansible-playbook", "multiregion.aws_dr.status", "-i", "inventories/lab").output


def rds(lab: LabUnderTest, *words: str) -> Any:
    answer = lab.run("exec", "--", "aws", "rds", *words, "--region", HOME, "--output", "json").stdout
    return json.loads(answer) if answer.strip() else {}


def snapshots(lab: LabUnderTest, kind: str) -> list[dict[str, Any]]:
    found = rds(lab, "describe-db-cluster-snapshots", "--db-cluster-identifier", f"shop-{HOME}")["DBClusterSnapshots"]
    return [each for each in found if each["SnapshotType"] == kind]


def fed(lab: LabUnderTest, region: str) -> list[str]:
    """How the Region's event source mappings are."""
    query = ("--query", "EventSourceMappings[].State", "--output", "text")
    return lab.run(
        "exec", "--", "aws", "lambda", "list-event-source-mappings", "--region", region, *query
    ).stdout.split()


def taken(lab: LabUnderTest) -> list[dict[str, Any]]:
    """What AWS has taken of the lost primary."""
    return [each for each in snapshots(lab, "automated") if each["DBClusterSnapshotIdentifier"].startswith(LOST)]


def test_while_the_region_is_away_nothing_is_done_and_no_scheduler_is_alarmed(lost: LabUnderTest) -> None:
    away = returned(lost)
    assert (away.status, away.changed) == (0, 0), away.output
    assert "doesn't answer yet; nothing was changed" in away.output
    assert f"DEGRADED: the fence of {HOME} is owed" in status(lost)


def test_at_first_contact_it_is_settled_and_the_lost_writes_are_kept_and_readable(lost: LabUnderTest) -> None:
    lost.run("heal", "region", HOME)
    assert wait_for(lambda: bool(taken(lost)), 30)
    back = returned(lost)
    assert back.status == 0, back.output
    (kept,) = snapshots(lost, "manual")
    assert kept["Status"] == "available"
    actions = [call["action"] for call in back.writes if call["service"] in ("ec2", "rds")]
    assert actions[-1] == "CopyDBClusterSnapshot"  # a fence, where the replica wasn't in sync yet, comes before it
    assert (fed(lost, HOME), fed(lost, STANDBY)) == (["Disabled"], ["Enabled"])
    lost.wait_for_replica(HOME)
    returned(lost)
    again = returned(lost)
    assert (again.status, again.changed) == (0, 0), again.output
    assert len(snapshots(lost, "manual")) == 1
    assert "DEGRADED" not in status(lost)
    assert restored_rows(lost, kept["DBClusterSnapshotIdentifier"]) > 30


def restored_rows(lab: LabUnderTest, snapshot: str) -> int:
    """How many rows a database restored from the snapshot has, asked by SQL at its own address."""
    engine = ("--engine", "aurora-postgresql")
    cluster = ("--db-cluster-identifier", "aside")
    instance = ("--db-instance-identifier", "aside-1", "--db-instance-class", "db.r6g.large")
    rds(lab, "restore-db-cluster-from-snapshot", *cluster, "--snapshot-identifier", snapshot, *engine)
    rds(lab, "create-db-instance", *cluster, *instance, *engine)
    address = lab.instance.aside_address(HOME, 0)
    login = conninfo(address, DATABASE, DATABASE_USER, POSTGRES_PORT)

    def answers() -> bool:
        try:
            psycopg.connect(login, password=DATABASE_PASSWORD).close()
        except psycopg.OperationalError:
            return False
        return True

    assert wait_for(answers, 30, 0.2)
    with psycopg.connect(login, password=DATABASE_PASSWORD) as connection:
        row = connection.execute("SELECT count(*) FROM writes").fetchone()
    rds(lab, "delete-db-instance", "--db-instance-identifier", "aside-1", "--skip-final-snapshot")
    rds(lab, "delete-db-cluster", "--db-cluster-identifier", "aside", "--skip-final-snapshot")
    assert row is not None
    return int(row[0])


def test_where_aws_took_no_snapshot_it_says_so(lost: LabUnderTest) -> None:
    lost.run("fault", "snapshot", HOME)
    lost.run("heal", "region", HOME)
    lost.wait_for_replica(HOME)
    back = returned(lost)
    assert back.status == 0, back.output
    assert "are in no snapshot" in back.output
    assert snapshots(lost, "manual") == []


def test_a_primary_that_a_detach_left_behind_is_fenced_and_kept(started: LabUnderTest) -> None:
    """Its Region comes back with a second writer, which nothing of AWS's stops."""
    lab = started
    lab.run("reset")
    lab.run("fault", "region", HOME)
    refuse = ("--service", "rds", "--action", "FailoverGlobalCluster", "--status", "400")
    lab.run("fault", "api", "error", *refuse, "--code", "InvalidGlobalClusterStateFault")
    stopped = lab.failover(*UNPLANNED)
    assert stopped.status != 0 and "refused_by_rds" in stopped.output, stopped.output
    detached = lab.play(*MODULE, "multiregion.aws_dr.rds_global_cluster_failover", "-a", json.dumps(DETACH))
    assert detached.status == 0, detached.output
    ended = lab.play("ansible-playbook", "multiregion.aws_dr.abort", "-i", "inventories/lab", "-e", "reason=detached")
    assert ended.status == 0, ended.output
    lab.run("heal", "api")
    lab.run("heal", "region", HOME)
    assert wait_for(lambda: len(writers(lab.instance)) == 2, 30, 0.5), "there must be two writers to begin with"
    back = returned(lab)
    assert back.status == 0, back.output
    actions = [call["action"] for call in back.writes if call["service"] in ("ec2", "rds")]
    assert actions[-1] == "CreateDBClusterSnapshot" and "CreateNetworkAclEntry" in actions
    assert writers(lab.instance) == [STANDBY]
    assert [each["Status"] for each in snapshots(lab, "manual")] == ["available"]


def test_an_old_primary_that_somebody_took_out_of_the_global_cluster_is_fenced_and_kept(lost: LabUnderTest) -> None:
    """AWS has rebuilt it as a replica, and a person then removes it: it writes by itself, and nothing marks it."""
    lost.run("heal", "region", HOME)
    lost.wait_for_replica(HOME)
    found = rds(lost, "describe-db-clusters", "--db-cluster-identifier", f"shop-{HOME}")["DBClusters"]
    which = ("--global-cluster-identifier", "shop", "--db-cluster-identifier", found[0]["DBClusterArn"])
    rds(lost, "remove-from-global-cluster", *which)
    assert wait_for(lambda: len(writers(lost.instance)) == 2, 30, 0.5), "there must be two writers to begin with"
    back = returned(lost)
    assert back.status == 0, back.output
    actions = [call["action"] for call in back.writes if call["service"] in ("ec2", "rds")]
    assert actions == ["CreateNetworkAclEntry", "CreateNetworkAclEntry", "CopyDBClusterSnapshot"], back.output
    assert f"shop-{HOME} was taken out of the global cluster and stands alone" in back.output
    assert writers(lost.instance) == [STANDBY]
    again = returned(lost)
    assert (again.status, again.changed) == (0, 0), again.output
