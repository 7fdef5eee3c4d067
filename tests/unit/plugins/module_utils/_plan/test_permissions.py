# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table has every call that the code makes, and none that it doesn't."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.permissions import FREE, GRANTS, iam_actions

AWS = Path(__file__).resolve().parents[5] / "plugins" / "module_utils" / "_aws"
SERVICES = {
    "arc": "route53-recovery-cluster",
    "arc_config": "route53-recovery-control-config",
    "lambda_": "lambda",
    "quotas": "service-quotas",
    "secrets": "secretsmanager",
}
"""Where boto3 names the service otherwise than its directory. Some files are of several: they are asked for each."""
SEVERAL = {"standstill.py": ("ecs", "autoscaling", "lambda")}


def services_of(path: Path) -> tuple[str, ...]:
    return SEVERAL.get(path.name) or (SERVICES.get(path.parent.name, path.parent.name),)


def methods(path: Path) -> Iterator[str]:
    """Every name that a client is asked for, and the paginators."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "client":
            yield node.attr
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get_paginator":
            yield str(ast.literal_eval(node.args[0]))


def made() -> set[str]:
    session = botocore.session.get_session()
    found = set()
    for path in sorted(AWS.rglob("*.py")):
        names = set(methods(path))
        for service in services_of(path) if names else ():
            operations = session.get_service_model(service).operation_names
            found |= {f"{service}:{each}" for each in operations if xform_name(each) in names}
    return found


def test_every_call_that_the_code_makes_is_in_the_table_and_no_other() -> None:
    assert {call for grant in GRANTS for call in grant.calls()} == made() - FREE


@pytest.mark.parametrize(
    ("service", "action", "needs"),
    [
        ("rds", "FailoverGlobalCluster", {"rds:FailoverGlobalCluster"}),
        ("s3", "PutObject", {"s3:PutObject"}),
        ("s3", "GetObject", {"s3:GetObject", "s3:ListBucket"}),
        ("s3", "PutBucketReplication", {"s3:PutReplicationConfiguration", "iam:PassRole"}),
        ("s3", "HeadObject", {"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"}),
        ("elbv2", "DescribeTargetHealth", {"elasticloadbalancing:DescribeTargetHealth"}),
        ("service-quotas", "ListServiceQuotas", {"servicequotas:ListServiceQuotas"}),
        ("sts", "GetCallerIdentity", set()),
        ("sqs", "SendMessage", {"sqs:SendMessage"}),
    ],
)
def test_a_call_needs_the_actions_that_iam_knows_it_by(service: str, action: str, needs: set[str]) -> None:
    assert set(iam_actions(Call(service, action, "eu-west-1"))) == needs
