# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: one failover, failback or drill of one workload; its journal, and the token that its steps carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call


class RunKind(str, Enum):
    """What a run is for. An emergency pre-empts a drill, and what is done about a Region that has returned."""

    FAILOVER = "failover"
    FAILBACK = "failback"
    DRILL = "drill"
    REGION_RETURN = "region_return"


class Outcome(str, Enum):
    """How a run ended. Degraded: users are served, and something is owed (a fence, a standby).

    Split: users are served, and another Region was found taking writes too.
    """

    SUCCEEDED = "succeeded"
    DEGRADED = "degraded"
    SPLIT = "split"
    FAILED = "failed"
    ABORTED = "aborted"
    PREEMPTED = "preempted"


@dataclass(frozen=True)
class RunToken:
    """What ``run_open`` hands to every step of a run.

    ``fence`` only ever grows: a step whose fence isn't the lock's any more belongs to a run that was taken over.
    ``region`` is where the state table is reached. ``journal`` is a local file instead of a table, after breaking
    the glass. ``pid`` and ``pid_started`` name the controller's process, 0 where that isn't known. A fence of 0 is that
    of no run: there was nothing to do when it was asked for, and nothing may be done.
    """

    id: str
    fence: int
    lock: str
    table: str = ""
    region: str = ""
    journal: str = ""
    pid: int = 0
    pid_started: int = 0

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> RunToken:
        return cls(**{name: options[name] for name in cls.__dataclass_fields__ if options.get(name) is not None})

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class RunRecord:
    """A run as it stands in the state table. Times are epoch seconds, for people.

    ``fence`` is that of the latest opening: only who has it may close the run. ``outcome`` is ``None`` while it is
    open; a closed run never reopens. ``details`` is what was frozen at the opening, ``summary`` what came of it.
    """

    id: str
    kind: RunKind
    workload: str
    lock: str
    mode: str
    target: str
    reason: str
    initiated_by: str
    approved_by: str
    opened_at: float
    fence: int
    resumed: int = 0
    outcome: Outcome | None = None
    closed_at: float = 0.0
    details: Mapping[str, Any] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.outcome is None

    def as_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "kind": self.kind.value,
            "outcome": self.outcome.value if self.outcome else None,
            "details": dict(self.details),
            "summary": dict(self.summary),
        }


class EventState(str, Enum):
    """How far a step is."""

    STARTED = "started"
    DONE = "done"
    ALREADY = "already"
    FAILED = "failed"
    NOTE = "note"


@dataclass(frozen=True)
class Event:
    """One line of a run's journal: ``calls`` are those to come (started) or made, ``seen`` what was then observed."""

    run_id: str
    fence: int
    at: float
    step: str
    state: EventState
    calls: tuple[Call, ...] = ()
    seen: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "state": self.state.value,
            "calls": [call.as_dict() for call in self.calls],
            "seen": dict(self.seen),
        }
