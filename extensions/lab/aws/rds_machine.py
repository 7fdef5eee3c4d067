# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an Aurora global database over time: failover, switchover, detaching, resynchronising."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

from lab.aws.effects import Spawn, on_thread
from lab.aws.machine import Condition, Machine, Steps
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.rds_events import Number, Recorder
from lab.aws.rds_records import Member, Operation, Phase, Sync, region_of
from lab.aws.timing import Timing


class GlobalDatabase(Machine):
    """One global database: who writes, who is in sync, what is under way. Thread-safe."""

    def __init__(
        self,
        plane: DataPlane,
        clock: Clock,
        timing: Timing,
        record: Recorder,
        spawn: Spawn = on_thread,
        take_snapshot: Callable[[str], None] = lambda _arn: None,
    ) -> None:
        super().__init__(clock, spawn)
        self._take_snapshot = take_snapshot
        self._plane = plane
        self._timing = timing
        self._record = record
        self._members: dict[str, Member] = {}
        self.writer = ""
        self.operation: Operation | None = None
        self.detaching: frozenset[str] = frozenset()

    # -- what is seen

    @property
    def members(self) -> tuple[Member, ...]:
        """The members, in the order in which they joined."""
        return tuple(self._members.values())

    @property
    def busy(self) -> bool:
        """Whether an operation keeps others from starting."""
        return self.operation is not None or bool(self.detaching)

    def member(self, arn: str) -> Member | None:
        """Return a member by its ARN."""
        return self._members.get(arn)

    def cluster_status(self, arn: str) -> str:
        """Return what the cluster's own Status says."""
        if arn in self.detaching:
            return "promoting"
        if f"join {arn}" in self._running:
            return "creating"
        operation = self.operation
        if operation is None or operation.phase == Phase.PENDING or arn not in (operation.source, operation.target):
            return "available"
        return operation.phase.value

    # -- what is asked

    def join(self, arn: str, *, filled: bool = True) -> None:
        """Take a cluster in; the first one is the writer. Any other that isn't ``filled`` gets a copy of its data."""
        with self._lock:
            if arn in self._members:
                return
            follows = bool(self.writer) and not filled
            self._members[arn] = Member(arn, Sync.PENDING_RESYNC if follows else Sync.CONNECTED)
            self.writer = self.writer or arn
            if follows:
                self._start(f"join {arn}", self._filling(arn))

    def failover(self, target: str) -> None:
        """Start a failover that accepts data loss."""
        self._begin(Operation(Phase.PENDING, self.writer, target, True), self._failing_over())

    def switchover(self, target: str) -> None:
        """Start a switchover."""
        self._begin(Operation(Phase.PENDING, self.writer, target, False), self._switching_over())

    def detach(self, arn: str) -> None:
        """Start taking a member out; a secondary becomes a writer of its own."""
        with self._lock:
            self.detaching |= {arn}
            self._start(f"detach {arn}", self._taking_out(arn))

    # -- how it goes

    def _failing_over(self) -> Steps:
        operation = self._current
        source, target = region_of(operation.source), region_of(operation.target)
        begun = self._clock.monotonic()
        yield self._at(begun + self._timing.failover_start)
        self._phase(Phase.FAILING_OVER)
        block = self._task(lambda: self._plane.linked(target, source) and self._plane.block_writes(source))
        given_up = self._after(self._timing.write_block)
        yield lambda: block.done or given_up()
        blocked = block.succeeded and bool(block.value)
        self._event(Number.WRITES_BLOCKED if blocked else Number.WRITE_BLOCK_TIMED_OUT, operation.source)
        yield self._at(begun + self._timing.failover_start + self._timing.failover_promote)
        promotion = self._task(lambda: self._plane.promote(target))
        yield lambda: promotion.done
        if not promotion.succeeded:
            self._end(Number.FAILOVER_FAILED)
            return
        self.writer = operation.target
        for member in self.members:
            if member.arn != operation.target:
                self._members[member.arn] = replace(member, sync=Sync.PENDING_RESYNC)
                self._start(f"resync {member.arn}", self._resyncing(member.arn))
        self._end(Number.FAILOVER_COMPLETED)
        self._start("endpoint", self._moving_endpoint())

    def _switching_over(self) -> Steps:
        operation = self._current
        source, target = region_of(operation.source), region_of(operation.target)
        self._event(Number.SWITCHOVER_STARTED, operation.target)
        yield self._after(self._timing.switchover_start)
        self._phase(Phase.SWITCHING_OVER)
        given_up = self._after(self._timing.switchover_give_up)
        yield lambda: self._plane.linked(source, target) or given_up()
        if not self._plane.linked(source, target):
            self._end(Number.SWITCHOVER_FAILED)
            return
        self._event(Number.WAITING_FOR_SYNC, operation.target)
        gap_over = self._after(self._timing.switchover_write_gap)
        block = self._task(lambda: self._plane.block_writes(source))
        yield lambda: block.done
        if not (block.succeeded and block.value):
            yield given_up
            self._end(Number.SWITCHOVER_FAILED)
            return
        self._event(Number.OLD_PRIMARY_DOWN, operation.source)
        yield gap_over
        promotion = self._task(lambda: self._plane.promote(target))
        yield lambda: promotion.done
        if promotion.succeeded:
            yield from self._handing_over(operation)
        else:
            yield from self._taking_back(source)

    def _handing_over(self, operation: Operation) -> Steps:
        """The target writes; the old primary follows at once."""
        self.writer = operation.target
        self._event(Number.NEW_PRIMARY_PROMOTED, operation.target)
        self._start("endpoint", self._moving_endpoint())
        finished = self._after(self._timing.switchover_finish)
        follows = yield from self._rebuilding(region_of(operation.source))
        yield finished
        if not follows:
            self._members[operation.source] = replace(self._members[operation.source], sync=Sync.PENDING_RESYNC)
            self._start(f"resync {operation.source}", self._resyncing(operation.source))
        self._end(Number.SWITCHOVER_FINISHED)

    def _taking_back(self, source: str) -> Steps:
        """The target could not be promoted: the old primary goes on."""
        self._phase(Phase.CANCELLING)
        self._event(Number.SWITCHOVER_CANCELLED, self._current.target)
        back = self._task(lambda: self._plane.promote(source))
        yield lambda: back.done
        self._end(Number.SWITCHOVER_FAILED)

    def _resyncing(self, arn: str) -> Steps:
        region = region_of(arn)
        yield lambda: self._plane.linked(region, region_of(self.writer))
        self._event(Number.RESYNC_STARTED, arn)
        snapshot = self._task(lambda: self._take_snapshot(arn))  # AWS attempts it; the rebuild goes on in any case
        yield lambda: snapshot.done
        yield from self._filling(arn)
        self._event(Number.RESYNC_FINISHED, arn)

    def _filling(self, arn: str) -> Steps:
        """The secondary gets a copy of the writer's data, and follows from then on."""
        region = region_of(arn)
        yield lambda: self._plane.linked(region, region_of(self.writer))
        at_least = self._after(self._timing.failover_resync)
        while not (yield from self._rebuilding(region)):
            yield self._after(self._timing.resync_retry)
            yield lambda: self._plane.linked(region, region_of(self.writer))
        yield at_least
        self._members[arn] = replace(self._members[arn], sync=Sync.CONNECTED)

    def _rebuilding(self, region: str) -> Generator[Condition, None, bool]:
        follow = self._task(lambda: self._plane.follow(region, region_of(self.writer)))
        yield lambda: follow.done
        return follow.succeeded

    def _moving_endpoint(self) -> Steps:
        yield self._after(self._timing.global_endpoint_dns)
        self._event(Number.ENDPOINT_MOVED, self.writer)

    def _taking_out(self, arn: str) -> Steps:
        yield self._after(self._timing.detach)
        if arn != self.writer:
            promotion = self._task(lambda: self._plane.promote(region_of(arn), alone=True))
            yield lambda: promotion.done
            if not promotion.succeeded:
                self.detaching -= {arn}
                return
        self.detaching -= {arn}
        for name in ("resync", "join"):
            self._running.pop(f"{name} {arn}", None)
        del self._members[arn]
        if arn == self.writer:
            self.writer = ""

    # -- how it is run

    @property
    def _current(self) -> Operation:
        if self.operation is None:
            raise RuntimeError("no operation is under way")
        return self.operation

    def _begin(self, operation: Operation, steps: Steps) -> None:
        with self._lock:
            self.operation = operation
            self._start("operation", steps)

    def _phase(self, phase: Phase) -> None:
        self.operation = replace(self._current, phase=phase)

    def _end(self, number: Number) -> None:
        target = self._current.target
        self.operation = None
        self._event(number, target)

    def _event(self, number: Number, arn: str) -> None:
        self._record(number, arn, [member.arn for member in self.members], self._clock.wall())
