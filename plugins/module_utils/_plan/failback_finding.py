# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the way of a failback, each with its place in the runbook. Pure."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Obstacle
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal

RUNBOOK = "docs/runbooks/failback.md"


def stops(code: str, seen: str, remedy: str) -> Obstacle:
    """What waiting doesn't mend."""
    return Obstacle(refusal(code, seen, remedy, f"{RUNBOOK}#{code}"))


def waits(code: str, seen: str, remedy: str) -> Obstacle:
    """What may pass by itself."""
    return Obstacle(refusal(code, seen, remedy, f"{RUNBOOK}#{code}"), passes=True)
