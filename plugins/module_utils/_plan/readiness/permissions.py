# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the role in use may make the planned calls, by IAM's own simulation. Only a preflight asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import US_EAST_1, PermissionsSeen
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
    for weight in (Weight.PLANNED, Weight.NEVER):
        # Where the answer hangs on a condition, the simulation can't know the request's own values.
        denied = [each for each in found.denied if bool(each.missing_context) is (weight is Weight.NEVER)]
        if not denied:
            continue
        what = listed([f"{each.action} on {each.resource}" for each in denied])
        keys = sorted({key for each in denied for key in each.missing_context})
        hangs = f" It may be allowed under the conditions {listed(keys)}." if keys else ""
        yield Remark(
            "permission_missing",
            weight,
            US_EAST_1,
            f"The policies of {found.principal} don't allow {what}.{hangs}",
            "Grant it (docs of each role's policy), or run with the role that has it.",
        )


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
