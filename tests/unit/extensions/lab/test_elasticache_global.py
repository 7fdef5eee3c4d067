# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ElastiCache's global datastores, against the reference's section 3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.cloudwatch.models import cloudwatch_backends

from lab.aws.cloudwatch_cache_lag import METRIC as LAG
from lab.aws.cloudwatch_feed import HISTORY, PERIOD
from lab.settings import LATENCY

from .conftest import HOME, STANDBY, THIRD, Lab
from .shop import error_of

PROMOTION = LATENCY["cache_promotion"]
GROUPS = {HOME: f"shop-{HOME}", STANDBY: f"shop-{STANDBY}"}


def make(lab: Lab, *, secondary: bool = True) -> str:
    lab.client("elasticache", HOME).create_replication_group(
        ReplicationGroupId=GROUPS[HOME],
        ReplicationGroupDescription="shop",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        Port=26379,
    )
    made = lab.client("elasticache", HOME).create_global_replication_group(
        GlobalReplicationGroupIdSuffix="shop", PrimaryReplicationGroupId=GROUPS[HOME]
    )
    identifier = str(made["GlobalReplicationGroup"]["GlobalReplicationGroupId"])
    lab.look()
    if secondary:
        join(lab, identifier)
        lab.look()
    return identifier


def join(lab: Lab, identifier: str, region: str = STANDBY, **options: Any) -> None:
    lab.client("elasticache", region).create_replication_group(
        ReplicationGroupId=f"shop-{region}",
        ReplicationGroupDescription="shop",
        GlobalReplicationGroupId=identifier,
        **options,
    )


@pytest.fixture
def shop(lab: Lab) -> str:
    return make(lab)


def describe(lab: Lab, identifier: str, region: str = STANDBY) -> dict[str, Any]:
    answer = lab.client("elasticache", region).describe_global_replication_groups(
        GlobalReplicationGroupId=identifier, ShowMemberInfo=True
    )
    (found,) = answer["GlobalReplicationGroups"]
    return dict(found)


def members(lab: Lab, identifier: str, region: str = STANDBY) -> dict[str, tuple[str, str]]:
    found = describe(lab, identifier, region)["Members"]
    return {member["ReplicationGroupRegion"]: (member["Role"], member["Status"]) for member in found}


def failover(lab: Lab, identifier: str, target: str = STANDBY, through: str = STANDBY, group: str = "") -> Any:
    return lab.client("elasticache", through).failover_global_replication_group(
        GlobalReplicationGroupId=identifier, PrimaryRegion=target, PrimaryReplicationGroupId=group or GROUPS[target]
    )


def test_the_id_is_the_name_behind_five_letters_of_the_region(shop: str) -> None:
    prefix, _dash, name = shop.partition("-")
    assert name == "shop"
    assert len(prefix) == 5
    assert prefix.isalpha()


def test_a_datastore_of_one_group_is_primary_only(lab: Lab) -> None:
    identifier = make(lab, secondary=False)

    assert describe(lab, identifier, HOME)["Status"] == "primary-only"
    assert members(lab, identifier, HOME) == {HOME: ("PRIMARY", "associated")}


def test_a_secondary_is_associating_until_it_has_a_copy(lab: Lab) -> None:
    identifier = make(lab, secondary=False)
    lab.spawner.held = True
    join(lab, identifier)
    lab.look(1000)
    before = (describe(lab, identifier)["Status"], members(lab, identifier)[STANDBY])
    lab.spawner.release()
    lab.look()

    assert before == ("modifying", ("SECONDARY", "associating"))
    assert describe(lab, identifier)["Status"] == "available"
    assert members(lab, identifier)[STANDBY] == ("SECONDARY", "associated")
    assert lab.plane.done == [("follow_cache", STANDBY, HOME)]


def test_a_copy_that_fails_is_tried_again(lab: Lab) -> None:
    identifier = make(lab, secondary=False)
    lab.plane.failing.add("follow_cache")
    join(lab, identifier)
    lab.look(1)
    lab.plane.failing.clear()
    lab.look(1)

    assert members(lab, identifier)[STANDBY] == ("SECONDARY", "associated")


def test_members_are_shown_only_where_asked_for(lab: Lab, shop: str) -> None:
    answer = lab.client("elasticache").describe_global_replication_groups(GlobalReplicationGroupId=shop)

    assert answer["GlobalReplicationGroups"][0].get("Members", []) == []


def test_a_group_has_its_own_regions_endpoints_and_names(lab: Lab, shop: str) -> None:
    (group,) = lab.client("elasticache", STANDBY).describe_replication_groups(ReplicationGroupId=GROUPS[STANDBY])[
        "ReplicationGroups"
    ]
    endpoint = group["NodeGroups"][0]["PrimaryEndpoint"]
    zone = group["NodeGroups"][0]["NodeGroupMembers"][0]["PreferredAvailabilityZone"]

    assert endpoint["Address"].startswith(f"master.{GROUPS[STANDBY]}.")
    assert endpoint["Address"].endswith(".euw1.cache.amazonaws.com")
    assert (group["ARN"].split(":")[3], zone, group["CacheNodeType"]) == (STANDBY, "eu-west-1a", "cache.r7g.large")
    assert group["GlobalReplicationGroupInfo"] == {
        "GlobalReplicationGroupId": shop,
        "GlobalReplicationGroupMemberRole": "SECONDARY",
    }


def test_a_groups_nodes_say_which_version_they_run(lab: Lab, shop: str) -> None:
    (node,) = lab.client("elasticache").describe_cache_clusters(CacheClusterId=f"{GROUPS[STANDBY]}-001")[
        "CacheClusters"
    ]

    assert (node["ReplicationGroupId"], node["EngineVersion"]) == (
        GROUPS[STANDBY],
        describe(lab, shop)["EngineVersion"],
    )


@pytest.mark.parametrize("through", [HOME, STANDBY])
def test_a_promotion_is_modifying_for_its_time_through_whatever_members_region(
    lab: Lab, shop: str, through: str
) -> None:
    answered = failover(lab, shop, through=through)["GlobalReplicationGroup"]["Status"]
    lab.look(PROMOTION - 1)
    during = (describe(lab, shop)["Status"], members(lab, shop)[STANDBY], list(lab.plane.done))
    lab.look(1)

    assert answered == "modifying"
    assert during == ("modifying", ("SECONDARY", "associated"), [("follow_cache", STANDBY, HOME)])
    assert describe(lab, shop)["Status"] == "available"
    assert members(lab, shop) == {HOME: ("SECONDARY", "associated"), STANDBY: ("PRIMARY", "associated")}
    assert lab.plane.done[1:] == [("promote_cache", STANDBY), ("follow_cache", HOME, STANDBY)]


def test_the_old_primary_follows_when_its_region_is_back(lab: Lab, shop: str) -> None:
    lab.plane.lost.add(HOME)
    failover(lab, shop)
    lab.look(PROMOTION)
    lost = (describe(lab, shop)["Status"], members(lab, shop)[HOME])
    lab.plane.lost.clear()
    lab.look()

    assert lost == ("available", ("SECONDARY", "associating"))
    assert members(lab, shop)[HOME] == ("SECONDARY", "associated")
    assert lab.plane.done[-1] == ("follow_cache", HOME, STANDBY)


def test_a_promotion_that_fails_leaves_the_roles(lab: Lab, shop: str) -> None:
    lab.plane.failing.add("promote_cache")
    failover(lab, shop)
    lab.look(PROMOTION)

    assert describe(lab, shop)["Status"] == "available"
    assert members(lab, shop)[HOME] == ("PRIMARY", "associated")


def test_a_secondary_that_is_let_go_is_a_primary_of_its_own(lab: Lab, shop: str) -> None:
    lab.client("elasticache", HOME).disassociate_global_replication_group(
        GlobalReplicationGroupId=shop, ReplicationGroupId=GROUPS[STANDBY], ReplicationGroupRegion=STANDBY
    )
    during = members(lab, shop, HOME)[STANDBY]
    lab.look(LATENCY["cache_disassociate"])

    assert during == ("SECONDARY", "disassociating")
    assert describe(lab, shop, HOME)["Status"] == "primary-only"
    assert lab.plane.done[-1] == ("promote_cache", STANDBY, "alone")


def test_a_datastore_without_secondaries_is_deleted_and_its_primary_stays(lab: Lab) -> None:
    identifier = make(lab, secondary=False)
    elasticache = lab.client("elasticache", HOME)
    answer = elasticache.delete_global_replication_group(
        GlobalReplicationGroupId=identifier, RetainPrimaryReplicationGroup=True
    )
    lab.look()

    assert answer["GlobalReplicationGroup"]["Status"] == "deleting"
    assert elasticache.describe_global_replication_groups()["GlobalReplicationGroups"] == []
    assert elasticache.describe_replication_groups()["ReplicationGroups"][0]["Status"] == "available"


def test_the_lag_is_in_seconds_and_in_the_secondarys_region(lab: Lab, shop: str) -> None:
    lab.plane.cache_lag = {STANDBY: 0.4, HOME: 9.0}
    lab.look(PERIOD)
    cloudwatch = lab.client("cloudwatch", STANDBY)
    (metric,) = cloudwatch.list_metrics(Namespace="AWS/ElastiCache", MetricName="GlobalDatastoreReplicationLag")[
        "Metrics"
    ]
    now = datetime.fromtimestamp(lab.clock.wall(), UTC)
    (sample,) = cloudwatch.get_metric_statistics(
        **{name: metric[name] for name in ("Namespace", "MetricName", "Dimensions")},
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(seconds=1),
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]

    assert (sample["Maximum"], sample["Unit"]) == (0.4, "Seconds")
    assert lab.client("cloudwatch", HOME).list_metrics(Namespace="AWS/ElastiCache")["Metrics"] == []


def test_a_seeded_datastore_has_some_minutes_of_history(lab: Lab, shop: str) -> None:
    lab.plane.cache_lag = {STANDBY: 0.4}
    lab.state.look_older()
    lab.look()
    kept = [each for each in cloudwatch_backends["123456789012"][STANDBY].metric_data if each.name == LAG]

    assert len(kept) == HISTORY + 1


def test_an_unknown_lag_is_no_sample(lab: Lab, shop: str) -> None:
    lab.look(PERIOD)

    assert lab.client("cloudwatch", STANDBY).list_metrics(Namespace="AWS/ElastiCache")["Metrics"] == []


# What is refused


def test_a_region_without_a_member_sees_nothing(lab: Lab, shop: str) -> None:
    assert lab.client("elasticache", THIRD).describe_global_replication_groups()["GlobalReplicationGroups"] == []
    with pytest.raises(ClientError) as caught:
        failover(lab, shop, through=THIRD)

    assert error_of(caught) == ("GlobalReplicationGroupNotFoundFault", 404)


def test_a_busy_datastore_refuses_another_operation(lab: Lab, shop: str) -> None:
    failover(lab, shop)
    with pytest.raises(ClientError) as caught:
        failover(lab, shop)

    assert error_of(caught) == ("InvalidGlobalReplicationGroupState", 400)


def test_a_member_that_is_associating_is_no_target(lab: Lab, shop: str) -> None:
    lab.plane.lost.add(HOME)
    failover(lab, shop)
    lab.look(PROMOTION)
    with pytest.raises(ClientError) as caught:
        failover(lab, shop, target=HOME)

    assert error_of(caught) == ("InvalidGlobalReplicationGroupState", 400)


@pytest.mark.parametrize(("target", "group"), [(HOME, GROUPS[HOME]), (STANDBY, "nobody")])
def test_only_a_secondary_member_is_a_target(lab: Lab, shop: str, target: str, group: str) -> None:
    with pytest.raises(ClientError) as caught:
        failover(lab, shop, target=target, group=group)

    assert error_of(caught) == ("InvalidParameterValue", 400)


def test_a_datastore_with_secondaries_is_not_deleted(lab: Lab, shop: str) -> None:
    with pytest.raises(ClientError) as caught:
        lab.client("elasticache").delete_global_replication_group(
            GlobalReplicationGroupId=shop, RetainPrimaryReplicationGroup=True
        )

    assert error_of(caught) == ("InvalidGlobalReplicationGroupState", 400)


def test_a_member_is_not_deleted(lab: Lab, shop: str) -> None:
    with pytest.raises(ClientError) as caught:
        lab.client("elasticache", STANDBY).delete_replication_group(ReplicationGroupId=GROUPS[STANDBY])

    assert error_of(caught) == ("InvalidReplicationGroupState", 400)


def test_a_secondary_is_not_given_what_it_takes_from_the_datastore(lab: Lab) -> None:
    identifier = make(lab, secondary=False)
    with pytest.raises(ClientError) as caught:
        join(lab, identifier, CacheNodeType="cache.r7g.xlarge")

    assert error_of(caught) == ("InvalidParameterCombination", 400)


def test_a_name_is_taken_once(lab: Lab, shop: str) -> None:
    lab.client("elasticache", HOME).create_replication_group(
        ReplicationGroupId="other", ReplicationGroupDescription="other", Engine="valkey"
    )
    with pytest.raises(ClientError) as caught:
        lab.client("elasticache", HOME).create_global_replication_group(
            GlobalReplicationGroupIdSuffix="shop", PrimaryReplicationGroupId="other"
        )

    assert error_of(caught) == ("GlobalReplicationGroupAlreadyExistsFault", 400)
