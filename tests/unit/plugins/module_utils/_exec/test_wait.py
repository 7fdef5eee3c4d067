# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import rate_limited, silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_000_000.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_wait_ends_with_what_was_seen_when_the_predicate_held() -> None:
    clock = FakeClock()
    seen = wait_until(
        lambda: int(clock.now - 100),
        lambda value: value >= 3,
        what="three",
        interval=1.0,
        deadline=Deadline.after(clock, 10),
        clock=clock,
        progress=silent,
    )
    assert (seen, clock.now) == (3, 103.0)


def test_a_wait_gives_up_at_the_deadline_and_says_what_was_seen_last() -> None:
    clock = FakeClock()
    with pytest.raises(TimedOut, match="for the writer: not so after 5 s; last seen: reader"):
        wait_until(
            lambda: "reader",
            lambda value: value == "writer",
            what="the writer",
            interval=2.0,
            deadline=Deadline.after(clock, 5),
            clock=clock,
            progress=silent,
        )
    assert clock.now == pytest.approx(105.0)


def test_progress_is_rate_limited() -> None:
    clock = FakeClock()
    lines: list[str] = []
    progress = rate_limited(lines.append, clock, interval=5.0)
    for _step in range(12):
        clock.sleep(1.0)
        progress(f"at {clock.now:.0f}")
    assert lines == ["at 105", "at 110"]


def test_the_sooner_of_two_deadlines_counts() -> None:
    clock = FakeClock()
    assert Deadline.after(clock, 10).sooner(clock, 3).remaining(clock) == 3
    assert Deadline.after(clock, 2).sooner(clock, 3).remaining(clock) == 2
