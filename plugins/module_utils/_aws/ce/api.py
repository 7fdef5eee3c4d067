# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Cost Explorer: one call per function. Botocore's errors are raised as they are. Each call costs a cent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REGION = "us-east-1"  # its one endpoint


def get_cost_and_usage(client: Any, start: str, end: str, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the months from day ``start`` up to day ``end`` cost, by Region, of what has all of ``tags``."""
    which = [{"Tags": {"Key": key, "Values": [value]}} for key, value in tags.items()]
    wanted: dict[str, Any] = {
        "TimePeriod": {"Start": start, "End": end},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "REGION"}],
    }
    if which:
        wanted["Filter"] = which[0] if len(which) == 1 else {"And": which}
    found: list[dict[str, Any]] = []
    token = None
    while True:
        answer = client.get_cost_and_usage(**wanted, **({"NextPageToken": token} if token else {}))
        found += answer["ResultsByTime"]
        token = answer.get("NextPageToken")
        if not token:
            return found
