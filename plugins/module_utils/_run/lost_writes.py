# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holding a lost primary's data against the live database. Rows go to a file as they are found, and are not kept."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import find_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database, DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import (
    REVIEWED,
    Fate,
    FullRow,
    LostRow,
    TableCounts,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    Kind,
    RowDifference,
    RowHash,
    Table,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import Since, by_data
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_writes import (
    arrival_column,
    fate,
    parents_first,
    row_of,
    time_column,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.table_sql import (
    differences,
    differing_buckets,
    wanted,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.tables import Reader, best_style, open_reader
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import prepare, read_credentials
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.table_compare import Sides, usable_style

AT_ONCE = 500  # differing rows that are read in full at a time

Sink = Callable[[LostRow], None]


@dataclass(frozen=True)
class Old:
    """Where the lost primary's data can be read: a cluster restored from its snapshot, or any endpoint that has it."""

    region: str
    cluster_id: str = ""
    endpoint: str = ""
    port: int = 5432


@dataclass(frozen=True)
class Request:
    """What is compared. ``since``: up to when everything had been replicated, as far as it is known beforehand."""

    database: Database
    live_region: str
    old: Old
    include: Sequence[str]
    exclude: Sequence[str]
    time_columns: Mapping[str, str]
    since: Since
    resolvers: Sequence[str]


@dataclass(frozen=True)
class Found:
    """The counts of each table, and from when on it was counted."""

    since: Since
    tables: tuple[TableCounts, ...]


def find(request: Request, sink: Sink, context: Context) -> Found:
    """Every table, parents first. Raises ``DrError`` where a side can't be asked at all."""
    with contextlib.ExitStack() as stack:
        old, live = _opened(request, context, stack)
        _demand_apart(old, live)
        sides = Sides(old, live, context.clock, context.deadline)
        here, there = sides.both(lambda reader: reader.tables())
        labels = [each for each in sorted({*here, *there}) if wanted(each, request.include, request.exclude)]
        if not request.since.known:
            arrived = _arrived([there[label] for label in labels if label in there], live, request)
            request = replace(request, since=by_data(request.since, arrived))
        found = []
        for label in parents_first(labels, live.references()):
            context.progress(f"comparing table {label}")
            found.append(_table(label, here, there, sides, request, sink))
        return Found(request.since, tuple(found))


def _demand_apart(old: Reader, live: Reader) -> None:
    """Raise ``DrError`` unless both are writers: a replica has what its writer has, and lacks what was lost as well."""
    remedies = {
        live: "Name the Region whose database is the writer: what was lost is missing there.",
        old: "Name what was restored from the lost primary's snapshot, by its writer's endpoint.",
    }
    for reader, remedy in remedies.items():
        if reader.in_recovery():
            raise DrError(f"Comparing with {reader.where}", "it is a replica", remedy)


def _arrived(tables: Sequence[Table], live: Reader, request: Request) -> float | None:
    """When the newest row was written that came by replication: what was there before the failover did."""
    found = []
    for table in tables:
        column = arrival_column(table, request.time_columns)
        with contextlib.suppress(DrError):  # it is said where the table is compared
            found.append(live.newest(table, column, request.since.before) if column else None)
    return max((each for each in found if each is not None), default=None)


def _opened(request: Request, context: Context, stack: contextlib.ExitStack) -> tuple[Reader, Reader]:
    clock, deadline = context.clock, context.deadline
    live = prepare(context.clients, request.database, request.live_region, clock, deadline)
    readers = []
    for target in (old_target(request, live, context), live):
        readers.append(open_reader(target, request.resolvers, clock, deadline))
        stack.callback(readers[-1].close)
    return readers[0], readers[1]


def old_target(request: Request, live: DatabaseTarget, context: Context) -> DatabaseTarget:
    """How the old data are reached: with the user of the secret in their Region, as a snapshot has its users."""
    old, database = request.old, request.database
    endpoint, port = old.endpoint, old.port
    if old.cluster_id:
        tried = f"Describing the cluster {old.cluster_id} in {old.region}"
        try:
            cluster = find_cluster(context.clients, old.region, old.cluster_id)
        except CALL_ERRORS as exc:
            raise CallFailed(exc, tried) from exc
        if cluster is None or not cluster.endpoint or not cluster.instances:
            seen = "there is none" if cluster is None else "it has no instance yet, or no endpoint"
            raise DrError(tried, seen, "Restore the snapshot of the lost primary into it first, with an instance.")
        endpoint, port = cluster.endpoint, cluster.port
    login = live.credentials if old.region == live.region else read_credentials(context.clients, database, old.region)
    return replace(live, region=old.region, endpoint=endpoint, port=port, credentials=login)


def _table(
    label: str, here: Mapping[str, Table], there: Mapping[str, Table], sides: Sides, request: Request, sink: Sink
) -> TableCounts:
    counts = TableCounts(label)
    if label not in here:
        return counts  # made since: nothing in it was lost
    if label not in there:
        counts.note = "the live database lacks the table"
        return counts
    if here[label].columns != there[label].columns:
        counts.note = "its columns differ"
        return counts
    table = here[label]
    counts.time_column = time_column(table, request.time_columns)
    try:
        style = usable_style(table, sides, best_style(sides.first, sides.second))
        buckets = differing_buckets(*sides.both(lambda reader: reader.buckets(table, style)))
        for lot in _lots(_differences(table, sides, style, buckets)):
            _judge(lot, table, sides, style, request, counts, sink)
    except DrError as exc:
        counts.note = f"{exc.tried}: {exc.seen}"
    return counts


def _differences(table: Table, sides: Sides, style: RowHash, buckets: Sequence[int]) -> Iterator[RowDifference]:
    if buckets:
        streams = [reader.stream(table, style, buckets) for reader in (sides.first, sides.second)]
        try:
            yield from differences(*streams)
        finally:
            for stream in streams:
                stream.close()


def _lots(found: Iterator[RowDifference]) -> Iterator[list[RowDifference]]:
    while lot := list(islice(found, AT_ONCE)):
        yield lot


def _judge(
    lot: Sequence[RowDifference],
    table: Table,
    sides: Sides,
    style: RowHash,
    request: Request,
    counts: TableCounts,
    sink: Sink,
) -> None:
    """Read both sides' rows in full, decide each one's fate, and hand on what is to be reviewed."""
    if not table.key:
        _without_key(lot, table, counts, sink)
        return
    time_of = counts.time_column
    old = sides.first.full_rows(table, style, [row.key for row in lot if row.kind is not Kind.ONLY_SECOND], time_of)
    live = sides.second.full_rows(table, style, [row.key for row in lot if row.kind is not Kind.ONLY_FIRST], time_of)
    for row in lot:
        one, two = old.get(row.key), live.get(row.key)
        if one is None and two is None:
            continue  # deleted while we looked
        kind = Kind.ONLY_FIRST if two is None else Kind.ONLY_SECOND if one is None else Kind.CHANGED
        what = fate(kind, _at(one), _at(two), request.since.at)
        counts.add(what, _at(one))
        if what in REVIEWED:
            sink(row_of(table, what, row.key, one, two))


def _at(row: FullRow | None) -> float | None:
    return row.at if row else None


def _without_key(lot: Sequence[RowDifference], table: Table, counts: TableCounts, sink: Sink) -> None:
    """Rows that only the old side has can be counted, not named nor replayed: a second run would write them twice."""
    for row in lot:
        if row.kind is Kind.ONLY_FIRST:
            counts.add(Fate.UNTOLD, None, row.count)
            sink(row_of(table, Fate.UNTOLD, (), None, None))
