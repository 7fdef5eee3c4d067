# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who replicates to whom, what marks the point, and what of a table is said, on servers that are stood in for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    Column,
    RowHash,
    Status,
    Table,
    TableResult,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.tables import NotTold
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import consistency_database as database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.table_compare import Sides
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import HOME, STANDBY, Clock

TABLE = Table("public", "orders", (Column("id", "bigint"),), ("id",))


class Server:
    """A reader. ``positions`` false: it doesn't tell its position in the log, by an error or by a null."""

    version = 160000

    def __init__(self, where: str, replica: bool) -> None:
        self.where, self.replica = where, replica
        self.positions: Any = True
        self.behind = 0
        self.known = {TABLE.label: TABLE}
        self.closed = False

    def close(self) -> None:
        self.closed = True

    def in_recovery(self) -> bool:
        return self.replica

    def tables(self) -> dict[str, Table]:
        return self.known

    def row(self, statement: str, _parameters: Any = ()) -> tuple[Any, ...]:
        if "wal" in statement and self.positions is False:
            raise NotTold("Asking", "not supported", "")
        if statement == database.WRITTEN:
            return ("0/1",)
        if statement == database.REPLAYED and self.positions is None:
            return (None,)
        self.behind -= 1
        return (self.behind < 0,)


class Pair:
    """Both servers, and what was compared."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.standby = Server(HOME, False), Server(STANDBY, True)
        self.clock = Clock()
        self.marked = 0
        self.sides: Sides | None = None
        monkeypatch.setattr(database, "reading_target", lambda region, *_any: SimpleNamespace(region=region))
        monkeypatch.setattr(database, "open_reader", self._open)
        monkeypatch.setattr(database, "prove_writer", self._mark)
        monkeypatch.setattr(database, "compare", self._compare)

    def _open(self, target: Any, *_any: Any) -> Server:
        return self.home if target.region == HOME else self.standby

    def _mark(self, target: Any, *_any: Any) -> Any:
        assert target.region == (STANDBY if self.home.replica else HOME), "only the writer is written to"
        self.marked += 1
        return SimpleNamespace(nonce="n")

    def _compare(self, table: Table, sides: Sides, _style: RowHash, _most: int) -> TableResult:
        self.sides = sides
        return TableResult(table, Status.SAME, (1, 1))

    def compare(self, check_mode: bool = False, **given: Any) -> Layer:
        context = Context(
            check_mode,
            False,
            self.clock,
            Deadline.after(self.clock, 600),
            None,  # type: ignore[arg-type]
            silent,
            silent,
        )
        wanted = database.Wanted((HOME, STANDBY), Database("shop", "shop", "shop/db"), (), (), (), 10, 5)
        return database.compare_databases(replace(wanted, **given), context)


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Pair:
    return Pair(monkeypatch)


@pytest.mark.parametrize("home_writes", [True, False])
def test_the_replica_is_brought_to_the_writers_position(pair: Pair, home_writes: bool) -> None:
    pair.home.replica, pair.standby.replica = not home_writes, home_writes
    (pair.standby if home_writes else pair.home).behind = 3
    layer = pair.compare()
    assert (layer.status, layer.point) == (Status.SAME, "the writer's position in its log")
    assert pair.sides is not None and pair.sides.writer == (0 if home_writes else 1) and pair.sides.catch_up
    assert pair.home.closed and pair.standby.closed and pair.marked == 0


@pytest.mark.parametrize("told", [False, None])
def test_where_positions_are_not_told_a_row_marks_the_point(pair: Pair, told: bool | None) -> None:
    pair.standby.positions = told
    assert pair.compare().point == "a marker row"
    assert pair.marked == 1


def test_check_mode_writes_no_marker(pair: Pair) -> None:
    with pytest.raises(DrError, match="check mode writes no row"):
        pair.compare(check_mode=True, marker=True)
    assert pair.marked == 0


def test_a_replica_that_stays_behind_is_no_answer(pair: Pair) -> None:
    pair.standby.behind = 10**6
    with pytest.raises(TimedOut, match="to have what the writer had"):
        pair.compare()
    assert pair.clock.now < 200


def test_two_writers_are_compared_as_they_are(pair: Pair) -> None:
    pair.standby.replica = False
    assert "nothing is replicated between them" in pair.compare().point
    assert pair.sides is not None and pair.sides.catch_up is None


def test_two_replicas_are_no_answer(pair: Pair) -> None:
    pair.home.replica = True
    with pytest.raises(DrError, match="neither Region's database is a writer"):
        pair.compare()


def test_a_table_that_one_side_lacks_or_has_otherwise_differs(pair: Pair) -> None:
    other = Table("public", "orders", (*TABLE.columns, Column("more", "text")), ("id",))
    extra = Table("public", "extra", TABLE.columns, ("id",))
    pair.standby.known = {other.label: other}
    pair.home.known = {TABLE.label: TABLE, extra.label: extra}
    lines = {line.what: line for line in pair.compare().lines}
    assert lines["public.orders"].note == "its columns differ"
    assert lines["public.extra"].note == f"{STANDBY} lacks the table"
    assert {line.status for line in lines.values()} == {Status.DIFFERS}


def test_unlogged_tables_are_said_and_not_compared(pair: Pair) -> None:
    scratch = Table("public", "scratch", TABLE.columns, (), unlogged=True)
    pair.home.known = pair.standby.known = {TABLE.label: TABLE, scratch.label: scratch}
    layer = pair.compare()
    assert [line.what for line in layer.lines] == ["public.orders"] and "public.scratch" in layer.point


def test_a_table_that_cannot_be_read_is_unknown_and_costs_the_others_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(table: Table, *_any: Any) -> TableResult:
        raise DrError("Asking", "permission denied", "Grant it.")

    monkeypatch.setattr(database, "compare", denied)
    [line] = pair.compare().lines
    assert (line.status, line.note) == (Status.UNKNOWN, "Asking: permission denied")
