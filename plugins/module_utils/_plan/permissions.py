# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which IAM actions each AWS call of ours needs: the one table that plans, policies and their test are made from."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call

# Only where an API's name isn't the action's: everything else is "service:Action".
_PREFIX: Mapping[str, str] = {"arc": "route53-recovery-cluster", "route53-recovery-cluster": "route53-recovery-cluster"}
_OTHER_NAMES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("s3", "HeadObject"): ("s3:GetObject",),
    ("s3", "HeadBucket"): ("s3:ListBucket",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "GetBucketReplication"): ("s3:GetReplicationConfiguration",),
    ("s3", "PutBucketReplication"): ("s3:PutReplicationConfiguration", "iam:PassRole"),
    ("s3", "DeleteBucketReplication"): ("s3:PutReplicationConfiguration",),
}


def iam_actions(call: Call) -> tuple[str, ...]:
    """The actions that a policy must allow for the call."""
    known = _OTHER_NAMES.get((call.service, call.action))
    return known or (f"{_PREFIX.get(call.service, call.service)}:{call.action}",)
