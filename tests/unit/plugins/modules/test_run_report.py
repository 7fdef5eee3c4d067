# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.modules import run_report
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.run_stage import RunStage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStage:
    return RunStage(tmp_path, monkeypatch)


def report(stage: RunStage, **options: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"kind": "run", "workload": "shop", "run_id": "", "lock": "shop", "journal": ""}
    given |= {"table": "aws-dr-state", "table_regions": ["eu-west-1", "eu-central-1"], "last": 10}
    given |= {"calendar": {}, "as_of": None}
    result = run_report.execute({**given, **options}, stage.on.context())
    assert not result.changed
    return dict(result.values["report"])


def closed(stage: RunStage, **options: Any) -> str:
    opened = stage.open(**options)["run"]
    stage.close(opened, summary={"rto_seconds": 8.5, "evidence": {"waits": []}})
    stage.on.clock.sleep(10)
    return str(opened["id"])


def test_the_last_run_is_reported_with_its_details(stage: RunStage) -> None:
    closed(stage, details={"source": "eu-central-1"})
    last = closed(stage, details={"source": "eu-west-3"})
    found = report(stage)
    assert (found["run"]["id"], found["run"]["source"]) == (last, "eu-west-3")
    assert found["rto"]["seconds"] == 8.5


def test_an_open_run_is_later_than_a_closed_one(stage: RunStage) -> None:
    closed(stage)
    opened = stage.open(target="eu-central-1")["run"]
    found = report(stage)
    assert (found["run"]["id"], found["run"]["outcome"]) == (opened["id"], None)


def test_any_run_can_be_asked_for(stage: RunStage) -> None:
    first = closed(stage)
    closed(stage)
    assert report(stage, run_id=first)["run"]["id"] == first


def test_it_is_the_same_whichever_region_answers(stage: RunStage) -> None:
    closed(stage)
    before = report(stage)
    stage.dead = {"eu-west-1"}
    assert report(stage) == before


def test_a_run_of_another_workload_is_not_shown(stage: RunStage) -> None:
    with pytest.raises(DrError, match="no such run"):
        report(stage, workload="blog", run_id=closed(stage))


def test_where_nothing_was_ever_done_it_says_so(stage: RunStage) -> None:
    with pytest.raises(DrError, match="there is no such run in the state table aws-dr-state"):
        report(stage)


def test_a_journal_on_this_machine_will_do_where_no_table_answers(stage: RunStage) -> None:
    stage.dead = {"eu-west-1", "eu-central-1"}
    journal = str(stage.path / "glass.json")
    opened = stage.open(break_glass=True, journal=journal)["run"]
    found = report(stage, journal=journal)
    assert (found["run"]["id"], found["read_from"]) == (opened["id"], f"the journal {journal}")
    assert any("Only the journal" in line for line in stage.on.warnings)
    with pytest.raises(DrError):
        report(stage, journal=str(stage.path / "none.json"))


def test_a_series_has_the_last_runs_the_newest_first(stage: RunStage) -> None:
    runs = [closed(stage) for _each in range(3)]
    found = report(stage, kind="series", last=2, calendar={"failover": "7"}, as_of=2_000.0)
    assert [each["id"] for each in found["runs"]] == [runs[2], runs[1]]
    assert [each["state"] for each in found["calendar"]] == ["done"]
    assert found["as_of"] == 2_000.0


@pytest.mark.parametrize("days", [0, "often"])
def test_a_calendar_that_makes_no_sense_is_an_error(stage: RunStage, days: Any) -> None:
    with pytest.raises(DrError, match="Give each type of rehearsal its days"):
        report(stage, kind="series", calendar={"live": days})


def test_a_record_that_is_too_big_is_cut_and_says_so(stage: RunStage) -> None:
    opened = stage.open(details={"findings": [{"code": "x" * 1000}] * 300, "source": "eu-west-3"})["run"]
    stage.close(opened, summary={"rto_seconds": 8.5, "lines": ["y" * 1000] * 300})
    found = report(stage)
    assert found["left_out"] == ["findings", "lines"]
    assert (found["rto"]["seconds"], found["run"]["source"]) == (8.5, "eu-west-3")


def test_the_history_goes_without_what_only_a_report_reads(stage: RunStage) -> None:
    closed(stage)
    assert stage.on.store.read_history("shop", 1)[0].summary == {"rto_seconds": 8.5}
