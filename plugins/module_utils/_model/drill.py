# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill: what was supposed, how it was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class DrillType(str, Enum):
    """In the order in which they are carried out: what comes later judges what came before."""

    HEALTH = "health_check_simulation"
    FAILOVER = "failover_simulation"
    CONSISTENCY = "data_consistency"
    PERFORMANCE = "performance_validation"
    LIVE = "live"


class Verdict(str, Enum):
    """A drill that couldn't be judged hasn't passed. One that the workload has nothing for is left out of account."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


class Trend(str, Enum):
    """How a figure has moved over the runs."""

    BETTER = "better"
    STEADY = "steady"
    WORSE = "worse"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Drill:
    """One drill, judged. ``wrong`` says what speaks against a pass, ``unknown`` what couldn't be told; ``figures`` are
    seconds. ``inapplicable`` says why there is nothing to drill.
    """

    type: DrillType
    wrong: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    figures: Mapping[str, float | None] = field(default_factory=dict)
    inapplicable: str = ""

    @property
    def verdict(self) -> Verdict:
        """Failed where anything is wrong; unknown where nothing is, but something couldn't be told."""
        if self.wrong:
            return Verdict.FAILED
        if self.inapplicable:
            return Verdict.NOT_APPLICABLE
        return Verdict.UNKNOWN if self.unknown else Verdict.PASSED

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": self.type.value,
            "verdict": self.verdict.value,
            "wrong": list(self.wrong),
            "unknown": list(self.unknown),
            "seen": list(self.seen),
            "figures": dict(self.figures),
            "inapplicable": self.inapplicable,
        }


@dataclass(frozen=True)
class Point:
    """A figure of one run: ``at`` is when the run ended (epoch seconds), ``run`` its id.

    One that isn't ``measured`` is a bound: it can prove an objective met, never missed.
    """

    run: str
    at: float
    seconds: float
    measured: bool = True


@dataclass(frozen=True)
class Series:
    """A figure over the runs, the oldest first, and what was promised of it."""

    name: str
    objective: float
    points: tuple[Point, ...]
    trend: Trend = Trend.UNKNOWN
