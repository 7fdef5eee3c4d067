# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon EC2 Auto Scaling: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

RECENT = 10  # activities to look at for a failed launch


def describe_group(client: Any, name: str) -> dict[str, Any] | None:
    """The group of that name; ``None`` where there is none."""
    return next(iter(client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]), None)


def describe_activities(client: Any, name: str) -> list[dict[str, Any]]:
    """The group's last activities, the newest first."""
    return client.describe_scaling_activities(AutoScalingGroupName=name, MaxRecords=RECENT)["Activities"]


def update_group(client: Any, name: str, desired: int, minimum: int | None, maximum: int | None) -> None:
    """Set what a group wants, and its bounds where given."""
    bounds = {"MinSize": minimum, "MaxSize": maximum}
    given = {option: value for option, value in bounds.items() if value is not None}
    client.update_auto_scaling_group(AutoScalingGroupName=name, DesiredCapacity=desired, **given)
