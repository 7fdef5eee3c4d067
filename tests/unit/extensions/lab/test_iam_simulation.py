# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's simulation, which moto lacks: real policies, evaluated."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from .conftest import Lab

CALLER = "arn:aws:iam::123456789012:user/moto"


def simulate(lab: Lab, principal: str, *resources: str) -> dict[str, dict[str, str]]:
    answer = lab.client("iam", "us-east-1").simulate_principal_policy(
        PolicySourceArn=principal, ActionNames=["s3:PutObject", "s3:GetObject"], ResourceArns=list(resources)
    )
    return {
        result["EvalActionName"]: {
            each["EvalResourceName"]: each["EvalResourceDecision"] for each in result["ResourceSpecificResults"]
        }
        for result in answer["EvaluationResults"]
    }


def test_the_labs_own_caller_may_do_everything(lab: Lab) -> None:
    assert simulate(lab, CALLER, "arn:aws:s3:::x") == {
        "s3:PutObject": {"arn:aws:s3:::x": "allowed"},
        "s3:GetObject": {"arn:aws:s3:::x": "allowed"},
    }


def test_a_user_may_do_what_its_policies_allow(lab: Lab) -> None:
    iam = lab.client("iam", "us-east-1")
    iam.create_user(UserName="ada")
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::mine/*"}
    deny = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]})
    iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=policy)
    mine, other = "arn:aws:s3:::mine/x", "arn:aws:s3:::other/x"
    assert simulate(lab, CALLER.replace("moto", "ada"), mine, other) == {
        "s3:PutObject": {mine: "allowed", other: "implicitDeny"},
        "s3:GetObject": {mine: "explicitDeny", other: "explicitDeny"},
    }


def test_nobody_has_no_policies(lab: Lab) -> None:
    with pytest.raises(ClientError, match="NoSuchEntity"):
        simulate(lab, "arn:aws:iam::123456789012:role/nobody", "*")


def test_a_user_of_the_callers_name_limits_the_caller(lab: Lab) -> None:
    iam = lab.client("iam", "us-east-1")
    iam.create_user(UserName="moto")
    caller = lab.client("sts").get_caller_identity()["Arn"]
    assert simulate(lab, caller, "arn:aws:s3:::x")["s3:PutObject"] == {"arn:aws:s3:::x": "implicitDeny"}
