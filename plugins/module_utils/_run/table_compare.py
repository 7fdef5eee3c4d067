# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing one table on two servers: figures, then buckets, then the keys that differ. Both sides are asked at once.

On a workload that goes on writing the two snapshots are never of the same moment. So what differs is read again, once
the replica has replayed all that the writer had done by then, until it is equal or stands still and differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    Digest,
    Kind,
    RowDifference,
    RowHash,
    Status,
    Table,
    TableResult,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.table_sql import differences, differing_buckets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.tables import NoHash, Reader

T = TypeVar("T")

BUCKETS_AT_ONCE = 16
ROUNDS = 6
PAUSE = 0.3  # seconds between two rounds: an unflushed commit is on its way by then
Seen = Mapping[tuple[tuple[str, ...], int], tuple[int, int]]


@dataclass(frozen=True)
class Sides:
    """The two readers, and how the second is brought to the first's state; ``None`` where nothing replicates.

    ``writer`` is the reader whose changes the other one gets: 0 or 1.
    """

    first: Reader
    second: Reader
    clock: Clock
    deadline: Deadline
    catch_up: Callable[[], None] | None = None
    writer: int = 0

    def both(self, ask: Callable[[Reader], T]) -> tuple[T, T]:
        """The same question to both at once. Raises the first error."""
        jobs = {"first": partial(ask, self.first), "second": partial(ask, self.second)}
        values = all_of(jobs, self.deadline, self.clock)
        return values["first"], values["second"]


def compare(table: Table, sides: Sides, style: RowHash, most: int) -> TableResult:
    """The verdict on one table, with at most ``most`` differing rows. Raises ``DrError`` where it couldn't be read."""
    began = sides.clock.monotonic()
    style, (first, second) = _digests(table, sides, style)
    result = TableResult(table, Status.SAME, (first.rows, second.rows))
    if first != second:
        result = _narrowed(result, sides, style, most)
    return replace(result, seconds=sides.clock.monotonic() - began)


def _digests(table: Table, sides: Sides, style: RowHash) -> tuple[RowHash, tuple[Digest, Digest]]:
    try:
        return style, sides.both(lambda reader: reader.digest(table, style))
    except NoHash:
        if style is not RowHash.RECORD:
            raise DrError(f"Hashing {table.label}", "a column's type has no text", "Exclude the table.") from None
    return RowHash.TEXT, sides.both(lambda reader: reader.digest(table, RowHash.TEXT))


def usable_style(table: Table, sides: Sides, style: RowHash) -> RowHash:
    """The hash that both sides know for this table's types."""
    return _digests(table, sides, style)[0]


def _narrowed(result: TableResult, sides: Sides, style: RowHash, most: int) -> TableResult:
    table = result.table
    buckets = differing_buckets(*sides.both(lambda reader: reader.buckets(table, style)))
    found, complete = _keys(table, sides, style, buckets, most)
    if sides.catch_up is None:
        status = Status.DIFFERS if found else Status.SAME
        return replace(result, status=status, differing=tuple(found), complete=complete)
    settled = Settling(table, sides, style, sides.catch_up)
    differing, unsettled = settled.run(found)
    status = Status.DIFFERS if differing else Status.UNKNOWN if unsettled or not complete else Status.SAME
    note = f"{unsettled} rows were written all the time" if unsettled else ""
    if not complete:
        note = "; ".join([*([note] if note else []), f"more than {most} rows differed: not all were looked at"])
    return replace(result, status=status, differing=tuple(differing), unsettled=unsettled, complete=complete, note=note)


def _keys(
    table: Table, sides: Sides, style: RowHash, buckets: Sequence[int], most: int
) -> tuple[list[RowDifference], bool]:
    """What differs in these buckets, up to ``most``, and whether that is all. A few buckets at a time."""
    found: list[RowDifference] = []
    for start in range(0, len(buckets), BUCKETS_AT_ONCE):
        lot = buckets[start : start + BUCKETS_AT_ONCE]
        streams = [reader.stream(table, style, lot) for reader in (sides.first, sides.second)]
        try:
            for each in differences(*_primed(streams, sides)):
                if len(found) >= most:
                    return found, False
                found.append(each)
        finally:
            for stream in streams:
                stream.close()
        if sides.deadline.passed(sides.clock):
            return found, start + BUCKETS_AT_ONCE >= len(buckets)
    return found, True


def _primed(streams: Sequence[Any], sides: Sides) -> tuple[Iterator[Any], Iterator[Any]]:
    """Both sorts run at the same time: their first rows are waited for together."""
    jobs = {str(number): partial(next, stream, None) for number, stream in enumerate(streams)}
    outcomes = gather(jobs, sides.deadline, sides.clock)
    primed = []
    for number, stream in enumerate(streams):
        outcome = outcomes[str(number)]
        if outcome.error is not None:
            raise outcome.error
        primed.append(_chained(outcome.value, stream))
    return primed[0], primed[1]


def _chained(head: Any, rest: Iterator[Any]) -> Iterator[Any]:
    if head is not None:
        yield head
        yield from rest


@dataclass
class Settling:
    """Reads rows again until each is equal, or stands still and differs. ``catch_up`` is the replicated point."""

    table: Table
    sides: Sides
    style: RowHash
    catch_up: Callable[[], None]
    _suspects: dict[Any, tuple[int, int] | None] = field(default_factory=dict)

    def run(self, rows: Sequence[RowDifference]) -> tuple[list[RowDifference], int]:
        """The rows that do differ, and the number of those that never stood still."""
        pending, differing = {row.id: row for row in rows}, list[RowDifference]()
        for number in range(ROUNDS):
            if not pending or self.sides.deadline.passed(self.sides.clock):
                break
            if number:
                self.sides.clock.sleep(PAUSE)
            differing += self._round(pending)
        return differing, len(pending)

    def _round(self, pending: dict[Any, RowDifference]) -> list[RowDifference]:
        """One more look at what is ``pending``; what is decided is taken out of it."""
        writer, replica = (self.sides.first, self.sides.second)[:: -1 if self.sides.writer else 1]
        rows, found = list(pending.values()), list[RowDifference]()
        before = writer.read_keys(self.table, self.style, rows)
        self.catch_up()
        there = replica.read_keys(self.table, self.style, rows)
        after = writer.read_keys(self.table, self.style, rows)
        for row in rows:
            was, now, seen = before.get(row.id), after.get(row.id), there.get(row.id)
            if seen in (was, now):
                del pending[row.id]
            elif was == now and row.id in self._suspects and self._suspects[row.id] == now:
                found.append(self._difference(pending.pop(row.id), now, seen))
            elif was == now:
                self._suspects[row.id] = now
        return found

    def _difference(
        self, row: RowDifference, on_writer: tuple[int, int] | None, on_replica: tuple[int, int] | None
    ) -> RowDifference:
        first, second = (on_writer, on_replica)[:: -1 if self.sides.writer else 1]
        if row.key:
            kind = Kind.ONLY_FIRST if second is None else Kind.ONLY_SECOND if first is None else Kind.CHANGED
            return replace(row, kind=kind)
        more = (first or (0, 0))[1] - (second or (0, 0))[1]
        return replace(row, kind=Kind.ONLY_FIRST if more > 0 else Kind.ONLY_SECOND, count=abs(more))
