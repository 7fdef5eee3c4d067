# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told what, and when it is tried again: routing, deduplication, the schedule of tries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    OPEN,
    Channel,
    Delivery,
    DeliveryState,
    EventKind,
    Notice,
)

CLAIM = 60.0  # seconds that a sender has; after that it counts as killed, and another may send
AGAIN_AFTER = (60.0, 300.0, 900.0, 3600.0, 14400.0)  # seconds after the first failed sending, the second, ...
MOST_SENDINGS = len(AGAIN_AFTER) + 1
STALE_AFTER = 86_400.0  # seconds after which what happened is no news
REPEAT_AFTER = 3600.0  # seconds within which the same cause is not told again
MOST_PER_HOUR = 12  # notices of a workload that no run made: a flapping cause is not forty messages
MOST_AT_ONCE = 10  # notices sent in one go, the oldest first
ERROR_LENGTH = 300


def heard_by(notice: Notice, channel: Channel) -> bool:
    """Whether the channel is to hear of it: of any of its events, at that event's level. A test is for everybody."""
    return any(
        event.kind is EventKind.TEST
        or (event.level.rank >= channel.min_level.rank and (not channel.events or event.kind in channel.events))
        for event in notice.events
    )


def routed(notice: Notice, channels: Iterable[Channel]) -> Notice:
    """The notice with a delivery for each channel that is to hear of it."""
    deliveries = tuple(Delivery(channel.name) for channel in channels if heard_by(notice, channel))
    return replace(notice, deliveries=deliveries)


def suppressed(notice: Notice, outbox: Sequence[Notice], repeat_after: float = REPEAT_AFTER) -> str:
    """Why the notice is not sent, empty where it is. ``outbox`` is what is on record of the workload.

    A run's own notices have an id of their own and are never held back.
    """
    if notice.run_id:
        return ""
    recent = [each for each in outbox if not each.run_id and notice.at - each.at >= 0]
    told = [each for each in recent if cause(each) == cause(notice) and notice.at - each.at < repeat_after]
    if told:
        return f"the same was told {notice.at - max(each.at for each in told):.0f} s ago"
    last_hour = [each for each in recent if notice.at - each.at < 3600]
    if len(last_hour) >= MOST_PER_HOUR:
        return f"{len(last_hour)} notices of {notice.workload} were sent within the last hour"
    return ""


def cause(notice: Notice) -> str:
    """What a notice is about, whenever that was: its id without the time that it begins with."""
    return notice.id.partition("#")[2]


def due(notice: Notice, now: float) -> tuple[str, ...]:
    """The channels to which the notice may be sent now."""
    return tuple(each.channel for each in notice.deliveries if each.state in OPEN and each.not_before <= now)


def claimed(notice: Notice, channels: Sequence[str], now: float) -> Notice:
    """The notice while it is being sent to ``channels``: nobody else sends it there meanwhile."""

    def claim(delivery: Delivery) -> Delivery:
        if delivery.channel not in channels:
            return delivery
        return replace(delivery, state=DeliveryState.SENDING, attempts=delivery.attempts + 1, not_before=now + CLAIM)

    return _changed(notice, tuple(map(claim, notice.deliveries)))


def settled(notice: Notice, channel: str, error: str, now: float) -> Notice:
    """The notice after it was sent to ``channel``, or after that ended with ``error``."""

    def settle(delivery: Delivery) -> Delivery:
        if delivery.channel != channel:
            return delivery
        return after(delivery, error, now - notice.at, now)

    return _changed(notice, tuple(map(settle, notice.deliveries)))


def after(delivery: Delivery, error: str, age: float, now: float) -> Delivery:
    """A delivery after a sending. ``age`` is the notice's, in seconds."""
    if not error:
        return replace(delivery, state=DeliveryState.SENT, not_before=0.0, error="")
    short = error if len(error) <= ERROR_LENGTH else error[: ERROR_LENGTH - 1] + "…"
    if delivery.attempts >= MOST_SENDINGS or age >= STALE_AFTER:
        return replace(delivery, state=DeliveryState.GIVEN_UP, error=short)
    wait = AGAIN_AFTER[max(delivery.attempts, 1) - 1]
    return replace(delivery, state=DeliveryState.PENDING, not_before=now + wait, error=short)


def without_strangers(notice: Notice, channels: Iterable[Channel]) -> Notice:
    """Deliveries to channels that the inventory has no more are given up, and say so."""
    known = {channel.name for channel in channels}

    def drop(delivery: Delivery) -> Delivery:
        if delivery.channel in known or delivery.state not in OPEN:
            return delivery
        return replace(delivery, state=DeliveryState.GIVEN_UP, error="the inventory has no such channel any more")

    kept = tuple(map(drop, notice.deliveries))
    return notice if kept == notice.deliveries else _changed(notice, kept)


def to_send(outbox: Iterable[Notice], now: float) -> tuple[Notice, ...]:
    """What is due, oldest first."""
    waiting = sorted((each for each in outbox if due(each, now)), key=lambda each: each.id)
    return tuple(waiting[:MOST_AT_ONCE])


def _changed(notice: Notice, deliveries: tuple[Delivery, ...]) -> Notice:
    return replace(notice, deliveries=deliveries, version=notice.version + 1)


def lines(notices: Iterable[Notice]) -> list[str]:
    """How the deliveries stand, as a person reads it."""
    return [_line(notice, delivery) for notice in notices for delivery in notice.deliveries]


def _line(notice: Notice, delivery: Delivery) -> str:
    what = ", ".join(event.kind.value for event in notice.events)
    if delivery.state is DeliveryState.SENT:
        return f"told {delivery.channel}: {what}"
    if delivery.state is DeliveryState.SENDING:
        return f"{delivery.channel} is being told: {what}"
    if any(event.kind is EventKind.TEST for event in notice.events):
        return f"NOT TOLD {delivery.channel}: {what}: {delivery.error}"
    ends = "given up" if delivery.state is DeliveryState.GIVEN_UP else "notify.yml, or the next run, tries again"
    return f"NOT TOLD {delivery.channel}: {what}: {delivery.error or 'not tried yet'}; {ends}"
