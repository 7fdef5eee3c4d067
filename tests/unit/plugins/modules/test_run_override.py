# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.run_stage import RunStage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStage:
    return RunStage(tmp_path, monkeypatch)


def test_an_unlocked_run_goes_on_without_waiting(stage: RunStage) -> None:
    first = stage.open()
    assert stage.override("unlocked").changed
    before = stage.on.clock.now
    assert stage.open()["record"]["id"] == first["record"]["id"]
    assert stage.on.clock.now == before


def test_unlocking_twice_changes_nothing(stage: RunStage) -> None:
    stage.open()
    stage.override("unlocked")
    assert not stage.override("unlocked").changed


def test_check_mode_only_says_what_it_would_do(stage: RunStage) -> None:
    stage.open()
    assert stage.override("aborted", check_mode=True).changed
    assert stage.info()[0]["run"] is not None


def test_an_aborted_run_is_on_record_with_who_and_why(stage: RunStage) -> None:
    stage.open()
    stage.override("aborted", reason="it came back")
    past = stage.info()[0]["history"][0]
    assert (past["outcome"], past["summary"]) == ("aborted", {"reason": "it came back", "by": "grace"})


def test_a_free_lock_is_left_alone(stage: RunStage) -> None:
    assert not stage.override("aborted").changed


def test_without_a_reason_it_is_refused(stage: RunStage) -> None:
    with pytest.raises(Refused, match="no_reason"):
        stage.override("aborted", reason=" ")


def test_where_no_region_answers_it_is_an_error(stage: RunStage) -> None:
    stage.dead = {"eu-west-1", "eu-central-1"}
    with pytest.raises(DrError, match="no answer"):
        stage.override("unlocked")
