# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out what a failover lost: reads the canary's log and the new writer's rows, both through the target."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.canary_log import CanaryLog
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS, Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import (
    Asked,
    Lost,
    Rows,
    Segment,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import database_canary as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.canary_sql import open_writer
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import prepare

INTERVAL = 1.0  # seconds between two looks at a log that isn't complete yet
STATEMENT = 5.0  # seconds that the new writer may take for an answer
KEPT_BACK = 0.5  # seconds of the deadline for saying what was found


@dataclass(frozen=True)
class Question:
    """Whose canary, in which database, logged in which table, and what is asked."""

    workload: str
    database: Database
    resolvers: tuple[str, ...]
    table: str
    asked: Asked


@dataclass(frozen=True)
class _Log:
    """The canary's log, read within the deadline."""

    store: CanaryLog
    question: Question
    deadline: Deadline
    clock: Clock

    def read(self) -> tuple[Segment, ...]:
        """Raises ``DrError``, or AWS's errors."""
        return within(
            lambda: self.store.read(self.question.workload), self.deadline, self.clock, "Reading the canary's log"
        )


def lost(question: Question, context: Context) -> Lost:
    """What the failover lost. Whatever can't be read makes it unknown, and never ends the task.

    A log of a canary that lives is written every few seconds: it is waited for until it shows the new writer, as long
    as the deadline lets us.
    """
    clock = context.clock
    deadline = context.deadline.sooner(clock, max(0.0, context.deadline.remaining(clock) - KEPT_BACK))
    log = _Log(CanaryLog(context.clients, question.asked.target, question.table, clock), question, deadline, clock)
    try:
        segments = log.read()
    except (DrError, *AWS_ERRORS) as error:
        return plan.unknown(f"the canary's log can't be read: {error}")
    if not segments:
        return plan.unknown("no acknowledgement of a canary is logged")
    try:
        rows = within(lambda: _rows(question, context, deadline), deadline, clock, "Reading the canary's rows")
    except (DrError, *AWS_ERRORS) as error:
        return plan.unknown(f"the canary's rows can't be read in {question.asked.target}: {error}")
    return _once_complete(segments, rows, question, context, log)


def _once_complete(first: tuple[Segment, ...], rows: Rows, question: Question, context: Context, log: _Log) -> Lost:
    """Compare, and again with what is logged meanwhile, as long as the canary may yet complete it."""
    segments, looks = first, 0

    def look() -> Lost:
        nonlocal segments, looks
        looks += 1
        if looks > 1:
            with suppress(DrError, *AWS_ERRORS):  # what was read before stands
                segments = log.read()
        return plan.compare(segments, rows, question.asked)

    with suppress(TimedOut):
        return wait_until(
            look,
            lambda seen: not plan.may_yet_be_measured(seen, segments, context.clock.wall()),
            what="the canary's log to show the new writer",
            interval=INTERVAL,
            deadline=log.deadline,
            clock=context.clock,
            progress=context.progress,
        )
    return plan.compare(segments, rows, question.asked)


def _rows(question: Question, context: Context, deadline: Deadline) -> Rows:
    clock, region = context.clock, question.asked.target
    target = prepare(context.clients, question.database, region, clock, deadline)
    connection = open_writer(target, question.resolvers, min(STATEMENT, deadline.remaining(clock)), clock)
    try:
        return connection.rows(question.workload)
    finally:
        connection.close()
