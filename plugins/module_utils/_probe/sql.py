# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proof by SQL of what a database server is, on a connection to the address that its name has now.

The password goes to libpq as a parameter: it is in no connection string, message or process list.
"""

from __future__ import annotations

import contextlib
import math
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    DatabaseTarget,
    ServerState,
    WriterProof,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import resolve

try:
    import psycopg
    from psycopg import errors as sql_errors
except ImportError as exc:
    MISSING = str(exc)
else:
    MISSING = ""

TABLE = "aws_dr_writer_proof"
COLUMNS = "(workload text PRIMARY KEY, nonce text NOT NULL, written_at timestamptz NOT NULL)"
CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} {COLUMNS}"
IDENTITY = ("aurora_server_id()", "coalesce(host(inet_server_addr()), 'local')")  # the first is Aurora's own
SOURCES = ("aurora_server_id", "address")
FACTS = "pg_is_in_recovery(), current_setting('transaction_read_only')"
UPSERT = (
    f"INSERT INTO {TABLE} (workload, nonce, written_at) VALUES (%s, %s, clock_timestamp())"
    " ON CONFLICT (workload) DO UPDATE SET nonce = excluded.nonce, written_at = excluded.written_at RETURNING "
)


class NotWriter(DrError):
    """The server answers and is not the writer asked for: it may become it, or the name may still point elsewhere."""


class Unreachable(DrError):
    """No connection came about, or it broke: the server may be starting, or gone."""


def prove_writer(target: DatabaseTarget, resolvers: Sequence[str], timeout: float, clock: Clock) -> WriterProof:
    """Commit one row through ``target``'s endpoint, freshly resolved, with ``timeout`` seconds for each step.

    One statement writes and says who wrote. Raises :class:`NotWriter`, :class:`Unreachable`, ``Unresolved``, or
    ``DrError`` for what only a person can mend (password, permission, missing database).
    """
    nonce = secrets.token_hex(16)
    began = clock.monotonic()
    server, address = _ask(target, resolvers, timeout, clock, UPSERT, (target.database.global_cluster_id, nonce))
    if not server.writable:
        raise NotWriter(tried(target), f"{server.server_id} is in recovery", "Wait for the promotion.")
    return WriterProof(
        region=target.region,
        server_id=server.server_id,
        server_id_source=server.source,
        endpoint=target.endpoint,
        address=address,
        nonce=nonce,
        seconds=clock.monotonic() - began,
        written_at=clock.wall(),
    )


def read_state(target: DatabaseTarget, resolvers: Sequence[str], timeout: float, clock: Clock) -> ServerState:
    """Ask the server behind ``target``'s endpoint who it is and whether it takes writes, without writing.

    Raises as :func:`prove_writer` does, but for ``NotWriter``: a reader is an answer here.
    """
    began = clock.monotonic()
    server, address = _ask(target, resolvers, timeout, clock, "SELECT ", ())
    return ServerState(server.server_id, server.source, address, server.writable, clock.monotonic() - began)


@dataclass(frozen=True)
class Server:
    """A server's answer about itself."""

    server_id: str
    source: str
    writable: bool


def _ask(
    target: DatabaseTarget,
    resolvers: Sequence[str],
    timeout: float,
    clock: Clock,
    statement: str,
    parameters: tuple[str, ...],
) -> tuple[Server, str]:
    if MISSING:
        raise DrError(tried(target), MISSING, "Install the Python package psycopg (3) where this task runs.")
    address = resolve(target.endpoint, resolvers, timeout, clock).addresses[0]
    try:
        with connect(target, address, timeout) as connection:
            return run_statement(connection.execute, statement, parameters), address
    except psycopg.Error as exc:
        raise as_error(exc, f"{tried(target)} ({address})") from exc


def connect(target: DatabaseTarget, address: str, timeout: float, settings: Mapping[str, str] | None = None) -> Any:
    """A connection to ``address``, in which nothing takes longer than ``timeout`` seconds. Raises psycopg's errors.

    ``settings`` are the session's, of names and values without a blank.
    """
    milliseconds = max(1, int(timeout * 1000))
    given = {"statement_timeout": milliseconds, "lock_timeout": milliseconds, **(settings or {})}
    return psycopg.connect(
        host=target.endpoint,  # for the certificate's check; hostaddr is where it connects
        hostaddr=address,
        port=target.port,
        dbname=target.database.name,
        user=target.credentials.username,
        password=target.credentials.password,
        sslmode=target.database.sslmode,
        sslrootcert=target.database.sslrootcert,
        connect_timeout=max(1, math.ceil(timeout)),
        tcp_user_timeout=milliseconds,
        options=" ".join(f"-c {name}={value}" for name, value in given.items()),
        application_name="multiregion.aws_dr",
        autocommit=True,
    )


def run_statement(
    execute: Callable[[str, tuple[str, ...]], Any], statement: str, parameters: tuple[str, ...]
) -> Server:
    """One round trip where all is there; one more for a missing table, or a server without Aurora's functions."""
    identity = 0
    for _attempt in range(len(IDENTITY) + 1):
        try:
            row = execute(f"{statement}{IDENTITY[identity]}, {FACTS}", parameters).fetchone()
            return Server(row[0], SOURCES[identity], not row[1] and row[2] == "off")
        except sql_errors.UndefinedTable:
            _create_table(execute)
        except sql_errors.UndefinedFunction:
            identity += 1
    raise DrError(
        f"Writing to {TABLE}", "the table vanished as soon as it was made", "Look at what drops it, then run again."
    )


def _create_table(execute: Callable[[str, tuple[str, ...]], Any]) -> None:
    # Another run may make it in the same moment: IF NOT EXISTS doesn't see that.
    with contextlib.suppress(sql_errors.UniqueViolation, sql_errors.DuplicateTable):
        execute(CREATE, ())


def as_error(exc: Exception, tried: str) -> DrError:
    """A psycopg error as ours: what passes by itself is ``NotWriter`` or ``Unreachable``, the rest needs a person."""
    seen = f"{type(exc).__name__}: {' '.join(str(exc).split())}".rstrip(".?")
    if isinstance(exc, sql_errors.ReadOnlySqlTransaction):
        return NotWriter(tried, seen, "That server is a reader; wait for the promotion, or for the name to follow it.")
    for kind, remedy in _PERSON.items():
        if isinstance(exc, getattr(sql_errors, kind)):
            return DrError(tried, seen, remedy)
    for said, kind in _SAID.items():
        if said in seen:
            return DrError(tried, seen, _PERSON[kind])
    if isinstance(exc, (psycopg.OperationalError, psycopg.InterfaceError)):
        return Unreachable(tried, seen, "Check the cluster's status, its security group and the network path.")
    return DrError(tried, seen, f"Try the same statement by hand as that user; the table is {TABLE}.")


_PERSON = {
    "InvalidPassword": "Check the secret's username and password in that Region, and that the server lets them in.",
    "InvalidAuthorizationSpecification": "Check the secret's username, and the option database.sslmode.",
    "InvalidCatalogName": "Check the option database.name and the secret's username: that server lacks one of them.",
    "InsufficientPrivilege": f"As the database's owner, once: CREATE TABLE {TABLE} {COLUMNS};"
    f" GRANT SELECT, INSERT, UPDATE ON {TABLE} TO the user of the secret.",
}

# libpq gives no SQLSTATE for what the server said while connecting. The server's words, in its usual language.
_SAID = {
    "password authentication failed": "InvalidPassword",
    "no pg_hba.conf entry": "InvalidAuthorizationSpecification",
    "SSL was required": "InvalidAuthorizationSpecification",
    '" does not exist': "InvalidCatalogName",
}


def tried(target: DatabaseTarget) -> str:
    """What a message says was tried."""
    return f"Asking the database at {target.endpoint}:{target.port}"
