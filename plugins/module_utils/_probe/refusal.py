# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a fenced Region still takes writes: over a new connection, over one that was open before, through its API."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import Attempt
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import (
    NoResponse,
    parse_url,
    request,
    shown,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import (
    MISSING,
    UPSERT,
    NotWriter,
    Unreachable,
    as_error,
    connect,
    prove_writer,
    run_statement,
    tried,
)

with contextlib.suppress(ImportError):  # MISSING says so
    import psycopg

ATTEMPT = 2.0  # seconds after which a write that has no answer counts as refused
INTERVAL = 0.25

# Sessions of clients: not ours, not a superuser's (which are Aurora's own).
CLIENTS = (
    " FROM pg_stat_activity JOIN pg_roles ON pg_roles.oid = usesysid WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND NOT rolsuper"
)
END_SESSIONS = f"SELECT count(pg_terminate_backend(pid)){CLIENTS}"


@dataclass(frozen=True)
class Held:
    """A connection that was open before the fence, as the application's are."""

    target: DatabaseTarget
    connection: Any

    def ask(self, statement: str, parameters: tuple[str, ...] = ()) -> Any:
        """The first row of the answer. Raises what ``sql.as_error`` makes of the failure."""
        try:
            return self.connection.execute(statement, parameters).fetchone()
        except psycopg.Error as exc:
            raise as_error(exc, tried(self.target)) from exc

    def write(self) -> None:
        """Commit a row. Raises as :func:`ask`, and ``NotWriter``."""
        parameters = (self.target.database.global_cluster_id, secrets.token_hex(16))
        try:
            server = run_statement(self.connection.execute, UPSERT, parameters)
        except psycopg.Error as exc:
            raise as_error(exc, tried(self.target)) from exc
        if not server.writable:
            raise NotWriter(tried(self.target), f"{server.server_id} is in recovery", "It takes no writes.")


def hold(target: DatabaseTarget, resolvers: Sequence[str], timeout: float, clock: Clock) -> Held:
    """Connect through ``target``'s endpoint, and stay connected. Raises as :func:`.sql.prove_writer` does."""
    if MISSING:
        raise DrError(tried(target), MISSING, "Install the Python package psycopg (3) where this task runs.")
    address = resolve(target.endpoint, resolvers, timeout, clock).addresses[0]
    try:
        held = Held(target, connect(target, address, timeout))
    except psycopg.Error as exc:
        raise as_error(exc, tried(target)) from exc
    held.ask("SELECT 1")
    return held


def new_connection_writes(
    target: DatabaseTarget, resolvers: Sequence[str], clock: Clock, deadline: Deadline
) -> Attempt:
    """Try a write as :mod:`.sql` proves a writer, until one isn't accepted: a fence takes a moment to be everywhere."""

    def write() -> object:
        return prove_writer(target, resolvers, ATTEMPT, clock)

    return _until_refused(lambda: _attempt(write, "a write over a new connection", clock, deadline), clock, deadline)


def held_connection_writes(held: Held, clock: Clock, deadline: Deadline) -> Attempt:
    """Try a write over the connection that was open before, until one isn't accepted."""
    what = "a write over a connection from before"
    return _until_refused(lambda: _attempt(held.write, what, clock, deadline), clock, deadline)


def server_refuses(held: Held, clock: Clock, deadline: Deadline) -> Attempt:
    """Try a write over it: refused only if the server itself says that it takes none. No answer says nothing here."""
    what = "a write"
    try:
        within(held.write, deadline.sooner(clock, ATTEMPT), clock, what)
    except NotWriter as exc:
        return Attempt(False, f"{what} was refused by its server ({exc.seen})")
    except DrError as exc:
        return Attempt(None, f"{what} says nothing ({exc.seen})")
    return Attempt(True, f"{what} was accepted")


def _attempt(write: Callable[[], object], what: str, clock: Clock, deadline: Deadline) -> Attempt:
    try:
        within(write, deadline.sooner(clock, ATTEMPT), clock, what)
    except (NotWriter, Unreachable, TimedOut) as exc:
        return Attempt(False, f"{what} was refused ({exc.seen})")
    except DrError as exc:
        return Attempt(None, f"{what} says nothing ({exc.seen})")
    return Attempt(True, f"{what} was accepted")


def api_acknowledges(url: str, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> Attempt:
    """Ask the Region's API until it is silent, with any answer but 2xx or none: it may have to give up first."""
    host = parse_url(url).host

    def ask() -> Attempt:
        try:
            address = resolve(host, resolvers, ATTEMPT, clock).addresses[0]
            status = request(url, "GET", None, address, ATTEMPT).status
        except NoResponse as exc:
            return Attempt(False, f"{shown(url)}: {exc.seen}")
        except DrError as exc:
            return Attempt(None, f"{shown(url)}: {exc.seen}")
        return Attempt(200 <= status < 300, f"{shown(url)} answers {status}")

    return _until_refused(ask, clock, deadline, refused=lambda seen: seen.accepted is False)


def _until_refused(
    attempt: Callable[[], Attempt],
    clock: Clock,
    deadline: Deadline,
    refused: Callable[[Attempt], bool] = lambda seen: seen.accepted is not True,
) -> Attempt:
    """Try again until it is refused; what was seen last where it isn't.

    The last try has its time before ``deadline``: what was accepted must not be lost with an answer that comes late.
    """
    seen = [Attempt(None, "nothing was tried")]

    def look() -> Attempt:
        seen[0] = attempt()
        return seen[0]

    try:
        return wait_until(
            look,
            refused,
            what="a refusal",
            interval=INTERVAL,
            deadline=Deadline(deadline.at - ATTEMPT),
            clock=clock,
            progress=silent,
        )
    except TimedOut:
        return seen[0]


def end_sessions(held: Held) -> int:
    """End the sessions of all clients; how many there were. Raises as :meth:`Held.ask`."""
    return int(held.ask(END_SESSIONS)[0])
