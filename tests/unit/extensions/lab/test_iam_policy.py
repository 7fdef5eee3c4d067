# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies are evaluated as IAM does."""

from __future__ import annotations

from typing import Any

import pytest

from lab.aws.iam_policy import Verdict, decide


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "arn:aws:s3:::a/?", **more}


def verdict(*statements: dict[str, Any], **context: list[str]) -> Verdict:
    given = {key.replace("_", ":"): values for key, values in context.items()}
    return decide([{"Statement": list(statements)}], "s3:GetObject", "arn:aws:s3:::a/b", given)


IN_A = {"StringEquals": {"aws:RequestedRegion": ["a", "b"]}}
KEYS = {"ForAllValues:StringLike": {"d:Keys": ["lock#*"]}}


@pytest.mark.parametrize(
    ("statement", "decision"),
    [
        (allow(), "allowed"),
        (allow(Action="S3:GETOBJECT"), "allowed"),
        (allow(Action="s3:Put*"), "implicitDeny"),
        (allow(Resource="arn:aws:s3:::a/"), "implicitDeny"),
        (allow(Resource=["arn:aws:s3:::x", "*"]), "allowed"),
        (allow(Resource="arn.aws:s3:::a/b"), "implicitDeny"),
    ],
)
def test_a_statement_is_about_actions_and_resources_that_are_like_its_own(
    statement: dict[str, Any], decision: str
) -> None:
    assert verdict(statement) == Verdict(decision)


def test_what_is_denied_once_is_denied() -> None:
    deny = {"Effect": "Deny", "NotAction": "s3:Put*", "Resource": "*"}
    assert verdict(allow(), deny) == Verdict("explicitDeny")


@pytest.mark.parametrize(("region", "decision"), [("b", "allowed"), ("c", "implicitDeny")])
def test_an_allow_whose_condition_does_not_hold_allows_nothing(region: str, decision: str) -> None:
    assert verdict(allow(Condition=IN_A), aws_RequestedRegion=[region]) == Verdict(decision)


def test_a_key_that_is_not_given_is_named_and_its_condition_does_not_hold() -> None:
    assert verdict(allow(Condition=IN_A)) == Verdict("implicitDeny", ("aws:RequestedRegion",))


@pytest.mark.parametrize(
    ("keys", "decision"), [(["lock#a", "lock#b"], "allowed"), (["lock#a", "run#a"], "implicitDeny")]
)
def test_all_values_of_a_key_must_be_like_one_that_is_allowed(keys: list[str], decision: str) -> None:
    assert verdict(allow(Condition=KEYS), d_Keys=keys) == Verdict(decision)
