# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of what sends clients somewhere."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    ARC_REGIONS,
    DRILL,
    GLOBAL,
    HEALTH_CHECK,
    IN_THREE,
    LOOKS,
    NAMES,
    OPERATOR,
    PREFLIGHT,
    SETUP,
    arn,
    bucket,
    same,
    zone,
)

_OBJECT = (bucket("${LegLatchBucket}/${LatchKey}"),)

_CONTROLS = (arn("route53-recovery-control", "controlpanel/${ControlPanel}/routingcontrol/*", ""),)

LATCH = (
    # Who may not list a bucket is told AccessDenied for an object that isn't there.
    Grant(
        "Latch", "List", LOOKS, {"s3:ListBucket": ("s3:GetObject",)}, (bucket("${LegLatchBucket}"),), places=IN_THREE
    ),
    Grant("Latch", "Read", LOOKS, same("s3", "GetObject"), _OBJECT, places=IN_THREE),
    Grant(
        "Latch",
        "Write",
        OPERATOR,
        same("s3", "PutObject", "DeleteObject"),
        _OBJECT,
        places=IN_THREE,
    ),
    Grant(
        "Latch",
        "Canary",
        PREFLIGHT,
        same("s3", "GetObject", "PutObject", "DeleteObject"),
        (bucket("${LegLatchBucket}/${CanaryKey}"),),
        places=IN_THREE,
    ),
)

DNS = (
    Grant("Dns", "FindChecks", LOOKS | SETUP, same("route53", "ListHealthChecks"), places=GLOBAL),
    Grant("Dns", "FindZones", LOOKS, same("route53", "ListHostedZones"), places=GLOBAL),
    Grant(
        "Dns",
        "ReadRecords",
        LOOKS,
        same("route53", "ListResourceRecordSets"),
        (zone("hostedzone/${HostedZone}"),),
        places=GLOBAL,
    ),
    Grant(
        "Dns",
        "Aliases",
        LOOKS,
        same(
            "elbv2", "DescribeLoadBalancers", "DescribeTargetGroups", "DescribeTargetHealth", iam="elasticloadbalancing"
        ),
    ),
    Grant("Records", "FindZone", OPERATOR | DRILL, same("route53", "ListHostedZonesByName"), places=GLOBAL),
    Grant(
        "Records",
        "ReadZone",
        OPERATOR | DRILL,
        same("route53", "GetHostedZone"),
        (zone("hostedzone/${HostedZone}"),),
        places=GLOBAL,
    ),
    Grant(
        "Records",
        "Switch",
        OPERATOR,
        same("route53", "ChangeResourceRecordSets"),
        (zone("hostedzone/${HostedZone}"),),
        places=GLOBAL,
        conditions=NAMES,
    ),
    Grant("Records", "Wait", OPERATOR, same("route53", "GetChange"), (zone("change/*"),), places=GLOBAL),
    Grant("HealthChecks", "Create", SETUP, same("route53", "CreateHealthCheck"), places=GLOBAL),
    Grant(
        "HealthChecks",
        "Change",
        SETUP,
        same(
            "route53",
            "GetHealthCheck",
            "UpdateHealthCheck",
            "DeleteHealthCheck",
            "ListTagsForResources",
            "ChangeTagsForResource",
        ),
        HEALTH_CHECK,
        places=GLOBAL,
    ),
    Grant(
        "Arc",
        "Read",
        LOOKS,
        same("route53-recovery-cluster", "GetRoutingControlState"),
        _CONTROLS,
        places=ARC_REGIONS,
    ),
    Grant(
        "Arc",
        "Rules",
        LOOKS,
        same("route53-recovery-control-config", "ListSafetyRules"),
        places=("us-west-2",),
    ),
    Grant(
        "Arc",
        "Switch",
        OPERATOR,
        same("route53-recovery-cluster", "UpdateRoutingControlStates"),
        _CONTROLS,
        places=ARC_REGIONS,
    ),
    Grant(
        "Edge",
        "Switch",
        OPERATOR,
        same("cloudfront", "GetDistribution", "UpdateDistribution"),
        (arn("cloudfront", "distribution/${Distribution}", ""),),
        places=GLOBAL,
    ),
)
