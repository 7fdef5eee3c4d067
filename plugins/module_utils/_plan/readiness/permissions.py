# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the role in use may make the planned calls, by IAM's own simulation. Only a preflight asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import (
    US_EAST_1,
    Denied,
    PermissionsSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.permissions import iam_actions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    listed,
)


def judge_permissions(seen: Sightings[PermissionsSeen], case: Case) -> Iterator[Remark]:
    found = seen.of(US_EAST_1)
    if found is None:
        return
    if found.why:
        yield Remark(
            "permissions_unknown",
            Weight.NEVER,
            US_EAST_1,
            f"What {found.principal or 'the role in use'} may do is unknown: {found.why.rstrip('.')}.",
            "Grant iam:SimulatePrincipalPolicy (and iam:GetRole) on itself to whoever runs the preflight.",
        )
    for uncertain, weight in ((False, Weight.PLANNED), (True, Weight.NEVER)):
        denied = [each for each in found.denied if _uncertain(each) is uncertain]
        if not denied:
            continue
        what = listed([f"{each.action} on {each.resource}" for each in denied])
        maybe = " On the very resource, or under a condition, they may." if uncertain else ""
        yield Remark(
            "permission_missing",
            weight,
            US_EAST_1,
            f"The policies of {found.principal} don't allow {what}.{maybe}",
            "Grant it (docs of each role's policy), or run with the role that has it.",
        )


def _uncertain(denied: Denied) -> bool:
    """Where the answer hangs on a condition or a resource that the simulation wasn't told."""
    return bool(denied.missing_context) or denied.resource == "*"


def resources(calls: Sequence[Call], case: Case, account: str, clusters: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The IAM actions of ``calls``, each with the ARNs that it will be used on; ``*`` where that isn't known.

    ``clusters`` are the ARNs of the global cluster's members.
    """
    asked: dict[str, list[str]] = {}
    for call in calls:
        for action in iam_actions(call):
            known = asked.setdefault(action, [])
            known += [each for each in _arns(call, case, account, clusters) if each not in known]
    return {action: tuple(arns) for action, arns in asked.items()}


def _arns(call: Call, case: Case, account: str, clusters: Sequence[str]) -> Sequence[str]:
    workload = case.workload
    if call.service == "rds" and call.action != "DescribeEvents":
        here = [arn for arn in clusters if call.action != "DescribeDBClusters" or f":{call.region}:" in arn]
        above = f"arn:aws:rds::{account}:global-cluster:{workload.database.global_cluster_id}"
        return here if call.action == "DescribeDBClusters" else [above, *here]
    if call.service == "s3" and workload.latch:
        buckets = [where.bucket for where in workload.latch.objects if where.region == call.region]
        return [f"arn:aws:s3:::{bucket}/{workload.latch.key}" for bucket in buckets]
    if call.service == "dynamodb" and workload.table:
        return [f"arn:aws:dynamodb:{call.region}:{account}:table/{workload.table}"]
    return ["*"]
