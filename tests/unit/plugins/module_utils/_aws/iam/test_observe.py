# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IAM's simulation doesn't allow, and whose policies are asked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.iam.observe import policy_source, read_denied
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import ContextEntry, Denied, Question


class FakeIam:
    def __init__(self, allowed: set[tuple[str, str]]) -> None:
        self.allowed = allowed
        self.asked: list[dict[str, Any]] = []

    def get_role(self, RoleName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        return {"Role": {"Arn": f"arn:aws:iam::1:role/path/{RoleName}"}}

    def get_paginator(self, _action: str) -> Any:
        return SimpleNamespace(paginate=self._simulate)

    def _simulate(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked.append(asked)
        return [{"EvaluationResults": [self._result(action, asked["ResourceArns"]) for action in asked["ActionNames"]]}]

    def _result(self, action: str, resources: list[str]) -> dict[str, Any]:
        words = {each: "allowed" if (action, each) in self.allowed else "implicitDeny" for each in resources}
        overall = "allowed" if set(words.values()) == {"allowed"} else "implicitDeny"
        specific = [{"EvalResourceName": name, "EvalResourceDecision": word} for name, word in words.items()]
        return {
            "EvalActionName": action,
            "EvalResourceName": resources[0],
            "EvalDecision": overall,
            "ResourceSpecificResults": specific if len(resources) > 1 else [],
        }


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:sts::1:assumed-role/Operator/ada", "arn:aws:iam::1:role/path/Operator"),
        ("arn:aws:iam::1:user/ada", "arn:aws:iam::1:user/ada"),
    ],
)
def test_a_sessions_policies_are_its_roles(arn: str, expected: str) -> None:
    assert policy_source(FakeIam(set()), arn) == expected


def test_what_is_not_allowed_is_named_with_its_resource() -> None:
    iam = FakeIam({("rds:X", "a"), ("rds:Y", "a"), ("rds:Y", "b")})
    asked = (Question(("rds:X", "rds:Y"), ("a", "b")), Question(("s3:Z",), ("c",)))
    assert read_denied(iam, "role", asked) == (Denied("rds:X", "b"), Denied("s3:Z", "c"))
    assert [each["ActionNames"] for each in iam.asked] == [["rds:X", "rds:Y"], ["s3:Z"]]


def test_what_the_calls_will_carry_is_told() -> None:
    iam = FakeIam(set())
    context = (ContextEntry("aws:RequestedRegion", ("r",)), ContextEntry("dynamodb:LeadingKeys", ("k",), many=True))
    read_denied(iam, "role", (Question(("rds:X",), ("a",), context),))
    assert iam.asked[0]["ContextEntries"] == [
        {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": ["r"], "ContextKeyType": "string"},
        {"ContextKeyName": "dynamodb:LeadingKeys", "ContextKeyValues": ["k"], "ContextKeyType": "stringList"},
    ]
