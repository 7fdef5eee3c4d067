# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is broken right now: injected API faults and lost Regions."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, replace
from enum import Enum


class Kind(str, Enum):
    """How a call fails."""

    LATENCY = "latency"
    THROTTLE = "throttle"
    ERROR = "error"
    BLACK_HOLE = "black_hole"
    REFUSE = "refuse"
    LOST_ANSWER = "lost_answer"
    KILL = "kill"


class LossMode(str, Enum):
    """How the host names of a lost Region behave."""

    REFUSE = "refuse"
    HANG = "hang"


@dataclass(frozen=True)
class Fault:
    """A rule: what happens to which calls, how many times (None: until cleared).

    ``*`` matches everything; the first ``skip`` calls that match are let through. ``seconds`` belongs to LATENCY,
    ``status`` and ``code`` to ERROR. LOST_ANSWER is a call that took effect and whose answer never came. KILL ends the
    process ``pid`` once the call has taken effect, with all that it started if ``tree``, and then answers.
    """

    kind: Kind
    service: str = "*"
    action: str = "*"
    region: str = "*"
    seconds: float = 0.0
    status: int = 503
    code: str = ""
    pid: int = 0
    tree: bool = False
    skip: int = 0
    times: int | None = None
    id: int = 0

    def matches(self, service: str, action: str, region: str) -> bool:
        """Say whether a call is meant."""
        wanted = (self.service, self.action, self.region)
        return all(want in ("*", have) for want, have in zip(wanted, (service, action, region), strict=True))


class Rules:
    """The faults in force; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._faults: dict[int, Fault] = {}
        self._lost: dict[str, LossMode] = {}

    def add(self, fault: Fault) -> int:
        """Put a fault in force and return its id."""
        if fault.times is not None and fault.times < 1:
            raise ValueError(f"times must be at least 1, not {fault.times}")
        with self._lock:
            number = next(self._ids)
            self._faults[number] = replace(fault, id=number)
            return number

    def clear(self, number: int | None = None) -> None:
        """End one fault, or all of them; lost Regions stay lost."""
        with self._lock:
            if number is None:
                self._faults.clear()
            else:
                self._faults.pop(number, None)

    def active(self) -> list[Fault]:
        """List the faults in force."""
        with self._lock:
            return list(self._faults.values())

    def take(self, service: str, action: str, region: str, kinds: frozenset[Kind] | None = None) -> list[Fault]:
        """Return the faults that hit this call, counting them down."""
        with self._lock:
            hits = [
                fault
                for fault in self._faults.values()
                if (kinds is None or fault.kind in kinds) and fault.matches(service, action, region)
            ]
            return [fault for fault in hits if self._hits(fault)]

    def holds(self, number: int) -> bool:
        """Say whether a fault is still in force: a call in a black hole waits for this to end."""
        with self._lock:
            return number in self._faults

    def lose_region(self, region: str, mode: str | LossMode = LossMode.REFUSE) -> None:
        """Take all host names of a Region away."""
        with self._lock:
            self._lost[region] = LossMode(mode)

    def heal_region(self, region: str) -> None:
        """Give a Region's host names back."""
        with self._lock:
            self._lost.pop(region, None)

    def lost(self, region: str) -> LossMode | None:
        """Say how a Region is lost; None when it is not."""
        with self._lock:
            return self._lost.get(region)

    def lost_regions(self) -> dict[str, LossMode]:
        """Map each lost Region to how it is lost."""
        with self._lock:
            return dict(self._lost)

    def reset(self) -> None:
        """Heal everything."""
        with self._lock:
            self._faults.clear()
            self._lost.clear()

    def _hits(self, fault: Fault) -> bool:
        """Count a call that matches, and say whether it is hit."""
        if fault.skip:
            self._faults[fault.id] = replace(fault, skip=fault.skip - 1)
            return False
        if fault.times == 1:
            del self._faults[fault.id]
        elif fault.times is not None:
            self._faults[fault.id] = replace(fault, times=fault.times - 1)
        return True
