# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
from stages import GROUPS, NOT_HERE, ROOT, STAGES, Stage, Tally, count, run_all


@pytest.mark.parametrize(
    ("status", "text", "tally"),
    [
        (0, "All checks passed!", Tally(1, 0)),
        (1, "Found 17 errors.", Tally(0, 1)),
        (0, "..\n12 passed, 2 warnings in 3.21s", Tally(12, 0)),
        (1, "1 failed, 12 passed in 83.21s (0:01:23)", Tally(12, 1)),
        (1, "2 failed, 12 passed, 3 errors in 3.21s", Tally(12, 5)),
        (1, "12 passed in 3.21s\nand then the failover failed", Tally(12, 1)),
        (0, "7 passed, 0 failed in 3.2s", Tally(7, 0)),
        (NOT_HERE, "looked everywhere\nno Python 3.11\n", Tally(0, 0, absent="no Python 3.11")),
    ],
)
def test_a_stage_counts_its_tests_or_else_itself(status: int, text: str, tally: Tally) -> None:
    assert count(status, text) == tally


def test_a_stage_ends_with_the_first_command_that_fails(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stages.LOGS", tmp_path)
    monkeypatch.setattr("stages.ROOT", tmp_path)
    assert run_all(
        [(Stage("good", ("true", "true")),), (Stage("bad", ("true", "false", "echo 3 passed in 1.0s")),)]
    ) in (
        [Tally(1, 0), Tally(0, 1)],
        [Tally(0, 1), Tally(1, 0)],
    )
    lines = [line.split()[:2] for line in capsys.readouterr().out.splitlines() if line]
    assert ["good", "ok"] in lines and ["bad", "FAILED"] in lines


def test_a_stage_that_cannot_be_run_has_failed_and_the_next_one_runs(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stages.LOGS", tmp_path)
    monkeypatch.setattr("stages.ROOT", tmp_path)
    queue = (Stage("absent", ("no-such-program",)), Stage("good", ("true",)))
    assert run_all([queue]) == [Tally(0, 1), Tally(1, 0)]


def test_make_has_a_target_for_each_stage() -> None:
    stages = re.search(r"^STAGES := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert stages and set(stages[1].split()) == set(STAGES)


def test_everything_but_what_takes_long_is_in_make_test() -> None:
    longer = {"slow-sanity", "whole-lane", "both-ways", "rehearsals", "matrices", "watcher", "demos"}
    assert {stage.name for queues in GROUPS["test"] for queue in queues for stage in queue} == set(STAGES) - longer
