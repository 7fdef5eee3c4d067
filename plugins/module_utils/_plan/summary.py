# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failover amounted to: who writes, the recovery time by phase and its origin, what may be lost.

Times are seconds since the epoch, durations seconds. Unknown is ``None``, never zero.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

LAG_PERIOD = 60.0
"""Seconds. CloudWatch has a lag sample a minute, named by the minute's start: it was taken somewhere in that minute."""


BLOCKED = "blocked (RDS-EVENT-0390)"


class Origin(str, Enum):
    """Where the interval counts from. Only with an outside probe is it a recovery time."""

    PROBE = "first failed sample of the outside probe"
    RUN = "start of this run: no outside probe was named (first_failure)"


@dataclass(frozen=True)
class Marks:
    """When each phase ended. ``first_failure`` is an outside probe's, 0 when there is none.

    ``run_started`` is that of the first attempt, where several were needed.
    """

    first_failure: float
    run_started: float
    decided: float
    writer_proved: float
    traffic_switched: float
    first_success: float
    ttl_tail_until: float


@dataclass(frozen=True)
class Recovery:
    """The interval from ``origin`` to the first and to the last client served."""

    origin: Origin
    seconds_first_client: float
    seconds: float
    phases: tuple[tuple[str, float], ...]

    @property
    def rto_seconds(self) -> float | None:
        """The figure to hold against the objective: unknown where nobody says when users were cut off."""
        return self.seconds if self.origin is Origin.PROBE else None


def recovery(marks: Marks) -> Recovery:
    """The interval that users were cut off.

    It ends with the first good sample of a stable stretch; a client that cached the old answer just before the switch
    is served when its TTL has run out, so ``seconds`` (the figure to hold against the objective) counts that tail.
    """
    origin = Origin.PROBE if marks.first_failure else Origin.RUN
    began = marks.first_failure or marks.run_started
    last_client = max(marks.first_success, marks.ttl_tail_until)
    edges = (
        ("detect", marks.run_started),
        ("decide", marks.decided),
        ("promote", marks.writer_proved),
        ("route", marks.traffic_switched),
        ("verify", marks.first_success),
        ("cached answers run out", last_client),
    )
    phases, previous = [], began
    for name, end in edges:
        phases.append((name, max(0.0, end - previous)))
        previous = max(previous, end)
    return Recovery(origin, max(0.0, marks.first_success - began), max(0.0, last_client - began), tuple(phases))


@dataclass(frozen=True)
class LagSample:
    """A replication lag as CloudWatch had it: ``seconds`` of lag, the metric it came from, when its minute began."""

    seconds: float
    source: str
    minute: float


@dataclass(frozen=True)
class Loss:
    """What may be lost: at most ``seconds`` of acknowledged writes, ``None`` when unknown, and how it is known.

    ``lag_seconds`` is the replication lag that it was reckoned from, as it was sampled.
    """

    seconds: float | None
    known_as: str
    basis: str
    lag_seconds: float | None = None


def database_loss(kind: str, already: bool, changed: bool, lags: Sequence[LagSample], failed_at: float) -> Loss:
    """The database's line. A switchover waits for the last row; after a failover the last lag sample is all there is.

    ``kind`` is what the operation was, whatever was asked for; ``failed_at`` is 0 where nobody knows. It stays a
    bound until the old primary's rows have been compared.
    """
    if already and not changed:
        return Loss(0.0, "measured", "nothing was promoted")
    if already:
        return Loss(None, "unknown", "the database was promoted before this run")
    if kind == "switchover":
        return Loss(0.0, "bounded", "a switchover promotes only after the last row was replicated")
    if not lags:
        return Loss(None, "unknown", "no replication lag sample was to be had")
    return _bound(lags, failed_at)


def _bound(lags: Sequence[LagSample], failed_at: float) -> Loss:
    """The lag, and all the time since its sample may have been taken.

    The replica had all that was written until ``lag`` before the sample, and that was taken in its minute: at its
    beginning, for the bound. A sample of the failure's own minute may have been taken after it: then it describes a
    replica that nothing arrives at, whose lag says nothing, and it bounds nothing.
    """
    newest = max(lags, key=lambda lag: lag.minute)
    if not failed_at:
        basis = f"{newest.source} was {newest.seconds:.2f} s, before or after the failure: nobody says (first_failure)"
        return Loss(None, "unknown", basis, newest.seconds)
    before = [lag for lag in lags if lag.minute + LAG_PERIOD <= failed_at]
    if not before:
        basis = f"{newest.source} was {newest.seconds:.2f} s, but no minute of it had ended when the workload failed"
        return Loss(None, "unknown", basis, newest.seconds)
    last = max(before, key=lambda lag: lag.minute)
    age = failed_at - last.minute
    basis = f"{last.source} was {last.seconds:.2f} s in the minute that began {age:.0f} s before the failure"
    return Loss(last.seconds + age, "bounded", f"{basis}; rows are yet to be compared", last.seconds)


@dataclass(frozen=True)
class Objectives:
    """What was promised, in seconds."""

    rto_seconds: float = 900.0
    rpo_seconds: float = 60.0


@dataclass(frozen=True)
class Outcome:
    """A finished run of one workload."""

    workload: str
    inventories: tuple[str, ...]
    home: str
    target: str
    server: str
    changed: bool
    recovery: Recovery
    loss: Loss
    objectives: Objectives
    old_writer: str
    latch_holds: bool
    unplanned: bool = False

    @property
    def owed(self) -> tuple[str, ...]:
        """What the workload lacks until somebody does it."""
        if not self.changed:
            return ()
        other = self.home if self.target != self.home else "the other Region"
        found = {
            f"{other} is no standby yet: its database is to become a replica in sync": self.unplanned,
            "the latch is set in part only: run this again": not self.latch_holds,
            "the old writer isn't known to be blocked: fence it when its Region is back": self.unplanned
            and self.old_writer != BLOCKED,
        }
        return tuple(text for text, holds in found.items() if holds)


def old_writer(kind: str, already: bool, events: Sequence[str]) -> str:
    """What became of the old writer, by RDS's events; a switchover stops it by itself."""
    if already or kind == "switchover":
        return "stopped by the switchover" if not already else "as it was"
    if kind == "detach":
        return "NOT blocked: the target was detached, and nothing fences the old one, which comes back as a writer"
    if "RDS-EVENT-0391" in events:
        return "NOT blocked (RDS-EVENT-0391): it may acknowledge writes that will be lost; fence it"
    if "RDS-EVENT-0390" in events:
        return BLOCKED
    return "unknown: no event says whether it was blocked"


def rto_verdict(recovery_time: Recovery, objective: float) -> str:
    """How the recovery time stands to its objective; an unknown one is neither met nor missed."""
    if recovery_time.rto_seconds is None:
        return f"objective {objective:g} s: unknown"
    return f"objective {objective:g} s: {'met' if recovery_time.rto_seconds <= objective else 'MISSED'}"


def rpo_verdict(loss: Loss, objective: float) -> str:
    """How the loss stands to its objective. All that is known of it is a bound: it can prove it met, never missed."""
    if loss.seconds is None:
        return f"objective {objective:g} s: unknown"
    return f"objective {objective:g} s: {'met' if loss.seconds <= objective else 'not proved'}"


def way_back(outcome: Outcome) -> str:
    """The command that returns, to be copied; empty where the workload is at home."""
    if outcome.target == outcome.home:
        return ""
    inventories = [word for source in outcome.inventories for word in ("-i", source)]
    variables = ("-e", f"workloads={outcome.workload}", "-e", f"target={outcome.home}")
    return shlex.join(["ansible-playbook", "multiregion.aws_dr.failover", *inventories, *variables])


def _way_back_lines(outcome: Outcome) -> list[str]:
    """How to return, and what must hold before."""
    command = way_back(outcome)
    if not command:
        return ["way back: none needed, the workload is at home"]
    held = f"the latch holds clients in {outcome.target}"
    if not outcome.latch_holds:
        held = f"the latch is set in part only and may not hold clients in {outcome.target}: run this again"
    return [
        f"way back, once {outcome.home} is back and its database is a replica in sync; until then {held}:",
        f"    {command}",
    ]


def loss_text(loss: Loss) -> str:
    """A line of the ledger."""
    lost = "unknown" if loss.seconds is None else f"at most {loss.seconds:.2f} s" if loss.seconds else "0 s"
    return f"{lost} ({loss.known_as}: {loss.basis})"


def _recovery_lines(took: Recovery, objective: float) -> list[str]:
    clients = f"{took.seconds:.2f} s to the last client, {took.seconds_first_client:.2f} s to the first"
    verdict = rto_verdict(took, objective)
    known = took.rto_seconds is not None
    return [
        f"RTO {clients}; {verdict}" if known else f"RTO unknown; {verdict}. Duration of this run: {clients}",
        f"    counted from: {took.origin.value}",
        "    " + " | ".join(f"{name} {seconds:.2f}" for name, seconds in took.phases),
    ]


def lines(outcome: Outcome) -> list[str]:
    """The summary as a person reads it."""
    loss, promised = outcome.loss, outcome.objectives
    shown = [f"{outcome.workload}: {outcome.target} writes now, proved by a committed write on {outcome.server}"]
    if not outcome.changed:
        shown.append("nothing was changed: it was so before")
    else:
        shown += [
            *_recovery_lines(outcome.recovery, promised.rto_seconds),
            f"old writer: {outcome.old_writer}",
            f"RPO database {loss_text(loss)}; {rpo_verdict(loss, promised.rpo_seconds)}",
        ]
    shown += [f"OWED: {each}" for each in outcome.owed]
    return [*shown, *_way_back_lines(outcome)]


def plan_lines(workload: str, target: str, calls: Sequence[str], obstacles: Sequence[str]) -> list[str]:
    """What a run in check mode shows: the ``calls`` a real one would make, and what would keep it from them now."""
    if not calls:
        return [f"{workload}: {target} writes already and clients are sent there; nothing would be changed"]
    sure = "it would be refused as things are" if obstacles else "no blocker is known, which is not the same as safe"
    heading = f"{workload}: a failover to {target} would make these calls; {sure}"
    return [heading, *(f"{number}. {call}" for number, call in enumerate(calls, 1)), *obstacles]
