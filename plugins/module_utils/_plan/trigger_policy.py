# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload's trigger policy, out of what its inventory says. Hours are in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Automation, Policy, Window

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = tuple(range(7))
_WINDOW = re.compile(r"(?P<days>[a-z,\-]+) (?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)")
_LIKE = 'Write it like "Sun 02:00-04:00", "Mon-Fri 08:00-18:00" or "daily 23:30-00:30", in UTC.'
NUMBERS = {"witnesses": 1.0, "kinds": 1.0, "sustained": 0.0, "cooldown": 0.0}
"""The least that each may be."""


class BadPolicy(ValueError):
    """The policy can't be understood: says what was given, and what would be."""


def policy_of(given: Mapping[str, Any]) -> Policy:
    """The policy that ``aws_dr_automatic`` describes; the rest as in ``Policy``. Raises ``BadPolicy``."""
    known = ("mode", *NUMBERS, "allowed", "maintenance")
    strange = sorted(set(given) - set(known))
    if strange:
        raise BadPolicy(f"aws_dr_automatic has {', '.join(strange)}, which nothing reads. It takes {', '.join(known)}.")
    values: dict[str, Any] = {name: _number(name, given[name]) for name in NUMBERS if given.get(name) is not None}
    values |= {name: windows_of(given[name] or ()) for name in ("allowed", "maintenance") if name in given}
    return Policy(automation=_automation(given.get("mode") or Automation.MANUAL.value), **values)


def windows_of(texts: Iterable[str]) -> tuple[Window, ...]:
    """Windows as they are written. One that ends before it starts goes on after midnight. Raises ``BadPolicy``."""
    if isinstance(texts, str):
        raise BadPolicy(f'"{texts}" is not a list of windows. Write it as a list of one.')
    return tuple(window for text in texts for window in _window(str(text)))


def in_windows(windows: Iterable[Window], wall: float) -> bool:
    """Whether ``wall``, in epoch seconds, lies in one of them."""
    moment = datetime.fromtimestamp(wall, tz=UTC)
    minute = moment.hour * 60 + moment.minute
    return any(moment.weekday() in each.days and each.start <= minute < each.end for each in windows)


def _window(text: str) -> tuple[Window, ...]:
    matched = _WINDOW.fullmatch(text.strip().lower())
    if matched is None:
        raise BadPolicy(f'"{text}" is no window. {_LIKE}')
    days = _days(matched["days"], text)
    start, end = _minutes(matched["start"], text), _minutes(matched["end"], text)
    if start in (end, DAY):
        raise BadPolicy(f'"{text}" is empty. A whole day is 00:00-24:00.')
    if start < end:
        return (Window(days, start, end),)
    after = Window(tuple(sorted((day + 1) % 7 for day in days)), 0, end)
    return (Window(days, start, DAY), after) if end else (Window(days, start, DAY),)


def _days(text: str, window: str) -> tuple[int, ...]:
    if text == "daily":
        return WEEK
    found: set[int] = set()
    for part in text.split(","):
        first, _dash, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS or part.endswith("-"):
            raise BadPolicy(f'"{part}" in "{window}" is no day of the week. {_LIKE}')
        begin, length = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7
        found |= {(begin + step) % 7 for step in range(length + 1)}
    return tuple(sorted(found))


def _minutes(text: str, window: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if minutes > 59 or hours * 60 + minutes > DAY:
        raise BadPolicy(f'"{text}" in "{window}" is no time of the day. {_LIKE}')
    return hours * 60 + minutes


def _number(name: str, given: Any) -> float | int:
    whole = name in ("witnesses", "kinds")
    try:
        number = float("nan") if isinstance(given, bool) else float(given)
    except (TypeError, ValueError):
        number = float("nan")
    if not NUMBERS[name] <= number < float("inf") or (whole and number != int(number)):
        wanted = "a whole number" if whole else "seconds"
        raise BadPolicy(f"aws_dr_automatic.{name} is {given!r}. Give {wanted}, {NUMBERS[name]:g} or more.")
    return int(number) if whole else number


def _automation(given: Any) -> Automation:
    try:
        return Automation(given)
    except ValueError:
        choices = ", ".join(each.value for each in Automation)
        raise BadPolicy(f"aws_dr_automatic.mode is {given!r}. Give one of: {choices}.") from None
