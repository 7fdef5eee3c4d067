# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a workload has cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """By Region, as Cost Explorer names it (``NoRegion`` and ``global`` included); empty where nothing is known."""

    by_region: Mapping[str, float]
    currency: str

    @property
    def total(self) -> float | None:
        return sum(self.by_region.values()) if self.by_region else None
