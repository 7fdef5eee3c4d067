# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    Channel,
    ChannelType,
    Delivery,
    DeliveryState,
    EventKind,
    Happening,
    Level,
    Notice,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify as plan

NOW = 1_000_000.0


def notice(**changed: Any) -> Notice:
    events = (Happening(EventKind.DONE, Level.INFO), Happening(EventKind.FENCE_OWED, Level.CRITICAL))
    return replace(Notice("1#shop-1#ended", "shop", "shop-1", NOW, events, "shop: done"), **changed)


def refusal(at: float, about: str = "refusal#eu-west-1#no_standby") -> Notice:
    events = (Happening(EventKind.REFUSAL, Level.WARNING),)
    return Notice(f"{int(at * 1000):015d}#{about}", "shop", "", at, events, "shop: refused")


def channel(name: str = "ops", level: Level = Level.INFO, *events: EventKind) -> Channel:
    return Channel(name, ChannelType.WEBHOOK, level, frozenset(events))


@pytest.mark.parametrize(
    ("to", "hears"),
    [
        (channel(), True),
        (channel("a", Level.CRITICAL), True),
        (channel("a", Level.INFO, EventKind.DONE), True),
        # The fence is critical, but this channel isn't told of fences.
        (channel("a", Level.CRITICAL, EventKind.DONE), False),
        (channel("a", Level.CRITICAL, EventKind.FENCE_OWED), True),
        (channel("a", Level.INFO, EventKind.DRILL_RESULT), False),
    ],
)
def test_a_channel_hears_of_its_events_at_its_level(to: Channel, hears: bool) -> None:
    assert plan.heard_by(notice(), to) is hears


def test_a_test_is_for_every_channel() -> None:
    test = notice(events=(Happening(EventKind.TEST, Level.INFO),))
    deaf = channel("a", Level.CRITICAL, EventKind.DRILL_RESULT)
    assert [each.channel for each in plan.routed(test, [channel(), deaf]).deliveries] == ["ops", "a"]


def test_a_channel_that_hears_of_nothing_has_no_delivery() -> None:
    assert plan.routed(notice(), [channel("a", Level.INFO, EventKind.DETECTION)]).deliveries == ()


def test_the_same_cause_is_told_once_within_the_hour_and_again_after_it() -> None:
    on_record = [refusal(NOW)]
    assert "the same was told 60 s ago" in plan.suppressed(refusal(NOW + 60), on_record)
    assert plan.suppressed(refusal(NOW + 60, "refusal#eu-west-1#lag"), on_record) == ""
    assert plan.suppressed(refusal(NOW + 3601), on_record) == ""
    assert plan.suppressed(refusal(NOW + 60), on_record, repeat_after=30) == ""


def test_a_flapping_cause_is_not_forty_messages() -> None:
    on_record: list[Notice] = []
    for number in range(40):
        each = refusal(NOW + number, f"detection#sample {number}")
        if not plan.suppressed(each, on_record):
            on_record.append(each)
    assert len(on_record) == plan.MOST_PER_HOUR


def test_a_runs_own_notices_are_never_held_back() -> None:
    on_record = [refusal(NOW + number, f"x#{number}") for number in range(40)]
    assert plan.suppressed(notice(at=NOW + 50), on_record) == ""


def test_what_is_claimed_is_nobody_elses_until_the_claim_runs_out() -> None:
    fresh = plan.routed(notice(), [channel("a"), channel("b")])
    mine = plan.claimed(fresh, ["a"], NOW)
    assert plan.due(mine, NOW) == ("b",)
    assert plan.due(mine, NOW + plan.CLAIM - 1) == ("b",)
    assert plan.due(mine, NOW + plan.CLAIM) == ("a", "b")
    assert mine.version == fresh.version + 1


def test_what_was_sent_is_not_sent_again() -> None:
    sent = plan.settled(plan.claimed(plan.routed(notice(), [channel("a")]), ["a"], NOW), "a", "", NOW)
    assert sent.deliveries == (Delivery("a", DeliveryState.SENT, 1),)
    assert plan.due(sent, NOW + 10**6) == ()


def test_what_failed_is_tried_again_ever_more_seldom_and_given_up_at_last() -> None:
    now, waits = NOW, []
    current = plan.routed(notice(), [channel("a")])
    while plan.due(current, now):
        current = plan.settled(plan.claimed(current, ["a"], now), "a", "no answer", now)
        (delivery,) = current.deliveries
        if delivery.state is DeliveryState.PENDING:
            waits.append(delivery.not_before - now)
            assert plan.due(current, delivery.not_before - 1) == ()
            now = delivery.not_before
    assert tuple(waits) == plan.AGAIN_AFTER
    assert current.deliveries[0].state is DeliveryState.GIVEN_UP
    assert current.deliveries[0].attempts == plan.MOST_SENDINGS


def test_yesterdays_news_is_given_up() -> None:
    old = plan.claimed(plan.routed(notice(), [channel("a")]), ["a"], NOW)
    assert plan.settled(old, "a", "no", NOW + plan.STALE_AFTER).deliveries[0].state is DeliveryState.GIVEN_UP


def test_an_error_is_kept_short() -> None:
    kept = plan.settled(plan.routed(notice(), [channel("a")]), "a", "x" * 5000, NOW).deliveries[0].error
    assert len(kept) == plan.ERROR_LENGTH


def test_a_channel_that_the_inventory_has_no_more_is_given_up() -> None:
    kept = plan.without_strangers(plan.routed(notice(), [channel("a"), channel("b")]), [channel("b")])
    assert [each.state for each in kept.deliveries] == [DeliveryState.GIVEN_UP, DeliveryState.PENDING]
    assert plan.without_strangers(kept, [channel("b")]) is kept


def test_a_bounded_number_is_sent_at_once_the_oldest_first() -> None:
    outbox = [plan.routed(refusal(NOW + number, f"x#{number}"), [channel()]) for number in reversed(range(30))]
    assert [each.at for each in plan.to_send(outbox, NOW + 100)] == [
        NOW + number for number in range(plan.MOST_AT_ONCE)
    ]


def test_each_delivery_is_said() -> None:
    current = plan.routed(notice(), [channel("a"), channel("b"), channel("c")])
    current = plan.claimed(current, ["a", "b"], NOW)
    current = plan.settled(plan.settled(current, "a", "", NOW), "b", "it answered 500", NOW)
    assert plan.lines([current]) == [
        "told a: done, fence_owed",
        "NOT TOLD b: done, fence_owed: it answered 500; notify.yml, or the next run, tries again",
        "NOT TOLD c: done, fence_owed: not tried yet; notify.yml, or the next run, tries again",
    ]


def test_nobody_tries_a_test_again() -> None:
    test = plan.routed(notice(events=(Happening(EventKind.TEST, Level.INFO),)), [channel("a")])
    assert plan.lines([plan.settled(test, "a", "no answer", NOW)]) == ["NOT TOLD a: test: no answer"]


def test_a_notice_outlives_being_kept() -> None:
    current = plan.claimed(plan.routed(notice(figures=("RTO 1 s",)), [channel("a")]), ["a"], NOW)
    assert Notice.from_dict(current.as_dict()) == current
