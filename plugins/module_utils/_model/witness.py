# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What witnesses say of a workload's home Region, and the verdict that is drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


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
    """Who looks, and from where: ``place`` is a Region, or ``outside``. ``every``: seconds between two looks of its.

    Who has missed two of them says nothing any more. ``name`` is its own: two witnesses never share one.
    """

    name: str
    kind: WitnessKind
    place: str
    subject: Subject = Subject.WORKLOAD
    every: float = 5.0


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
    it isn't failing. ``since`` is of the first sample of this stretch, whatever it read. All but the wall's are on the
    watcher's monotonic clock, which means nothing elsewhere: so they aren't published.
    """

    witness: Witness
    region: str
    reading: Reading
    sampled_at: float
    failing_since: float | None = None
    failing_since_wall: float = 0.0
    detail: str = ""
    since: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "witness": self.witness.name,
            "kind": self.witness.kind.value,
            "place": self.witness.place,
            "subject": self.witness.subject.value,
            "region": self.region,
            "reading": self.reading.value,
            "failing_since": self.failing_since_wall,
            "detail": self.detail,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Testimony:
        """As it was published. Raises ``KeyError``, ``TypeError`` or ``ValueError`` where that makes none."""
        return cls(
            witness=Witness(
                str(values["witness"]), WitnessKind(values["kind"]), str(values["place"]), Subject(values["subject"])
            ),
            region=str(values["region"]),
            reading=Reading(values["reading"]),
            sampled_at=0.0,
            failing_since_wall=float(values["failing_since"]),
            detail=str(values.get("detail", "")),
        )


class Quorum(str, Enum):
    """What became of a write to the state table, which needs two of its three Regions.

    ``REFUSED``: there was no answer, or one that says the quorum is gone. ``UNKNOWN``: it was throttled, or not tried.
    """

    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class QuorumSeen:
    """The watcher's own write: one, or what is known by now, then with ``since`` when that is so. Monotonic clock."""

    outcome: Quorum
    at: float
    every: float = 5.0
    detail: str = ""
    since: float | None = None


@dataclass(frozen=True)
class Verdict:
    """A ruling with its evidence, as it is published.

    ``first_failure`` is epoch seconds, 0 where nothing failed; ``sustained`` seconds for which enough witnesses agreed
    while the watcher knew that it wasn't cut off itself; ``ruled_at`` epoch seconds.
    """

    workload: str
    region: str
    ruling: Ruling
    evidence: tuple[Testimony, ...]
    reasons: tuple[str, ...]
    first_failure: float = 0.0
    sustained: float = 0.0
    ruled_at: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "ruling": self.ruling.value,
            "evidence": [each.as_dict() for each in self.evidence],
            "reasons": list(self.reasons),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Verdict:
        """As it was published. Raises ``KeyError``, ``TypeError`` or ``ValueError`` where that makes none."""
        return cls(
            workload=str(values["workload"]),
            region=str(values["region"]),
            ruling=Ruling(values["ruling"]),
            evidence=tuple(map(Testimony.from_dict, values["evidence"])),
            reasons=tuple(map(str, values["reasons"])),
            first_failure=float(values["first_failure"]),
            sustained=float(values["sustained"]),
            ruled_at=float(values["ruled_at"]),
        )
