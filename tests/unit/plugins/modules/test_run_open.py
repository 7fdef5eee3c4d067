# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState, Outcome
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import carry_over
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
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


class Glass:
    """A run that had to do without the table, and ended; then the table answers again."""

    def __init__(self, stage: RunStage, ends: bool = True) -> None:
        self.stage, self.path = stage, str(stage.path / "glass.json")
        self.journal = LocalStore(self.path)
        stage.dead = {"eu-west-1"}
        given: dict[str, Any] = {"break_glass": True, "journal": self.path, "reason": "dark", "mode": "unplanned"}
        self.run = stage.open(**given)["run"]
        self.journal.add_event(Event(self.run["id"], 1, 5.0, "promote_database", EventState.DONE))
        self.journal.write_fence(FenceRecord("shop", "eu-central-1", "owed", at=6.0, run_id=self.run["id"]))
        if ends:
            stage.close(self.run, outcome="degraded", summary={"owed": ["a fence"], "evidence": {"waits": []}})
        stage.dead = set()

    def next(self, **options: Any) -> list[str]:
        opened = self.stage.open(**{"journal": self.path, **options})
        self.stage.close(opened["run"])
        return list(opened["carried_over"])

    def steps(self) -> list[str]:
        return [event.step for event in self.stage.on.store.read_events(self.run["id"])]


def test_what_was_recorded_behind_the_glass_is_carried_over_by_the_next_run_once(stage: RunStage) -> None:
    glass, table = Glass(stage), stage.on.store
    assert (glass.next(), glass.next()) == ([glass.run["id"]], [])
    record = table.read_run(glass.run["id"])
    assert record is not None and "evidence" in record.summary
    assert record == glass.journal.read_run(glass.run["id"])
    (carried,) = [run for run in table.read_history("shop", 9) if run.id == glass.run["id"]]
    assert (carried.outcome, carried.summary) == (Outcome.DEGRADED, {"owed": ["a fence"]})
    assert table.read_fence("shop", "eu-central-1") == glass.journal.read_fence("shop", "eu-central-1")
    assert sorted(glass.steps()) == ["carry_over", "promote_database"]


def test_a_carrying_over_that_was_cut_short_is_done_again_and_nothing_is_there_twice(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    glass, table = Glass(stage), stage.on.store
    with monkeypatch.context() as cut:
        cut.setattr(table, "add_history", _no_answer)
        assert glass.stage.open(journal=glass.path)["carried_over"] == []
    assert "isn't all in the state table yet" in stage.on.warnings[0]
    assert table.read_run(glass.run["id"]) is None
    monkeypatch.setattr(stage, "dead", set[str]())
    again = stage.open(journal=glass.path)
    assert (again["carried_over"], sorted(glass.steps())) == ([glass.run["id"]], ["carry_over", "promote_database"])


def _no_answer(*_given: Any) -> None:
    raise DrError("Asking the table", "no answer", "Ask again.")


def test_a_disaster_doesn_t_wait_for_that_and_leaves_it_to_the_next_run(stage: RunStage) -> None:
    glass = Glass(stage)
    assert glass.next(mode="unplanned") == []
    assert glass.next() == [glass.run["id"]]


def test_a_fence_that_the_table_knows_more_of_stays(stage: RunStage) -> None:
    glass = Glass(stage)
    stage.on.store.write_fence(FenceRecord("shop", "eu-central-1", "fenced", at=7.0, run_id="later"))
    glass.next()
    fence = stage.on.store.read_fence("shop", "eu-central-1")
    assert fence is not None and fence.state == "fenced"


@pytest.mark.parametrize(
    ("kind", "alive", "outcome"),
    [("failback", False, Outcome.ABORTED), ("region_return", False, None), ("failback", True, None)],
)
def test_a_run_that_nobody_can_go_on_with_any_more_is_ended_by_a_person_s_next_one(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch, kind: str, alive: bool, outcome: Outcome | None
) -> None:
    monkeypatch.setattr(carry_over, "is_dead", lambda _holder: not alive)
    glass = Glass(stage, ends=False)
    carried = glass.next(kind=kind)
    record = stage.on.store.read_run(glass.run["id"])
    assert (carried, record and record.outcome) == ([glass.run["id"]] if outcome else [], outcome)


def test_another_workload_s_run_stays_where_it_is(stage: RunStage) -> None:
    glass = Glass(stage)
    assert glass.next(workload="other", lock="other") == []
