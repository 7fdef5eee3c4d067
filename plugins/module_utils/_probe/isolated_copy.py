# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proof by SQL that a copy of a database serves: it takes a write, its tables can be read, its source sees nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import DatabaseTarget, WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import CopyReads
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import TABLE, as_error, connect, tried

try:
    import psycopg
    from psycopg import sql
except ImportError:
    pass  # the proof, which comes before, says so

TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
    " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1, 2"
)


def read_copy(
    copy: DatabaseTarget,
    source: DatabaseTarget,
    proof: WriterProof,
    resolvers: Sequence[str],
    timeout: float,
    clock: Clock,
) -> CopyReads:
    """Read every table of the copy that the user may read, and look in the source for the write of ``proof``.

    The source is asked through its reader endpoint. Raises ``DrError`` where either doesn't answer.
    """
    inside = _with(copy, resolvers, timeout, clock, _read_all)
    beside, nonce = _with(source, resolvers, timeout, clock, lambda link: (_tables(link), _nonce(link, copy)))
    return CopyReads(
        tables=tuple(inside),
        missing=tuple(name for name in beside if name not in inside),
        isolated=nonce != proof.nonce,
    )


def _with(target: DatabaseTarget, resolvers: Sequence[str], timeout: float, clock: Clock, ask: Any) -> Any:
    address = resolve(target.endpoint, resolvers, timeout, clock).addresses[0]
    try:
        with connect(target, address, timeout) as link:
            return ask(link)
    except psycopg.Error as exc:
        raise as_error(exc, f"{tried(target)} ({address})") from exc


def _tables(link: Any) -> list[str]:
    return [f"{schema}.{name}" for schema, name in link.execute(TABLES).fetchall()]


def _read_all(link: Any) -> list[str]:
    """A row of each: a table whose pages are damaged fails here."""
    found = link.execute(TABLES).fetchall()
    for schema, name in found:
        link.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(schema, name))).fetchone()
    return [f"{schema}.{name}" for schema, name in found]


def _nonce(link: Any, copy: DatabaseTarget) -> str | None:
    """What the last proof of a writer left in the source; None where there was none yet."""
    if f"public.{TABLE}" not in _tables(link):
        return None
    row = link.execute(f"SELECT nonce FROM {TABLE} WHERE workload = %s", (copy.database.global_cluster_id,)).fetchone()
    return str(row[0]) if row else None
