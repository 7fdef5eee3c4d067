# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on a run's record for its report, from what its tasks returned."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.evidence import evidence, findings_kept
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.steps import Wanted, outline


def run_plan(steps: Collection[str], mode: str, source: str, target: str) -> list[dict[str, Any]]:
    """The steps of a run to come, each with its gate and its way back."""
    return outline(steps, Wanted(Mode(mode), target, source))


class FilterModule:
    """Filters for a run's record."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"run_evidence": evidence, "run_findings": findings_kept, "run_plan": run_plan}
