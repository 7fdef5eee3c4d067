# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Automation, Policy, Window
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_policy import (
    DAYS,
    BadPolicy,
    in_windows,
    policy_of,
    windows_of,
)

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def test_nothing_said_is_manual() -> None:
    assert policy_of({}) == Policy()
    assert policy_of({"mode": None, "witnesses": None, "allowed": None}) == Policy()


def test_all_of_it_is_read() -> None:
    given_: dict[str, Any] = {
        "mode": "automatic",
        "witnesses": "3",
        "kinds": 2,
        "sustained": "45.5",
        "cooldown": 0,
        "allowed": ["Mon-Fri 08:00-18:00"],
        "maintenance": ["Sun 02:00-04:00"],
    }
    assert policy_of(given_) == Policy(
        Automation.AUTOMATIC, 3, 2, 45.5, 0.0, (Window((0, 1, 2, 3, 4), 480, 1080),), (Window((6,), 120, 240),)
    )


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"mode": "auto"}, "aws_dr_automatic.mode is 'auto'. Give one of: manual, recommend, automatic."),
        ({"mode": True}, "mode is True"),
        ({"witnesses": 0}, "witnesses is 0. Give a whole number, 1 or more"),
        ({"witnesses": 1.5}, "witnesses is 1.5"),
        ({"kinds": True}, "kinds is True"),
        ({"sustained": -1}, "sustained is -1. Give seconds, 0 or more"),
        ({"sustained": "30 s"}, "sustained is '30 s'"),
        ({"cooldown": float("nan")}, "cooldown is nan"),
        ({"sustained": float("inf")}, "sustained is inf"),
        ({"sustain": 30}, "has sustain, which nothing reads"),
        ({"allowed": "Sun 02:00-04:00"}, "is not a list of windows"),
        ({"allowed": ["Sunday 02:00-04:00"]}, '"sunday" in "Sunday 02:00-04:00" is no day of the week'),
        ({"allowed": ["Sun 2-4"]}, '"Sun 2-4" is no window. Write it like "Sun 02:00-04:00"'),
        ({"allowed": ["Sun 25:00-26:00"]}, '"25:00" in "Sun 25:00-26:00" is no time of the day'),
        ({"allowed": ["Sun 02:61-04:00"]}, '"02:61"'),
        ({"allowed": ["Sun 02:00-02:00"]}, "is empty"),
        ({"allowed": ["Sun- 02:00-03:00"]}, "is no day"),
        ({"allowed": ["Sun, 02:00-03:00"]}, "is no day"),
        ({"maintenance": [{"day": "Sun"}]}, "is no window"),
    ],
)
def test_what_can_t_be_understood_is_said_with_what_can(given_: dict[str, Any], told: str) -> None:
    with pytest.raises(BadPolicy, match="") as raised:
        policy_of(given_)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("Sun 02:00-04:00", ["sun 02:00", "sun 03:59"], ["sun 01:59", "sun 04:00", "mon 03:00"]),
        ("Sun 23:00-01:00", ["sun 23:00", "mon 00:59"], ["sun 00:30", "mon 23:30", "mon 01:00", "tue 00:30"]),
        ("daily 22:00-04:00", ["wed 22:00", "thu 03:59", "mon 00:00"], ["wed 12:00", "wed 04:00"]),
        ("Fri-Mon 00:00-24:00", ["fri 00:00", "sat 12:00", "mon 23:59"], ["tue 00:00", "thu 23:59"]),
        ("Mon,Wed 10:00-11:00", ["mon 10:30", "wed 10:30"], ["tue 10:30"]),
        ("Tue 22:00-00:00", ["tue 23:59"], ["wed 00:00"]),
    ],
)
def test_a_window_has_its_start_and_not_its_end(text: str, inside: list[str], outside: list[str]) -> None:
    windows = windows_of([text])

    def at(moment: str) -> float:
        day, clock = moment.split()
        hours, minutes = map(int, clock.split(":"))
        return (MONDAY + timedelta(days=DAYS.index(day), hours=hours, minutes=minutes)).timestamp()

    assert [moment for moment in inside if not in_windows(windows, at(moment))] == []
    assert [moment for moment in outside if in_windows(windows, at(moment))] == []


@given(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1439), st.integers(-1, 10 * 1440))
def test_a_window_of_any_length_is_where_counting_minutes_puts_it(
    day: int, start: int, length: int, after: int
) -> None:
    end = (start + length) % 1440
    text = f"{DAYS[day]} {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    begin = MONDAY + timedelta(days=day, minutes=start)
    moment = begin + timedelta(minutes=after)
    assert in_windows(windows_of([text]), moment.timestamp()) == (after % (7 * 1440) < length)
