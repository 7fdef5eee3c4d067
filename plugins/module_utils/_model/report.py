# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report: of one run, or of a workload's runs. Times are seconds since the epoch, ``None`` is unknown.

``docs/report`` has the schema that ``as_dict`` keeps: what is added to it is new, what is in it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

RUN_SCHEMA = "multiregion.aws_dr/run-report/1"
SERIES_SCHEMA = "multiregion.aws_dr/series-report/1"


class Verdict(str, Enum):
    """How a figure stands to its objective. What is bounded can be proved met, never missed."""

    MET = "met"
    MISSED = "missed"
    NOT_PROVED = "not proved"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Figure:
    """A recovery time or loss in ``seconds``, ``known_as`` measured, bounded or unknown, and by what."""

    seconds: float | None
    objective: float | None
    verdict: Verdict
    known_as: str
    basis: str


@dataclass(frozen=True)
class Span:
    """Something that took from ``started`` to ``ended``, which is ``None`` where no end is on record."""

    name: str
    started: float
    ended: float | None

    @property
    def seconds(self) -> float | None:
        return None if self.ended is None else round(max(0.0, self.ended - self.started), 3)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "seconds": self.seconds}


@dataclass(frozen=True)
class StepLine:
    """One attempt at a step, as the journal has it."""

    span: Span
    state: str
    fence: int
    calls: tuple[Mapping[str, str], ...]
    seen: Mapping[str, Any]
    error: str

    def as_dict(self) -> dict[str, Any]:
        calls, seen = [dict(call) for call in self.calls], dict(self.seen)
        return {**self.span.as_dict(), **vars(self), "calls": calls, "seen": seen, "span": None}


@dataclass(frozen=True)
class Note:
    """What the journal says beside the steps: a resumption, an unlock, rows counted later."""

    at: float
    name: str
    seen: Mapping[str, Any]


@dataclass(frozen=True)
class RunReport:
    """One run. ``run`` is who, why and how; ``read_from`` where its record was read."""

    run: Mapping[str, Any]
    read_from: str
    rto: Figure
    rpo: Figure
    lost_rows: int | None
    phases: tuple[Span, ...]
    steps: tuple[StepLine, ...]
    waits: tuple[Span, ...]
    notes: tuple[Note, ...]
    ledger: Mapping[str, Any]
    probe: Mapping[str, Any] | None
    findings: tuple[Mapping[str, Any], ...]
    plan: tuple[Mapping[str, Any], ...]
    way_back: tuple[str, ...]
    owed: tuple[str, ...]
    lines: tuple[str, ...]
    left_out: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        steps = [{name: value for name, value in each.as_dict().items() if name != "span"} for each in self.steps]
        spans = {name: [each.as_dict() for each in getattr(self, name)] for name in ("phases", "waits")}
        plain = _plain({name: value for name, value in vars(self).items() if name not in ("steps", *spans)})
        return {"schema": RUN_SCHEMA, **plain, **spans, "steps": steps}


@dataclass(frozen=True)
class Statistics:
    """Of a kind of run. ``rate`` is the share of those that ended by themselves after which one Region served users."""

    kind: str
    runs: int
    succeeded: int
    degraded: int
    split: int
    failed: int
    aborted: int
    preempted: int
    rate: float | None
    rto_median: float | None
    rto_worst: float | None
    rto_met: int
    rto_known: int
    rpo_worst: float | None
    rpo_met: int
    rpo_known: int


class Due(str, Enum):
    """Where a rehearsal stands in its calendar."""

    DONE = "done"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"
    NEVER = "never done"


@dataclass(frozen=True)
class Entry:
    """One line of the calendar: what is to be rehearsed every so many days, and when it last went well."""

    type: str
    every_days: float
    last_run: str
    last_at: float | None
    due_at: float | None
    state: Due


@dataclass(frozen=True)
class SeriesReport:
    """A workload's runs, the newest first, and what they say together."""

    workload: str
    read_from: str
    as_of: float
    runs: tuple[Mapping[str, Any], ...]
    statistics: tuple[Statistics, ...]
    calendar: tuple[Entry, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"schema": SERIES_SCHEMA, **_plain(vars(self))}


def _plain(value: Any) -> Any:
    """Records, enums and tuples as JSON has them."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return _plain(asdict(value)) if hasattr(value, "__dataclass_fields__") else value
