# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS IAM, which is in us-east-1 alone: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import Question


def get_role(client: Any, name: str) -> dict[str, Any]:
    """The role of that name; its ``Arn`` has its path, which that of a session hasn't."""
    return client.get_role(RoleName=name)["Role"]


def simulate_principal_policy(client: Any, principal: str, question: Question) -> list[dict[str, Any]]:
    """What the principal's policies say of each action on the resources."""
    context = [
        {
            "ContextKeyName": entry.key,
            "ContextKeyValues": list(entry.values),
            "ContextKeyType": "stringList" if entry.many else "string",
        }
        for entry in question.context
    ]
    pages = client.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=principal,
        ActionNames=list(question.actions),
        ResourceArns=list(question.resources),
        ContextEntries=context,
    )
    return [result for page in pages for result in page["EvaluationResults"]]
