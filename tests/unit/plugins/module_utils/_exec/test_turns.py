# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns: kept while those that have one get on, and given up where they hang."""

from __future__ import annotations

import threading
import time

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.turns import STALLED, Turns

CLOCK = SystemClock()


def most_at_once(places: int, threads: int) -> int:
    turns, lock = Turns(places, CLOCK), threading.Lock()
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        leave = turns.enter()
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.02)
        with lock:
            inside -= 1
        leave()

    outcomes = gather({str(number): work for number in range(threads)}, Deadline.after(CLOCK, 20), CLOCK)
    assert all(outcome.ok for outcome in outcomes.values())
    return most


def test_no_more_have_a_turn_at_once_than_there_are_places() -> None:
    assert most_at_once(places=3, threads=12) == 3


def test_those_that_hang_hold_nobody_up_for_long() -> None:
    turns = Turns(2, CLOCK)
    for _hung in range(2):
        turns.enter()
    began = time.monotonic()
    outcomes = gather({str(number): turns.enter for number in range(50)}, Deadline.after(CLOCK, 20), CLOCK)
    assert all(outcome.ok for outcome in outcomes.values())
    assert time.monotonic() - began < 10 * STALLED
