# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import (
    all_of,
    first,
    gather,
    overdue,
    within,
)

CLOCK = SystemClock()


def test_all_outcomes_are_returned_by_name() -> None:
    outcomes = gather({"one": lambda: 1, "two": lambda: 2}, Deadline.after(CLOCK, 5), CLOCK)
    assert {name: outcome.value for name, outcome in outcomes.items()} == {"one": 1, "two": 2}


def test_an_error_is_an_outcome_and_does_not_hide_the_others() -> None:
    def fails() -> int:
        raise ValueError("no")

    outcomes = gather({"bad": fails, "good": lambda: 2}, Deadline.after(CLOCK, 5), CLOCK)
    assert isinstance(outcomes["bad"].error, ValueError)
    assert outcomes["good"].value == 2


def test_what_has_not_ended_by_the_deadline_timed_out() -> None:
    hung = threading.Event()
    outcomes = gather({"hung": hung.wait, "good": lambda: True}, Deadline.after(CLOCK, 0.05), CLOCK)
    assert isinstance(outcomes["hung"].error, TimedOut)
    assert outcomes["good"].ok
    hung.set()


def test_only_required_jobs_are_waited_for() -> None:
    hung = threading.Event()
    began = time.monotonic()
    outcomes = gather({"hung": hung.wait, "good": lambda: True}, Deadline.after(CLOCK, 30), CLOCK, required=["good"])
    assert time.monotonic() - began < 15
    assert outcomes["good"].ok
    assert isinstance(outcomes["hung"].error, TimedOut)
    hung.set()


def test_all_give_their_values_or_the_first_error_in_their_order() -> None:
    def fail(error: Exception, after: float = 0.0) -> None:
        time.sleep(after)
        raise error

    deadline = Deadline.after(CLOCK, 30)
    assert all_of({"one": lambda: 1, "none": lambda: None}, deadline, CLOCK) == {"one": 1, "none": None}
    with pytest.raises(ValueError, match="first"):
        all_of(
            {
                "good": lambda: 1,
                "slow": lambda: fail(ValueError("first"), 0.05),
                "quick": lambda: fail(TypeError("second")),
            },
            deadline,
            CLOCK,
        )


def test_the_first_that_ends_well_is_enough() -> None:
    hung = threading.Event()

    def fails() -> bool:
        raise ValueError("no")

    began = time.monotonic()
    assert first({"hung": hung.wait, "bad": fails, "good": lambda: True}, Deadline.after(CLOCK, 30), CLOCK)
    assert time.monotonic() - began < 15
    hung.set()


def test_where_none_ends_well_the_first_says_why() -> None:
    def fails() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        first({"bad": fails, "worse": fails}, Deadline.after(CLOCK, 5), CLOCK)
    hung = threading.Event()
    with pytest.raises(TimedOut):
        first({"hung": hung.wait}, Deadline.after(CLOCK, 0.05), CLOCK)
    hung.set()


def test_within_raises_what_the_job_raised() -> None:
    def fails() -> int:
        raise KeyError("x")

    with pytest.raises(KeyError):
        within(fails, Deadline.after(CLOCK, 5), CLOCK, "a call")


def test_a_hung_job_does_not_delay_the_end_of_the_process() -> None:
    code = """
import threading
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
gather({"hung": threading.Event().wait}, Deadline.after(SystemClock(), 0.05), SystemClock())
"""
    # An executor would join the hung thread, and this would never return.
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_outcomes_keep_the_order_of_the_jobs() -> None:
    later = threading.Event()
    jobs: dict[str, Callable[[], object]] = {
        "slow": lambda: later.wait(5),
        "quick": later.set,
        "hung": threading.Event().wait,
    }
    outcomes = gather(jobs, Deadline.after(CLOCK, 0.2), CLOCK)
    assert list(outcomes) == ["slow", "quick", "hung"]


def test_a_job_that_was_given_up_knows_it() -> None:
    given_up, seen = threading.Event(), list[bool]()
    ended = threading.Event()

    def job() -> None:
        seen.append(overdue())
        given_up.wait(30)
        # a job within it has more time of its own, which counts for nothing
        gather({"inner": lambda: seen.append(overdue())}, Deadline.after(CLOCK, 30), CLOCK)
        seen.append(overdue())
        ended.set()

    with pytest.raises(TimedOut):
        within(job, Deadline.after(CLOCK, 0.05), CLOCK, "the job")
    given_up.set()
    assert ended.wait(30)
    assert seen == [False, True, True]
    assert not overdue()


@pytest.mark.parametrize(
    "run", [lambda jobs, late: within(jobs["job"], late, CLOCK, "job"), partial(first, clock=CLOCK)]
)
def test_what_has_no_time_left_is_not_begun(run: Callable[..., object]) -> None:
    begun = list[int]()
    with pytest.raises(TimedOut, match="not begun"):
        run({"job": lambda: begun.append(1)}, Deadline.after(CLOCK, -1))
    assert begun == []
