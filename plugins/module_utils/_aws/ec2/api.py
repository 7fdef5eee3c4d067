# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon EC2: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

NO_ROOM = ("NetworkAclEntryLimitExceeded",)


def describe_network_acls(client: Any, subnets: list[str]) -> list[dict[str, Any]]:
    """The network ACLs that govern any of the subnets, each with all of its entries and associations."""
    wanted = [{"Name": "association.subnet-id", "Values": subnets}]
    pages = client.get_paginator("describe_network_acls").paginate(Filters=wanted)
    return [acl for page in pages for acl in page["NetworkAcls"]]


def create_network_acl_entry(client: Any, acl_id: str, entry: dict[str, Any]) -> None:
    """Add an entry. One that has its number in that direction already is the error NetworkAclEntryAlreadyExists."""
    client.create_network_acl_entry(NetworkAclId=acl_id, **entry)


def delete_network_acl_entry(client: Any, acl_id: str, number: int, egress: bool) -> None:
    """Delete an entry. One that isn't there is the error InvalidNetworkAclEntry.NotFound."""
    client.delete_network_acl_entry(NetworkAclId=acl_id, RuleNumber=number, Egress=egress)
