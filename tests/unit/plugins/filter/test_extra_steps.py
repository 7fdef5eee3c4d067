# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.extra_steps import extra_step_refusals, extra_steps_by_point

WARM = {"name": "warm", "tasks": "warm.yml", "before": "traffic"}


@pytest.fixture
def directory(tmp_path: Path) -> str:
    (tmp_path / "warm.yml").write_text("[]", encoding="utf-8")
    return str(tmp_path)


def event(step: str, state: str) -> dict[str, Any]:
    return {"step": step, "state": state, "seen": {}}


def test_what_is_well_described_is_refused_nothing(directory: str) -> None:
    assert extra_step_refusals([WARM, {**WARM, "name": "again", "before": None, "after": "verify"}], directory) == []


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (["warm.yml"], "number 1 is no dictionary"),
        ([{"tasks": "warm.yml", "before": "traffic"}], "number 1 has no name"),
        ([{"name": "warm", "before": "traffic"}], "warm has no tasks"),
        ([{**WARM, "after": "promote"}], "warm must have one of before and after"),
        ([{"name": "warm", "tasks": "warm.yml"}], "warm must have one of before and after"),
        ([{**WARM, "before": "lunch"}], "warm stands at lunch, which is no part of a run"),
        ([{**WARM, "mode": ["planned"]}], "warm has mode, which nothing reads"),
        ([{**WARM, "modes": ["sideways"]}], "warm has modes other than"),
        ([{**WARM, "modes": "planned"}], "warm has modes other than"),
        ([WARM, WARM], "warm is the name of more than one"),
        ([{**WARM, "tasks": "cold.yml"}], "there is no file"),
    ],
)
def test_what_could_not_be_made_as_described_is_refused(directory: str, steps: list[Any], said: str) -> None:
    found = extra_step_refusals(steps, directory)
    assert {each["code"] for each in found} == {"extra_step_unusable"}
    assert any(said in each["observed"] for each in found)


def test_each_stands_where_it_was_put_with_its_file(directory: str) -> None:
    steps: list[dict[str, Any]] = [
        WARM,
        {"name": "tell", "tasks": "/etc/tell.yml", "after": "verify"},
        {**WARM, "name": "b", "after": None},
    ]
    found = extra_steps_by_point(steps, "planned", [], directory)
    assert [each["name"] for each in found["traffic"]] == ["warm", "b"]
    assert found["traffic"][0]["path"] == str(Path(directory, "warm.yml"))
    assert [each["path"] for each in found["end"]] == ["/etc/tell.yml"]
    assert found["prepare"] == found["promote"] == found["follow"] == found["verify"] == []


def test_after_a_part_is_before_the_next_one(directory: str) -> None:
    found = extra_steps_by_point([{"name": "a", "tasks": "a", "after": "promote"}], "planned", [], directory)
    assert [each["name"] for each in found["follow"]] == ["a"]


@pytest.mark.parametrize("mode", ["planned", "unplanned"])
def test_a_step_of_the_other_kind_of_failover_is_left_out(directory: str, mode: str) -> None:
    found = extra_steps_by_point([{**WARM, "modes": ["planned"]}], mode, [], directory)
    assert bool(found["traffic"]) is (mode == "planned")


@pytest.mark.parametrize(("states", "again"), [(("started", "done"), False), (("started",), True), (("failed",), True)])
def test_only_what_an_earlier_attempt_has_done_is_left_out(
    directory: str, states: tuple[str, ...], again: bool
) -> None:
    events = [event("extra_step warm", state) for state in states]
    found = extra_steps_by_point([WARM], "planned", events, directory)
    assert bool(found["traffic"]) is again
