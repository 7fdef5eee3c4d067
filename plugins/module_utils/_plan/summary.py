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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.detaching import REBUILD
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import Loss, loss_text

BLOCKED = "blocked (RDS-EVENT-0390)"
SAFE = (BLOCKED, "fenced (")
HOLDERS = {"latch": "the latch holds", "routing_control": "the routing controls hold", "records": "the records keep"}
"""What keeps clients where they were sent, by what they are switched with."""


class Origin(str, Enum):
    """Where the interval counts from. Only with an outside probe is it a recovery time."""

    PROBE = "the first failed sample of an outside probe, as it was given (first_failure)"
    RUN = "start of this run: no outside probe was named (first_failure)"


@dataclass(frozen=True)
class Marks:
    """When each phase ended. ``first_failure`` is an outside probe's, 0 when there is none.

    ``run_started`` is that of the first attempt, where several were needed.
    """

    first_failure: float
    run_started: float
    decided: float
    fenced: float
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
    # Without a probe nobody knows how long it took to see the failure.
    detected = (("detect", marks.run_started),) if origin is Origin.PROBE else ()
    edges = (
        *detected,
        ("decide", marks.decided),
        ("fence", marks.fenced),
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
class Objectives:
    """What was promised, in seconds."""

    rto_seconds: float = 900.0
    rpo_seconds: float = 60.0


@dataclass(frozen=True)
class Outcome:
    """A finished run of one workload. ``holder`` is by what clients were switched, ``layers`` what the others lost."""

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
    layers_owed: tuple[str, ...] = ()
    detached: bool = False
    holder: str = "latch"
    layers: tuple[tuple[str, Loss], ...] = ()
    split: str = ""  # the other Region that takes writes was seen, and the way out
    canary: str = ""
    standby_comes: bool = False  # the old writer is still being brought in as a replica

    @property
    def owed(self) -> tuple[str, ...]:
        """What the workload lacks until somebody does it."""
        split = (self.split,) if self.split else ()
        other = self.home if self.target != self.home else owed.OTHER
        if not self.changed:
            return (*split, *((owed.standby(other),) if self.standby_comes else ()), *self.layers_owed)
        found = {
            owed.standby(other): self.unplanned,
            "the latch is set in part only: run this again": not self.latch_holds,
            owed.OLD_WRITER: self.unplanned and not self.old_writer.startswith(SAFE),
        }
        return (*split, *(text for text, holds in found.items() if holds), *self.layers_owed)


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
    variables = ("-e", f"workloads={outcome.workload}")
    return shlex.join(["ansible-playbook", "multiregion.aws_dr.failback", *inventories, *variables])


def _way_back_lines(outcome: Outcome) -> list[str]:
    """How to return, and what must hold before."""
    command = way_back(outcome)
    if outcome.detached:
        return [f"way back: {outcome.target} was detached; {REBUILD}"]
    if not command:
        return ["way back: none needed, the workload is at home"]
    held = f"{HOLDERS[outcome.holder]} clients in {outcome.target}"
    if not outcome.latch_holds:
        held = f"the latch is set in part only and may not hold clients in {outcome.target}: run this again"
    once = f"{outcome.home} is back and its database" if outcome.unplanned else f"the database of {outcome.home}"
    first = "lost writes come first" if outcome.changed else "lost writes come first, unless they were dealt with"
    losses = f"    {first}: multiregion.aws_dr.reconcile, or -e accept_unreconciled=true -e reason=..."
    return [
        f"way back, once {once} is a replica in sync; until then {held}:",
        f"    {command}",
        *([losses] if outcome.unplanned else []),
    ]


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
    shown = [f"{outcome.workload}: {outcome.split}"] if outcome.split else []
    shown.append(f"{outcome.workload}: {outcome.target} writes now, proved by a committed write on {outcome.server}")
    if not outcome.changed:
        shown.append("nothing was changed: it was so before")
    else:
        shown += [
            *_recovery_lines(outcome.recovery, promised.rto_seconds),
            f"old writer: {outcome.old_writer}",
            f"RPO database {loss_text(loss)}; {rpo_verdict(loss, promised.rpo_seconds)}",
            *([outcome.canary] if outcome.canary else []),
            *(
                f"RPO {name} {loss_text(each)}; {rpo_verdict(each, promised.rpo_seconds)}"
                for name, each in outcome.layers
            ),
        ]
    shown += [f"OWED: {each}" for each in outcome.owed if each != outcome.split]
    return [*shown, *_way_back_lines(outcome)]


def plan_lines(workload: str, target: str, steps: Sequence[str], obstacles: Sequence[str]) -> list[str]:
    """What a run in check mode shows: the ``steps`` of a real one, and what would keep it from them now."""
    if not steps:
        return [f"{workload}: {target} writes already and clients are sent there; nothing would be changed"]
    sure = "it would be refused as things are" if obstacles else "no blocker is known, which is not the same as safe"
    return [f"{workload}: a failover to {target} would make these calls; {sure}", *steps, *obstacles]
