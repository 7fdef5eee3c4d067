# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""In process or as a module: the same task gives the same result, on good and on bad input."""

from __future__ import annotations

from typing import Any

import pytest
from playing import LabUnderTest, Played

# What differs between any two runs: times, durations, and what says how the task ran.
VARYING = (
    *("timing", "ran", "_ms", "_s", "seconds", "_at", "id", "first_seen", "last_seen", "ms", "ttl_tail_until"),
    *("attempts", "basis", "text"),  # how often a task was tried; texts that name an age
    "samples",  # of the lag: one more when a minute is over
)


def steady(value: Any) -> Any:
    """``value`` without what differs between any two runs."""
    if isinstance(value, dict):
        return {name: steady(item) for name, item in value.items() if not name.endswith(VARYING)}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return value


def play(lab: LabUnderTest, in_process: str) -> Played:
    played = lab.play(
        "ansible-playbook",
        "tests/scenarios/parity.yml",
        "-i",
        "inventories/lab",
        "-e",
        f"aws_dr_in_process={in_process}",
    )
    assert played.status == 0, played.output
    return played


@pytest.fixture(scope="module")
def ways(running_lab: LabUnderTest) -> tuple[Played, Played]:
    """In process, and as modules."""
    running_lab.run("reset")
    return play(running_lab, "true"), play(running_lab, "false")


def test_every_module_of_the_hot_path_gives_the_same_both_ways(ways: tuple[Played, Played]) -> None:
    here, apart = (each.summary for each in ways)
    assert {result["ran"] for result in here.values()} == {"in process"}
    assert {result["ran"] for result in apart.values()} == {"as a module: aws_dr_in_process is false"}
    for name, result in here.items():
        assert steady(result) == steady(apart[name]), name


def test_a_no_log_value_is_shown_neither_way(ways: tuple[Played, Played]) -> None:
    for each in ways:
        assert "a-secret-that-nobody-may-see" not in each.output
