# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which write was lost, how it is replayed, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import Fate, FullRow, TableCounts
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Column, Kind, Table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import Since
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_writes import (
    arrival_column,
    fate,
    lines,
    literal,
    measured,
    parents_first,
    row_of,
    script,
    statement,
    time_column,
)

SINCE = 100.0
GIVEN = Since(SINCE, "as given")
BEFORE, AFTER = 99.0, 101.0
COLUMNS = (Column("id", "integer"), Column("note", "text"), Column("created_at", "timestamp with time zone"))
TABLE = Table("public", "entries", COLUMNS, ("id",))


@pytest.mark.parametrize(
    ("kind", "old", "live", "expected"),
    [
        (Kind.ONLY_FIRST, AFTER, None, Fate.LOST_INSERT),
        (Kind.ONLY_FIRST, BEFORE, None, Fate.LIVED_ON),  # deleted in the live database since
        (Kind.ONLY_FIRST, None, None, Fate.UNTOLD),
        (Kind.ONLY_SECOND, None, AFTER, Fate.LIVED_ON),
        (Kind.ONLY_SECOND, None, BEFORE, Fate.LOST_DELETE),
        (Kind.ONLY_SECOND, None, None, Fate.LIVED_ON),
        (Kind.CHANGED, AFTER, BEFORE, Fate.LOST_UPDATE),
        (Kind.CHANGED, AFTER, AFTER, Fate.CONFLICT),
        (Kind.CHANGED, BEFORE, AFTER, Fate.LIVED_ON),
        (Kind.CHANGED, None, AFTER, Fate.UNTOLD),
        (Kind.CHANGED, AFTER, None, Fate.UNTOLD),
    ],
)
def test_key_and_time_tell_a_rows_fate(kind: Kind, old: float | None, live: float | None, expected: Fate) -> None:
    assert fate(kind, old, live, SINCE) is expected


@pytest.mark.parametrize(
    ("names", "chosen", "expected"),
    [
        (("created_at", "updated_at"), {}, "updated_at"),
        (("written",), {}, "written"),
        (("born", "died"), {}, ""),
        ((), {}, ""),
        (("born", "died"), {"public.t": "died"}, "died"),
    ],
)
def test_the_time_is_a_column_of_a_usual_name_or_the_only_one(
    names: tuple[str, ...], chosen: dict[str, str], expected: str
) -> None:
    columns = tuple(Column(name, "timestamp(3) without time zone") for name in names)
    assert time_column(Table("public", "t", (Column("id", "int"), *columns), ("id",)), chosen) == expected


@given(st.text())
def test_a_literal_can_be_nothing_but_its_value(value: str) -> None:
    text = literal(value)
    escaped = text.startswith("E")
    inner = text[2:-1] if escaped else text[1:-1]
    assert inner.replace("''", "").count("'") == 0
    unquoted = inner.replace("''", "'")
    assert (unquoted.replace("\\\\", "\\") if escaped else unquoted) == value
    assert escaped or "\\" not in text


def line(what: Fate, live: tuple[str | None, ...] | None = None, key: str = "1") -> dict[str, Any]:
    old = FullRow(5, AFTER, (key, "it's", "2026-01-01"))
    return row_of(TABLE, what, (key,), old, FullRow(6, BEFORE, live) if live else None).as_dict()


def test_an_insert_gives_way_to_whatever_has_its_key() -> None:
    text = statement(line(Fate.LOST_INSERT))
    assert text == (
        'INSERT INTO "public"."entries" ("id", "note", "created_at") OVERRIDING SYSTEM VALUE'
        " VALUES ('1', 'it''s', '2026-01-01') ON CONFLICT DO NOTHING;"
    )


def test_a_change_is_made_to_the_row_as_it_was_compared_only() -> None:
    text = statement(line(Fate.LOST_UPDATE, ("1", None, "2025-01-01")))
    assert text.startswith("""UPDATE "public"."entries" AS t SET "note" = 'it''s', "created_at" = '2026-01-01' WHERE""")
    where = text.partition(" WHERE ")[2]
    assert where == ("""t."id"::text = '1' AND t."note" IS NULL AND t."created_at"::text = '2025-01-01';""")


def test_the_script_is_one_transaction() -> None:
    text = list(script([line(Fate.LOST_INSERT)], "shop"))
    assert text[2] == "BEGIN;" and text[-1] == "COMMIT;" and sum("INSERT" in each for each in text) == 1


def test_parents_come_before_their_children_and_a_circle_ends() -> None:
    references = [("c", "b"), ("b", "a"), ("a", "a"), ("c", "elsewhere")]
    assert parents_first(["c", "b", "a"], references) == ["a", "b", "c"]
    assert sorted(parents_first(["a", "b"], [("a", "b"), ("b", "a")])) == ["a", "b"]


def counts(**fates: int) -> TableCounts:
    found = TableCounts("public.entries")
    for name, count in fates.items():
        for number in range(count):
            found.add(Fate(name), AFTER + number)
    return found


def test_what_was_counted_in_full_is_measured() -> None:
    found = measured([counts(lost_insert=3, conflict=1, lived_on=9, lost_delete=1)], GIVEN)
    assert (found["rows"], found["seconds"], found["known_as"]) == (4, 2.0, "measured")
    assert measured([], GIVEN)["seconds"] == 0.0 and measured([counts(lived_on=1)], GIVEN)["rows"] == 0


@pytest.mark.parametrize("incomplete", [counts(untold=1), TableCounts("t", note="no permission")])
def test_what_nothing_tells_leaves_it_bounded(incomplete: TableCounts) -> None:
    found = measured([counts(lost_insert=1), incomplete], GIVEN)
    assert (found["known_as"], found["complete"]) == ("bounded", False)
    assert "not everything could be told" in lines("shop", [incomplete], found, {}, GIVEN)[-1]


def test_the_lines_name_figures_tables_and_files() -> None:
    some = [counts(lost_insert=2, lost_update=1, conflict=1, lost_delete=1), counts(lived_on=4)]
    text = "\n".join(lines("shop", some, measured(some, GIVEN), {"review": "/x/shop.jsonl"}, GIVEN))
    assert "4 acknowledged writes are missing" in text and "1 conflicts are for a person" in text
    assert "review: /x/shop.jsonl" in text and "deletes that were lost" in text
    assert "counted from 1970-01-01 00:01:40 UTC on (as given)" in text


def test_a_guess_measures_nothing_and_says_what_to_give() -> None:
    found = measured([counts(lived_on=3)], Since(AFTER, "a guess", known=False))
    assert (found["rows"], found["complete"], found["known_as"]) == (0, False, "bounded")
    assert "say so: -e since=101" in "\n".join(lines("shop", [], found, {}, Since(AFTER, "a guess", known=False)))


@pytest.mark.parametrize(
    ("name", "chosen", "expected"),
    [("created_at", {}, "created_at"), ("expires", {}, ""), ("expires", {"public.t": "expires"}, "expires")],
)
def test_only_a_usual_or_chosen_time_tells_when_rows_arrived(name: str, chosen: dict[str, str], expected: str) -> None:
    table = Table("public", "t", (Column("id", "integer"), Column(name, "timestamp with time zone")), ("id",))
    assert arrival_column(table, chosen) == expected


def test_a_record_shows_no_value() -> None:
    assert "secret" not in repr(FullRow(1, None, ("secret",)))
