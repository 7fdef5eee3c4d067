# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workload's VPC in a Region: its subnets, the database's network ACL, subnet group and security group."""

from __future__ import annotations

from typing import Any

from lab import vpc
from lab.settings import POSTGRES_PORT

ANYWHERE = "0.0.0.0/0"


def network(ec2: Any, rds: Any, region: str, workload: str) -> dict[str, Any]:
    """Make it; return what a cluster in it is created with."""
    made = ec2.create_vpc(CidrBlock=vpc.cidr(region))["Vpc"]["VpcId"]
    zones = {0: "a", 10: "a", 11: "b"}
    subnets = {
        number: ec2.create_subnet(
            VpcId=made, CidrBlock=vpc.subnet_cidr(region, number), AvailabilityZone=f"{region}{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in zones.items()
    }
    database = [subnets[10], subnets[11]]
    _acl(ec2, made, database)
    group = ec2.create_security_group(GroupName=f"{workload}-db", Description="The database's clients", VpcId=made)
    from_anywhere = {
        "IpProtocol": "tcp",
        "FromPort": POSTGRES_PORT,
        "ToPort": POSTGRES_PORT,
        "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
    }
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[from_anywhere])
    rds.create_db_subnet_group(
        DBSubnetGroupName=workload, DBSubnetGroupDescription="The database's subnets", SubnetIds=database
    )
    return {"DBSubnetGroupName": workload, "VpcSecurityGroupIds": [group["GroupId"]]}


def _acl(ec2: Any, made: str, subnets: list[str]) -> None:
    """A network ACL for the database's subnets alone, that lets everything through."""
    acl = ec2.create_network_acl(VpcId=made)["NetworkAcl"]["NetworkAclId"]
    for egress in (False, True):
        ec2.create_network_acl_entry(
            NetworkAclId=acl, RuleNumber=100, Protocol="-1", RuleAction="allow", Egress=egress, CidrBlock=ANYWHERE
        )
    ours = [{"Name": "association.subnet-id", "Values": subnets}]
    for default in ec2.describe_network_acls(Filters=ours)["NetworkAcls"]:
        for association in default["Associations"]:
            if association["SubnetId"] in subnets:
                ec2.replace_network_acl_association(
                    AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl
                )
