# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A health check of a drill's own, and how the checkers saw its leg fall sick and recover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Address:
    """Where a health check looks: ``path`` with its query."""

    secure: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Opinion:
    """What the health checkers last saw: how many of ``checkers`` found the leg ``good``, and a report of one."""

    checkers: int
    good: int
    report: str = ""

    def __str__(self) -> str:
        return f"{self.good} of {self.checkers} checkers find it good ({self.report or 'no report'})"


@dataclass(frozen=True)
class HealthDrill:
    """Seconds from the leg's looking sick until the checkers held it for unhealthy, from its looking well until they
    held it for healthy; and how long it then stayed so.
    """

    detected: float
    recovered: float
    stayed_good: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "detected_seconds": self.detected,
            "recovered_seconds": self.recovered,
            "stayed_good_seconds": self.stayed_good,
        }
