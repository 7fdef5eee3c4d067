# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people are told: an event, who hears of it, and how far its delivery is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class EventKind(str, Enum):
    """What may be told. A channel can be limited to some of them."""

    DETECTION = "detection"
    REFUSAL = "refusal"
    START = "start"
    POINT_OF_NO_RETURN = "point_of_no_return"
    DONE = "done"
    FAILED = "failed"
    FENCE_OWED = "fence_owed"
    NO_STANDBY = "no_standby"
    FAILBACK_DUE = "failback_due"
    OBJECTIVE_MISSED = "objective_missed"
    DRILL_RESULT = "drill_result"
    TEST = "test"


class Level(str, Enum):
    """How urgent it is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Stage(str, Enum):
    """Where in a run a notice is sent: each once for a run, ``FAILED`` once for an attempt."""

    PROMOTING = "promoting"
    ENDED = "ended"
    FAILED = "failed"


class DeliveryState(str, Enum):
    """``SENDING`` is claimed: by a process that lives, or by one that was killed before it could say more."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


@dataclass(frozen=True)
class Delivery:
    """A notice on its way to one channel. Nobody may send it before ``not_before`` (epoch seconds)."""

    channel: str
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    not_before: float = 0.0
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "state": self.state.value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Delivery:
        return cls(**{**values, "state": DeliveryState(values["state"]), "attempts": int(values["attempts"])})


@dataclass(frozen=True)
class Happening:
    """One event of a notice, and how urgent that one is."""

    kind: EventKind
    level: Level

    def as_dict(self) -> dict[str, str]:
        return {"kind": self.kind.value, "level": self.level.value}


@dataclass(frozen=True)
class Notice:
    """One message about a workload. Nothing in it is secret: it is kept in the state table.

    ``id`` sorts by time, and is the same for the same cause: so no cause is told twice. ``at`` in epoch seconds.
    ``version`` only grows, with each change.
    """

    id: str
    workload: str
    run_id: str
    at: float
    events: tuple[Happening, ...]
    title: str
    happened: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    runbook: str = ""
    deliveries: tuple[Delivery, ...] = ()
    version: int = 0

    @property
    def level(self) -> Level:
        """That of the most urgent event."""
        return max((event.level for event in self.events), key=lambda level: level.rank, default=Level.INFO)

    def as_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "events": [event.as_dict() for event in self.events],
            "happened": list(self.happened),
            "figures": list(self.figures),
            "next_steps": list(self.next_steps),
            "deliveries": [delivery.as_dict() for delivery in self.deliveries],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Notice:
        events = tuple(Happening(EventKind(each["kind"]), Level(each["level"])) for each in values["events"])
        texts = {name: tuple(values[name]) for name in ("happened", "figures", "next_steps")}
        deliveries = tuple(map(Delivery.from_dict, values["deliveries"]))
        return cls(
            **{
                **values,
                **texts,
                "events": events,
                "deliveries": deliveries,
                "version": int(values["version"]),
            }
        )


class ChannelType(str, Enum):
    """How a channel is reached."""

    MAIL = "mail"
    SES = "ses"
    WEBHOOK = "webhook"
    SLACK = "slack"
    SNS = "sns"


@dataclass(frozen=True)
class Channel:
    """Somewhere to tell people. ``settings`` may hold secrets, and is never kept nor shown.

    ``trouble`` says why it can't be used. No ``events`` means all.
    """

    name: str
    type: ChannelType | None
    min_level: Level = Level.INFO
    events: frozenset[EventKind] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    trouble: str = ""
