# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import guard
from ansible_collections.multiregion.aws_dr.plugins.modules import run_step
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.run_stage import RunStage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStage:
    return RunStage(tmp_path, monkeypatch)


def tell(stage: RunStage, run: dict[str, Any], state: str, check_mode: bool = False, error: str = "") -> Any:
    given = {"name": "warm", "state": state, "error": error, "keep_for": 3600.0, "run": run}
    return run_step.execute(given, replace(stage.on.context(), check_mode=check_mode))


def states(stage: RunStage, run: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.state.value, each.error) for each in stage.on.store.read_events(run["id"]) if each.step == "warm"]


def test_the_journal_has_the_step_before_and_after(stage: RunStage) -> None:
    run = stage.open()["run"]
    assert tell(stage, run, "started").values["step"] == {"name": "warm", "state": "started"}
    assert states(stage, run) == [("started", "")]
    assert not tell(stage, run, "done").changed
    assert states(stage, run) == [("started", ""), ("done", "")]


def test_a_failure_is_noted_with_what_failed_or_that_it_did(stage: RunStage) -> None:
    run = stage.open()["run"]
    tell(stage, run, "failed", error="the task curl failed")
    tell(stage, run, "failed")
    assert states(stage, run) == [("failed", "the task curl failed"), ("failed", "it failed")]


def test_check_mode_writes_nothing(stage: RunStage) -> None:
    run = stage.open()["run"]
    assert tell(stage, run, "started", check_mode=True).values["step"]["state"] is None
    assert states(stage, run) == []


def test_it_does_not_begin_where_the_run_was_taken_over(stage: RunStage) -> None:
    run = stage.open()["run"]
    stage.override("unlocked")
    stage.open()
    with pytest.raises(Refused) as caught:
        tell(stage, run, "started")
    assert [each.code for each in caught.value.findings] == ["fenced"]


def test_it_does_not_begin_in_a_run_that_was_not_opened(stage: RunStage) -> None:
    with pytest.raises(Refused) as caught:
        tell(stage, stage.open(needed=False)["run"], "started")
    assert [each.code for each in caught.value.findings] == ["changed_meanwhile"]


@pytest.mark.parametrize(
    ("pid", "state", "keep_for", "kept"),
    [
        (4711, "started", 3600.0, True),
        (4711, "started", 0.0, False),
        (4711, "done", 3600.0, False),
        (0, "started", 3600.0, False),
    ],
)
def test_the_lease_is_kept_beside_the_tasks_where_the_controller_is_known(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch, pid: int, state: str, keep_for: float, kept: bool
) -> None:
    monkeypatch.setattr(guard, "is_alive", lambda *_who: True)
    jobs: list[Any] = []
    monkeypatch.setattr(run_step, "detached", jobs.append)
    run = {**stage.open()["run"], "pid": pid, "pid_started": 1}
    given = {"name": "warm", "state": state, "error": "", "keep_for": keep_for, "run": run}
    run_step.execute(given, stage.on.context())
    assert bool(jobs) is kept
