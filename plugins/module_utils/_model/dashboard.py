# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CloudWatch dashboard: rows of widgets on a grid of 24 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

COLUMNS = 24


@dataclass(frozen=True)
class Widget:
    """``properties`` are CloudWatch's own of that type of widget."""

    type: str
    width: int
    height: int
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dashboard:
    """``start`` is how far back it looks, as an ISO 8601 duration."""

    name: str
    start: str
    rows: tuple[Sequence[Widget], ...]

    def body(self) -> dict[str, Any]:
        """As CloudWatch takes it."""
        return {"start": self.start, "periodOverride": "inherit", "widgets": list(self._placed())}

    def _placed(self) -> Iterator[dict[str, Any]]:
        y = 0
        for row in self.rows:
            x = 0
            for widget in row:
                yield {
                    "type": widget.type,
                    "x": x,
                    "y": y,
                    "width": widget.width,
                    "height": widget.height,
                    "properties": dict(widget.properties),
                }
                x += widget.width
            y += max((widget.height for widget in row), default=0)
