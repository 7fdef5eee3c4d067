# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a promotion and proving its writer. Nothing in here starts anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    read_global_cluster,
    read_write_blocks,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.wait import (
    Look,
    busy,
    busy_elsewhere,
    leaving,
    look,
    taken_over,
    writer_is,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of, gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Database,
    DatabaseTarget,
    WriterProof,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    GlobalCluster,
    Kind,
    Operation,
    WriteBlock,
    cluster_id_of,
    region_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import prepare, prove
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.proving import passes, prove_until

LOOK = 10.0  # seconds that one look may take
LAST_LOOK = 1.0  # seconds that it may take in any case
EARLY = 10.0  # seconds during which the state is looked at every EARLY_INTERVAL seconds
EARLY_INTERVAL = 0.25
IDLE_GRACE = 15.0  # seconds with nothing under way, and another writer, after which the operation has ended in vain
BACKSTOP = 1.0  # seconds after its deadline at which the wait itself is not waited for any more
PREPARE = 10.0  # seconds that reading the endpoint and the secret may take
EVENTS = 2.0  # seconds that reading the events may hold up what follows
EVENTS_MARGIN = 60.0  # seconds before the request from which on events count: clocks differ
EVENTS_BACK = 900.0  # seconds to look back where another run made the request


@dataclass(frozen=True)
class Proving:
    """Which database is to be proved the writer, and the name servers to ask for its endpoint."""

    database: Database
    resolvers: tuple[str, ...]


@dataclass(frozen=True)
class Finished:
    """The global cluster as last seen, the writer's proof if one was wanted, and what became of the old writer."""

    cluster: GlobalCluster
    proof: WriterProof | None = None
    write_blocks: tuple[WriteBlock, ...] = ()


def finish(
    operation: Operation, global_cluster_id: str, proving: Proving | None, poll_interval: float, context: Context
) -> Finished:
    """Wait until the target is the writer and nothing is under way; then prove it, if ``proving`` says how.

    Where it is proved, the rest of a switchover isn't waited for: clients are without a writer meanwhile.
    Raises ``TimedOut``, or ``DrError`` when the operation ended without promoting the target.
    """
    prover = _Prover(operation, proving, context) if proving else None
    cluster = _wait_and_prepare(operation, global_cluster_id, prover, poll_interval, context)
    jobs: dict[str, Callable[[], Any]] = {}
    if prover:
        jobs["proof"] = prover.prove
    if operation.kind is Kind.FAILOVER and not operation.already:
        jobs["events"] = lambda: _read_events(operation, cluster, context)
    done = all_of(jobs, context.deadline, context.clock)
    return Finished(cluster, done.get("proof"), done.get("events", ()))


def _wait_and_prepare(
    operation: Operation, global_cluster_id: str, prover: _Prover | None, poll_interval: float, context: Context
) -> GlobalCluster:
    """The global cluster once the target is its writer; what the proof needs is read meanwhile, and not waited for."""
    jobs: dict[str, Callable[[], Any]] = {"prepare": prover.prepare_early} if prover else {}
    watch = _Watch(operation, global_cluster_id, proved=prover is not None, context=context)
    jobs["writer"] = lambda: _wait_for_writer(watch, region_of(operation.to_arn), poll_interval, context)
    # The wait holds the deadline itself and then says what it saw; this one is for what can't be interrupted.
    deadline = Deadline(context.deadline.at + LAST_LOOK + BACKSTOP)
    waited: Any = gather(jobs, deadline, context.clock, required=["writer"])["writer"]
    if waited.error is not None:
        raise waited.error
    cluster: GlobalCluster = waited.value
    return cluster


def _wait_for_writer(watch: _Watch, region: str, poll_interval: float, context: Context) -> GlobalCluster:
    seen = wait_until(
        watch.look,
        watch.is_over,
        what=f"the writer in {region}",
        interval=lambda waited: min(EARLY_INTERVAL, poll_interval) if waited < EARLY else poll_interval,
        deadline=context.deadline,
        clock=context.clock,
        progress=context.progress,
    )
    if seen.cluster is None:
        raise AssertionError("is_over() holds for a cluster only")
    return seen.cluster


class _Watch:
    """Looks at an operation, and tells going on from over and from over in vain.

    ``proved``: its writer is proved next, so that its taking over is enough.
    """

    def __init__(self, operation: Operation, global_cluster_id: str, proved: bool, context: Context) -> None:
        self._operation = operation
        self._reached = (taken_over if proved else writer_is)(operation.to_arn)
        self._leaves = operation.kind is Kind.DETACH
        self._global_cluster_id = global_cluster_id
        self._context = context
        self._idle_since: float | None = None
        self._last = ""

    def look(self) -> Look:
        """One look through the target's Region; one without an answer doesn't hide what was seen before."""
        region, clock = region_of(self._operation.to_arn), self._context.clock
        # The last look gets its second too: a promotion that has just ended is worth seeing.
        limit = Deadline(max(self._context.deadline.sooner(clock, LOOK).at, clock.monotonic() + LAST_LOOK))
        seen = look(
            lambda: read_global_cluster(self._context.clients, region, self._global_cluster_id, clock, limit),
            f"Waiting for the writer (rds:DescribeGlobalClusters in {region})",
        )
        if seen.cluster is None and self._last:
            return Look(None, f"{self._last}; then {seen.fault}")
        self._last = str(seen)
        return seen

    def is_over(self, seen: Look) -> bool:
        """What is waited for has come. Raises ``DrError`` where that can't come any more."""
        if seen.is_so(self._reached):
            return True
        if seen.is_so(busy_elsewhere(self._operation.to_arn)):
            raise _in_vain(
                self._operation, f"{seen}", "Another operation has taken its place: wait for that one to end."
            )
        if seen.cluster is None or busy(seen.cluster) or (self._leaves and leaving(seen.cluster)):
            self._idle_since = None
            return False
        now = self._context.clock.monotonic()
        self._idle_since = now if self._idle_since is None else self._idle_since
        if now - self._idle_since >= IDLE_GRACE:
            idle = f"nothing is under way any more, and {seen}"
            raise _in_vain(self._operation, idle, "Read the cluster's events, then start again.")
        return False


def _in_vain(operation: Operation, seen: str, next_step: str) -> DrError:
    return DrError(f"Waiting for the {operation.kind.value} to {operation.to_arn}", seen, next_step)


class _Prover:
    """Proves the writer, with what was read beforehand where that was to be had."""

    def __init__(self, operation: Operation, proving: Proving, context: Context) -> None:
        self._region = region_of(operation.to_arn)
        self._proving = proving
        self._context = context
        self._target: DatabaseTarget | None = None
        self._lock = threading.Lock()

    def prepare_early(self) -> None:
        """Read endpoint and secret before the flip. Should that fail now, it is tried again after it."""
        try:
            self._prepared()
        except DrError as error:
            self._context.warn(f"{error} Tried again once {self._region} is the writer.")

    def _prepared(self) -> DatabaseTarget:
        with self._lock:  # whoever comes second waits for the first one's answer
            if self._target is None:
                deadline = self._context.deadline.sooner(self._context.clock, PREPARE)
                database, clock = self._proving.database, self._context.clock
                self._target = prepare(self._context.clients, database, self._region, clock, deadline)
            return self._target

    def prove(self) -> WriterProof:
        """Raises ``TimedOut``, or the ``DrError`` that waiting won't mend."""
        return prove_until(self._attempt, self._may_pass, self._region, self._context.deadline, self._context)

    def _attempt(self) -> WriterProof:
        return prove(self._prepared(), self._proving.resolvers, self._context.clock, self._context.deadline)

    def _may_pass(self, error: DrError) -> bool:
        self._target = None  # instances and secret may have changed since they were read: read them again
        return isinstance(error, NotWriter) or passes(error)


def _read_events(operation: Operation, cluster: GlobalCluster, context: Context) -> tuple[WriteBlock, ...]:
    """The events about blocking the old writer; a warning where it wasn't blocked, or where nobody can say."""
    now = context.clock.wall()
    since = operation.requested_at - EVENTS_MARGIN if operation.requested_at else now - EVENTS_BACK
    members = [cluster_id_of(member.arn) for member in cluster.members]
    region = region_of(operation.to_arn)
    deadline = context.deadline.sooner(context.clock, EVENTS)
    tried = f"Reading what became of the old writer (rds:DescribeEvents in {region})"
    try:
        blocks = within(
            lambda: read_write_blocks(context.clients, region, members, since), deadline, context.clock, tried
        )
    except CALL_ERRORS as exc:
        context.warn(f"{tried}: {type(exc).__name__}: {exc}. Whether the old writer was blocked is unknown.")
        return ()
    if not blocks:
        context.warn(f"{tried}: there is no such event yet. Whether the old writer was blocked is unknown.")
    for block in blocks:
        if block.event == "RDS-EVENT-0391":
            context.warn(
                f"The old writer was not blocked ({block.event}): {block.message} Until it is fenced, {block.region}"
                " may acknowledge writes that will be lost."
            )
    return blocks
