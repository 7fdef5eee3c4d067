# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is behind an alias that points to a load balancer."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elbv2 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import AliasSeen


def read_alias(client: Any, dns_name: str, region: str) -> AliasSeen:
    """How many of its targets are healthy. Raises botocore's errors."""
    name = dns_name.rstrip(".").removeprefix("dualstack.").lower()
    found = [each for each in api.describe_load_balancers(client) if each["DNSName"].lower() == name]
    if not found:
        return AliasSeen(dns_name, region, why=f"{region} has no load balancer of that name")
    states = [
        target["TargetHealth"]["State"]
        for group in api.describe_target_groups(client, found[0]["LoadBalancerArn"])
        for target in api.describe_target_health(client, group["TargetGroupArn"])
    ]
    return AliasSeen(dns_name, region, states.count("healthy"), len(states))
