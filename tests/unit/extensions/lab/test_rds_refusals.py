# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RDS refuses to do with a global database, and its codes."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import HOME, STANDBY, THIRD, Lab
from .shop import arn, describe, error_of, failover, finish, make, switchover


@pytest.fixture
def shop(lab: Lab) -> Lab:
    make(lab)
    return lab


def test_a_region_without_a_member_sees_nothing(shop: Lab) -> None:
    assert shop.client("rds", THIRD).describe_global_clusters()["GlobalClusters"] == []
    with pytest.raises(ClientError) as caught:
        describe(shop, THIRD)

    assert error_of(caught) == ("GlobalClusterNotFoundFault", 404)


def test_an_unknown_global_cluster_is_not_found(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        shop.client("rds").describe_global_clusters(GlobalClusterIdentifier="nothing")

    assert error_of(caught) == ("GlobalClusterNotFoundFault", 404)


def test_both_at_once_are_refused(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        failover(shop, AllowDataLoss=True, Switchover=True)

    assert error_of(caught) == ("InvalidParameterCombination", 400)


def test_a_failover_is_taken_in_the_targets_region_only(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        failover(shop, HOME)

    assert error_of(caught) == ("InvalidGlobalClusterStateFault", 400)


def test_a_switchover_is_taken_in_the_primarys_region_only(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        switchover(shop, STANDBY)

    assert error_of(caught) == ("InvalidGlobalClusterStateFault", 400)


@pytest.mark.parametrize("second", [failover, switchover])
def test_a_busy_cluster_refuses_another_operation(shop: Lab, second: Any) -> None:
    failover(shop)
    with pytest.raises(ClientError) as caught:
        second(shop)

    assert error_of(caught) == ("InvalidGlobalClusterStateFault", 400)


def test_a_cluster_that_is_no_member_is_not_found(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        failover(shop, target=f"arn:aws:rds:{STANDBY}:123456789012:cluster:nobody")

    assert error_of(caught) == ("DBClusterNotFoundFault", 404)


def test_the_target_is_an_arn(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        failover(shop, target=f"shop-{STANDBY}")

    assert error_of(caught) == ("InvalidParameterValue", 400)


def test_the_writer_is_no_target(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        failover(shop, HOME, arn(HOME))

    assert error_of(caught) == ("InvalidDBClusterStateFault", 400)


def test_a_member_that_waits_for_its_resync_is_no_target(shop: Lab) -> None:
    shop.plane.lost.add(HOME)
    failover(shop)
    finish(shop)
    with pytest.raises(ClientError) as caught:
        failover(shop, HOME, arn(HOME))

    assert error_of(caught) == ("InvalidDBClusterStateFault", 400)


def test_a_headless_target_is_refused(lab: Lab) -> None:
    make(lab, instances=(HOME,))
    with pytest.raises(ClientError) as caught:
        failover(lab)

    assert error_of(caught) == ("InvalidDBClusterStateFault", 400)


@pytest.mark.parametrize("version", ["15.4", "16.3"])
def test_another_version_is_refused(lab: Lab, version: str) -> None:
    make(lab, standby_version=version)
    with pytest.raises(ClientError) as caught:
        failover(lab)

    assert error_of(caught) == ("InvalidDBClusterStateFault", 400)


def test_the_primary_is_not_removed_before_its_secondaries(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        shop.client("rds", HOME).remove_from_global_cluster(
            GlobalClusterIdentifier="shop", DbClusterIdentifier=arn(HOME)
        )

    assert error_of(caught) == ("InvalidGlobalClusterStateFault", 400)


def test_a_member_is_not_deleted(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        shop.client("rds", STANDBY).delete_db_cluster(DBClusterIdentifier=f"shop-{STANDBY}", SkipFinalSnapshot=True)

    assert error_of(caught) == ("InvalidDBClusterStateFault", 400)


def test_a_global_cluster_with_members_is_not_deleted(shop: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        shop.client("rds", HOME).delete_global_cluster(GlobalClusterIdentifier="shop")

    assert error_of(caught) == ("InvalidGlobalClusterStateFault", 400)
