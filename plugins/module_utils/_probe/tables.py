# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session that reads tables: figures of them, and rows as a stream. It can't write, and holds no row for long."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import FullRow
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import (
    Column,
    Digest,
    KeyedRow,
    RowDifference,
    RowHash,
    Table,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.table_sql import (
    REFERENCES,
    SETTINGS,
    TABLES,
    bucket_sql,
    digest_sql,
    full_columns,
    keys_sql,
    newest_sql,
    rows_sql,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import MISSING, as_error, connect, tried

with contextlib.suppress(ImportError):  # MISSING says so
    import psycopg
    from psycopg import errors as sql_errors

T = TypeVar("T")

AT_ONCE = 2000  # rows fetched in one go
TRIES = 3  # a replica cancels a statement that is in the way of its replaying
RECORD_HASH = 140000  # the first version with hash_record_extended and bit_xor


class NotTold(DrError):
    """The server doesn't tell that: the function is missing, or not supported there."""


class NoHash(Exception):
    """A column's type has no hash of its own: the table is to be hashed as text."""


class Reader:
    """One read-only session. Not for threads: each side of a comparison has its own.

    ``where`` says in messages who was asked. Every method raises ``DrError``.
    """

    def __init__(self, connection: Any, where: str) -> None:
        self._connection = connection
        self.where = where
        self.version = int(connection.info.server_version)

    def close(self) -> None:
        self._connection.close()

    def row(self, statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        """The first row of an answer."""
        return self.rows(statement, parameters)[0]

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a short answer."""
        return self._again(lambda: self._connection.execute(statement, parameters or None).fetchall())

    def in_recovery(self) -> bool:
        return bool(self.row("SELECT pg_is_in_recovery()")[0])

    def tables(self) -> dict[str, Table]:
        """The tables that there are, by label."""
        found = {}
        for schema, name, unlogged, columns, key in self.rows(TABLES):
            if columns:
                table = Table(schema, name, tuple(Column(*each) for each in columns), tuple(key or ()), unlogged)
                found[table.label] = table
        return found

    def digest(self, table: Table, style: RowHash) -> Digest:
        """The whole table in three figures. Raises :class:`NoHash` too."""
        rows, xor, total = self._hashed(lambda: self.row(digest_sql(table, style)))
        return Digest(rows, xor, int(total))

    def buckets(self, table: Table, style: RowHash) -> dict[int, Digest]:
        found = self.rows(bucket_sql(table, style))
        return {bucket: Digest(rows, xor, int(total)) for bucket, rows, xor, total in found}

    def stream(self, table: Table, style: RowHash, buckets: Sequence[int]) -> Generator[KeyedRow]:
        """The rows of some buckets, sorted, a few at a time: the server keeps the rest."""
        try:
            with self._connection.transaction(), self._connection.cursor(name="aws_dr_rows") as cursor:
                cursor.itersize = AT_ONCE
                cursor.execute(rows_sql(table, style), (list(buckets),))
                for key_hash, key, row_hash in cursor:
                    yield KeyedRow(key_hash, tuple(key), row_hash)
        except psycopg.Error as exc:
            raise as_error(exc, f"Reading {table.label} on {self.where}") from exc

    def read_keys(
        self, table: Table, style: RowHash, rows: Sequence[RowDifference]
    ) -> dict[tuple[tuple[str, ...], int], tuple[int, int]]:
        """Hash and number of the rows, as they are now, by :attr:`RowDifference.id`; what isn't there is left out."""
        if table.key:
            parameters: list[Any] = [list(column) for column in zip(*(row.key for row in rows), strict=True)]
        else:
            parameters = [[row.row_hash for row in rows]]
        found = self.rows(keys_sql(table, style), parameters)
        return {((tuple(key), 0) if table.key else ((), row_hash)): (row_hash, count) for key, row_hash, count in found}

    def full_rows(
        self, table: Table, style: RowHash, keys: Sequence[tuple[str, ...]], time_column: str
    ) -> dict[tuple[str, ...], FullRow]:
        """Rows by key with their time and values as they are now; what isn't there is left out."""
        if not keys:
            return {}
        found = self.rows(
            keys_sql(table, style, full_columns(table, time_column)), [list(each) for each in zip(*keys, strict=True)]
        )
        return {tuple(key): FullRow(row_hash, at, tuple(values)) for key, row_hash, _count, at, values in found}

    def newest(self, table: Table, time_column: str, before: float) -> float | None:
        """When the newest row that was written before then was (epoch seconds); ``None`` where there is none."""
        (at,) = self.row(newest_sql(table, time_column), (before,))
        return at

    def references(self) -> list[tuple[str, str]]:
        """Which table refers to which other one."""
        return list(self.rows(REFERENCES))

    def _hashed(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except DrError as exc:
            if isinstance(exc.__cause__, sql_errors.UndefinedFunction):
                raise NoHash from exc
            raise

    def _again(self, read: Callable[[], T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return read()
            except psycopg.Error as exc:
                passing = isinstance(exc, sql_errors.SerializationFailure) or "conflict with recovery" in str(exc)
                if isinstance(exc, _untold()):
                    raise NotTold(f"Asking {self.where}", " ".join(str(exc).split()), "Ask otherwise.") from exc
                if not passing or attempt == TRIES:
                    raise as_error(exc, f"Asking {self.where}") from exc
        raise AssertionError("the last try returns or raises")


def _untold() -> tuple[type[Exception], ...]:
    """How servers say that they don't have, or don't support, what they are asked for."""
    return (
        sql_errors.FeatureNotSupported,
        sql_errors.ObjectNotInPrerequisiteState,
        sql_errors.UndefinedFunction,
    )


def open_reader(target: DatabaseTarget, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> Reader:
    """Connect to ``target``'s endpoint, resolved freshly. Raises ``DrError``."""
    if MISSING:
        raise DrError(tried(target), MISSING, "Install the Python package psycopg (3) where this task runs.")
    timeout = max(0.05, deadline.remaining(clock))
    address = resolve(target.endpoint, resolvers, min(timeout, 10.0), clock).addresses[0]
    try:
        return Reader(connect(target, address, timeout, SETTINGS), f"{target.endpoint} ({target.region})")
    except psycopg.Error as exc:
        raise as_error(exc, f"{tried(target)} ({address})") from exc


def best_style(*readers: Reader) -> RowHash:
    """The hash that all of these servers know."""
    return RowHash.RECORD if min(reader.version for reader in readers) >= RECORD_HASH else RowHash.OLD
