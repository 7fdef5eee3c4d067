# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lambda's event source mappings: what feeds a function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ENABLED, DISABLED = "Enabled", "Disabled"
SETTLED = (ENABLED, DISABLED)
"""AWS's names for the states in which a mapping stays until it is told otherwise; the others pass."""


@dataclass(frozen=True)
class Selector:
    """Which mappings are meant: those of a ``function``, or only that from ``source`` (an ARN)."""

    function: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.function} from {self.source}" if self.source else self.function


@dataclass(frozen=True)
class EventSource:
    """A mapping as it was seen; ``state`` as AWS names it."""

    uuid: str
    function: str
    source: str
    state: str


@dataclass(frozen=True)
class SourceChange:
    """What became of a mapping. ``error`` is empty where all went well."""

    before: EventSource
    state: str
    changed: bool = False
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "uuid": self.before.uuid,
            "function": self.before.function,
            "source": self.before.source,
            "before": self.before.state,
            "state": self.state,
            "changed": self.changed,
            "error": self.error,
        }
