# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which IAM actions each AWS call of ours needs, on what, and who has them.

The one table that plans, the preflight's question to IAM, the policies in docs/iam and their tests are made from.
"""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant, IamRole
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants import (
    compute,
    data,
    drill,
    foundation,
    objects,
    observability,
    reconcile,
    rejoin,
    telling,
    traffic,
    watching,
)

FREE = frozenset({"sts:GetCallerIdentity"})  # AWS answers it to everybody

GRANTS: tuple[Grant, ...] = (
    *data.DATABASE,
    *rejoin.REJOIN,
    *reconcile.RECONCILE,
    *data.STATE,
    *traffic.LATCH,
    *compute.FENCE,
    *compute.COMPUTE,
    *data.CACHE,
    *data.PARAMETERS,
    *data.SECRETS,
    *data.KEYS,
    *objects.BUCKETS,
    *telling.NOTIFY,
    *watching.WATCH,
    *data.REPORTS,
    *traffic.DNS,
    *drill.DRILLS,
    *foundation.FOUNDATION,
    *observability.OBSERVABILITY,
)


def name(call: Call) -> str:
    """The call as the table names it."""
    return f"{call.service}:{call.action}"


def grants_for(call: Call, role: IamRole | None = None) -> tuple[Grant, ...]:
    """Those that ``call`` needs, of any role or of one."""
    return tuple(grant for grant in GRANTS if name(call) in grant.calls() and (role is None or role in grant.roles))


def iam_actions(call: Call) -> tuple[str, ...]:
    """The actions that a policy must allow for the call. One that isn't in the table has its own name's."""
    if name(call) in FREE:
        return ()
    found = [action for grant in grants_for(call) for action, calls in grant.actions.items() if name(call) in calls]
    return tuple(dict.fromkeys(found)) or (name(call),)
