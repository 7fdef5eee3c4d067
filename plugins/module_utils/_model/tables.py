# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as they are compared: by count and hash, then by bucket, then by key. No value of a row is in any of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

BUCKETS = 256


class Status(str, Enum):
    """What a comparison says. ``unknown``: it wasn't carried through, or what differs wouldn't hold still."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


class Kind(str, Enum):
    """How a row differs."""

    CHANGED = "changed"
    ONLY_FIRST = "only_first"
    ONLY_SECOND = "only_second"


class RowHash(Enum):
    """How a row is hashed: as a record, as text where a type has no hash, and so that servers before 14 can."""

    RECORD = "record"
    TEXT = "text"
    OLD = "old"


@dataclass(frozen=True)
class Column:
    """A column and its type as PostgreSQL writes it."""

    name: str
    type: str


@dataclass(frozen=True)
class Table:
    """``key`` are the columns of the primary key or of a unique index without nulls; empty where there is none."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unlogged: bool = False

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}"

    def type_of(self, column: str) -> str:
        return next(each.type for each in self.columns if each.name == column)


@dataclass(frozen=True)
class Digest:
    """Some rows, in three figures. The sum is there as the xor of a pair of identical rows is nothing."""

    rows: int = 0
    xor: int = 0
    total: int = 0


@dataclass(frozen=True, order=True)
class KeyedRow:
    """A row: its key's hash (the row's own without a key), the key as text, and the row's hash."""

    key_hash: int
    key: tuple[str, ...]
    row_hash: int


@dataclass(frozen=True)
class RowDifference:
    """A row that differs. Without a key there is the hash alone, of which there are ``count`` more on that side."""

    key: tuple[str, ...]
    kind: Kind
    row_hash: int = 0
    count: int = 1

    @property
    def id(self) -> tuple[tuple[str, ...], int]:
        """What a row is recognised by: its key, or its hash where it has none."""
        return (self.key, 0) if self.key else ((), self.row_hash)

    def as_dict(self, columns: tuple[str, ...]) -> dict[str, Any]:
        unsigned = self.row_hash & (2**64 - 1)
        named = dict(zip(columns, self.key, strict=True)) if self.key else {"row_hash": f"{unsigned:016x}"}
        return {"key": named, "kind": self.kind.value, "count": self.count}


@dataclass(frozen=True)
class TableResult:
    """What became of one table. ``complete`` is false where there were more differing rows than were looked at."""

    table: Table
    status: Status
    rows: tuple[int | None, int | None] = (None, None)
    differing: tuple[RowDifference, ...] = ()
    unsettled: int = 0
    complete: bool = True
    note: str = ""
    seconds: float = 0.0

    def count(self, kind: Kind) -> int:
        return sum(each.count for each in self.differing if each.kind is kind)

    def as_dict(self, shown: int) -> dict[str, Any]:
        return {
            "table": self.table.label,
            "status": self.status.value,
            "rows": list(self.rows),
            "differing": sum(each.count for each in self.differing),
            **{kind.value: self.count(kind) for kind in Kind},
            "unsettled": self.unsettled,
            "complete": self.complete,
            "keys": [each.as_dict(self.table.key) for each in self.differing[:shown]],
            "note": self.note,
            "seconds": round(self.seconds, 3),
        }
