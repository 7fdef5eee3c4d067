# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM's simulation of a principal's policies, which moto lacks. Conditions are evaluated without any context.

The lab's own caller has no user in IAM: it may do everything, until somebody makes one of its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

DECISIONS = {
    PermissionResult.PERMITTED: "allowed",
    PermissionResult.DENIED: "explicitDeny",
    PermissionResult.NEUTRAL: "implicitDeny",
}


def install() -> None:
    """Add the action to moto's."""
    for action in (simulate_principal_policy,):
        setattr(IamResponse, action.__name__, action)


def simulate_principal_policy(response: IamResponse) -> ActionResult:
    """SimulatePrincipalPolicy."""
    policies = _policies(response.backend, response._get_param("PolicySourceArn"))
    resources = response._get_param("ResourceArns") or ["*"]
    results = [_result(policies, action, resources) for action in response._get_param("ActionNames")]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _result(policies: list[IAMPolicy] | None, action: str, resources: list[str]) -> dict[str, Any]:
    decisions = {resource: _decision(policies, action, resource) for resource in resources}
    worst = max(decisions.values(), key=("allowed", "implicitDeny", "explicitDeny").index)
    specific = [{"EvalResourceName": name, "EvalResourceDecision": word} for name, word in decisions.items()]
    return {
        "EvalActionName": action,
        "EvalResourceName": resources[0],
        "EvalDecision": worst,
        "MatchedStatements": [],
        "MissingContextValues": [],
        "ResourceSpecificResults": specific,
    }


def _decision(policies: list[IAMPolicy] | None, action: str, resource: str) -> str:
    if policies is None:
        return "allowed"
    found = {policy.is_action_permitted(action, resource) for policy in policies}
    for result in (PermissionResult.DENIED, PermissionResult.PERMITTED):
        if result in found:
            return DECISIONS[result]
    return DECISIONS[PermissionResult.NEUTRAL]


def _policies(backend: IAMBackend, arn: str) -> list[IAMPolicy] | None:
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
    return [*map(IAMPolicy, documents), *map(IAMPolicy, holder.managed_policies.values())]


def _principals(backend: IAMBackend) -> Iterator[Any]:
    yield from backend.users.values()
    yield from backend.roles.values()
