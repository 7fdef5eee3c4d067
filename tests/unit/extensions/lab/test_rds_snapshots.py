# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of clusters through the API, against the reference's section 1 and botocore's model."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.settings import LATENCY

from .conftest import HOME, STANDBY, Lab
from .shop import error_of, failover, finish, make, switchover

FAILED_OVER = LATENCY["failover_start"] + LATENCY["failover_promote"]
PREFIX = f"rds:unplanned-global-failover-shop-{HOME}-"


@pytest.fixture
def shop(lab: Lab) -> Lab:
    make(lab)
    return lab


def snapshots(lab: Lab, prefix: str = "rds:unplanned") -> list[dict[str, Any]]:
    found = lab.client("rds", HOME).describe_db_cluster_snapshots(DBClusterIdentifier=f"shop-{HOME}")
    return [each for each in found["DBClusterSnapshots"] if each["DBClusterSnapshotIdentifier"].startswith(prefix)]


def lose(lab: Lab) -> dict[str, Any]:
    """A failover, and the snapshot that AWS took of the lost primary."""
    failover(lab)
    lab.look(FAILED_OVER)
    lab.look(LATENCY["snapshot"])
    (snapshot,) = snapshots(lab)
    return snapshot


def copy(lab: Lab, source: str, target: str = "kept") -> dict[str, Any]:
    answer = lab.client("rds", HOME).copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier=source,
        TargetDBClusterSnapshotIdentifier=target,
        Tags=[{"Key": "of", "Value": source}],
    )
    return dict(answer["DBClusterSnapshot"])


def restore(lab: Lab, source: str) -> dict[str, Any]:
    answer = lab.client("rds", HOME).restore_db_cluster_from_snapshot(
        DBClusterIdentifier="aside", SnapshotIdentifier=source, Engine="aurora-postgresql"
    )
    return dict(answer["DBCluster"])


def test_aws_takes_a_snapshot_of_the_old_primary_before_it_rebuilds_that(shop: Lab) -> None:
    failover(shop)
    shop.look(FAILED_OVER)
    (begun,) = snapshots(shop)
    shop.look(LATENCY["snapshot"])
    (done,) = snapshots(shop)
    assert begun["DBClusterSnapshotIdentifier"].startswith(PREFIX)
    assert (begun["SnapshotType"], begun["Status"], done["Status"]) == ("automated", "creating", "available")
    acts = [act[0] for act in shop.plane.done]
    assert acts.index("promote") < acts.index("keep_aside") < acts.index("follow")


def test_a_switchover_takes_none(shop: Lab) -> None:
    switchover(shop)
    finish(shop)
    assert snapshots(shop) == []


def test_where_it_can_t_take_one_the_rebuild_goes_on(shop: Lab) -> None:
    shop.plane.failing = {"keep_aside"}
    failover(shop)
    finish(shop)
    assert snapshots(shop) == []
    assert ("follow", HOME, STANDBY) in shop.plane.done


def test_a_region_in_which_none_is_taken(shop: Lab) -> None:
    shop.state.snapshots.refused.add(HOME)
    failover(shop)
    finish(shop)
    assert snapshots(shop) == []


def test_one_that_isn_t_available_yet_can_t_be_copied(shop: Lab) -> None:
    failover(shop)
    shop.look(FAILED_OVER)
    with pytest.raises(ClientError) as caught:
        copy(shop, snapshots(shop)[0]["DBClusterSnapshotIdentifier"])
    assert error_of(caught) == ("InvalidDBClusterSnapshotStateFault", 400)


def test_a_copy_is_manual_and_takes_its_time(shop: Lab) -> None:
    source = lose(shop)["DBClusterSnapshotIdentifier"]
    begun = copy(shop, source)
    shop.look(LATENCY["snapshot_copy"])
    (done,) = snapshots(shop, "kept")
    assert (begun["Status"], done["Status"], done["SnapshotType"]) == ("copying", "available", "manual")
    assert done["TagList"] == [{"Key": "of", "Value": source}]


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("nosuch", "kept", ("DBClusterSnapshotNotFoundFault", 404)),
        ("", "with:colon", ("InvalidParameterValue", 400)),
        ("", "double--hyphen", ("InvalidParameterValue", 400)),
    ],
)
def test_what_can_t_be_copied(shop: Lab, source: str, target: str, code: tuple[str, int]) -> None:
    lost = lose(shop)["DBClusterSnapshotIdentifier"]
    with pytest.raises(ClientError) as caught:
        copy(shop, source or lost, target)
    assert error_of(caught) == code


def test_a_second_copy_of_that_name_is_refused(shop: Lab) -> None:
    source = lose(shop)["DBClusterSnapshotIdentifier"]
    copy(shop, source)
    with pytest.raises(ClientError) as caught:
        copy(shop, source)
    assert error_of(caught)[0] == "DBClusterSnapshotAlreadyExistsFault"


def test_an_automated_one_can_t_be_deleted_and_data_go_with_the_last_that_refers_to_them(shop: Lab) -> None:
    source = lose(shop)["DBClusterSnapshotIdentifier"]
    copy(shop, source)
    shop.look(LATENCY["snapshot_copy"])
    rds = shop.client("rds", HOME)
    with pytest.raises(ClientError) as caught:
        rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=source)
    assert error_of(caught)[0] == "InvalidDBClusterSnapshotStateFault"
    rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="kept")
    shop.look()
    assert not [act for act in shop.plane.done if act[0] == "forget_aside"]


def test_a_restored_cluster_serves_once_it_has_an_instance_and_ends_with_its_deletion(shop: Lab) -> None:
    made = restore(shop, lose(shop)["DBClusterSnapshotIdentifier"])
    shop.look(LATENCY["restore"])
    assert not [act for act in shop.plane.done if act[0] == "restore"]
    rds = shop.client("rds", HOME)
    instance = {"DBInstanceIdentifier": "aside-1", "DBInstanceClass": "db.r6g.large", "Engine": "aurora-postgresql"}
    rds.create_db_instance(DBClusterIdentifier="aside", **instance)
    shop.look()
    (found,) = rds.describe_db_clusters(DBClusterIdentifier="aside")["DBClusters"]
    assert (made["Status"], found["Status"], found["Port"]) == ("creating", "available", 25432)
    (started,) = [act for act in shop.plane.done if act[0] == "restore"]
    assert started[1] == HOME and started[2].startswith(PREFIX) and started[3:] == ("aside", "25432")
    rds.delete_db_instance(DBInstanceIdentifier="aside-1", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier="aside", SkipFinalSnapshot=True)
    shop.look()
    assert shop.plane.done[-1] == ("end_restored", HOME, "aside")


def test_an_instance_is_not_there_before_its_cluster_is_restored(shop: Lab) -> None:
    restore(shop, lose(shop)["DBClusterSnapshotIdentifier"])
    rds = shop.client("rds", HOME)
    instance = {"DBInstanceIdentifier": "aside-1", "DBInstanceClass": "db.r6g.large", "Engine": "aurora-postgresql"}
    rds.create_db_instance(DBClusterIdentifier="aside", **instance)
    for seconds, status in ((0.0, "creating"), (LATENCY["restore"], "available")):
        shop.look(seconds)
        (found,) = rds.describe_db_instances(DBInstanceIdentifier="aside-1")["DBInstances"]
        assert found["DBInstanceStatus"] == status


def test_a_manual_one_of_a_running_cluster_holds_its_data(shop: Lab) -> None:
    shop.client("rds", HOME).create_db_cluster_snapshot(
        DBClusterIdentifier=f"shop-{HOME}", DBClusterSnapshotIdentifier="by-hand"
    )
    shop.look(LATENCY["snapshot"])
    (found,) = snapshots(shop, "by-hand")
    assert (found["Status"], found["SnapshotType"]) == ("available", "manual")
    assert ("keep_aside", HOME, "by-hand") in shop.plane.done
