# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canary's table: made on request, a row a write, the oldest removed, read as a whole.

Each statement has a limit of its own: a server that hangs costs one write, not the canary.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import Rows
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Unresolved, resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import (
    MISSING,
    NotWriter,
    Unreachable,
    as_error,
    connect,
    run_statement,
    tried,
)

with contextlib.suppress(ImportError):  # MISSING says so
    import psycopg
    from psycopg import errors as sql_errors

T = TypeVar("T")

TABLE = "aws_dr_canary"
CREATE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (workload text, session text, number bigint, sent_at timestamptz NOT NULL,"
    " PRIMARY KEY (workload, session, number))"
)
GRANT = f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO the user of the secret"
EXISTS = f"SELECT to_regclass('{TABLE}') IS NOT NULL"
WRITE = f"INSERT INTO {TABLE} (workload, session, number, sent_at) VALUES (%s, %s, %s, to_timestamp(%s))"
# What was removed is on record in the same statement, as number 0 of no session: a reader never takes it for lost.
PRUNE = (
    f"WITH cut AS (SELECT sent_at FROM {TABLE} WHERE workload = %(workload)s AND number > 0"
    " ORDER BY sent_at DESC OFFSET %(keep)s LIMIT 1),"
    f" gone AS (DELETE FROM {TABLE} USING cut"
    f" WHERE workload = %(workload)s AND number > 0 AND {TABLE}.sent_at <= cut.sent_at)"
    f" INSERT INTO {TABLE} (workload, session, number, sent_at) SELECT %(workload)s, '', 0, sent_at FROM cut"
    f" ON CONFLICT (workload, session, number) DO UPDATE SET sent_at = greatest({TABLE}.sent_at, excluded.sent_at)"
)
READ = f"SELECT session, number, extract(epoch FROM sent_at)::float8 FROM {TABLE} WHERE workload = %s"


class NoTable(DrError):
    """The canary's table isn't there."""


@dataclass
class Connection:
    """An open connection to the writer of ``target``'s cluster, and who that is."""

    target: DatabaseTarget
    server_id: str
    clock: Clock
    timeout: float
    raw: Any
    notices: list[str] = field(default_factory=list)

    def exists(self) -> bool:
        return bool(self._do(lambda: self.raw.execute(EXISTS).fetchone()[0]))

    def create(self) -> None:
        """Make the table. Another one may make it in the same moment: IF NOT EXISTS doesn't see that."""
        with contextlib.suppress(sql_errors.UniqueViolation, sql_errors.DuplicateTable):
            self._do(lambda: self.raw.execute(CREATE))

    def write(self, workload: str, session: str, number: int, sent_at: float) -> None:
        """Commit a row; returns once it is acknowledged. Raises ``DrError``: then nobody was told that it was."""
        self.notices.clear()
        self._do(lambda: self.raw.execute(WRITE, (workload, session, number, sent_at)))
        if self.notices:  # a synchronous commit whose wait was cancelled ends well, with a warning
            raise Unreachable(tried(self.target), self.notices[0], "It isn't known whether the row was replicated.")

    def prune(self, workload: str, keep: int) -> None:
        """Keep the newest ``keep`` rows."""
        self._do(lambda: self.raw.execute(PRUNE, {"workload": workload, "keep": keep}))

    def rows(self, workload: str) -> Rows:
        found = self._do(lambda: self.raw.execute(READ, (workload,)).fetchall())
        pruned = max((at for session, _number, at in found if not session), default=0.0)
        return Rows(frozenset((session, number) for session, number, _at in found if session), pruned)

    def close(self) -> None:
        """End it at once, also what another thread still waits for in it."""
        with contextlib.suppress(Exception):  # whatever state it is in, nothing of it is used again
            handle = socket.socket(fileno=os.dup(self.raw.fileno()))
            handle.shutdown(socket.SHUT_RDWR)
            handle.close()

    def _do(self, work: Callable[[], T]) -> T:
        try:
            return within(work, Deadline.after(self.clock, self.timeout), self.clock, tried(self.target))
        except sql_errors.UndefinedTable as exc:
            raise no_table(self.target) from exc
        except sql_errors.InsufficientPrivilege as exc:
            seen = " ".join(str(exc).split())
            raise DrError(tried(self.target), seen, f"As the database's owner, once: {CREATE}; {GRANT}.") from exc
        except psycopg.Error as exc:
            raise as_error(exc, tried(self.target)) from exc
        except TimedOut as exc:
            raise Unreachable(exc.tried, exc.seen, exc.next_step) from exc


def no_table(target: DatabaseTarget) -> NoTable:
    remedy = f"Make it once, by database_canary with state=present, or as the owner: {CREATE}; {GRANT}."
    return NoTable(tried(target), f"there is no table {TABLE}", remedy)


def open_writer(target: DatabaseTarget, resolvers: Sequence[str], timeout: float, clock: Clock) -> Connection:
    """Connect through ``target``'s endpoint, freshly resolved, if a writer is there; ``timeout`` seconds in all.

    Raises ``NotWriter``, ``Unreachable``, or the ``DrError`` that only a person can mend.
    """
    if MISSING:
        raise DrError(tried(target), MISSING, "Install the Python package psycopg (3) where this task runs.")
    try:
        return within(
            lambda: _open(target, resolvers, timeout, clock), Deadline.after(clock, timeout), clock, tried(target)
        )
    except psycopg.Error as exc:
        raise as_error(exc, tried(target)) from exc
    except (TimedOut, Unresolved) as exc:
        raise Unreachable(exc.tried, exc.seen, exc.next_step) from exc


def _open(target: DatabaseTarget, resolvers: Sequence[str], timeout: float, clock: Clock) -> Connection:
    address = resolve(target.endpoint, resolvers, timeout, clock).addresses[0]
    raw = connect(target, address, timeout)
    try:
        server = run_statement(raw.execute, "SELECT ", ())
        if not server.writable:
            raise NotWriter(tried(target), f"{server.server_id} is in recovery", "It isn't the writer.")
    except BaseException:
        raw.close()
        raise
    opened = Connection(target, server.server_id, clock, timeout, raw)
    raw.add_notice_handler(lambda notice: opened.notices.append(str(notice.message_primary)))
    return opened
