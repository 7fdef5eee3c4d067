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


def test_the_first_region_that_answers_is_asked(stage: RunStage) -> None:
    stage.dead = {"eu-west-1"}
    stage.open(table_region="eu-central-1")
    (seen,) = stage.info()
    assert seen["source"] == "aws-dr-state in eu-central-1"
    assert seen["run"]["reason"] == "a test" and seen["lock"]["holder"]["host"]


def test_a_journal_of_this_machine_is_shown_beside_the_table(stage: RunStage) -> None:
    stage.dead = {"eu-west-1"}
    stage.open(break_glass=True, journal=str(stage.path / "glass.json"), reason="dark")
    stage.dead = set()
    table, local = stage.info()
    assert (table["run"], local["run"]["reason"]) == (None, "dark")


def test_without_any_region_that_answers_it_is_an_error(stage: RunStage) -> None:
    stage.dead = {"eu-west-1", "eu-central-1"}
    with pytest.raises(DrError, match="no answer"):
        stage.info()


def test_a_run_needs_no_table_region_to_be_refused(stage: RunStage) -> None:
    with pytest.raises((DrError, Refused)):
        stage.info(table_regions=[])
