# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a lost primary held against the live database: which writes were lost, and what may be done about each."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fate(str, Enum):
    """What became of a row that differs."""

    LOST_INSERT = "lost_insert"  # written on the old side only, and the live one has no such key
    LOST_UPDATE = "lost_update"  # changed on the old side; the live row is as it was before
    CONFLICT = "conflict"  # written on both sides: a person decides
    LOST_DELETE = "lost_delete"  # the live row is old, and the old side lacks it: perhaps a delete that was lost
    UNTOLD = "untold"  # no time says which side is right
    LIVED_ON = "lived_on"  # the live side changed, as it should


REPLAYABLE = (Fate.LOST_INSERT, Fate.LOST_UPDATE)
LOST = (*REPLAYABLE, Fate.CONFLICT)
"""Writes that were acknowledged and aren't in the live database."""
REVIEWED = tuple(fate for fate in Fate if fate is not Fate.LIVED_ON)
"""What is written to the file."""


@dataclass(frozen=True)
class FullRow:
    """A row as one side has it: its hash, when it was written (epoch seconds, if it says so), its values as text."""

    row_hash: int
    at: float | None
    values: tuple[str | None, ...] = field(repr=False)


@dataclass(frozen=True)
class LostRow:
    """A line of the file to review."""

    table: str
    fate: Fate
    key: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    old: FullRow | None
    live: FullRow | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "fate": self.fate.value,
            "key": dict(self.key),
            "old": _shown(self.columns, self.old),
            "live": _shown(self.columns, self.live),
        }


def _shown(columns: tuple[str, ...], row: FullRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    # A hash as text: JSON's numbers aren't safe for 64 bits everywhere.
    return {"at": row.at, "hash": str(row.row_hash), "values": dict(zip(columns, row.values, strict=True))}


@dataclass
class TableCounts:
    """What was found in one table. ``note`` says why it wasn't compared."""

    table: str
    fates: dict[Fate, int] = field(default_factory=dict)
    time_column: str = ""
    note: str = ""
    oldest: float | None = None
    newest: float | None = None

    def add(self, fate: Fate, at: float | None, count: int = 1) -> None:
        self.fates[fate] = self.fates.get(fate, 0) + count
        if fate in LOST and at is not None:
            self.oldest = at if self.oldest is None else min(self.oldest, at)
            self.newest = at if self.newest is None else max(self.newest, at)

    def count(self, *fates: Fate) -> int:
        return sum(self.fates.get(fate, 0) for fate in fates)

    def as_dict(self) -> dict[str, Any]:
        counts = {fate.value: self.fates.get(fate, 0) for fate in Fate}
        return {"table": self.table, **counts, "time_column": self.time_column or None, "note": self.note}
