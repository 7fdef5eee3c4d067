# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The VPC around the database: what its network ACLs and its security group let through, and how ACLs answer."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ProxyConnectionError, SSLError

from lab.seeds.network import network
from lab.vpc import APPLICATION, OPEN, OPERATIONS, Admission

from .conftest import HOME, STANDBY, Lab
from .shop import error_of

PORT = 25432
EVERYWHERE = {"CidrBlock": "0.0.0.0/0", "Protocol": "6", "PortRange": {"From": 0, "To": 65535}}


@pytest.fixture
def shop(lab: Lab) -> Lab:
    place = network(lab.client("ec2", HOME), lab.client("rds", HOME), HOME, "shop")
    lab.client("rds", HOME).create_db_cluster(
        DBClusterIdentifier="shop",
        Engine="aurora-postgresql",
        MasterUsername="app",
        MasterUserPassword="of-no-use",
        Port=PORT,
        **place,
    )
    lab.look()
    return lab


def subnets(lab: Lab) -> list[str]:
    (cluster,) = lab.client("rds", HOME).describe_db_clusters(DBClusterIdentifier="shop")["DBClusters"]
    (group,) = lab.client("rds", HOME).describe_db_subnet_groups(DBSubnetGroupName=cluster["DBSubnetGroup"])[
        "DBSubnetGroups"
    ]
    return [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]


def acl_of(lab: Lab) -> dict[str, Any]:
    asked = [{"Name": "association.subnet-id", "Values": subnets(lab)}]
    (acl,) = lab.client("ec2", HOME).describe_network_acls(Filters=asked)["NetworkAcls"]
    return dict(acl)


def deny(lab: Lab, egress: bool = False, acl: str = "", **entry: Any) -> None:
    given = {"RuleNumber": 1, **EVERYWHERE, **entry}
    name = acl or acl_of(lab)["NetworkAclId"]
    lab.client("ec2", HOME).create_network_acl_entry(NetworkAclId=name, RuleAction="deny", Egress=egress, **given)
    lab.look()


def admissions(lab: Lab) -> tuple[Admission, Admission]:
    return lab.plane.admissions[HOME, APPLICATION], lab.plane.admissions[HOME, OPERATIONS]


def test_the_seeded_vpc_lets_everybody_through_by_one_acl_for_the_databases_subnets(shop: Lab) -> None:
    acl = acl_of(shop)
    assert admissions(shop) == (OPEN, OPEN)
    assert not acl["IsDefault"]
    assert sorted(each["SubnetId"] for each in acl["Associations"]) == sorted(subnets(shop))
    assert shop.plane.admissions[STANDBY, APPLICATION] == OPEN


def test_a_new_acl_denies_at_last_what_nothing_else_matched(shop: Lab) -> None:
    last = [(each["Egress"], each["RuleAction"]) for each in acl_of(shop)["Entries"] if each["RuleNumber"] == 32767]
    assert sorted(last) == [(False, "deny"), (True, "deny")]


@pytest.mark.parametrize(("egress", "cut"), [(False, Admission(inbound=False)), (True, Admission(outbound=False))])
def test_a_deny_entry_cuts_its_direction_for_everybody_and_its_removal_restores_it(
    shop: Lab, egress: bool, cut: Admission
) -> None:
    deny(shop, egress)
    assert admissions(shop) == (cut, cut)
    shop.client("ec2", HOME).delete_network_acl_entry(
        NetworkAclId=acl_of(shop)["NetworkAclId"], RuleNumber=1, Egress=egress
    )
    shop.look()
    assert admissions(shop) == (OPEN, OPEN)


@pytest.mark.parametrize(
    ("entry", "application", "operations"),
    [
        ({"CidrBlock": "10.61.0.0/24"}, False, True),
        ({"CidrBlock": "10.60.0.0/16"}, True, False),
        ({"PortRange": {"From": PORT, "To": PORT}}, False, False),
        ({"PortRange": {"From": 443, "To": 443}}, True, True),
        ({"Protocol": "17"}, True, True),
        ({"RuleNumber": 101}, True, True),  # behind the rule that allows it
    ],
)
def test_addresses_port_protocol_and_order_decide(
    shop: Lab, entry: dict[str, Any], application: bool, operations: bool
) -> None:
    deny(shop, **entry)
    assert [each.inbound for each in admissions(shop)] == [application, operations]


def test_what_is_restored_beside_it_stands_behind_the_acl_of_its_own_subnets(shop: Lab) -> None:
    rds = shop.client("rds", HOME)
    rds.create_db_cluster_snapshot(DBClusterIdentifier="shop", DBClusterSnapshotIdentifier="kept")
    shop.look(60)
    vpc = acl_of(shop)["VpcId"]
    apart = shop.client("ec2", HOME).create_subnet(VpcId=vpc, CidrBlock="10.61.99.0/24")["Subnet"]["SubnetId"]
    rds.create_db_subnet_group(DBSubnetGroupName="apart", DBSubnetGroupDescription="No fence", SubnetIds=[apart])
    for group in ("shop", "apart"):
        rds.restore_db_cluster_from_snapshot(
            DBClusterIdentifier=f"in-{group}",
            SnapshotIdentifier="kept",
            Engine="aurora-postgresql",
            DBSubnetGroupName=group,
        )
    deny(shop, CidrBlock="10.61.0.0/24")  # the application's: whoever operates it passes
    assert shop.plane.admissions[HOME, "in-shop"] == OPEN
    deny(shop, RuleNumber=2)
    assert shop.plane.admissions[HOME, "in-shop"] == Admission(inbound=False)
    assert shop.plane.admissions[HOME, "in-apart"] == OPEN


def test_what_counts_is_the_acl_of_the_writers_subnet(shop: Lab) -> None:
    ec2, acl = shop.client("ec2", HOME), acl_of(shop)
    other = ec2.create_network_acl(VpcId=acl["VpcId"])["NetworkAcl"]["NetworkAclId"]
    first, last = subnets(shop)
    where = {each["SubnetId"]: each["NetworkAclAssociationId"] for each in acl["Associations"]}
    ec2.replace_network_acl_association(AssociationId=where[first], NetworkAclId=other)
    shop.look()
    assert admissions(shop) == (OPEN, OPEN)
    ec2.replace_network_acl_association(AssociationId=where[last], NetworkAclId=other)
    shop.look()
    assert [each.inbound for each in admissions(shop)] == [False, False]


def test_a_revoked_security_group_rule_lets_no_connection_open_and_leaves_the_open_ones(shop: Lab) -> None:
    ec2 = shop.client("ec2", HOME)
    (cluster,) = shop.client("rds", HOME).describe_db_clusters()["DBClusters"]
    group = cluster["VpcSecurityGroups"][0]["VpcSecurityGroupId"]
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=found["IpPermissions"])
    shop.look()
    assert admissions(shop) == (Admission(opens=False), Admission(opens=False))


def test_an_acl_takes_twenty_entries_in_a_direction_and_only_valid_numbers(shop: Lab) -> None:
    for number in range(1, 20):
        deny(shop, RuleNumber=number, CidrBlock="192.0.2.0/24")
    with pytest.raises(ClientError) as full:
        deny(shop, RuleNumber=20)
    assert error_of(full) == ("NetworkAclEntryLimitExceeded", 400)
    deny(shop, egress=True)
    with pytest.raises(ClientError) as wrong:
        deny(shop, egress=True, RuleNumber=32767)
    assert error_of(wrong) == ("InvalidParameterValue", 400)


def test_an_entry_that_is_there_and_one_that_is_not_are_errors(shop: Lab) -> None:
    deny(shop)
    with pytest.raises(ClientError) as twice:
        deny(shop)
    assert error_of(twice)[0] == "NetworkAclEntryAlreadyExists"
    with pytest.raises(ClientError) as missing:
        shop.client("ec2", HOME).delete_network_acl_entry(
            NetworkAclId=acl_of(shop)["NetworkAclId"], RuleNumber=7, Egress=False
        )
    assert error_of(missing)[0] == "InvalidNetworkAclEntry.NotFound"


def test_a_lost_regions_ec2_is_gone(shop: Lab) -> None:
    shop.faults.lose_region(HOME, "refuse")
    with pytest.raises((ProxyConnectionError, SSLError)):  # refused, or its handshake broken off
        shop.client("ec2", HOME).describe_network_acls()
    assert shop.client("ec2", STANDBY).describe_network_acls()["NetworkAcls"]
