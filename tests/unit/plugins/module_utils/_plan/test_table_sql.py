# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements, and telling two sorted streams of rows apart."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    Column,
    Digest,
    KeyedRow,
    Kind,
    RowDifference,
    RowHash,
    Table,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.table_sql import (
    bucket_sql,
    differences,
    differing_buckets,
    digest_sql,
    keys_sql,
    rows_sql,
    wanted,
)

COLUMNS = (Column("id", "bigint"), Column('we"ird', "character varying(20)"))
KEYED = Table("public", "Orders", COLUMNS, ('we"ird', "id"))
KEYLESS = Table("public", "log", COLUMNS, ())


@pytest.mark.parametrize(
    ("label", "include", "exclude", "compared"),
    [
        ("public.orders", [], [], True),
        ("public.orders", ["public.*"], [], True),
        ("audit.log", ["public.*"], [], False),
        ("public.orders", [], ["*.orders"], False),
        ("public.orders", ["public.orders"], ["public.o*"], False),
        ("public.aws_dr_writer_proof", [], [], False),
    ],
)
def test_patterns_choose_tables_and_the_proofs_own_is_never_one(
    label: str, include: list[str], exclude: list[str], compared: bool
) -> None:
    assert wanted(label, include, exclude) is compared


@pytest.mark.parametrize("style", RowHash)
@pytest.mark.parametrize("table", [KEYED, KEYLESS])
def test_every_statement_reads_the_table_itself_and_quotes_its_names(table: Table, style: RowHash) -> None:
    for statement in (digest_sql, bucket_sql, rows_sql, keys_sql):
        text = statement(table, style)
        assert f'ONLY "public"."{table.name}" AS t' in text
        assert "hash_record_extended" in text if style is RowHash.RECORD else "hash_record_extended" not in text
        assert ("bit_xor" in text) <= (style is not RowHash.OLD)
    assert 't."we""ird" = CAST(q.k0 AS character varying(20)) AND t."id" = CAST(q.k1 AS bigint)' in keys_sql(
        KEYED, style
    )


def test_rows_are_sorted_alike_whatever_the_servers_collations() -> None:
    assert rows_sql(KEYED, RowHash.RECORD).endswith('ORDER BY k, c COLLATE "C", h')


def test_a_bucket_that_one_side_lacks_differs() -> None:
    same, other = Digest(1, 2, 3), Digest(1, 2, 4)
    assert differing_buckets({1: same, 2: same, 5: same}, {1: same, 2: other, 9: same}) == [2, 5, 9]
    assert differing_buckets({1: Digest()}, {}) == []


ROWS = st.dictionaries(st.tuples(st.text(max_size=2), st.text(max_size=1)), st.integers(0, 3), max_size=12)


def stream(rows: dict[tuple[str, ...], int]) -> list[KeyedRow]:
    return sorted(KeyedRow(len(key[0]), key, row_hash) for key, row_hash in rows.items())


@given(ROWS, ROWS)
def test_what_differs_is_what_sets_say(first: dict[tuple[str, ...], int], second: dict[tuple[str, ...], int]) -> None:
    expected = dict.fromkeys(first.keys() - second.keys(), Kind.ONLY_FIRST)
    expected |= dict.fromkeys(second.keys() - first.keys(), Kind.ONLY_SECOND)
    expected |= {key: Kind.CHANGED for key in first.keys() & second.keys() if first[key] != second[key]}
    found = list(differences(stream(first), stream(second)))
    assert {each.key: each.kind for each in found} == expected
    assert len(found) == len(expected)


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_without_a_key_equal_rows_are_paired_off_and_the_rest_counted(first: list[int], second: list[int]) -> None:
    streams = [sorted(KeyedRow(each, (), each) for each in rows) for rows in (first, second)]
    found = {each.row_hash: (each.kind, each.count) for each in differences(*streams)}
    left, right = Counter(first), Counter(second)
    assert found == {
        each: (Kind.ONLY_FIRST if left[each] > right[each] else Kind.ONLY_SECOND, abs(left[each] - right[each]))
        for each in range(5)
        if left[each] != right[each]
    }


def test_a_row_is_named_by_its_key_or_by_its_hash() -> None:
    keyed = RowDifference(("a", "1"), Kind.CHANGED, 5)
    assert keyed.as_dict(KEYED.key)["key"] == {'we"ird': "a", "id": "1"}
    assert RowDifference((), Kind.CHANGED, -1).as_dict(())["key"] == {"row_hash": "f" * 16}
