# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canary of the database: a row at a time through whichever of the workload's clusters takes writes.

Who the writer is, it hears from the databases themselves. AWS's API is asked for endpoints and the secret only: at the
start, and seldom, beside the loop, while writes fail. So neither a throttled API nor a lost one stops it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.background import Background
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.interrupt import Interrupted, interruptible
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder, is_alive
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database, DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import (
    ROWS_IN_SEGMENT,
    Ack,
    Segment,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.canary_sql import (
    Connection,
    NoTable,
    no_table,
    open_writer,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import prepare
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.canary_log import LogKeeper

ATTEMPT = 2.0  # seconds for a connection, and for a write
ASK_AWS = 10.0  # seconds for AWS's answers
ASK_AGAIN = 30.0  # seconds between two times that AWS is asked
LAST_FLUSH = 8.0  # seconds at the end for the log
GAPS = 20  # of them that are told


@dataclass(frozen=True)
class Settings:
    """What the canary writes to, and how. ``seconds`` 0: until it is stopped."""

    workload: str
    database: Database
    regions: tuple[str, ...]
    resolvers: tuple[str, ...]
    interval: float
    flush: float
    keep: int
    seconds: float


class Targets:
    """The databases of both Regions, as far as AWS has said where they are."""

    def __init__(self, settings: Settings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._known: dict[str, DatabaseTarget] = {}
        self._asking: Background[dict[str, Outcome[DatabaseTarget]]] | None = None
        self._ask_at = context.clock.monotonic()
        self.trouble: dict[str, DrError] = {}

    def known(self, last: str) -> list[DatabaseTarget]:
        """All that are known. After a failure in the Region ``last`` the other one is the quicker to say what it is."""
        return sorted(self._known.values(), key=lambda each: each.region == last)

    def refresh(self) -> None:
        """Have AWS asked beside the loop, unless that was done just now."""
        self.take_in()
        clock = self._context.clock
        if self._asking is None and clock.monotonic() >= self._ask_at:
            self._ask_at = clock.monotonic() + (ASK_AGAIN if self._known else ASK_AGAIN / 6)
            self._asking = Background("canary targets", self._ask, clock)

    def take_in(self, seconds: float = 0.0) -> None:
        """What AWS has said; waits up to ``seconds`` for it."""
        if self._asking is None or self._asking.wait(seconds) is None:
            return
        outcome, self._asking = self._asking.outcome, None
        for region, found in (outcome.value or {} if outcome else {}).items():
            if found.value is not None:
                self._known[region] = found.value
                self.trouble.pop(region, None)
            elif isinstance(found.error, DrError):
                self.trouble[region] = found.error

    def _ask(self) -> dict[str, Outcome[DatabaseTarget]]:
        clock, clients, database = self._context.clock, self._context.clients, self._settings.database
        deadline = Deadline.after(clock, ASK_AWS)

        def look(region: str) -> Callable[[], DatabaseTarget]:
            return lambda: prepare(clients, database, region, clock, deadline)

        return gather({region: look(region) for region in self._settings.regions}, deadline, clock)


def find_writer(targets: Targets, settings: Settings, context: Context, last: str = "") -> Connection:
    """A connection to whichever database takes writes. Raises the last ``DrError`` where none does."""
    error = DrError("Looking for the writer", "no database is known yet", "Check that AWS's API can be reached.")
    for target in targets.known(last):
        try:
            return open_writer(target, settings.resolvers, ATTEMPT, context.clock)
        except DrError as exc:
            error = exc
    raise next(iter(targets.trouble.values()), error) if not targets.known(last) else error


@dataclass
class Report:
    """What became of the rows. ``gaps`` are the last ones in which nothing was acknowledged for some time."""

    session: str
    attempted: int = 0
    acknowledged: int = 0
    last: dict[str, Any] | None = None
    gap_count: int = 0
    gaps: list[dict[str, float]] = field(default_factory=list)
    stopped_by: str = "time"
    trouble: str = ""


class Canary:
    """A session of the canary."""

    def __init__(self, settings: Settings, targets: Targets, log: LogKeeper, context: Context, session: str) -> None:
        self._settings = settings
        self._context = context
        self._clock = context.clock
        self._targets = targets
        self._log = log
        self._connection: Connection | None = None
        self._region = ""
        self._controller = holder(context.controller_pid)
        self._prune_in = ROWS_IN_SEGMENT
        self.report = Report(session)

    def run(self) -> Report:
        """Write until the time is over, or somebody ends it. Raises ``DrError`` where no row was ever acknowledged."""
        try:
            with interruptible():
                self._loop()
        except Interrupted:
            self.report.stopped_by = "signal"
        finally:
            self._log.finish(LAST_FLUSH)
            if self._connection:
                self._connection.close()
        return self.report

    def _loop(self) -> None:
        began = next_at = self._clock.monotonic()
        self._targets.refresh()
        self._targets.take_in(self._context.deadline.remaining(self._clock))
        while not self._settings.seconds or self._clock.monotonic() - began < self._settings.seconds:
            if self._controller.pid and not is_alive(self._controller.pid, self._controller.pid_started):
                self.report.stopped_by = "its controller has ended"
                return
            self._write_row()
            self._log.tick()
            self._show()
            next_at = max(next_at + self._settings.interval, self._clock.monotonic())
            self._clock.sleep(max(0.0, next_at - self._clock.monotonic()))

    def _write_row(self) -> None:
        """One row, whatever becomes of it. Its number is never sent again."""
        self.report.attempted += 1
        sent_at = self._clock.wall()
        try:
            if self._connection is None:
                self._connection = find_writer(self._targets, self._settings, self._context, self._region)
                self._region = self._connection.target.region
                sent_at = self._clock.wall()
            connection = self._connection
            connection.write(self._settings.workload, self.report.session, self.report.attempted, sent_at)
        except DrError as error:
            self._failed(sent_at, error)
            return
        self._acknowledged(Ack(self.report.attempted, sent_at, self._clock.wall()), connection)

    def _acknowledged(self, ack: Ack, connection: Connection) -> None:
        report, region = self.report, connection.target.region
        if report.last and ack.acked_at - report.last["at"] > 2 * self._settings.interval:
            gap = {"began": report.last["at"], "ended": ack.acked_at, "seconds": ack.acked_at - report.last["at"]}
            report.gap_count += 1
            report.gaps = [*report.gaps, gap][-GAPS:]
        report.acknowledged += 1
        report.trouble = ""
        report.last = {
            "number": ack.number,
            "at": ack.acked_at,
            "region": region,
            "server_id": connection.server_id,
        }
        self._log.acked(ack, region, connection.server_id)
        self._prune_in -= 1
        if self._prune_in <= 0:
            self._prune(connection)

    def _prune(self, connection: Connection) -> None:
        """Rows that stay a while longer do no harm: what fails here is tried again, and told only."""
        self._prune_in = ROWS_IN_SEGMENT
        try:
            connection.prune(self._settings.workload, self._settings.keep)
        except DrError as error:
            self.report.trouble = str(error)
            self._drop()

    def _failed(self, sent_at: float, error: DrError) -> None:
        self.report.trouble = str(error)
        self._log.failed(sent_at)
        self._drop()
        if not self.report.acknowledged and (isinstance(error, NoTable) or self._context.deadline.passed(self._clock)):
            raise error
        self._targets.refresh()

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _show(self) -> None:
        report = self.report
        log = f"log: {self._log.error}" if self._log.error else "logged"
        state = "failing" if self._connection is None else f"writing to {self._region}"
        self._context.progress(f"{report.acknowledged} of {report.attempted} rows acknowledged, {state}, {log}")


def new_session(settings: Settings) -> Segment:
    """The first segment of a session that no other has the name of."""
    return Segment(secrets.token_hex(6), 0, interval=settings.interval, flush=settings.flush)


def ensure_table(targets: Targets, settings: Settings, context: Context, make: bool) -> bool:
    """Make the table through the writer if it isn't there; say whether it was, or in check mode would be.

    Without ``make`` its absence is an error. Raises ``DrError``.
    """
    targets.refresh()
    targets.take_in(context.deadline.remaining(context.clock))
    connection = find_writer(targets, settings, context)
    try:
        if connection.exists():
            return False
        if not make:
            raise no_table(connection.target)
        if not context.check_mode:
            connection.create()
        return True
    finally:
        connection.close()
