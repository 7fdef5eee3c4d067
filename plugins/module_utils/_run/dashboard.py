# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a dashboard as it is asked for, or deleting it. Dashboards are the account's: any Region has them all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cloudwatch import CloudWatch

Body = Mapping[str, Any]


def canonical(body: Body) -> str:
    """The same text for the same dashboard, in whatever order it was written."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def find(cloudwatch: CloudWatch, name: str) -> Body | None:
    """The dashboard's body; ``None`` where there is none."""
    try:
        text = cloudwatch.read("GetDashboard", api.get_dashboard, name)
    except CallFailed as failed:
        if failed.code in api.NO_SUCH_DASHBOARD:
            return None
        raise
    found: Body = json.loads(text)
    return found


def make(cloudwatch: CloudWatch, name: str, wanted: Body) -> tuple[Body | None, Body]:
    """The body before and after. Warns of what CloudWatch finds wrong in it."""
    before = find(cloudwatch, name)
    if before is None or canonical(before) != canonical(wanted):
        for message in cloudwatch.change("PutDashboard", api.put_dashboard, name, canonical(wanted)) or []:
            cloudwatch.context.warn(f"{name}: {message.get('DataPath', '')} {message.get('Message', '')}")
    return before, wanted


def delete(cloudwatch: CloudWatch, name: str) -> tuple[Body | None, None]:
    """Delete it where it is."""
    before = find(cloudwatch, name)
    if before is not None:
        cloudwatch.change("DeleteDashboards", api.delete_dashboard, name)
    return before, None
