# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The looks of a workload's watcher, and the threads in which they are taken. No thread is ever joined."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients, warm
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import ENDED_WELL, RunKind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Heard, Watched, WatchEvent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    QuorumSeen,
    Reading,
    Ruling,
    Sample,
    Subject,
    Witness,
    WitnessKind,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.region_looks import (
    Eyes,
    look_at_api,
    look_at_platform,
    try_quorum,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.watch import Look, Seen, Watch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.watch_alarms import AlarmBook

RUNS_LOOKED_AT = 3
OF_A_REGION = ("s3", "sts")
# What others say travels into playbooks' variables, and no template may come with it.
DISARMED = str.maketrans("{}", "()")


class Threads:
    """An inbox that takes each look in a daemon thread. An error that no look is to end with ends the watcher."""

    def __init__(self) -> None:
        self._seen: queue.SimpleQueue[Seen | Exception] = queue.SimpleQueue()

    def begin(self, look: Look) -> None:
        self.keep(lambda: self._seen.put(look()))

    def keep(self, job: Callable[[], None]) -> None:
        """Have a job done that may go on for ever."""

        def body() -> None:
            try:
                job()
            except Exception as exc:  # raised where it is taken out
                self._seen.put(exc)

        threading.Thread(target=body, name="aws-dr watch", daemon=True).start()

    def take(self, seconds: float) -> Seen | None:
        try:
            seen = self._seen.get(timeout=seconds) if seconds > 0 else self._seen.get_nowait()
        except queue.Empty:
            return None
        if isinstance(seen, Exception):
            raise seen
        return seen


def looks_of(watched: Watched, eyes: Eyes, book: AlarmBook) -> Iterator[Look]:
    """Each Region's API and platform from here, the write to the state table, and what other places' alarms say."""
    by_probe = Witness("probe", WitnessKind.PROBE, watched.place, Subject.WORKLOAD, watched.interval)
    by_canary = Witness("platform", WitnessKind.CANARY, watched.place, Subject.PLATFORM, watched.interval)
    for api in watched.apis:
        if api.region in (watched.home, watched.standby):
            yield _look(by_probe, api.region, partial(look_at_api, api, eyes), eyes.clock)
    for canary in watched.canaries:
        yield _look(by_canary, canary.region, partial(look_at_platform, canary, eyes), eyes.clock)
    for alarm in watched.alarms:
        witness = Witness(f"alarm {alarm.name}", WitnessKind.ALARM, alarm.place, alarm.subject, watched.interval)
        yield _look(witness, alarm.looks_at, partial(book.reading, alarm), eyes.clock)
    yield _quorum(watched, eyes)


def _look(witness: Witness, region: str, look: Callable[[], tuple[Reading, str]], clock: Clock) -> Look:
    """A sample is of the moment when its look began: what hung then was broken then."""

    def sample() -> Sample:
        at, wall = clock.monotonic(), clock.wall()
        reading, detail = look()
        return Sample(witness, region, reading, at, wall, detail.translate(DISARMED))

    return sample


def _quorum(watched: Watched, eyes: Eyes) -> Look:
    host = socket.gethostname()

    def write() -> QuorumSeen:
        at = eyes.clock.monotonic()
        outcome, detail = try_quorum(watched.table, watched.place, watched.workload, host, eyes)
        return QuorumSeen(outcome, at, watched.interval, detail.translate(DISARMED))

    return write


def what_came(watched: Watched, clients: Clients, clock: Clock, first_failure: float) -> Heard:
    """What the state table says came of the verdicts of an outage that began then (epoch seconds)."""
    store = TableStore(clients, watched.place, watched.table, clock)
    try:
        runs = store.read_history(watched.workload, RUNS_LOOKED_AT)
        decisions = store.read_decisions(watched.workload)
    except DrError:
        return Heard.UNKNOWN
    moved = [each for each in runs if each.kind is RunKind.FAILOVER and each.target == watched.standby]
    if any(each.outcome in ENDED_WELL and each.opened_at >= first_failure for each in moved):
        return Heard.FAILED_OVER
    decided = any(each.ruling is Ruling.REGION_LOST and each.at >= first_failure for each in decisions)
    return Heard.DECISION if decided else Heard.NOTHING


def start(watched: Watched, clients: Clients, clock: Clock, tell: Callable[[WatchEvent], None]) -> Watch:
    """The watcher of a workload, with what has to go on beside it begun."""
    eyes = Eyes(clients, clock, watched.timeout, watched.resolvers, watched.ca_path)
    _get_ready(watched, clients)
    book, threads = AlarmBook(watched, clients, clock), Threads()
    for job in book.jobs():
        threads.keep(job)
    ask = partial(what_came, watched, clients, clock)
    return Watch(watched, tuple(looks_of(watched, eyes, book)), ask, threads, clock, tell)


def _get_ready(watched: Watched, clients: Clients) -> None:
    """Make the clients beforehand: that takes longer than a look may, and would look like a lost Region."""
    warm((*OF_A_REGION, "dynamodb"))
    for canary in watched.canaries:
        for service in OF_A_REGION:
            clients.get(service, canary.region)
    clients.get("dynamodb", watched.place)
