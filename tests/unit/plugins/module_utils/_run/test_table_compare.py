# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table compared on two servers that answer from dictionaries, while one of them goes on changing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    Column,
    Digest,
    KeyedRow,
    Kind,
    RowDifference,
    RowHash,
    Status,
    Table,
    TableResult,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.tables import NoHash
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.table_compare import Sides, compare
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import Clock

TABLE = Table("public", "orders", (Column("id", "bigint"),), ("id",))


class Server:
    """Rows by key; ``before_read`` happens before each look at single keys."""

    where = "somewhere"

    def __init__(self, rows: dict[str, int]) -> None:
        self.rows = rows
        self.hashable = True
        self.before_read: Callable[[], None] = lambda: None
        self.styles: list[RowHash] = []
        self.streamed = 0

    def digest(self, _table: Table, style: RowHash) -> Digest:
        self.styles.append(style)
        if style is RowHash.RECORD and not self.hashable:
            raise NoHash
        return Digest(len(self.rows), 0, sum(hash(item) for item in self.rows.items()))

    def buckets(self, _table: Table, _style: RowHash) -> dict[int, Digest]:
        found: dict[int, Digest] = {}
        for key, row_hash in self.rows.items():
            bucket = int(key) & 255
            seen = found.get(bucket, Digest())
            found[bucket] = Digest(seen.rows + 1, 0, seen.total + hash((key, row_hash)))
        return found

    def stream(self, _table: Table, _style: RowHash, buckets: Sequence[int]) -> Iterator[KeyedRow]:
        chosen = sorted(KeyedRow(int(key) & 255, (key,), value) for key, value in self.rows.items())
        for row in chosen:
            if row.key_hash in buckets:
                self.streamed += 1
                yield row

    def read_keys(self, _table: Table, _style: RowHash, rows: Sequence[RowDifference]) -> dict[Any, tuple[int, int]]:
        self.before_read()
        return {row.id: (self.rows[row.key[0]], 1) for row in rows if row.key[0] in self.rows}


@pytest.fixture
def pair() -> tuple[Server, Server]:
    rows = {str(number): number * 7 for number in range(1000)}
    return Server(dict(rows)), Server(dict(rows))


def result_of(
    pair: tuple[Server, Server], catch_up: Callable[[], None] | None = None, most: int = 100, writer: int = 0
) -> TableResult:
    clock = Clock()
    sides: Any = Sides(pair[0], pair[1], clock, Deadline.after(clock, 600), catch_up, writer)  # type: ignore[arg-type]
    return compare(TABLE, sides, RowHash.RECORD, most)


def kinds(result: TableResult) -> dict[str, Kind]:
    return {each.key[0]: each.kind for each in result.differing}


def test_equal_tables_cost_one_look_and_no_row(pair: tuple[Server, Server]) -> None:
    result = result_of(pair, lambda: None)
    assert (result.status, result.rows) == (Status.SAME, (1000, 1000))
    assert pair[0].streamed == 0


@pytest.mark.parametrize("catch_up", [None, lambda: None])
@pytest.mark.parametrize("writer", [0, 1])
def test_rows_that_differ_are_named(
    pair: tuple[Server, Server], catch_up: Callable[[], None] | None, writer: int
) -> None:
    pair[1].rows |= {"5": 1, "1000": 1}
    del pair[1].rows["6"]
    result = result_of(pair, catch_up, writer=writer)
    assert (result.status, result.complete) == (Status.DIFFERS, True)
    assert kinds(result) == {"5": Kind.CHANGED, "6": Kind.ONLY_FIRST, "1000": Kind.ONLY_SECOND}
    assert pair[0].streamed < 20, "only the rows of buckets that differ are read"


def test_rows_on_their_way_are_no_difference(pair: tuple[Server, Server]) -> None:
    writer, replica = pair
    writer.rows |= {str(number): 1 for number in range(990, 1010)}
    result = result_of(pair, lambda: replica.rows.update(writer.rows))
    assert (result.status, result.differing, result.unsettled) == (Status.SAME, (), 0)


def test_a_row_that_the_replica_lacks_is_found_among_rows_on_their_way(pair: tuple[Server, Server]) -> None:
    writer, replica = pair
    writer.rows |= {"990": 1, "991": 1}
    result = result_of(pair, lambda: replica.rows.update({"990": 1}))
    assert (result.status, kinds(result)) == (Status.DIFFERS, {"991": Kind.CHANGED})


def test_a_row_that_never_stands_still_is_unsettled(pair: tuple[Server, Server]) -> None:
    writer, _replica = pair
    writer.before_read = lambda: writer.rows.update({"7": writer.rows["7"] + 1})
    writer.rows["7"] = 10_000
    result = result_of(pair, lambda: None)
    assert (result.status, result.unsettled, result.differing) == (Status.UNKNOWN, 1, ())
    assert "written all the time" in result.note


def test_a_hot_row_that_the_replica_has_as_it_was_a_moment_ago_is_the_same(pair: tuple[Server, Server]) -> None:
    writer, replica = pair
    writer.before_read = lambda: writer.rows.update({"7": writer.rows["7"] + 1})
    writer.rows["7"] = 10_000
    result = result_of(pair, lambda: replica.rows.update({"7": writer.rows["7"]}))
    assert (result.status, result.unsettled) == (Status.SAME, 0)


def test_more_differences_than_are_looked_at_are_said_to_be_more(pair: tuple[Server, Server]) -> None:
    pair[1].rows = {key: value + 1 for key, value in pair[1].rows.items()}
    result = result_of(pair, None, most=10)
    assert (result.status, len(result.differing), result.complete) == (Status.DIFFERS, 10, False)


def test_too_many_on_their_way_are_not_taken_for_the_same(pair: tuple[Server, Server]) -> None:
    writer, replica = pair
    writer.rows = {key: value + 1 for key, value in writer.rows.items()}
    result = result_of(pair, lambda: replica.rows.update(writer.rows), most=10)
    assert (result.status, result.complete) == (Status.UNKNOWN, False)


def test_a_type_without_a_hash_is_compared_as_text_on_both_sides(pair: tuple[Server, Server]) -> None:
    pair[1].hashable = False
    assert result_of(pair).status is Status.SAME
    assert [server.styles[-1] for server in pair] == [RowHash.TEXT, RowHash.TEXT]


def test_a_replica_that_never_catches_up_is_no_answer(pair: tuple[Server, Server]) -> None:
    def late() -> None:
        raise TimedOut("Waiting", "not so", "Run again.")

    pair[1].rows["5"] = 1
    with pytest.raises(TimedOut):
        result_of(pair, late)
