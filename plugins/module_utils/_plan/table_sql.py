# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements that compare a table, and how two sorted streams of rows are told apart. Nothing here runs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import groupby

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    BUCKETS,
    Digest,
    KeyedRow,
    Kind,
    RowDifference,
    RowHash,
    Table,
)

OURS = ("*.aws_dr_writer_proof",)
"""The proofs' own table says nothing about the workload's data."""

# Two servers write the same value the same way; a policy that hides rows is an error instead of a difference.
SETTINGS: Mapping[str, str] = {
    "default_transaction_read_only": "on",
    "row_security": "off",
    "datestyle": "ISO",
    "intervalstyle": "iso_8601",
    "timezone": "UTC",
    "extra_float_digits": "3",
    "bytea_output": "hex",
}

# Of unique indexes whose columns can't be null, the primary key comes first, then the shortest.
TABLES = """
SELECT n.nspname::text, c.relname::text, c.relpersistence = 'u',
  (SELECT array_agg(ARRAY[a.attname::text, format_type(a.atttypid, a.atttypmod)] ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
  (SELECT array_agg(a.attname::text ORDER BY k.n)
     FROM (SELECT i.indkey, i.indnkeyatts FROM pg_index i
            WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
              AND NOT EXISTS (SELECT FROM pg_attribute x
                               WHERE x.attrelid = c.oid AND x.attnum = ANY (i.indkey) AND NOT x.attnotnull)
            ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) best,
          unnest(best.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
     JOIN pg_attribute a ON a.attnum = k.attnum
    WHERE a.attrelid = c.oid AND k.n <= best.indnkeyatts)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY 1, 2
"""

REFERENCES = """
SELECT cn.nspname || '.' || c.relname, pn.nspname || '.' || p.relname FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
  JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE k.contype = 'f'
"""


def wanted(label: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether ``schema.table`` is to be compared: patterns as a shell's; no ``include`` means all."""
    chosen = not include or any(fnmatchcase(label, pattern) for pattern in include)
    return chosen and not any(fnmatchcase(label, pattern) for pattern in (*exclude, *OURS))


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def source(table: Table) -> str:
    """The table itself, without those that inherit from it, which are tables of their own."""
    return f"ONLY {quoted(table.schema)}.{quoted(table.name)} AS t"


def _row_hash(style: RowHash) -> str:
    return "hash_record_extended(t, 0)" if style is RowHash.RECORD else "hashtextextended(t::text, 0)"


def _figures(style: RowHash, of: str) -> str:
    # Servers before 14 have no bit_xor: a second sum stands in for it.
    return f"count(*), {'0' if style is RowHash.OLD else f'coalesce(bit_xor({of}), 0)'}, coalesce(sum({of}), 0)"


def _key_hash(table: Table, style: RowHash) -> str:
    if not table.key:
        return _row_hash(style)
    row = "ROW(" + ", ".join(f"t.{quoted(column)}" for column in table.key) + ")"
    return f"hash_record_extended({row}, 0)" if style is RowHash.RECORD else f"hashtextextended({row}::text, 0)"


def _key_texts(table: Table) -> str:
    return "ARRAY[" + ", ".join(f"t.{quoted(column)}::text" for column in table.key) + "]::text[]"


def digest_sql(table: Table, style: RowHash) -> str:
    """Count, xor and sum of the whole table."""
    return f"SELECT {_figures(style, _row_hash(style))} FROM {source(table)}"


def bucket_sql(table: Table, style: RowHash) -> str:
    """The same for each bucket of keys."""
    inner = f"SELECT {_key_hash(table, style)} AS k, {_row_hash(style)} AS h FROM {source(table)}"
    return f"SELECT (k & {BUCKETS - 1})::int, {_figures(style, 'h')} FROM ({inner}) AS s GROUP BY 1"


def rows_sql(table: Table, style: RowHash) -> str:
    """The rows of some buckets (the parameter), in an order that both sides share, whatever their collations."""
    inner = (
        f"SELECT {_key_hash(table, style)} AS k, {_key_texts(table)} AS c, {_row_hash(style)} AS h FROM {source(table)}"
    )
    chosen = f"(k & {BUCKETS - 1})::int = ANY (%s::int[])"
    return f'SELECT k, c, h FROM ({inner}) AS s WHERE {chosen} ORDER BY k, c COLLATE "C", h'


def keys_sql(table: Table, style: RowHash, columns: str = "") -> str:
    """Rows by their keys: a text array for each column of the key. Without a key, by the rows' hashes.

    ``columns`` are further expressions of the row ``t``.
    """
    if not table.key:
        more = f"{_row_hash(style)} = ANY (%s::bigint[])"
        return (
            f"SELECT {_key_texts(table)}, {_row_hash(style)}, count(*) FROM {source(table)} WHERE {more} GROUP BY 1, 2"
        )
    arrays = ", ".join("%s::text[]" for _column in table.key)
    names = ", ".join(f"k{number}" for number in range(len(table.key)))
    on = " AND ".join(
        f"t.{quoted(column)} = CAST(q.k{number} AS {table.type_of(column)})" for number, column in enumerate(table.key)
    )
    return (
        f"SELECT {_key_texts(table)}, {_row_hash(style)}, 1{columns} FROM unnest({arrays}) AS q ({names})"
        f" JOIN {source(table)} ON {on}"
    )


def full_columns(table: Table, time_column: str) -> str:
    """Further expressions for :func:`keys_sql`: when the row was written, in epoch seconds, and all its values."""
    at = _epoch(time_column) if time_column else "NULL::float8"
    values = ", ".join(f"t.{quoted(column.name)}::text" for column in table.columns)
    return f", {at}, ARRAY[{values}]::text[]"


def newest_sql(table: Table, time_column: str) -> str:
    """The newest time of a row before a moment, both in epoch seconds."""
    at = _epoch(time_column)
    return f"SELECT max({at}) FROM {source(table)} WHERE {at} < %s"


def _epoch(column: str) -> str:
    return f"extract(epoch FROM t.{quoted(column)})::float8"


def differing_buckets(first: Mapping[int, Digest], second: Mapping[int, Digest]) -> list[int]:
    """The buckets that differ; one that a side lacks is empty there."""
    empty = Digest()
    return sorted(each for each in {*first, *second} if first.get(each, empty) != second.get(each, empty))


def differences(first: Iterable[KeyedRow], second: Iterable[KeyedRow]) -> Iterator[RowDifference]:
    """What differs between two streams, each sorted by key hash, key, row hash. One group of equal keys at a time.

    Without a key, equal rows are many: they are paired off, and what is left on one side is counted.
    """
    left, right = _groups(first), _groups(second)
    one, two = next(left, None), next(right, None)
    while one is not None or two is not None:
        if one is not None and (two is None or one[0] < two[0]):
            yield _only(one, Kind.ONLY_FIRST)
            one = next(left, None)
        elif two is not None and (one is None or two[0] < one[0]):
            yield _only(two, Kind.ONLY_SECOND)
            two = next(right, None)
        elif one is not None and two is not None:
            yield from _both(one, two)
            one, two = next(left, None), next(right, None)


_Group = tuple[tuple[int, tuple[str, ...]], int, int]
"""The key with its hash, the row's hash, and how many rows there are."""


def _groups(rows: Iterable[KeyedRow]) -> Iterator[_Group]:
    for group, same in groupby(rows, key=lambda row: (row.key_hash, row.key)):
        count, row_hash = 0, 0
        for row in same:
            count, row_hash = count + 1, row.row_hash
        yield group, row_hash, count


def _only(group: _Group, kind: Kind) -> RowDifference:
    (_hash, key), row_hash, count = group
    return RowDifference(key, kind, row_hash, count)


def _both(one: _Group, two: _Group) -> Iterator[RowDifference]:
    (_hash, key), row_hash, count = one
    if key and row_hash != two[1]:
        yield RowDifference(key, Kind.CHANGED, row_hash)
    if not key and count != two[2]:
        kind = Kind.ONLY_FIRST if count > two[2] else Kind.ONLY_SECOND
        yield RowDifference(key, kind, row_hash, abs(count - two[2]))
