# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What witnesses say of a workload's home Region, and the verdict that is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class WitnessKind(str, Enum):
    """By what means a witness looks. Witnesses of one kind can be wrong together, so one kind alone isn't enough."""

    PROBE = "probe"
    ALARM = "alarm"
    CANARY = "canary"


class Subject(str, Enum):
    """What a witness looks at: the workload, or the Region by something that the workload's releases don't touch."""

    WORKLOAD = "workload"
    PLATFORM = "platform"


class Reading(str, Enum):
    """One look. ``UNKNOWN``: the witness itself couldn't look, which says nothing of the Region."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


class Ruling(str, Enum):
    """What is the matter, as far as the witnesses can tell.

    ``SUSPECTED`` hasn't lasted long enough. ``APPLICATION`` fails while its Region is well: a bad release, say.
    ``ISOLATED``: it is the watcher that is cut off. ``UNCLEAR``: the witnesses can't tell one from the other.
    """

    HEALTHY = "healthy"
    SUSPECTED = "suspected"
    REGION_LOST = "region_lost"
    APPLICATION = "application"
    ISOLATED = "isolated"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Witness:
    """Who looks, and from where: ``place`` is a Region, or ``outside``."""

    name: str
    kind: WitnessKind
    place: str
    subject: Subject = Subject.WORKLOAD


@dataclass(frozen=True)
class Sample:
    """One look at ``region``. ``at`` is on the watcher's monotonic clock in seconds, ``wall`` since the epoch."""

    witness: Witness
    region: str
    reading: Reading
    at: float
    wall: float
    detail: str = ""


@dataclass(frozen=True)
class Testimony:
    """What a witness says of a Region by now: its last reading, and since when that is so.

    ``failing_since`` and ``failing_since_wall`` are of the first bad sample of this stretch, ``None`` and 0 where
    it isn't failing.
    """

    witness: Witness
    region: str
    reading: Reading
    sampled_at: float
    failing_since: float | None = None
    failing_since_wall: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """A ruling with its evidence. ``first_failure`` is epoch seconds, 0 where nothing failed; ``sustained`` seconds."""

    workload: str
    region: str
    ruling: Ruling
    evidence: tuple[Testimony, ...]
    reasons: tuple[str, ...]
    first_failure: float = 0.0
    sustained: float = 0.0
