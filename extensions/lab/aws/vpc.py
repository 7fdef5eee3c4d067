# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VPC's network ACLs and security groups let through to a database; and what moto's ACLs lack.

A database's writer is in the *last* subnet of its subnet group, so that a fence of the first one alone shows.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.responses.network_acls import NetworkACLs
from moto.rds.models import rds_backends

from lab.aws.errors import AwsError
from lab.aws.plane_protocol import DataPlane
from lab.settings import REGIONS
from lab.vpc import CLIENTS, OPEN, OPERATIONS, Admission, address_of

EPHEMERAL = 40000
"""A port that answers go to."""
LAST = 32767
"""The number of the rule that denies what no other rule matched."""
QUOTA = 20
"""Entries that an ACL takes in each direction, by default."""
ANY_PROTOCOL, TCP = "-1", "6"


class Network:
    """Keeps the data plane's admissions as the VPCs have them."""

    def __init__(self, plane: DataPlane) -> None:
        self._plane = plane

    def advance(self) -> None:
        """Tell the data plane what is let through now."""
        for region in REGIONS:
            clusters = _clusters(region)
            database = next((each for each in clusters if _in_vpc(each)), None)
            for client in CLIENTS:
                self._plane.admit(region, client, _admission(database, address_of(client, region)))
            for cluster in clusters:  # what was restored is asked by those who operate it alone
                name = cluster.db_cluster_identifier
                self._plane.admit(region, name, _admission(cluster, address_of(OPERATIONS, region)))


def _admission(cluster: Any | None, address: str) -> Admission:
    """What the VPC around a cluster lets through of the traffic with an address. Without one all passes."""
    if cluster is None or not _in_vpc(cluster):
        return OPEN
    backend = ec2_backends[cluster.account_id][cluster.region]
    subnet = rds_backends[cluster.account_id][cluster.region].subnet_groups[cluster.db_subnet_group]._subnets[-1].id
    acl = next(
        (
            acl
            for acl in list(backend.network_acls.values())
            if any(association.subnet_id == subnet for association in acl.associations)
        ),
        None,
    )
    entries = list(acl.network_acl_entries) if acl is not None else []
    return Admission(
        opens=_group_lets_in(backend, cluster.vpc_security_group_ids, address, cluster.port),
        inbound=_acl_lets(entries, False, address, cluster.port),
        outbound=_acl_lets(entries, True, address, EPHEMERAL),
    )


def _clusters(region: str) -> list[Any]:
    """The Region's: its database, the first one that is in a VPC, and what was restored or kept beside it."""
    backends = [each[region] for _account, each in list(rds_backends.items()) if region in each]
    return [cluster for backend in backends for cluster in list(backend.clusters.values())]


def _in_vpc(cluster: Any) -> bool:
    return cluster.db_subnet_group in rds_backends[cluster.account_id][cluster.region].subnet_groups


def _acl_lets(entries: Iterable[Any], egress: bool, address: str, port: int) -> bool:
    """The first rule that matches decides."""
    for entry in sorted((each for each in entries if each.egress == egress), key=lambda each: int(each.rule_number)):
        if _matches(entry, address, port):
            return bool(entry.rule_action == "allow")
    return False


def _matches(entry: Any, address: str, port: int) -> bool:
    if str(entry.protocol) not in (ANY_PROTOCOL, TCP) or not entry.cidr_block:
        return False
    if ipaddress.ip_address(address) not in ipaddress.ip_network(entry.cidr_block, strict=False):
        return False
    if str(entry.protocol) == ANY_PROTOCOL or entry.port_range_from is None:
        return True
    return int(entry.port_range_from) <= port <= int(entry.port_range_to)


def _group_lets_in(backend: Any, groups: Iterable[str], address: str, port: int) -> bool:
    found = [group for group in map(backend.get_security_group_from_id, groups) if group is not None]
    return not found or any(_rule_lets_in(rule, address, port) for group in found for rule in list(group.ingress_rules))


def _rule_lets_in(rule: Any, address: str, port: int) -> bool:
    if not rule.cidr_ipv4 or ipaddress.ip_address(address) not in ipaddress.ip_network(rule.cidr_ipv4):
        return False
    return rule.ip_protocol == ANY_PROTOCOL or (rule.ip_protocol == "tcp" and rule.from_port <= port <= rule.to_port)


# What moto lacks


def install() -> None:
    """An ACL denies at last, takes so many entries and no more, and has no entry that isn't there."""
    created = ORIGINALS.setdefault("create_network_acl", NetworkAclBackend.create_network_acl)
    create = ORIGINALS.setdefault("create_network_acl_entry", NetworkACLs.create_network_acl_entry)
    delete = ORIGINALS.setdefault("delete_network_acl_entry", NetworkACLs.delete_network_acl_entry)

    def create_network_acl(self: Any, vpc_id: str, tags: Any = None, default: bool = False) -> Any:
        acl = created(self, vpc_id, tags=tags, default=default)
        for egress in () if default else (False, True):
            fields = dict.fromkeys(
                ("icmp_code", "icmp_type", "port_range_from", "port_range_to", "ipv6_cidr_block"), None
            )
            self.create_network_acl_entry(acl.id, LAST, ANY_PROTOCOL, "deny", egress, cidr_block="0.0.0.0/0", **fields)
        return acl

    def create_network_acl_entry(self: Any) -> Any:
        number, egress = int(self._get_param("RuleNumber")), self._get_param("Egress")
        if not 1 <= number < LAST:
            raise AwsError("InvalidParameterValue", f"Value ({number}) for parameter ruleNumber is invalid.")
        entries = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId")).network_acl_entries
        if len([each for each in entries if each.egress == egress and each.rule_number != LAST]) >= QUOTA:
            raise AwsError("NetworkAclEntryLimitExceeded", f"The network ACL has {QUOTA} entries in that direction.")
        return create(self)

    def delete_network_acl_entry(self: Any) -> Any:
        number, egress = int(self._get_param("RuleNumber")), self._get_param("Egress")
        entries = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId")).network_acl_entries
        if number == LAST or not any(each.egress == egress and each.rule_number == number for each in entries):
            raise AwsError("InvalidNetworkAclEntry.NotFound", f"There is no entry {number} in that direction.")
        return delete(self)

    setattr(NetworkAclBackend, "create_network_acl", create_network_acl)  # noqa: B010  mypy minds the assignment
    setattr(NetworkACLs, "create_network_acl_entry", create_network_acl_entry)  # noqa: B010
    setattr(NetworkACLs, "delete_network_acl_entry", delete_network_acl_entry)  # noqa: B010


ORIGINALS: dict[str, Callable[..., Any]] = {}
