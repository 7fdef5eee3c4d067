# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's simulation of a principal's policies, which moto lacks.

The lab's own caller has no user in IAM: it may do everything, until somebody makes one of its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from lab.aws.iam_policy import ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY, Context, Verdict, decide

Documents = list[dict[str, Any]]


def install() -> None:
    """Add the action to moto's."""
    for action in (simulate_principal_policy,):
        setattr(IamResponse, action.__name__, action)


def simulate_principal_policy(response: IamResponse) -> ActionResult:
    """SimulatePrincipalPolicy."""
    policies = _policies(response.backend, response._get_param("PolicySourceArn"))
    resources = response._get_param("ResourceArns") or ["*"]
    given = response._get_param("ContextEntries") or []
    context = {each["ContextKeyName"]: each["ContextKeyValues"] for each in given}
    results = [_result(policies, action, resources, context) for action in response._get_param("ActionNames")]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _result(policies: Documents | None, action: str, resources: list[str], context: Context) -> dict[str, Any]:
    verdicts = {
        resource: Verdict(ALLOWED) if policies is None else decide(policies, action, resource, context)
        for resource in resources
    }
    decisions = [verdict.decision for verdict in verdicts.values()]
    return {
        "EvalActionName": action,
        "EvalResourceName": resources[0],
        "EvalDecision": max(decisions, key=(ALLOWED, IMPLICIT_DENY, EXPLICIT_DENY).index),
        "MatchedStatements": [],
        "MissingContextValues": sorted({key for verdict in verdicts.values() for key in verdict.missing}),
        "ResourceSpecificResults": [
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": verdict.decision,
                "MissingContextValues": list(verdict.missing),
            }
            for resource, verdict in verdicts.items()
        ],
    }


def _policies(backend: IAMBackend, arn: str) -> Documents | None:
    """A user's or role's policies; None for the lab's own caller.

    :raises NotFoundException: NoSuchEntity, for anybody else.
    """
    arn = arn.replace(":sts:", ":iam:")  # moto says the former of its default caller
    holder = next((each for each in _principals(backend) if each.arn == arn), None)
    if holder is None:
        if arn.endswith(":user/moto"):
            return None
        raise NotFoundException(f"{arn} cannot be found.")
    inline = holder.policies
    documents = [each["policy_document"] for each in inline] if isinstance(inline, list) else list(inline.values())
    policies = [*map(IAMPolicy, documents), *map(IAMPolicy, holder.managed_policies.values())]
    return [policy._policy_json for policy in policies]


def _principals(backend: IAMBackend) -> Iterator[Any]:
    yield from backend.users.values()
    yield from backend.roles.values()
