# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding lost writes on two servers that answer from dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import (
    Fate,
    FullRow,
    LostRow,
    TableCounts,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    Column,
    Digest,
    KeyedRow,
    RowHash,
    Table,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import Since
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import lost_writes
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import Clock

COLUMNS = (Column("id", "integer"), Column("created_at", "timestamp with time zone"))
ORDERS = Table("public", "orders", COLUMNS, ("id",))
LOG = Table("public", "log", (Column("line", "text"),), ())
DATABASE = Database("shop", "shop", "shop/db")
SINCE = Since(100.0, "as given")


class Server:
    """``rows`` of orders by key: hash and time; ``log`` are hashes."""

    where, version = "a server", 160000

    def __init__(self, rows: dict[str, tuple[int, float]], replica: bool = False) -> None:
        self.rows, self.replica = rows, replica
        self.log: list[int] = []
        self.known = {ORDERS.label: ORDERS, LOG.label: LOG}
        self.forbidden = False

    def close(self) -> None:
        """Nothing to close."""

    def in_recovery(self) -> bool:
        return self.replica

    def tables(self) -> dict[str, Table]:
        return self.known

    def references(self) -> list[tuple[str, str]]:
        return []

    def _of(self, table: Table) -> list[KeyedRow]:
        if table is LOG:
            return sorted(KeyedRow(each, (), each) for each in self.log)
        return sorted(KeyedRow(int(key) & 255, (key,), row[0]) for key, row in self.rows.items())

    def digest(self, table: Table, _style: RowHash) -> Digest:
        if self.forbidden and table is ORDERS:
            raise DrError("Asking", "permission denied", "Grant it.")
        return Digest(len(self._of(table)))

    def buckets(self, table: Table, _style: RowHash) -> dict[int, Digest]:
        found: dict[int, Digest] = {}
        for row in self._of(table):
            seen = found.get(row.key_hash & 255, Digest())
            found[row.key_hash & 255] = Digest(seen.rows + 1, 0, seen.total + hash(row))
        return found

    def stream(self, table: Table, _style: RowHash, buckets: Sequence[int]) -> Iterator[KeyedRow]:
        yield from (row for row in self._of(table) if row.key_hash & 255 in buckets)

    def full_rows(self, _table: Table, _style: RowHash, keys: Sequence[tuple[str, ...]], time: str) -> Any:
        found = {key: self.rows[key[0]] for key in keys if key[0] in self.rows}
        return {key: FullRow(row[0], row[1] if time else None, (key[0], None)) for key, row in found.items()}

    def newest(self, table: Table, time_column: str, before: float) -> float | None:
        assert (table, time_column) == (ORDERS, "created_at")
        if self.forbidden:
            raise DrError("Asking", "permission denied", "Grant it.")
        return max((row[1] for row in self.rows.values() if row[1] < before), default=None)


def context() -> Context:
    clock = Clock()
    return Context(False, False, clock, Deadline.after(clock, 600), None, silent, silent)  # type: ignore[arg-type]


def compare(monkeypatch: pytest.MonkeyPatch, old: Server, live: Server, **given: Any) -> tuple[Any, list[LostRow]]:
    target = DatabaseTarget("eu-west-1", DATABASE, "c", "live", 1, (), Credentials("app", "pw"))
    servers = {"old": old, "live": live}
    monkeypatch.setattr(lost_writes, "prepare", lambda *_any: target)
    monkeypatch.setattr(lost_writes, "read_credentials", lambda *_any: Credentials("app", "old"))
    monkeypatch.setattr(lost_writes, "open_reader", lambda asked, *_any: servers[asked.endpoint])
    where = lost_writes.Old("eu-central-1", endpoint="old")
    options: dict[str, Any] = {"include": [], "exclude": [], "time_columns": {}, "since": SINCE, "resolvers": []}
    rows: list[LostRow] = []
    request = lost_writes.Request(DATABASE, "eu-west-1", where, **{**options, **given})
    return lost_writes.find(request, rows.append, context()), rows


def find(
    monkeypatch: pytest.MonkeyPatch, old: Server, live: Server, **given: Any
) -> tuple[dict[str, TableCounts], list[LostRow]]:
    found, rows = compare(monkeypatch, old, live, **given)
    return {each.table: each for each in found.tables}, rows


def test_each_row_has_its_fate_and_goes_to_the_sink(monkeypatch: pytest.MonkeyPatch) -> None:
    same = {str(number): (number, 50.0) for number in range(2000)}
    old = Server(same | {"1": (7, 101.0), "2": (7, 101.0), "3000": (7, 103.0)})
    live = Server(same | {"2": (8, 102.0), "4000": (8, 104.0)})
    del old.rows["5"], live.rows["6"]
    counts, rows = find(monkeypatch, old, live)
    orders = counts["public.orders"]
    assert {row.key[0][1]: row.fate for row in rows} == {
        "1": Fate.LOST_UPDATE,
        "2": Fate.CONFLICT,
        "3000": Fate.LOST_INSERT,
        "5": Fate.LOST_DELETE,
    }
    assert orders.count(Fate.LIVED_ON) == 2 and orders.time_column == "created_at"
    assert (orders.oldest, orders.newest) == (101.0, 103.0)


@pytest.mark.parametrize("known", [False, True])
def test_where_since_is_a_guess_the_newest_row_that_arrived_tells(monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    """Nobody knows when the Region was lost, and the failover came minutes later: at 1000, guessed less a minute."""
    same = {str(number): (number, 500.0 + number) for number in range(100)}
    old = Server(same | {"300": (7, 650.0)})
    live = Server(same | {"301": (7, 1100.0)})
    since = Since(940.0, "a guess", known, before=1000.0)
    counts, _rows = find(monkeypatch, old, live, since=since)
    assert counts["public.orders"].count(Fate.LOST_INSERT) == (0 if known else 1)


def test_where_no_row_tells_it_stays_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    old, live = Server({"1": (1, 650.0)}), Server({"2": (2, 650.0)})
    live.forbidden = True
    target = Since(940.0, "a guess", known=False, before=1000.0)
    assert compare(monkeypatch, old, live, since=target)[0].since == target
    live.forbidden = False
    assert compare(monkeypatch, old, live, since=target)[0].since.at == 590.0


def test_rows_without_a_key_are_counted_and_told_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    old, live = Server({}), Server({})
    old.log, live.log = [1, 1, 2], [1, 3]
    counts, _rows = find(monkeypatch, old, live)
    assert counts["public.log"].fates == {Fate.UNTOLD: 2}


def test_a_table_that_cannot_be_read_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    old, live = Server({"1": (1, 101.0)}), Server({})
    old.log, old.forbidden = [1], True
    counts, _rows = find(monkeypatch, old, live)
    assert "permission denied" in counts["public.orders"].note
    assert counts["public.log"].count(Fate.UNTOLD) == 1


def test_tables_that_one_side_lacks_or_has_otherwise_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    old, live = Server({}), Server({})
    old.known = {ORDERS.label: ORDERS, LOG.label: LOG}
    other = Table("public", "orders", COLUMNS[:1], ("id",))
    live.known = {ORDERS.label: other, "public.new": Table("public", "new", COLUMNS, ("id",))}
    counts, _rows = find(monkeypatch, old, live)
    assert {label: each.note for label, each in counts.items()} == {
        "public.orders": "its columns differ",
        "public.log": "the live database lacks the table",
        "public.new": "",
    }


def test_excluded_tables_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, _rows = find(monkeypatch, Server({}), Server({}), exclude=["*.log"])
    assert list(counts) == ["public.orders"]


def test_a_replica_is_not_the_live_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DrError, match="it is a replica"):
        find(monkeypatch, Server({}), Server({}, replica=True))


def test_a_replica_of_it_is_no_lost_primary(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lacks what was lost as well: nothing would seem to be."""
    with pytest.raises(DrError, match=r"it is a replica.*snapshot"):
        find(monkeypatch, Server({}, replica=True), Server({}))
