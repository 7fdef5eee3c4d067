# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a workload may be failed over without a person: its policy, what else is known, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Verdict


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


@dataclass(frozen=True)
class Decision:
    """What was decided for a workload on a verdict, with every reason for not doing more."""

    action: Action
    verdict: Verdict
    reasons: tuple[Finding, ...] = ()
