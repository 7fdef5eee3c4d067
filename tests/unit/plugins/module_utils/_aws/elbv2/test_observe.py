# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is behind an alias."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elbv2.observe import read_alias

NAME = "shop-1.eu-west-1.elb.amazonaws.com"


def elb(*states: str) -> Any:
    targets = [{"TargetHealth": {"State": state}} for state in states]
    balancers = [{"LoadBalancers": [{"DNSName": NAME.upper(), "LoadBalancerArn": "lb"}]}]
    return SimpleNamespace(
        get_paginator=lambda _action: SimpleNamespace(paginate=lambda: balancers),
        describe_target_groups=lambda LoadBalancerArn: {"TargetGroups": [{"TargetGroupArn": "tg"}]},  # noqa: N803
        describe_target_health=lambda TargetGroupArn: {"TargetHealthDescriptions": targets},  # noqa: N803
    )


@pytest.mark.parametrize(("states", "healthy"), [(("healthy", "unhealthy"), 1), (("draining",), 0), ((), 0)])
def test_healthy_targets_are_counted(states: tuple[str, ...], healthy: int) -> None:
    found = read_alias(elb(*states), f"dualstack.{NAME}.", "eu-west-1")
    assert (found.healthy, found.targets) == (healthy, len(states))


def test_a_name_that_is_no_load_balancers_is_unknown() -> None:
    found = read_alias(elb(), "other.eu-west-1.elb.amazonaws.com.", "eu-west-1")
    assert found.healthy is None and "no load balancer" in found.why
