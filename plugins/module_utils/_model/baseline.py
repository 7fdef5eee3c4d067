# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the last preflight saw of both Regions: it stands in for what a dead Region can't tell any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Baseline:
    """``observed`` are plain values by topic and Region, ``findings`` what was wrong, ``taken_at`` an epoch second.

    ``older`` says when those of them were seen, by topic and Region, that had to be taken from an earlier one.
    """

    workload: str
    taken_at: float
    by: str = ""
    observed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: tuple[Mapping[str, Any], ...] = ()
    older: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def age(self, now: float) -> float:
        """Seconds since then, never negative."""
        return max(0.0, now - self.taken_at)

    def seen_at(self, topic: str, region: str) -> float:
        """When those values were seen, in epoch seconds."""
        return self.older.get(topic, {}).get(region, self.taken_at)

    @property
    def oldest(self) -> float:
        """When the oldest of it was seen, in epoch seconds."""
        return min([self.taken_at, *(at for seen in self.older.values() for at in seen.values())])

    def seen(self, topic: str, region: str) -> Mapping[str, Any] | None:
        return self.observed.get(topic, {}).get(region)

    def as_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "observed": dict(self.observed),
            "findings": [dict(each) for each in self.findings],
            "older": {topic: dict(seen) for topic, seen in self.older.items()},
        }
