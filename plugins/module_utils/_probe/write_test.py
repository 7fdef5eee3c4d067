# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Would a database take a write now? A real one, that leaves nothing.

The row is undone in a savepoint and its transaction committed: the server writes it, and acknowledges a commit as it
does any other, synchronous replication included, and no row, table or lock is left.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import Accepts, WriteTest
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Unresolved, resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import (
    CREATE,
    MISSING,
    TABLE,
    NotWriter,
    Server,
    Unreachable,
    as_error,
    connect,
    run_statement,
    tried,
)

with contextlib.suppress(ImportError):  # MISSING says so
    import psycopg
    from psycopg import errors as sql_errors

SAVEPOINT = "aws_dr_write_test"


@dataclass(frozen=True)
class Asked:
    """A Region's database as it is asked. ``secondary``: AWS says that its cluster is a secondary, all of it readers.

    ``only_look`` asks the server what it is, and doesn't try.
    """

    target: DatabaseTarget
    reader_endpoint: str = ""
    secondary: bool = False
    only_look: bool = False


def write_test(asked: Asked, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> WriteTest:
    """Ask through the cluster endpoint; where that leads nowhere, the reader endpoint. Never raises ``DrError``.

    The endpoint of a secondary is inactive. That its reader takes no write is an answer for the Region only if all of
    its cluster are readers: else the writer may be there, and be out of our reach.
    """
    first = _through(asked, resolvers, clock, deadline.sooner(clock, deadline.remaining(clock) / 2))
    if first.accepts is not Accepts.UNKNOWN or first.server_id or not asked.reader_endpoint:
        return first
    other = replace(asked, target=replace(asked.target, endpoint=asked.reader_endpoint))
    second = _through(other, resolvers, clock, deadline)
    if second.accepts is Accepts.NO and not asked.secondary:
        how = f"{first.how}; a reader, {second.server_id}, answers, and says nothing of the writer"
        return replace(second, accepts=Accepts.UNKNOWN, how=how)
    return second if second.accepts is not Accepts.UNKNOWN else first


def _through(asked: Asked, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> WriteTest:
    target, began = asked.target, clock.monotonic()
    what = f"Writing to {target.endpoint}"
    unknown = WriteTest(target.region, Accepts.UNKNOWN, "", target.endpoint, tried=not asked.only_look)
    try:
        found = within(lambda: _ask(asked, resolvers, clock, deadline), deadline, clock, what)
    except (TimedOut, Unresolved, Unreachable) as exc:
        return replace(unknown, how=f"{exc.tried}: {exc.seen}")
    except DrError as exc:
        return replace(unknown, how=f"{exc.tried}: {exc.seen}. {exc.next_step}".rstrip("."))
    return replace(found, seconds=clock.monotonic() - began)


def _ask(asked: Asked, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> WriteTest:
    target = asked.target
    if MISSING:
        raise DrError(tried(target), MISSING, "Install the Python package psycopg (3) where this task runs.")
    timeout = max(0.05, deadline.remaining(clock))
    address = resolve(target.endpoint, resolvers, timeout, clock).addresses[0]
    try:
        with contextlib.closing(connect(target, address, max(0.05, deadline.remaining(clock)))) as connection:
            server = run_statement(connection.execute, "SELECT ", ())
            known = WriteTest(
                target.region, Accepts.UNKNOWN, "", target.endpoint, address, server.server_id, server.source
            )
            return _judged(asked, known, server, connection)
    except psycopg.Error as exc:
        raise as_error(exc, f"{tried(target)} ({address})") from exc


def _judged(asked: Asked, known: WriteTest, server: Server, connection: Any) -> WriteTest:
    # An answer by address can't be held against the instances: RDS names those by identifier only.
    if server.source == "aurora_server_id" and server.server_id not in asked.target.instances:
        instances = ", ".join(asked.target.instances) or "no instances"
        return replace(known, how=f"{server.server_id} answered, which is none of {instances}")
    if asked.only_look:
        says = f"{server.server_id} says that it {'takes' if server.writable else 'takes no'} writes; none was tried"
        return replace(known, accepts=Accepts.YES if server.writable else Accepts.NO, how=says, tried=False)
    try:
        refused = _write(connection)
    except NotWriter as exc:
        return replace(known, accepts=Accepts.NO, how=f"{server.server_id} refused it: {exc.seen}")
    except DrError as exc:  # the server is known, so nothing is to be asked elsewhere
        return replace(known, how=f"{server.server_id}: {exc.seen}. {exc.next_step}".rstrip("."))
    if refused:
        return replace(known, how=f"{server.server_id} wrote it and didn't acknowledge the commit: {refused}")
    return replace(known, accepts=Accepts.YES, how=f"{server.server_id} took it")


def _write(connection: Any) -> str:
    """Try the write; the server's warning where it was written and not acknowledged. Raises as ``sql.as_error``."""
    warned: list[str] = []
    # A wait for a synchronous replica that is cut short ends as a success, with a warning.
    connection.add_notice_handler(
        lambda notice: warned.append(notice.message_primary) if notice.severity_nonlocalized == "WARNING" else None
    )
    try:
        try:
            connection.execute(_statements(""))
        except sql_errors.UndefinedTable:
            connection.execute("ROLLBACK")
            connection.execute(_statements(f"{CREATE}; "))
    except psycopg.Error as exc:
        raise as_error(exc, f"Writing to {TABLE}") from exc
    return "; ".join(warned)


def _statements(before: str) -> str:
    """In one go, as it is one round trip; the nonce is ours, and makes the row one that nobody else locks."""
    nonce = secrets.token_hex(16)
    insert = (
        f"INSERT INTO {TABLE} (workload, nonce, written_at) VALUES ('write-test {nonce}', '{nonce}', clock_timestamp())"
    )
    return f"BEGIN; SAVEPOINT {SAVEPOINT}; {before}{insert}; ROLLBACK TO SAVEPOINT {SAVEPOINT}; COMMIT"
