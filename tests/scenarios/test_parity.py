# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""In process or as a module: the same task gives the same result, on good and on bad input."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playing import LabUnderTest, Played

PLAYBOOKS = ("tests/scenarios/parity.yml", "tests/scenarios/parity_rest.yml")
# What differs between any two runs: times, durations, and what says how the task ran.
VARYING = (
    *("timing", "ran", "wall", "_ms", "_s", "seconds", "_at", "id", "first_seen", "last_seen", "ms", "ttl_tail_until"),
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


def text(path: str | Path) -> str:
    return Path(path).read_text(encoding="utf-8")


def play(lab: LabUnderTest, playbook: str, in_process: str) -> Played:
    way = f"aws_dr_in_process={in_process}"
    played = lab.play("ansible-playbook", playbook, "-i", "inventories/lab", "-e", way)
    assert played.status == 0, played.output
    return played


@pytest.fixture(scope="module", params=PLAYBOOKS)
def ways(running_lab: LabUnderTest, request: pytest.FixtureRequest) -> tuple[Played, Played]:
    """In process, and as modules."""
    running_lab.run("reset")
    return play(running_lab, request.param, "true"), play(running_lab, request.param, "false")


def test_every_module_that_can_run_in_process_is_tried() -> None:
    played = {word.split(".")[-1] for name in PLAYBOOKS for word in re.findall(r"multiregion\.aws_dr\.\w+", text(name))}
    able = {path.stem for path in Path("plugins/action").glob("*.py") if "InProcessAction" in text(path)}
    assert able - played == {"notify"}  # which has no other way


def test_each_gives_the_same_both_ways(ways: tuple[Played, Played]) -> None:
    here, apart = (each.summary for each in ways)
    assert {result["ran"] for result in here.values()} == {"in process"}
    assert {result["ran"] for result in apart.values()} == {"as a module: aws_dr_in_process is false"}
    for name, result in here.items():
        assert steady(result) == steady(apart[name]), name
        assert not name.endswith("_bad") or result.get("msg"), name


def test_a_no_log_value_is_shown_neither_way(ways: tuple[Played, Played]) -> None:
    for each in ways:
        assert "a-secret-that-nobody-may-see" not in each.output
