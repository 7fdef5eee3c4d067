# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import KillSwitch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import status_lines
from ansible_collections.multiregion.aws_dr.plugins.modules import run_info
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


def test_of_a_run_whose_process_was_killed_here_it_says_how_to_go_on(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.open(reason="a drill of ours")
    (seen,) = stage.info()
    assert "held by " in "\n".join(status_lines(seen, 0.0))
    monkeypatch.setattr(run_info, "is_dead", lambda _holder: True)
    (seen,) = stage.info()
    told = "\n".join(status_lines(seen, 0.0))
    assert "is gone: the same command goes on with it" in told and "held by" not in told


def test_what_a_lost_region_is_owed_is_said_until_it_is_done(stage: RunStage) -> None:
    stage.on.store.write_fence(FenceRecord("shop", "eu-central-1", "owed", at=1000.0))
    (seen,) = stage.info(regions=["eu-central-1", "eu-west-1"])
    lines = "\n".join(status_lines(seen, 1060.0))
    assert [(each["fence_owed"], each["snapshot_owed"]) for each in seen["fences"]] == [(True, True)]
    assert "DEGRADED: the fence of eu-central-1 is owed" in lines and "lost 60 s ago" in lines
    assert "DEGRADED: the snapshot of the lost primary in eu-central-1" in lines
    assert "multiregion.aws_dr.region_return -i INVENTORY -e workloads=shop" in lines

    done = FenceRecord("shop", "eu-central-1", "fenced", at=1000.0, snapshot="lost-1", snapshot_state="kept")
    stage.on.store.write_fence(done)
    (seen,) = stage.info(regions=["eu-central-1"])
    lines = "\n".join(status_lines(seen, 1060.0))
    assert ("DEGRADED" in lines, "kept as the snapshot lost-1" in lines) == (False, True)


def test_a_run_that_failed_since_doesn_t_hide_that_the_workload_is_degraded() -> None:
    run = {"kind": "failover", "target": "eu-west-1", "mode": "unplanned"}
    history = [
        {**run, "id": "shop-2", "outcome": "aborted", "summary": {}},
        {**run, "id": "shop-1", "outcome": "degraded", "summary": {"owed": ["a standby"]}},
    ]
    seen = {"workload": "shop", "source": "table", "run": None, "lock": None, "events": [], "history": history}
    assert "    DEGRADED since run shop-1: a standby" in status_lines(seen, 0.0)


def test_of_the_table_the_kill_switch_and_the_last_decision_are_shown(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.on.store.write_switch(KillSwitch("shop", True, "a test", "ada", 1.0), None)
    (seen,) = stage.info()
    assert [each["scope"] for each in seen["automation"]["switches"]] == ["shop"]
    assert seen["automation"]["decision"] is None

    def unreadable(_scope: str) -> None:
        raise DrError("Reading the switch", "it is denied", "Grant it.")

    monkeypatch.setattr(stage.on.store, "read_switch", unreadable)
    (seen,) = stage.info()
    assert seen["automation"]["unread"] == "Reading the switch: it is denied" and seen["history"] == []


def test_no_past_run_is_read_where_none_is_asked_for(stage: RunStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(type(stage.on.store), "read_history")
    assert stage.info(history=0)[0]["history"] == []


def test_a_journal_that_was_carried_over_isn_t_shown_any_more(stage: RunStage) -> None:
    stage.dead, journal = {"eu-west-1"}, str(stage.path / "glass.json")
    run = stage.open(break_glass=True, journal=journal, reason="dark")["run"]
    stage.close(run, outcome="degraded", summary={"owed": ["a fence"]})
    stage.dead = set()
    assert len(stage.info()) == 2
    stage.open(journal=journal)
    (table,) = stage.info()
    assert [each["id"] for each in table["history"]] == [run["id"]]


def test_the_last_preflights_are_returned_with_what_they_saw_of_capacity_only_if_asked_for(stage: RunStage) -> None:
    for at in (1.0, 2.0, 3.0):
        seen: dict[str, dict[str, Any]] = {"capacity": {"eu-west-1": {"targets": [at]}}, "database": {"eu-west-1": {}}}
        stage.on.store.write_baseline(Baseline("shop", at, "cron", seen, ({"code": "capacity_unknown"},)))
    assert stage.info()[0]["baselines"] == []
    kept = stage.info(baselines=2)[0]["baselines"]
    assert [each["taken_at"] for each in kept] == [3.0, 2.0]
    capacity, findings = {"eu-west-1": {"targets": [3.0]}}, [{"code": "capacity_unknown"}]
    older = {"capacity": {"eu-west-1": 3.0}}
    stage.on.store.write_baseline(Baseline("shop", 4.0, "cron", {"capacity": {"eu-west-1": {}}}, older=older))
    assert stage.info(baselines=1)[0]["baselines"][0]["capacity"] == {}, "the trend has it once"
    assert kept[0] == {"taken_at": 3.0, "by": "cron", "capacity": capacity, "findings": findings}
