# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary of the database: numbered rows, which of them were acknowledged by whom, which are there, which are lost.

Times are seconds since the epoch by the clock of the canary's machine: sending, acknowledging and logging are compared
with each other only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROWS_IN_SEGMENT = 60


@dataclass(frozen=True)
class Ack:
    """A row that the database acknowledged. A number is sent once only, so it stays lost when it is lost."""

    number: int
    sent_at: float
    acked_at: float


@dataclass(frozen=True)
class Segment:
    """A stretch of one session's acknowledgements by one server, as it is logged.

    ``index`` counts a session's segments without a gap. ``failed`` writes in a row weren't acknowledged after the last
    that was; the first of them was sent at ``failed_at``. ``logged_at`` is when it was last written: by then nothing
    else had been acknowledged.
    """

    session: str
    index: int
    region: str = ""
    server_id: str = ""
    acks: tuple[Ack, ...] = ()
    failed: int = 0
    failed_at: float | None = None
    logged_at: float = 0.0
    interval: float = 1.0
    flush: float = 5.0

    def as_dict(self) -> dict[str, Any]:
        """The acknowledgements in milliseconds: number, when it was sent, how long it took."""
        first = self.acks[0].sent_at if self.acks else 0.0
        acks = [[each.number, _ms(each.sent_at - first), _ms(each.acked_at - each.sent_at)] for each in self.acks]
        return {**vars(self), "acks": acks, "first_at": first}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Segment:
        given = dict(values)
        first = given.pop("first_at")
        acks = []
        for number, offset, took in given.pop("acks"):
            sent_at = first + offset / 1000.0
            acks.append(Ack(int(number), sent_at, sent_at + took / 1000.0))
        whole = {name: int(given.pop(name)) for name in ("index", "failed")}
        return cls(acks=tuple(acks), **whole, **given)


@dataclass(frozen=True)
class Rows:
    """The canary's rows that a database has, by session and number; those sent up to ``pruned_until`` were removed."""

    present: frozenset[tuple[str, int]]
    pruned_until: float = 0.0


@dataclass(frozen=True)
class Asked:
    """What is to be found out: what the failover to ``target`` lost.

    ``run_started``: what the target acknowledged before it is of an earlier life as the writer. ``promoted_at``: when
    the target was proved the writer. ``first_failure``: when the workload was seen to fail. Each 0 where unknown.
    """

    target: str
    run_started: float = 0.0
    promoted_at: float = 0.0
    first_failure: float = 0.0


@dataclass(frozen=True)
class Lost:
    """What was really lost, by the canary.

    ``rows`` were acknowledged and are not there: all of them if it is ``measured``, else (``unknown``) those that are
    known of, ``None`` where nothing is. The loss of everybody's writes lies between ``at_least`` and ``at_most``
    seconds, ``None`` when unknown. ``stale_rows`` of the old writer were acknowledged after the promotion. ``pending``:
    the log doesn't show the new writer yet.
    """

    known_as: str
    basis: str
    rows: int | None = None
    considered: int = 0
    at_least: float | None = None
    at_most: float | None = None
    first: Ack | None = None
    last: Ack | None = None
    stale_rows: int | None = None
    unacknowledged_rows: int | None = None
    holes: int = 0
    old_writer: Mapping[str, Any] | None = None
    last_writer: Mapping[str, Any] | None = None
    logged_at: float | None = None
    pending: bool = False

    def as_dict(self) -> dict[str, Any]:
        values = {name: value for name, value in vars(self).items() if name != "pending"}
        return {
            **values,
            "first": vars(self.first) if self.first else None,
            "last": vars(self.last) if self.last else None,
        }


def _ms(seconds: float) -> int:
    return round(seconds * 1000.0)
