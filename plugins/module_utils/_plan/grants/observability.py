# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of publishing metrics, and of making alarms and dashboards beforehand."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    GLOBAL,
    OPERATOR,
    PREFLIGHT,
    SETUP,
    arn,
    same,
)

ALARMS = arn("cloudwatch", "alarm:aws-dr/${Workload}/*")

OBSERVABILITY = (
    # It knows no resource, only a namespace.
    Grant(
        "Metrics",
        "Publish",
        OPERATOR | PREFLIGHT,
        same("cloudwatch", "PutMetricData"),
        conditions={"StringEquals": {"cloudwatch:namespace": ("MultiRegion",)}},
    ),
    # Nor does the bill know one.
    Grant("Costs", "Read", PREFLIGHT, same("ce", "GetCostAndUsage"), places=GLOBAL),
    # Of composite alarms CloudWatch asks for both on everything.
    Grant("Alarms", "MakeComposite", SETUP, same("cloudwatch", "DescribeAlarms", "PutCompositeAlarm")),
    Grant(
        "Alarms",
        "Make",
        SETUP,
        same(
            "cloudwatch",
            *("PutMetricAlarm", "DeleteAlarms", "ListTagsForResource", "TagResource", "UntagResource"),
        ),
        (ALARMS,),
    ),
    # A dashboard is the account's, and has no Region.
    Grant(
        "Dashboards",
        "Make",
        SETUP,
        same("cloudwatch", "GetDashboard", "PutDashboard", "DeleteDashboards"),
        (arn("cloudwatch", "dashboard/aws-dr-${Workload}-*", ""),),
    ),
)
