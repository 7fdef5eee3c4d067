# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What many checks amount to: how many were good, which was the slowest, and how users fare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import LegHealth, Status


class Verdict(str, Enum):
    """How a workload's users fare, for a machine to act on."""

    OK = "ok"  # everything is well
    DEGRADED = "degraded"  # users are served, and something isn't well
    UNKNOWN = "unknown"  # whether users are served can't be told
    CRITICAL = "critical"  # what serves users is unhealthy


@dataclass(frozen=True)
class Slowest:
    """The check that took longest to be answered."""

    workload: str
    region: str
    service: str
    response_ms: float

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Tally:
    """How many checks had which status, and the slowest answer; ``None`` where none was timed."""

    counts: Mapping[Status, int]
    slowest: Slowest | None = None

    @property
    def checks(self) -> int:
        return sum(self.counts.values())

    @property
    def success_percent(self) -> float | None:
        """The share of the checks that found a service serving, be it degraded; of no check, ``None``."""
        if not self.checks:
            return None
        return 100.0 * (self.counts[Status.HEALTHY] + self.counts[Status.DEGRADED]) / self.checks

    def as_dict(self) -> dict[str, Any]:
        return {
            "checks": self.checks,
            "counts": {status.value: self.counts[status] for status in Status},
            "success_percent": self.success_percent,
            "slowest": self.slowest.as_dict() if self.slowest else None,
        }


@dataclass(frozen=True)
class WorkloadHealth:
    """A workload's legs. ``serving`` is the Region that users are served from; ``None`` where that can't be told.

    ``sent``: the Regions that the name which clients use leads to; ``None`` where it wasn't asked, or where it isn't
    known, and then ``sent_unknown`` says why.
    """

    name: str
    legs: tuple[LegHealth, ...]
    serving: str | None = None
    sent: tuple[str, ...] | None = None
    sent_unknown: str = ""

    @property
    def astray(self) -> bool:
        """Whether clients are sent to a Region whose database takes no writes, and to no other."""
        return bool(self.serving) and bool(self.sent) and self.serving not in (self.sent or ())


@dataclass(frozen=True)
class Summary:
    """Of one workload, or of many: the verdict, a line that says it, and the figures, by Region too."""

    verdict: Verdict
    line: str
    tally: Tally
    regions: Mapping[str, Tally]
    astray: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "line": self.line,
            "astray": self.astray,
            **self.tally.as_dict(),
            "regions": {region: each.as_dict() for region, each in self.regions.items()},
        }
