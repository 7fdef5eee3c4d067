# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters renamed, and a global cluster made anew of a detached one, against the reference's section 1."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.settings import LATENCY

from .conftest import HOME, STANDBY, Lab
from .shop import arn, describe, error_of, failover, finish, make, writers


@pytest.fixture
def shop(lab: Lab) -> Lab:
    make(lab)
    return lab


def rename(lab: Lab, old: str = f"shop-{HOME}", new: str = "kept") -> None:
    lab.client("rds", HOME).modify_db_cluster(
        DBClusterIdentifier=old, NewDBClusterIdentifier=new, ApplyImmediately=True
    )


def cluster(lab: Lab, name: str, region: str = HOME) -> dict[str, Any]:
    (found,) = lab.client("rds", region).describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    return dict(found)


def secondary(lab: Lab, name: str = f"shop-{HOME}") -> None:
    lab.client("rds", HOME).create_db_cluster(
        DBClusterIdentifier=name,
        GlobalClusterIdentifier="shop",
        Engine="aurora-postgresql",
        EngineVersion="16.4",
        Port=25432,
    )


def detach(lab: Lab, region: str) -> None:
    lab.client("rds", region).remove_from_global_cluster(
        GlobalClusterIdentifier="shop", DbClusterIdentifier=arn(region)
    )
    finish(lab)


def make_anew(lab: Lab) -> None:
    """The standby was detached and home is left: a new global cluster of the standby, with home's old one aside."""
    detach(lab, STANDBY)
    detach(lab, HOME)
    lab.client("rds", HOME).delete_global_cluster(GlobalClusterIdentifier="shop")
    lab.client("rds", STANDBY).create_global_cluster(
        GlobalClusterIdentifier="shop", SourceDBClusterIdentifier=arn(STANDBY)
    )
    rename(lab)


def test_a_renamed_cluster_keeps_its_instances_and_its_data_and_frees_its_name(shop: Lab) -> None:
    rename(shop)
    finish(shop)
    kept = cluster(shop, "kept")
    assert kept["DBClusterArn"] == f"arn:aws:rds:{HOME}:123456789012:cluster:kept"
    assert [each["DBInstanceIdentifier"] for each in kept["DBClusterMembers"]] == [f"shop-{HOME}-1"]
    assert kept["Endpoint"].startswith("kept.cluster-")
    assert ("restore", HOME, "renamed-kept", "kept", "25432") in shop.plane.done
    with pytest.raises(ClientError) as caught:
        cluster(shop, f"shop-{HOME}")
    assert error_of(caught)[0] == "DBClusterNotFoundFault"


def test_a_name_in_use_is_given_to_nobody_else(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        rename(shop, new=f"shop-{HOME}")
    assert error_of(caught) == ("DBClusterAlreadyExistsFault", 400)
    with pytest.raises(ClientError) as caught:
        secondary(shop)
    assert error_of(caught) == ("DBClusterAlreadyExistsFault", 400)


def test_the_last_member_leaves_before_a_global_cluster_is_deleted(shop: Lab) -> None:
    detach(shop, STANDBY)
    with pytest.raises(ClientError) as caught:
        shop.client("rds", HOME).delete_global_cluster(GlobalClusterIdentifier="shop")
    assert error_of(caught)[0] == "InvalidGlobalClusterStateFault"
    detach(shop, HOME)
    shop.client("rds", HOME).delete_global_cluster(GlobalClusterIdentifier="shop")
    assert cluster(shop, f"shop-{HOME}")["Status"] == "available"


def test_a_new_secondary_of_the_old_name_gets_a_copy_of_the_writers_data(shop: Lab) -> None:
    make_anew(shop)
    assert writers(describe(shop)) == [arn(STANDBY)]
    secondary(shop)
    (member,) = [each for each in describe(shop)["GlobalClusterMembers"] if not each["IsWriter"]]
    assert (member["DBClusterArn"], member["SynchronizationStatus"]) == (arn(HOME), "pending-resync")
    assert cluster(shop, f"shop-{HOME}")["Status"] == "creating"
    shop.look(LATENCY["failover_resync"])
    acts = [act for act in shop.plane.done if act[0] in ("keep_aside", "follow")]
    assert acts == [("keep_aside", HOME, "renamed-kept"), ("follow", HOME, STANDBY)]
    (member,) = [each for each in describe(shop)["GlobalClusterMembers"] if not each["IsWriter"]]
    assert member["SynchronizationStatus"] == "connected"
    assert cluster(shop, f"shop-{HOME}")["Status"] == "available"


def test_the_one_made_anew_fails_over_as_any_other(shop: Lab) -> None:
    make_anew(shop)
    secondary(shop)
    finish(shop)
    shop.client("rds", HOME).create_db_instance(
        DBInstanceIdentifier="shop-new-1",
        DBClusterIdentifier=f"shop-{HOME}",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-postgresql",
    )
    failover(shop, HOME, arn(HOME))
    finish(shop)
    assert writers(describe(shop)) == [arn(HOME)]
