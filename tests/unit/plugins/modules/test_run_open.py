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


def test_the_token_has_what_a_step_needs(stage: RunStage) -> None:
    run = stage.open()["run"]
    assert (run["fence"], run["lock"], run["table"], run["region"]) == (1, "shop", "aws-dr-state", "eu-west-1")


def test_check_mode_takes_nothing(stage: RunStage) -> None:
    assert stage.open(check_mode=True)["run"] is None
    assert stage.on.store.read_lock("shop") is None


def test_check_mode_says_who_is_at_it(stage: RunStage) -> None:
    stage.open()
    stage.open(check_mode=True)
    assert "is open by" in stage.on.warnings[0]


def test_where_there_is_nothing_to_do_nothing_is_written_and_nothing_may_be_done(stage: RunStage) -> None:
    run = stage.open(needed=False)["run"]
    assert (run["fence"], stage.on.store.read_lock("shop")) == (0, None)


def test_what_was_frozen_and_done_before_is_returned_to_the_next_attempt(stage: RunStage) -> None:
    first = stage.open(details={"ledger": {"lags": [1.5]}})
    stage.close(first["run"], state="failed", outcome=None)
    second = stage.open(details={"ledger": {"lags": []}})
    assert not second["resumed"], "a run that had done nothing is ended, not left open"
    again = stage.open(details={})
    assert again["resumed"] and again["record"]["details"] == {"ledger": {"lags": []}}


@pytest.mark.parametrize(
    ("reason", "dead", "code"), [("", {"eu-west-1"}, "no_reason"), ("dark", set[str](), "glass_not_needed")]
)
def test_the_glass_is_not_broken_without_need_and_reason(
    stage: RunStage, reason: str, dead: set[str], code: str
) -> None:
    stage.dead = dead
    with pytest.raises(Refused, match=code):
        stage.open(break_glass=True, journal=str(stage.path / "glass.json"), reason=reason)


def test_behind_the_glass_the_journal_is_on_this_machine(stage: RunStage) -> None:
    stage.dead = {"eu-west-1"}
    journal = stage.path / "deep" / "glass.json"
    run = stage.open(break_glass=True, journal=str(journal), reason="dark")["run"]
    assert (run["journal"], run["table"]) == (str(journal), "")
    assert journal.stat().st_mode & 0o777 == 0o600


def test_a_table_that_gives_no_answer_is_an_error(stage: RunStage) -> None:
    stage.dead = {"eu-west-1"}
    with pytest.raises(DrError, match="no answer"):
        stage.open()
