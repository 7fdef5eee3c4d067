# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any


def describe_load_balancers(client: Any) -> list[dict[str, Any]]:
    """All of the Region: none can be asked for by its DNS name."""
    pages = client.get_paginator("describe_load_balancers").paginate()
    return [balancer for page in pages for balancer in page["LoadBalancers"]]


def describe_target_groups(client: Any, load_balancer_arn: str) -> list[dict[str, Any]]:
    """The target groups of a load balancer."""
    return client.describe_target_groups(LoadBalancerArn=load_balancer_arn)["TargetGroups"]


def describe_target_health(client: Any, target_group_arn: str) -> list[dict[str, Any]]:
    """The targets of a group, each with its ``TargetHealth``."""
    return client.describe_target_health(TargetGroupArn=target_group_arn)["TargetHealthDescriptions"]
