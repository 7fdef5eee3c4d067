# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IAM is asked before a failover."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import ContextEntry, Question
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.permissions import questions
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    HOME,
    STANDBY,
    UNPLANNED,
    arn,
)

REGION = ContextEntry("aws:RequestedRegion", (STANDBY,))
KEYS = ("lock#shop", "run#shop-*", "history#shop", "fence#shop#*", "outbox#shop")
TABLE = f"arn:aws:dynamodb:{STANDBY}:1:table/aws-dr-state"


@pytest.mark.parametrize(
    ("service", "action", "resources", "context"),
    [
        ("rds", "FailoverGlobalCluster", ("arn:aws:rds::1:global-cluster:shop", arn(HOME), arn(STANDBY)), ()),
        ("rds", "DescribeDBClusters", (arn(STANDBY),), ()),
        ("s3", "PutObject", ("arn:aws:s3:::latch-w/latch/shop",), ()),
        ("dynamodb", "PutItem", (TABLE,), (ContextEntry("dynamodb:LeadingKeys", KEYS, many=True),)),
        ("secretsmanager", "GetSecretValue", (f"arn:aws:secretsmanager:{STANDBY}:1:secret:shop/db-??????",), ()),
        ("ecs", "UpdateService", ("*",), ()),
        ("sqs", "SendMessage", ("*",), ()),
    ],
)
def test_iam_is_asked_about_the_resources_that_a_call_is_made_on_and_told_what_it_carries(
    service: str, action: str, resources: tuple[str, ...], context: tuple[ContextEntry, ...]
) -> None:
    clusters = [arn(HOME).replace("123456789012", "1"), arn(STANDBY).replace("123456789012", "1")]
    expected = tuple(each.replace("123456789012", "1") for each in resources)
    asked, _count = questions([Call(service, action, STANDBY)], UNPLANNED, "1", clusters)
    assert asked == (Question((f"{service}:{action}",), expected, (REGION, *context)),)


def test_actions_on_the_same_resources_are_asked_about_together() -> None:
    calls = [Call("rds", "DescribeEvents", STANDBY), Call("cloudwatch", "GetMetricData", STANDBY)]
    asked, count = questions([*calls, Call("sts", "GetCallerIdentity", STANDBY)], UNPLANNED, "1", ())
    assert [each.actions for each in asked] == [("rds:DescribeEvents", "cloudwatch:GetMetricData")]
    assert count == 2


def test_a_secret_that_is_named_by_its_arn_is_asked_about_by_its_name() -> None:
    secret = f"arn:aws:secretsmanager:{HOME}:1:secret:shop/db-AbCdEf"
    case = replace(UNPLANNED, workload=replace(UNPLANNED.workload, database=Database("shop", "shop", secret)))
    [asked], _count = questions([Call("secretsmanager", "GetSecretValue", STANDBY)], case, "1", ())
    assert asked.resources == (f"arn:aws:secretsmanager:{STANDBY}:1:secret:shop/db-??????",)
