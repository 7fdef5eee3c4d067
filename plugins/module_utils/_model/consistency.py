# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a layer is the same in both Regions, and what isn't. Values are in none of it, only names and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Status


class LayerName(str, Enum):
    """What is compared."""

    DATABASE = "database"
    BUCKETS = "buckets"
    SECRETS = "secrets"
    PARAMETERS = "parameters"
    CACHE = "cache"


@dataclass(frozen=True)
class Line:
    """One thing compared: how much of it there is on either side, how much differs, and examples by name.

    ``counts`` are of the first and of the second Region, ``None`` where they weren't read. ``note`` says what is
    approximate, or why nothing is known.
    """

    what: str
    status: Status
    counts: tuple[int | None, int | None] = (None, None)
    differing: int = 0
    examples: tuple[str, ...] = ()
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "status": self.status.value,
            "counts": list(self.counts),
            "differing": self.differing,
            "examples": list(self.examples),
            "note": self.note,
            "details": dict(self.details),
        }


@dataclass(frozen=True)
class Layer:
    """A layer's verdict is the worst of its lines; ``point`` says how both sides were brought to one state."""

    name: LayerName
    lines: tuple[Line, ...]
    point: str = ""
    seconds: float = 0.0

    @property
    def status(self) -> Status:
        return worst(line.status for line in self.lines)

    def as_dict(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "compared": len(self.lines),
            "differing": sum(line.differing for line in self.lines),
            "point": self.point,
            "seconds": round(self.seconds, 3),
            "lines": [line.as_dict() for line in self.lines],
        }


def worst(statuses: Any) -> Status:
    """A difference outweighs what isn't known, and that outweighs sameness. Of nothing at all nothing is known."""
    found = set(statuses)
    order = (Status.DIFFERS, Status.UNKNOWN, Status.SAME)
    return next((status for status in order if status in found), Status.UNKNOWN)
