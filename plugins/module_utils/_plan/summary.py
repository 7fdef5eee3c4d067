# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failover amounted to: who writes, the recovery time by phase and its origin, what may be lost.

Times are seconds since the epoch, durations seconds. Unknown is ``None``, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

LAG_SAMPLE_MAX_AGE = 180.0
"""Seconds. CloudWatch has a lag sample a minute, named by the minute's start: up to two are missing in good order."""


class Origin(str, Enum):
    """Where the recovery time counts from."""

    PROBE = "first failed sample of the outside probe"
    RUN = "start of this run: no outside probe was named, so this is the run's duration only"


@dataclass(frozen=True)
class Marks:
    """When each phase ended. ``first_failure`` is an outside probe's, 0 when there is none."""

    first_failure: float
    run_started: float
    promotion_started: float
    writer_proved: float
    traffic_switched: float
    first_success: float
    ttl_tail_until: float


@dataclass(frozen=True)
class Recovery:
    """The recovery time objective's interval: from ``origin`` to the first and to the last client served."""

    origin: Origin
    seconds_first_client: float
    seconds: float
    phases: tuple[tuple[str, float], ...]


def recovery(marks: Marks) -> Recovery:
    """The interval that users were cut off.

    It ends with the first good sample of a stable stretch; a client that cached the old answer just before the switch
    is served when its TTL has run out, so ``seconds`` (the figure to hold against the objective) counts that tail.
    """
    origin = Origin.PROBE if marks.first_failure else Origin.RUN
    began = marks.first_failure or marks.run_started
    last_client = max(marks.first_success, marks.ttl_tail_until)
    edges = (
        ("detect and decide", marks.run_started),
        ("observe", marks.promotion_started),
        ("promote and prove the writer", marks.writer_proved),
        ("switch traffic", marks.traffic_switched),
        ("first client served", marks.first_success),
        ("cached answers run out", last_client),
    )
    phases, previous = [], began
    for name, end in edges:
        phases.append((name, max(0.0, end - previous)))
        previous = max(previous, end)
    return Recovery(origin, max(0.0, marks.first_success - began), max(0.0, last_client - began), tuple(phases))


@dataclass(frozen=True)
class LagSample:
    """A replication lag as CloudWatch had it: ``seconds`` of lag, the metric it came from, when it was taken."""

    seconds: float
    source: str
    taken_at: float


@dataclass(frozen=True)
class Loss:
    """What may be lost: ``seconds`` of acknowledged writes, ``None`` when unknown, and how it is known."""

    seconds: float | None
    known_as: str
    basis: str


def database_loss(kind: str, already: bool, changed: bool, lag: LagSample | None, began: float) -> Loss:
    """The database's line. A switchover waits for the last row; after a failover the last lag sample is all there is.

    ``kind`` is what the operation was, whatever was asked for. Only a lag sampled *before* ``began``, and not long
    before, says anything: one sampled later describes a Region that was gone. It stays a bound until the old
    primary's rows have been compared.
    """
    if already and not changed:
        return Loss(0.0, "measured", "nothing was promoted")
    if already:
        return Loss(None, "unknown", "the database was promoted before this run")
    if kind == "switchover":
        return Loss(0.0, "bounded", "a switchover promotes only after the last row was replicated")
    if lag is None:
        return Loss(None, "unknown", "no replication lag sample was to be had")
    age = began - lag.taken_at
    if not 0 <= age <= LAG_SAMPLE_MAX_AGE:
        return Loss(None, "unknown", f"the last {lag.source} sample is of {age:.0f} s before the start")
    return Loss(
        lag.seconds, "bounded", f"{lag.source} sampled {age:.0f} s before the start; rows are yet to be compared"
    )


@dataclass(frozen=True)
class Objectives:
    """What was promised, in seconds."""

    rto_seconds: float = 900.0
    rpo_seconds: float = 60.0


@dataclass(frozen=True)
class Outcome:
    """A finished run of one workload."""

    workload: str
    home: str
    target: str
    server: str
    changed: bool
    recovery: Recovery
    loss: Loss
    objectives: Objectives
    old_writer: str
    latch_holds: bool


def old_writer(kind: str, already: bool, events: Sequence[str]) -> str:
    """What became of the old writer, by RDS's events; a switchover stops it by itself."""
    if already or kind == "switchover":
        return "stopped by the switchover" if not already else "as it was"
    if "RDS-EVENT-0391" in events:
        return "NOT blocked (RDS-EVENT-0391): it may acknowledge writes that will be lost; fence it"
    if "RDS-EVENT-0390" in events:
        return "blocked (RDS-EVENT-0390)"
    return "unknown: no event says whether it was blocked"


def verdict(value: float | None, objective: float) -> str:
    """How a figure stands to its objective; an unknown one is neither met nor missed."""
    if value is None:
        return f"objective {objective:g} s: unknown"
    return f"objective {objective:g} s: {'met' if value <= objective else 'MISSED'}"


def way_back(outcome: Outcome) -> str:
    """How to return, and what must hold before."""
    if outcome.target == outcome.home:
        return "none needed: the workload is at home"
    held = f"the latch holds clients in {outcome.target}"
    if not outcome.latch_holds:
        held = f"the latch is set in part only and may not hold clients in {outcome.target}: run this again"
    return (
        f"once {outcome.home} is back and its database is a replica in sync:"
        f" ansible-playbook multiregion.aws_dr.failover -e target={outcome.home};"
        f" until then {held}"
    )


def lines(outcome: Outcome) -> list[str]:
    """The summary as a person reads it."""
    took, loss, promised = outcome.recovery, outcome.loss, outcome.objectives
    lost = "unknown" if loss.seconds is None else f"{loss.seconds:.2f} s"
    shown = [f"{outcome.workload}: {outcome.target} writes now, proved by a committed write on {outcome.server}"]
    if not outcome.changed:
        shown.append("nothing was changed: it was so before")
    else:
        shown += [
            f"RTO {took.seconds:.2f} s to the last client, {took.seconds_first_client:.2f} s to the first;"
            f" {verdict(took.seconds, promised.rto_seconds)}",
            f"    counted from: {took.origin.value}",
            "    " + " | ".join(f"{name} {seconds:.2f}" for name, seconds in took.phases),
            f"old writer: {outcome.old_writer}",
            f"RPO database {lost} ({loss.known_as}: {loss.basis}); {verdict(loss.seconds, promised.rpo_seconds)}",
        ]
    return [*shown, f"way back: {way_back(outcome)}"]
