# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import EventKind, Level
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify_channels as plan

KEY = "0123456789abcdef0123"
HOOK = {"name": "hook", "type": "webhook", "url": "https://x.example.com", "key": KEY}


def test_a_channel_as_it_is_described() -> None:
    found = plan.channel({**HOOK, "min_level": "critical", "events": ["failed", "done"]})
    assert (found.name, found.min_level, found.trouble) == ("hook", Level.CRITICAL, "")
    assert found.events == {EventKind.FAILED, EventKind.DONE}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("hook", "no dictionary"),
        ({"name": "x"}, "None is not a valid ChannelType"),
        ({**HOOK, "type": "pigeon"}, "'pigeon' is not a valid ChannelType"),
        ({**HOOK, "min_level": "loud"}, "'loud'"),
        ({**HOOK, "events": ["lunch"]}, "'lunch'"),
        ({**HOOK, "events": 3}, "not iterable"),
        ({**HOOK, "to": ["a"]}, "a webhook channel takes no to"),
        ({**HOOK, "key": None}, "it lacks key"),
        ({**HOOK, "key": "short"}, "shorter than 16"),
        ({"name": "m", "type": "mail", "host": "x"}, "it lacks sender, to"),
        ({**HOOK, "trouble": "no channel takes colour"}, "no channel takes colour"),
    ],
)
def test_what_cannot_be_used_says_why(given: Any, said: str) -> None:
    (found,) = plan.channels([given])
    assert said in found.trouble


def test_one_that_cannot_be_used_keeps_no_other_from_being_used() -> None:
    assert [bool(each.trouble) for each in plan.channels(["x", HOOK])] == [True, False]


def test_two_of_one_name_are_told_apart() -> None:
    first, second = plan.channels([HOOK, HOOK])
    assert (first.trouble, second.trouble) == ("", "another channel has the same name")
    assert first.name != second.name


@pytest.mark.parametrize("given", ["hook", 3, None, {"a": 1}])
def test_what_is_no_list_says_so(given: Any) -> None:
    (found,) = plan.channels(given)
    assert "no list" in found.trouble


def test_a_secret_may_hold_what_the_channel_lacks() -> None:
    waiting = plan.channel({"name": "hook", "type": "webhook", "url": "https://x", "secret_id": "shop/notify"})
    assert waiting.trouble == ""
    assert plan.with_secret(waiting, {"key": KEY, "other": 1}).settings == {"url": "https://x", "key": KEY}
    assert plan.with_secret(waiting, {}).trouble == "it lacks key"


def test_settings_are_not_shown_with_a_channel() -> None:
    assert KEY not in repr(plan.channel(HOOK))


def test_the_topic_of_the_region_that_comes_first_is_first() -> None:
    arns = [f"arn:aws:sns:{region}:1:dr" for region in ("eu-central-1", "eu-west-3", "eu-west-1")]
    assert plan.by_region(arns, ["eu-west-1", "eu-central-1"]) == [arns[2], arns[0], arns[1]]
    assert plan.region_of("dr") == ""


def test_no_part_of_a_secret_is_left_where_one_is_in_another() -> None:
    assert plan.redacted("key abcdef and abc", ["abc", "abcdef"]) == "key ******** and ********"
