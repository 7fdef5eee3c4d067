# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A preflight in an outage doesn't throw away what the one before it had seen of the lost Region."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.baseline import standing_in

HOME, STANDBY = "eu-central-1", "eu-west-1"
WRITER, READER = {"role": "writer"}, {"role": "reader"}


def finding(code: str, region: str, topic: str = "database") -> dict[str, Any]:
    return {"code": code, "topic": topic, "region": region}


GOOD = Baseline(
    "shop", 1000.0, observed={"database": {HOME: WRITER, STANDBY: READER}}, findings=(finding("resync_pending", HOME),)
)
BLIND = Baseline(
    "shop",
    2000.0,
    observed={"database": {STANDBY: READER}},
    findings=(finding("source_unreachable", HOME), finding("no_writer", HOME), finding("headless", STANDBY)),
)
LOST = [("database", HOME)]


def test_what_could_not_be_read_stays_with_its_age_and_what_was_found_of_it() -> None:
    kept = standing_in(BLIND, GOOD, LOST)
    assert (kept.seen("database", HOME), kept.seen_at("database", HOME)) == (WRITER, 1000.0)
    assert (kept.seen("database", STANDBY), kept.seen_at("database", STANDBY)) == (READER, 2000.0)
    assert [each["code"] for each in kept.findings] == ["no_writer", "headless", "resync_pending"]


def test_an_outage_that_lasts_keeps_the_first_age() -> None:
    later = Baseline("shop", 3000.0, observed={"database": {STANDBY: READER}})
    kept = standing_in(later, standing_in(BLIND, GOOD, LOST), LOST)
    assert (kept.seen_at("database", HOME), kept.seen_at("database", STANDBY)) == (1000.0, 3000.0)


def test_what_one_look_of_two_could_read_is_not_replaced() -> None:
    seen = Baseline("shop", 2000.0, observed={"database": {HOME: READER}}, findings=(finding("headless", HOME),))
    assert standing_in(seen, GOOD, LOST) == seen


def test_what_nobody_asks_for_any_more_is_forgotten() -> None:
    """A layer that was taken out of the inventory."""
    before = Baseline("shop", 1000.0, observed={"cache": {HOME: WRITER}})
    assert standing_in(BLIND, before, LOST).seen("cache", HOME) is None


def test_without_an_earlier_one_nothing_stands_in() -> None:
    assert standing_in(BLIND, None, LOST) == BLIND
