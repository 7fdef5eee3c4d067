# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS global clusters through the API, against the reference's section 1."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from lab.settings import LATENCY

from .conftest import HOME, STANDBY, THIRD, Lab
from .shop import ENGINE, arn, describe, failover, finish, make, switchover, writers


@pytest.fixture
def shop(lab: Lab) -> Lab:
    make(lab)
    return lab


def test_the_members_are_as_aws_shows_them(shop: Lab) -> None:
    writer, secondary = describe(shop)["GlobalClusterMembers"]

    assert writer == {
        "DBClusterArn": arn(HOME),
        "Readers": [arn(STANDBY)],
        "IsWriter": True,
        "SynchronizationStatus": "connected",
    }
    assert secondary == {
        "DBClusterArn": arn(STANDBY),
        "Readers": [],
        "IsWriter": False,
        "GlobalWriteForwardingStatus": "disabled",
        "SynchronizationStatus": "connected",
    }


def test_an_idle_cluster_has_no_failover_state(shop: Lab) -> None:
    cluster = describe(shop)

    assert (cluster["Status"], "FailoverState" in cluster) == ("available", False)
    assert cluster["Endpoint"].endswith(".global.rds.amazonaws.com")


def test_every_region_with_a_member_sees_the_same(shop: Lab) -> None:
    failover(shop)
    shop.look(LATENCY["failover_start"])

    assert describe(shop, HOME) == describe(shop, STANDBY)


def test_the_identifier_filters(shop: Lab) -> None:
    shop.client("rds", HOME).create_global_cluster(GlobalClusterIdentifier="other", **ENGINE)

    assert [describe(shop)["GlobalClusterIdentifier"]] == ["shop"]


def test_the_region_filter_filters(shop: Lab) -> None:
    def found(region: str) -> int:
        filters = [{"Name": "region", "Values": [region]}]
        return len(shop.client("rds", HOME).describe_global_clusters(Filters=filters)["GlobalClusters"])

    assert (found(STANDBY), found(THIRD)) == (1, 0)


def test_the_clusters_own_endpoint_and_port_are_usable(shop: Lab) -> None:
    (cluster,) = shop.client("rds").describe_db_clusters(DBClusterIdentifier=f"shop-{STANDBY}")["DBClusters"]

    assert cluster["Endpoint"].startswith(f"shop-{STANDBY}.cluster-")
    assert (cluster["Port"], cluster["Status"]) == (25432, "available")


def test_a_failover_answers_with_its_state(shop: Lab) -> None:
    assert failover(shop)["FailoverState"] == {
        "Status": "pending",
        "FromDbClusterArn": arn(HOME),
        "ToDbClusterArn": arn(STANDBY),
        "IsDataLossAllowed": True,
    }


def test_a_failover_makes_the_target_the_writer(shop: Lab) -> None:
    failover(shop)
    finish(shop)

    cluster = describe(shop)
    assert (writers(cluster), cluster["Status"]) == ([arn(STANDBY)], "available")


def test_the_clusters_show_what_is_going_on(shop: Lab) -> None:
    failover(shop)
    shop.look(LATENCY["failover_start"])
    (cluster,) = shop.client("rds").describe_db_clusters(DBClusterIdentifier=f"shop-{STANDBY}")["DBClusters"]

    assert (describe(shop)["Status"], cluster["Status"]) == ("failing-over", "failing-over")


def test_a_describe_does_not_wait_for_a_database(shop: Lab) -> None:
    shop.spawner.held = True
    failover(shop)
    shop.look(500)
    answered = threading.Event()

    def look() -> None:
        describe(shop)
        answered.set()

    threading.Thread(target=look, daemon=True).start()

    assert answered.wait(2)
    shop.spawner.release()


@pytest.mark.parametrize(("option", "value"), [("Switchover", True), ("AllowDataLoss", False)])
def test_a_failover_that_allows_no_loss_is_a_switchover(shop: Lab, option: str, value: bool) -> None:
    state = failover(shop, HOME, arn(STANDBY), **{option: value})

    assert (state["Status"], state["FailoverState"]["IsDataLossAllowed"]) == ("switching-over", False)


def test_a_failover_that_says_nothing_is_a_switchover(shop: Lab) -> None:
    answer = shop.client("rds", HOME).failover_global_cluster(
        GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=arn(STANDBY)
    )

    assert answer["GlobalCluster"]["FailoverState"]["IsDataLossAllowed"] is False


def test_a_switchover_and_one_back(shop: Lab) -> None:
    switchover(shop)
    finish(shop)
    there = writers(describe(shop))
    switchover(shop, STANDBY, arn(HOME))
    finish(shop)

    assert (there, writers(describe(shop))) == ([arn(STANDBY)], [arn(HOME)])


@pytest.mark.parametrize("region", [HOME, STANDBY])
def test_a_secondary_is_removed_through_any_region(shop: Lab, region: str) -> None:
    shop.client("rds", region).remove_from_global_cluster(
        GlobalClusterIdentifier="shop", DbClusterIdentifier=arn(STANDBY)
    )
    finish(shop)

    assert [member["DBClusterArn"] for member in describe(shop, HOME)["GlobalClusterMembers"]] == [arn(HOME)]


def test_a_global_cluster_is_made_of_a_cluster_of_any_region(lab: Lab) -> None:
    rds = lab.client("rds", HOME)
    rds.create_db_cluster(
        DBClusterIdentifier=f"shop-{HOME}", MasterUsername="app", MasterUserPassword="of-no-use", **ENGINE
    )
    rds.create_global_cluster(GlobalClusterIdentifier="shop", SourceDBClusterIdentifier=arn(HOME))

    assert writers(describe(lab, HOME)) == [arn(HOME)]


def test_events_are_told_in_the_words_that_rds_documents(shop: Lab) -> None:
    shop.plane.lost.add(HOME)
    failover(shop)
    finish(shop)
    events = shop.client("rds").describe_events(SourceType="db-cluster", Duration=600)["Events"]

    assert (
        f"Attempt to block writes for DB cluster shop-{HOME} in Region {HOME} timed out." in events[0]["Message"]
        and f"Global failover to DB cluster shop-{STANDBY} in Region {STANDBY} completed." in events[1]["Message"]
    )


def test_events_before_the_start_time_are_left_out(shop: Lab) -> None:
    failover(shop)
    finish(shop)
    start = datetime.fromtimestamp(shop.clock.wall() + 1, UTC)
    shop.clock.pass_time(10)

    assert shop.client("rds").describe_events(SourceType="db-cluster", StartTime=start)["Events"] == []


def test_events_of_another_cluster_are_left_out(shop: Lab) -> None:
    failover(shop)
    finish(shop)
    answer = shop.client("rds").describe_events(SourceType="db-cluster", SourceIdentifier="other", Duration=600)

    assert answer["Events"] == []


def test_a_reset_forgets_everything(shop: Lab) -> None:
    failover(shop)
    shop.state.reset()

    assert shop.client("rds").describe_global_clusters()["GlobalClusters"] == []
    assert shop.state.events.numbers(STANDBY) == []


def test_after_a_reset_the_same_can_be_made_again(shop: Lab) -> None:
    failover(shop)
    finish(shop)
    shop.state.reset()
    make(shop)

    assert writers(describe(shop)) == [arn(HOME)]
