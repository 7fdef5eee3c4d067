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


def test_a_closed_run_is_in_the_history_and_its_lock_is_free(stage: RunStage) -> None:
    run = stage.open()["run"]
    record = stage.close(run, outcome="degraded", summary={"rto_seconds": 8.5})["record"]
    lock = stage.on.store.read_lock("shop")
    assert (record["outcome"], lock is not None and lock.free) == ("degraded", True)
    assert stage.on.store.read_history("shop", 1)[0].summary == {"rto_seconds": 8.5}


def test_check_mode_closes_nothing(stage: RunStage) -> None:
    run = stage.open()["run"]
    stage.close(run, check_mode=True)
    assert stage.on.store.read_history("shop", 1) == ()


def test_a_failure_before_anything_was_moved_ends_the_run(stage: RunStage) -> None:
    closed = stage.close(stage.open()["run"], state="failed", outcome=None, summary={"error": "no"})
    assert closed["record"]["outcome"] == "failed"
    begin, ended = closed["way_back"]
    assert begin.startswith("begin again: ansible-playbook multiregion.aws_dr.failover -i INVENTORY")
    assert ended == "this run has ended; nothing of the workload was changed"


def test_a_failure_after_the_promotion_had_begun_leaves_it_open(stage: RunStage) -> None:
    opened = stage.on.open()
    with stage.on.guard(opened).step("promote_database"):
        pass
    run = {"id": opened.run.id, "fence": 1, "lock": "shop", "table": "aws-dr-state", "region": "eu-west-1"}
    closed = stage.close(run, state="failed", outcome=None)
    assert closed["record"]["outcome"] is None
    assert (
        "finish it: ansible-playbook multiregion.aws_dr.failover -i INVENTORY -e workloads=shop"
        in closed["way_back"][0]
    )


def test_a_run_that_was_taken_over_is_not_closed(stage: RunStage) -> None:
    run = stage.open()["run"]
    stage.override("unlocked")
    stage.open()
    with pytest.raises(Refused, match="fenced"):
        stage.close(run)


def test_a_run_that_there_never_was_is_an_error(stage: RunStage) -> None:
    with pytest.raises(DrError, match="no such run"):
        stage.close({**stage.open()["run"], "id": "never"})
