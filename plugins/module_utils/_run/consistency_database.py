# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing the databases of both Regions: who replicates to whom, at which point, table by table."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    find_cluster,
    read_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer, LayerName, Line
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database, DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    RowHash,
    Status,
    Table,
    TableResult,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.table_sql import wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import TABLE as PROOF
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import prove_writer
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.tables import (
    NotTold,
    Reader,
    best_style,
    open_reader,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import prepare
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.table_compare import Sides, compare

CATCH_UP = 30.0  # seconds for a replica to replay what the writer had done
INTERVAL = 0.05
WRITTEN = "SELECT pg_current_wal_lsn()::text"
REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"  # null where it isn't told
MARKED = f"SELECT count(*) FROM {PROOF} WHERE workload = %s AND nonce = %s"


@dataclass(frozen=True)
class Wanted:
    """What is compared. ``most`` differing rows of a table are looked at, and ``shown`` of them named.

    ``marker``: a row of the writer's proof marks the point, where positions in the log aren't told.
    """

    regions: tuple[str, str]
    database: Database
    include: Sequence[str]
    exclude: Sequence[str]
    resolvers: Sequence[str]
    most: int
    shown: int
    marker: bool = False


@dataclass(frozen=True)
class _Open:
    target: DatabaseTarget
    reader: Reader
    replica: bool


def compare_databases(asked: Wanted, context: Context) -> Layer:
    """One layer, a line for each table. Raises ``DrError`` where a side couldn't be asked at all."""
    began = context.clock.monotonic()
    with contextlib.ExitStack() as stack:
        first, second = _opened(asked, context, stack)
        point = Point(first, second, asked, context)
        text = point.reach_first()
        sides = Sides(
            first.reader, second.reader, context.clock, context.deadline, point.reach if text else None, point.writer
        )
        here, there = sides.both(lambda reader: reader.tables())
        unlogged = sorted(label for label, table in {**here, **there}.items() if table.unlogged and text)
        found = list(_tables(asked, sides, here, there, context))
    lines = tuple(table_line(result, asked.shown) for result in found)
    note = text or "both take writes: nothing is replicated between them, and what differs was read once"
    if unlogged:
        note += f"; unlogged, and so on no replica: {', '.join(unlogged)}"
    return Layer(LayerName.DATABASE, lines, note, context.clock.monotonic() - began)


def _opened(asked: Wanted, context: Context, stack: contextlib.ExitStack) -> tuple[_Open, _Open]:
    def opened(region: str) -> _Open:
        target = reading_target(region, asked.database, context)
        reader = open_reader(target, asked.resolvers, context.clock, context.deadline)
        return _Open(target, reader, reader.in_recovery())

    outcomes = gather({region: partial(opened, region) for region in asked.regions}, context.deadline, context.clock)
    for outcome in outcomes.values():
        if outcome.value is not None:
            stack.callback(outcome.value.reader.close)
    for region in asked.regions:
        error = outcomes[region].error
        if error is not None:
            raise error
    first, second = (value for region in asked.regions if (value := outcomes[region].value) is not None)
    if first.replica and second.replica:
        raise DrError(
            "Comparing the databases",
            "neither Region's database is a writer",
            "Wait until a promotion is over, or look at who takes writes (split_brain_info).",
        )
    return first, second


def reading_target(region: str, database: Database, context: Context) -> DatabaseTarget:
    """A Region's database as it is read: the cluster endpoint of a secondary is inactive, its reader endpoint isn't."""
    clients, clock, deadline = context.clients, context.clock, context.deadline
    observed = read_global_cluster(clients, region, database.global_cluster_id, clock, deadline)
    target = prepare(clients, database, region, clock, deadline, observed)
    if observed is None or observed.writer is None or observed.writer.region == region:
        return target
    cluster = find_cluster(clients, region, target.cluster_id)
    return replace(target, endpoint=cluster.reader_endpoint) if cluster and cluster.reader_endpoint else target


class Point:
    """The replicated point: all that the writer has done until now is on the replica too."""

    def __init__(self, first: _Open, second: _Open, asked: Wanted, context: Context) -> None:
        self.writer = 1 if first.replica else 0
        self._writer, self._replica = (second, first) if first.replica else (first, second)
        self._replicates = first.replica != second.replica
        self._marker = asked.marker
        self._asked, self._context = asked, context

    def reach_first(self) -> str:
        """What the point is; empty where nothing replicates. Raises ``DrError`` where the replica doesn't get there."""
        if not self._replicates:
            return ""
        self.reach()
        return "a marker row" if self._marker else "the writer's position in its log"

    def reach(self) -> None:
        """Wait until the replica has it. Raises ``TimedOut`` and what the databases answer."""
        reached = self._marked() if self._marker else self._replayed()
        clock = self._context.clock
        wait_until(
            reached,
            bool,
            what=f"{self._replica.reader.where} to have what the writer had",
            interval=INTERVAL,
            deadline=self._context.deadline.sooner(clock, CATCH_UP),
            clock=clock,
            progress=self._context.progress,
        )

    def _replayed(self) -> Callable[[], bool]:
        """By the position in the write-ahead log; where that isn't told, as in Aurora, by a marker from then on."""
        try:
            (position,) = self._writer.reader.row(WRITTEN)
            told = self._replica.reader.row(REPLAYED, (position,))[0] is not None
        except NotTold:
            told = False
        if not told:
            self._marker = True
            return self._marked()
        return lambda: bool(self._replica.reader.row(REPLAYED, (position,))[0])

    def _marked(self) -> Callable[[], bool]:
        clock = self._context.clock
        if self._context.check_mode:
            raise DrError("Marking the replicated point", "check mode writes no row", "Run it without check mode.")
        proof = prove_writer(self._writer.target, self._asked.resolvers, self._context.deadline.remaining(clock), clock)
        parameters = (self._asked.database.global_cluster_id, proof.nonce)
        return lambda: bool(self._replica.reader.row(MARKED, parameters)[0])


def _tables(
    asked: Wanted, sides: Sides, here: dict[str, Table], there: dict[str, Table], context: Context
) -> Iterator[TableResult]:
    """Each table of either side. One that couldn't be read costs the others nothing."""
    style = best_style(sides.first, sides.second)
    for label in sorted({*here, *there}):
        if not wanted(label, asked.include, asked.exclude):
            continue
        table = here.get(label) or there[label]
        if table.unlogged and sides.catch_up is not None:
            continue  # on no replica, so nothing to compare
        context.progress(f"comparing table {label}")
        yield _table(table, here, there, sides, style, asked.most)


def _table(
    table: Table, here: dict[str, Table], there: dict[str, Table], sides: Sides, style: RowHash, most: int
) -> TableResult:
    label = table.label
    if label not in here or label not in there:
        missing = sides.second.where if label in here else sides.first.where
        return TableResult(table, Status.DIFFERS, note=f"{missing} lacks the table")
    if here[label].columns != there[label].columns:
        return TableResult(table, Status.DIFFERS, note="its columns differ")
    if sides.deadline.passed(sides.clock):
        return TableResult(table, Status.UNKNOWN, note="there was no time left for it")
    try:
        return compare(table, sides, style, most)
    except DrError as exc:
        return TableResult(table, Status.UNKNOWN, note=f"{exc.tried}: {exc.seen}")


def table_line(result: TableResult, shown: int) -> Line:
    """A table's result as a line of the layer."""
    details = result.as_dict(shown)
    examples = []
    for each in details["keys"]:
        key = ", ".join(f"{column}={value}" for column, value in each["key"].items())
        examples.append(f"{key} ({each['kind']})")
    differing = int(details["differing"])
    missing = result.status is Status.DIFFERS and not differing
    return Line(
        result.table.label,
        result.status,
        result.rows,
        1 if missing else differing,
        tuple(examples),
        result.note,
        details,
    )
