# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ec2.transform import entry_request, network_acl
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import AclEntry


def raw(**entry: Any) -> dict[str, Any]:
    given = {"RuleNumber": 100, "Egress": False, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
    return {
        "NetworkAclId": "acl-1",
        "Associations": [{"SubnetId": "b"}, {"SubnetId": "a"}],
        "Entries": [{**given, **entry}],
    }


def test_an_acl_is_read_with_its_subnets_and_without_its_last_rule() -> None:
    acl = network_acl(raw())
    assert (acl.id, acl.subnets) == ("acl-1", ("a", "b"))
    assert acl.entries == (AclEntry(100, False, True, "-1", "0.0.0.0/0"),)
    assert network_acl(raw(RuleNumber=32767)).entries == ()


@pytest.mark.parametrize(
    "entry",
    [AclEntry(1, False, False, "6", "0.0.0.0/0", 5432, 5432), AclEntry(2, True, False, "6", "::/0", 0, 65535)],
)
def test_an_entry_is_read_as_it_was_asked_for(entry: AclEntry) -> None:
    asked = entry_request(entry)
    if entry.ipv6:
        assert "CidrBlock" not in asked
        whole = raw(**asked)
        del whole["Entries"][0]["CidrBlock"]
    else:
        whole = raw(**asked)
    assert network_acl(whole).entries == (entry,)
