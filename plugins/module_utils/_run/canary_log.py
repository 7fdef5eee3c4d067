# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the canary's log: acknowledgements become segments, written every few seconds beside the loop that writes rows.

What can't be written is kept and written later, as far back as the rows themselves are kept; beyond that it is dropped,
and its absence shows in the segments' numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.canary_log import CanaryLog, sort_key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.background import Background
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import (
    ROWS_IN_SEGMENT,
    Ack,
    Segment,
)

SPARE = 10  # segments beside those of the rows that are kept


@dataclass(frozen=True)
class Written:
    """What one turn wrote: sort keys, and the trouble that it ended with."""

    keys: tuple[str, ...]
    at: float
    error: str = ""


class LogKeeper:
    """The log of one session. Not for several threads: what it starts beside works on copies."""

    def __init__(self, workload: str, logs: Sequence[CanaryLog], first: Segment, keep: int, clock: Clock) -> None:
        self._workload = workload
        self._logs = list(logs)
        self._clock = clock
        self._most = max(1, keep // ROWS_IN_SEGMENT) + SPARE
        self._open = first
        self._open_key = sort_key(first, clock.wall())
        self._closed: dict[str, Segment] = {}
        self._known: list[str] | None = None
        self._job: Background[Written] | None = None
        self._next_at = clock.monotonic()
        self.logged_number = 0
        self.logged_at: float | None = None
        self.error = ""

    def acked(self, ack: Ack, region: str, server_id: str) -> None:
        """A row was acknowledged."""
        now = self._open
        if now.acks and ((now.region, now.server_id) != (region, server_id) or len(now.acks) >= ROWS_IN_SEGMENT):
            self._begin_next()
        acks = (*self._open.acks, ack)
        self._open = replace(self._open, region=region, server_id=server_id, acks=acks, failed=0, failed_at=None)

    def failed(self, sent_at: float) -> None:
        """A row was sent, or should have been, and wasn't acknowledged."""
        first = sent_at if self._open.failed_at is None else self._open.failed_at
        self._open = replace(self._open, failed=self._open.failed + 1, failed_at=first)

    def tick(self) -> None:
        """Take in what was written meanwhile; begin to write again when it is time. Never waits."""
        if self._job is not None and self._job.outcome is not None:
            self._harvest()
        if self._job is None and self._clock.monotonic() >= self._next_at:
            self._next_at = self._clock.monotonic() + self._open.flush
            self._start()

    def finish(self, seconds: float) -> None:
        """Write all that there is, within ``seconds``."""
        until = self._clock.monotonic() + seconds
        for _turn in ("what was under way", "the rest"):
            if self._job is None:
                self._start()
            if self._job is not None and self._job.wait(max(0.0, until - self._clock.monotonic())):
                self._harvest()

    def _begin_next(self) -> None:
        self._closed[self._open_key] = self._open
        while len(self._closed) > self._most:
            self._closed.pop(next(iter(self._closed)))
        now = self._open
        self._open = replace(now, index=now.index + 1, region="", server_id="", acks=(), failed=0, failed_at=None)
        self._open_key = sort_key(self._open, self._clock.wall())

    def _start(self) -> None:
        now = self._clock.wall()
        todo = {key: replace(each, logged_at=now) for key, each in {**self._closed, self._open_key: self._open}.items()}
        self._job = Background("canary log", lambda: self._write(todo, now), self._clock)

    def _harvest(self) -> None:
        outcome = self._job.outcome if self._job else None
        self._job = None
        if outcome is None or outcome.value is None:
            self.error = str(outcome.error) if outcome else ""
            return
        written = outcome.value
        self.error = written.error
        for key in written.keys:
            self._closed.pop(key, None)
        if written.keys and not written.error:
            self.logged_at = written.at

    def _write(self, todo: dict[str, Segment], now: float) -> Written:
        done: list[str] = []
        try:
            for key, segment in todo.items():
                self._write_somewhere(key, segment)
                done.append(key)
                self.logged_number = max([self.logged_number, *(ack.number for ack in segment.acks)])
            self._remove_oldest(done)
        except DrError as error:
            return Written(tuple(done), now, str(error))
        return Written(tuple(done), now)

    def _write_somewhere(self, key: str, segment: Segment) -> None:
        """Through the Region that took the last one; through another one where that fails, from then on."""
        for attempt in range(len(self._logs)):
            try:
                return self._logs[0].write(self._workload, key, segment)
            except DrError:
                self._logs.append(self._logs.pop(0))
                if attempt + 1 == len(self._logs):
                    raise
        return None

    def _remove_oldest(self, written: Sequence[str]) -> None:
        if self._known is None:
            self._known = self._logs[0].keys(self._workload)
        self._known = sorted({*self._known, *written})
        while len(self._known) > self._most:
            self._logs[0].remove(self._workload, self._known[0])
            self._known.pop(0)
