# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application Recovery Controller's control plane: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

SERVICE = "route53-recovery-control-config"
REGION = "us-west-2"
"""The one Region that has it."""


def list_safety_rules(client: Any, panel: str) -> list[dict[str, Any]]:
    """The safety rules of a control panel (by ARN): of each its kind, and under it what it says."""
    pages = client.get_paginator("list_safety_rules").paginate(ControlPanelArn=panel)
    return [rule for page in pages for rule in page["SafetyRules"]]
