# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which writes were lost, by key and time; the statements that replay them; and what is said of it all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import (
    LOST,
    Fate,
    LostRow,
    TableCounts,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Kind, Table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import Since
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.table_sql import quoted

# By preference: when a row was changed last says more than when it was made.
TIME_NAMES = (
    "updated_at",
    "modified_at",
    "changed_at",
    "last_modified",
    "written_at",
    "created_at",
    "inserted_at",
    "at",
)


def time_column(table: Table, chosen: Mapping[str, str]) -> str:
    """The column that says when a row was written; empty where none does. ``chosen`` are the user's, by table."""
    if table.label in chosen:
        return chosen[table.label]
    times = [column.name for column in table.columns if column.type.startswith("timestamp")]
    named = [name for name in TIME_NAMES if name in times]
    return named[0] if named else times[0] if len(times) == 1 else ""


def arrival_column(table: Table, chosen: Mapping[str, str]) -> str:
    """The one by which a table tells up to when it was replicated: the only timestamp may hold any other time."""
    column = time_column(table, chosen)
    return column if column in TIME_NAMES or table.label in chosen else ""


def fate(kind: Kind, old_at: float | None, live_at: float | None, since: float) -> Fate:
    """What became of a row. ``since`` is the moment (epoch seconds) up to which everything had been replicated."""
    if kind is Kind.ONLY_FIRST:
        if old_at is None:
            return Fate.UNTOLD
        return Fate.LOST_INSERT if old_at >= since else Fate.LIVED_ON
    if kind is Kind.ONLY_SECOND:
        # Without a time it is most likely a new row: nothing was lost with it.
        return Fate.LOST_DELETE if live_at is not None and live_at < since else Fate.LIVED_ON
    if old_at is None or live_at is None:
        return Fate.UNTOLD
    if old_at < since:
        return Fate.LIVED_ON
    return Fate.CONFLICT if live_at >= since else Fate.LOST_UPDATE


def literal(value: str | None) -> str:
    """A value as an SQL literal, whatever standard_conforming_strings says."""
    if value is None:
        return "NULL"
    escaped = value.replace("'", "''")
    return f"E'{escaped.replace(chr(92), chr(92) * 2)}'" if chr(92) in value else f"'{escaped}'"


def statement(row: Mapping[str, Any]) -> str:
    """The statement that replays one row (a line of the file). It never changes a row that was written meanwhile."""
    schema, _dot, name = row["table"].partition(".")
    target = f"{quoted(schema)}.{quoted(name)}"
    values = row["old"]["values"]
    if row["fate"] == Fate.LOST_INSERT.value:
        columns = ", ".join(quoted(column) for column in values)
        given = ", ".join(literal(value) for value in values.values())
        return f"INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE VALUES ({given}) ON CONFLICT DO NOTHING;"
    changed = {column: value for column, value in values.items() if column not in row["key"]}
    settings = ", ".join(f"{quoted(column)} = {literal(value)}" for column, value in changed.items())
    return f"UPDATE {target} AS t SET {settings} WHERE {_as_it_was(row)};"


def _as_it_was(row: Mapping[str, Any]) -> str:
    """The key, and every value as it was when it was compared."""
    before = {**row["live"]["values"], **row["key"]}
    return " AND ".join(
        f"t.{quoted(column)}::text = {literal(value)}" if value is not None else f"t.{quoted(column)} IS NULL"
        for column, value in before.items()
    )


def script(rows: Iterable[Mapping[str, Any]], workload: str) -> Iterator[str]:
    """The lines of the script. Values were written with these settings, and are compared with them."""
    yield f"-- Writes of {workload} that were lost, and that nothing written since stands against."
    yield "-- Review it. It may be run again: what is there already, or was written meanwhile, is left alone."
    yield "BEGIN;"
    yield "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL timezone = 'UTC';"
    yield "SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex';"
    yield "SET CONSTRAINTS ALL DEFERRED;"
    for row in rows:
        yield statement(row)
    yield "COMMIT;"


def parents_first(labels: Sequence[str], references: Iterable[tuple[str, str]]) -> list[str]:
    """Tables in an order in which a row's parent comes before it; a circle is left in the order given."""
    parents: dict[str, set[str]] = {label: set() for label in labels}
    for child, parent in references:
        if child in parents and parent in parents and child != parent:
            parents[child].add(parent)
    ordered: list[str] = []
    while len(ordered) < len(parents):
        left = [label for label in labels if label not in ordered]
        free = [label for label in left if parents[label] <= set(ordered)]
        ordered += free or left[:1]
    return ordered


def measured(counts: Sequence[TableCounts], since: Since) -> dict[str, Any]:
    """What the run's record gets.

    ``complete`` is false where a table wasn't compared, times said nothing, or since when is a guess: a row that was
    lost before it would be taken for one that was deleted on purpose.
    """
    oldest = min((each.oldest for each in counts if each.oldest is not None), default=None)
    newest = max((each.newest for each in counts if each.newest is not None), default=None)
    rows = sum(each.count(*LOST) for each in counts)
    complete = since.known and not any(each.note or each.count(Fate.UNTOLD) for each in counts)
    return {
        "rows": rows,
        "seconds": newest - oldest if oldest is not None and newest is not None else 0.0 if not rows else None,
        "oldest": oldest,
        "newest": newest,
        "complete": complete,
        "known_as": "measured" if complete else "bounded",
        "fates": {each.value: sum(count.count(each) for count in counts) for each in Fate},
    }


def lines(
    workload: str, counts: Sequence[TableCounts], found: Mapping[str, Any], files: Mapping[str, str], since: Since
) -> list[str]:
    """What was found, as a person reads it."""
    fates = found["fates"]
    shown = [
        f"{workload}: {found['rows']} acknowledged writes are missing from the live database"
        + (f", made over {found['seconds']:.2f} s" if found["rows"] and found["seconds"] is not None else ""),
        f"    counted from {datetime.fromtimestamp(since.at, UTC):%Y-%m-%d %H:%M:%S} UTC on ({since.basis})",
        f"    {fates['lost_insert']} rows and {fates['lost_update']} changes can be replayed;"
        f" {fates['conflict']} conflicts are for a person",
    ]
    shown += [f"    {fates['lost_delete']} rows may be deletes that were lost: review them"] * bool(
        fates["lost_delete"]
    )
    shown += [f"    {fates['untold']} rows differ and no time says which side is right"] * bool(fates["untold"])
    for each in counts:
        if each.note or each.count(*LOST, Fate.UNTOLD, Fate.LOST_DELETE):
            told = ", ".join(f"{fate.value} {count}" for fate, count in each.fates.items() if fate is not Fate.LIVED_ON)
            shown.append(f"    {each.table}: {each.note or told}")
    shown += [f"    {what}: {path}" for what, path in files.items()]
    if not since.known:
        shown.append(f"    what was lost before isn't in it; if that moment is right, say so: -e since={since.at:.0f}")
    basis = "every table was compared by key and time" if found["complete"] else "not everything could be told"
    return [*shown, f"RPO database {found['known_as']}: {basis}"]


def row_of(table: Table, what: Fate, key: Sequence[str], old: Any, live: Any) -> LostRow:
    """A line of the file."""
    named = tuple(zip(table.key, key, strict=True)) if table.key else ()
    return LostRow(table.label, what, named, tuple(column.name for column in table.columns), old, live)
