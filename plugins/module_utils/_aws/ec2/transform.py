# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From EC2's answers to records, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import AclEntry, NetworkAcl

LAST = 32767  # the rule that denies what no other one matched: it can't be changed, and counts for nothing here


def network_acl(raw: Mapping[str, Any]) -> NetworkAcl:
    """A record from an item of ``NetworkAcls``, without the last rule."""
    return NetworkAcl(
        id=raw["NetworkAclId"],
        subnets=tuple(sorted(each["SubnetId"] for each in raw.get("Associations", []))),
        entries=tuple(_entry(each) for each in raw.get("Entries", []) if each["RuleNumber"] < LAST),
    )


def _entry(raw: Mapping[str, Any]) -> AclEntry:
    ports = raw.get("PortRange") or {}
    return AclEntry(
        number=raw["RuleNumber"],
        egress=raw["Egress"],
        allow=raw["RuleAction"] == "allow",
        protocol=str(raw["Protocol"]),
        cidr=raw.get("CidrBlock") or raw.get("Ipv6CidrBlock", ""),
        first_port=ports.get("From", 0),
        last_port=ports.get("To", 65535),
    )


def entry_request(entry: AclEntry) -> dict[str, Any]:
    """The parameters with which an entry is made."""
    return {
        "RuleNumber": entry.number,
        "Egress": entry.egress,
        "RuleAction": "allow" if entry.allow else "deny",
        "Protocol": entry.protocol,
        "Ipv6CidrBlock" if entry.ipv6 else "CidrBlock": entry.cidr,
        "PortRange": {"From": entry.first_port, "To": entry.last_port},
    }
