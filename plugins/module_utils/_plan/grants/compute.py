# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of what computes, and of what keeps an old Region from writing."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    DRILL,
    FUNCTION,
    LOOKS,
    OF_FUNCTION,
    OPERATOR,
    PREFLIGHT,
    SERVICE,
    arn,
    same,
)

COMPUTE = (
    Grant("Compute", "ReadGroups", LOOKS, same("autoscaling", "DescribeAutoScalingGroups")),
    Grant("Compute", "ReadLaunches", OPERATOR, same("autoscaling", "DescribeScalingActivities")),
    Grant("Compute", "ReadServices", LOOKS, same("ecs", "DescribeServices"), (SERVICE,)),
    Grant("Compute", "ReadFunctions", LOOKS, same("lambda", "GetProvisionedConcurrencyConfig"), (f"{FUNCTION}:*",)),
    Grant("Compute", "ReadQuotas", PREFLIGHT | DRILL, same("service-quotas", "ListServiceQuotas", iam="servicequotas")),
    Grant(
        "Compute",
        "ScaleGroups",
        OPERATOR,
        same("autoscaling", "UpdateAutoScalingGroup"),
        (arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/${AutoScalingGroup}"),),
    ),
    Grant("Compute", "ScaleServices", OPERATOR, same("ecs", "UpdateService"), (SERVICE,)),
    Grant(
        "Compute",
        "ScaleFunctions",
        OPERATOR,
        same("lambda", "PutProvisionedConcurrencyConfig", "DeleteProvisionedConcurrencyConfig"),
        (f"{FUNCTION}:*",),
    ),
    Grant("EventSources", "Find", LOOKS, same("lambda", "ListEventSourceMappings")),
    Grant(
        "EventSources",
        "Switch",
        OPERATOR,
        same("lambda", "GetEventSourceMapping", "UpdateEventSourceMapping"),
        (arn("lambda", "event-source-mapping:*"),),
        conditions=OF_FUNCTION,
    ),
)

FENCE = (
    Grant(
        "Fence",
        "FindSubnets",
        OPERATOR | DRILL,
        same("rds", "DescribeDBSubnetGroups"),
        (arn("rds", "subgrp:${LegSubnetGroup}"),),
    ),
    Grant("Fence", "ReadAcls", OPERATOR | DRILL, same("ec2", "DescribeNetworkAcls")),
    Grant(
        "Fence",
        "ChangeAcls",
        OPERATOR,
        same("ec2", "CreateNetworkAclEntry", "DeleteNetworkAclEntry"),
        (arn("ec2", "network-acl/${LegNetworkAcl}"),),
    ),
    Grant(
        "Fence",
        "StopFunctions",
        OPERATOR,
        same("lambda", "GetFunctionConcurrency", "PutFunctionConcurrency", "DeleteFunctionConcurrency"),
        (FUNCTION,),
    ),
)
