# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a principal may do, by IAM's simulation of its policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.iam import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import Denied, Question

ALLOWED = "allowed"


def policy_source(client: Any, arn: str) -> str:
    """The user or role whose policies hold for the caller's ARN: of a role's session, the role."""
    resource = arn.split(":")[5]
    if not resource.startswith("assumed-role/"):
        return arn
    return str(api.get_role(client, resource.split("/")[1])["Arn"])


def read_denied(client: Any, principal: str, questions: Sequence[Question]) -> tuple[Denied, ...]:
    """Those of the actions that aren't allowed, each with its resource. Raises botocore's errors."""
    found: list[Denied] = []
    for question in questions:
        for result in api.simulate_principal_policy(client, principal, question):
            found += _denied(result)
    return tuple(found)


def _denied(result: Mapping[str, Any]) -> list[Denied]:
    action, specific = result["EvalActionName"], result.get("ResourceSpecificResults") or []
    denied = [
        Denied(action, each["EvalResourceName"], tuple(each.get("MissingContextValues") or ()))
        for each in specific
        if each["EvalResourceDecision"] != ALLOWED
    ]
    if denied or result["EvalDecision"] == ALLOWED:
        return denied
    return [Denied(action, result.get("EvalResourceName", "*"), tuple(result.get("MissingContextValues") or ()))]
