# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.failover_calls import failover_calls

HOME, STANDBY = "eu-central-1", "eu-west-1"
FIVE = ("us-east-1", "us-west-2", STANDBY, "ap-northeast-1", "ap-southeast-2")
ENDPOINTS = [{"region": region} for region in FIVE]
NOTHING: dict[str, Any] = {
    "traffic": "latch",
    "endpoints": [],
    "cloudfront": False,
    "secrets_written": [],
    "regions": [HOME, STANDBY],
}


def calls(mode: str = "unplanned", target: str = STANDBY, **described: Any) -> list[tuple[str, str]]:
    found = failover_calls({**NOTHING, **described}, target, mode)
    return [(f"{call['service']}:{call['action']}", call["region"]) for call in found]


def test_a_latch_adds_nothing() -> None:
    assert calls() == []


@pytest.mark.parametrize(
    ("described", "call"),
    [
        ({"traffic": "records"}, ("route53:ChangeResourceRecordSets", "us-east-1")),
        ({"cloudfront": True}, ("cloudfront:UpdateDistribution", "us-east-1")),
        ({"secrets_written": ["a"]}, ("secretsmanager:StopReplicationToReplica", STANDBY)),
    ],
)
def test_each_choice_adds_its_call(described: dict[str, Any], call: tuple[str, str]) -> None:
    assert calls(**described) == [call]


def test_a_secret_is_promoted_in_a_disaster_only() -> None:
    assert calls("planned", secrets_written=["a"]) == []


@pytest.mark.parametrize(("target", "region"), [(STANDBY, "us-west-2"), (HOME, "us-west-2")])
def test_routing_controls_need_us_east_1_or_the_source_only_where_there_is_no_other(target: str, region: str) -> None:
    assert calls(target=target, traffic="routing_control", endpoints=ENDPOINTS)[0][1] == region
    only = [{"region": "us-east-1"}]
    assert calls(target=target, traffic="routing_control", endpoints=only)[0][1] == "us-east-1"
