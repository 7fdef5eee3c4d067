# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a workload may be failed over without a person: its policy, what else is known, and what was decided."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Ruling, Verdict


class Automation(str, Enum):
    """What the watcher may do by itself: nothing, tell a person the command, or fail over."""

    MANUAL = "manual"
    RECOMMEND = "recommend"
    AUTOMATIC = "automatic"


class Action(str, Enum):
    """What was decided. ``HOLD`` has its reasons, as codes."""

    NONE = "none"
    HOLD = "hold"
    RECOMMEND = "recommend"
    FAIL_OVER = "fail_over"


@dataclass(frozen=True)
class Window:
    """Hours of the week in UTC: ``days`` 0 (Monday) to 6, ``start`` and ``end`` in minutes of the day, end excluded."""

    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Policy:
    """A workload's policy. Seconds. Off by default: ``automation`` is ``MANUAL``.

    ``witnesses`` of at least ``kinds`` kinds have to say that the Region fails, all for ``sustained``. ``cooldown`` is
    counted from the end of the last run. ``allowed`` empty: at any hour. In a ``maintenance`` window nothing is done.
    """

    automation: Automation = Automation.MANUAL
    witnesses: int = 2
    kinds: int = 2
    sustained: float = 30.0
    cooldown: float = 3600.0
    allowed: tuple[Window, ...] = ()
    maintenance: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What else is known when it is decided. ``None`` is unknown, which never counts in favour of acting.

    ``writer_region`` is where the workload was last known to write. ``since_last_run`` is seconds since the last run
    ended, infinite where there was none. ``kill_switch`` is whether it is engaged.
    """

    wall: float
    writer_region: str | None
    target_healthy: bool | None
    kill_switch: bool | None
    lease_held: bool | None
    since_last_run: float | None

    def as_dict(self) -> dict[str, Any]:
        """As it is shown; no run at all is ``null`` in JSON, which knows no infinity."""
        never = self.since_last_run is not None and not math.isfinite(self.since_last_run)
        return {**vars(self), "since_last_run": None if never else self.since_last_run}


@dataclass(frozen=True)
class Decision:
    """What was decided for a workload on a verdict, with every reason for not doing more."""

    action: Action
    verdict: Verdict
    reasons: tuple[Finding, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.reasons)


EVERY_WORKLOAD = "*"
"""The scope of the kill switch that is every workload's of the state table."""


@dataclass(frozen=True)
class KillSwitch:
    """Whether automation is switched off for ``scope``, a workload or all of them; by whom, why, and since when."""

    scope: str
    engaged: bool
    reason: str
    by: str
    at: float

    def as_dict(self) -> dict[str, Any]:
        state = "engaged" if self.engaged else "released"
        return {"scope": self.scope, "state": state, "reason": self.reason, "by": self.by, "at": self.at}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> KillSwitch:
        """Anything but a clear release is engaged."""
        texts = {name: str(values.get(name, "")) for name in ("scope", "reason", "by")}
        return cls(engaged=values.get("state") != "released", at=float(values.get("at", 0.0)), **texts)


@dataclass(frozen=True)
class DecisionRecord:
    """A decision as it is kept. ``number`` counts those of a workload, from 1; ``at`` is in epoch seconds."""

    workload: str
    number: int
    at: float
    action: Action
    ruling: Ruling
    codes: tuple[str, ...]
    reasons: tuple[Mapping[str, str], ...] = ()
    verdict: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "action": self.action.value,
            "ruling": self.ruling.value,
            "codes": list(self.codes),
            "reasons": [dict(each) for each in self.reasons],
            "verdict": dict(self.verdict),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DecisionRecord:
        return cls(
            **{
                **values,
                "number": int(values["number"]),
                "action": Action(values["action"]),
                "ruling": Ruling(values["ruling"]),
                "codes": tuple(values["codes"]),
                "reasons": tuple(values["reasons"]),
            }
        )
