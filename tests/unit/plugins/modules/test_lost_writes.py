# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module with the comparison stood in for: its files, and what the failover's record gets."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import Fate, FullRow, TableCounts
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Column, Table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import by_data
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_writes import row_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import stores
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lost_writes import Found, Request
from ansible_collections.multiregion.aws_dr.plugins.modules import lost_writes
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import Stage, asked, stage

TABLE = Table("public", "orders", (Column("id", "integer"), Column("body", "text")), ("id",))
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"}


class Stand:
    """Finds ``rows``; ``request`` is what was asked for."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on: Stage = stage(path)
        self.directory = path / "lost"
        self.rows = [(Fate.LOST_INSERT, "1", 1000.0), (Fate.CONFLICT, "2", 1002.5), (Fate.LIVED_ON, "3", 1.0)]
        self.note = ""
        self.arrived: float | None = 950.0
        self.request: Request | None = None
        monkeypatch.setattr(stores, "TableStore", lambda *_any: self.on.store)
        monkeypatch.setattr(lost_writes, "find", self._find)

    def _find(self, request: Request, sink: Any, _context: Any) -> Found:
        self.request = request
        counts = TableCounts("public.orders", note=self.note)
        for fate, key, at in self.rows:
            counts.add(fate, at)
            if fate is not Fate.LIVED_ON:
                sink(row_of(TABLE, fate, (key,), FullRow(1, at, (key, "a value")), None))
        return Found(by_data(request.since, self.arrived), (counts,))

    def run(self, check_mode: bool = False, **given: Any) -> Result:
        options = {
            "workload": "shop",
            "database": DATABASE,
            "live_region": "eu-west-1",
            "old": {"region": "eu-central-1", "cluster_id": "shop-lost", "endpoint": None, "port": 5432},
            "tables": [],
            "exclude_tables": [],
            "time_columns": {},
            "since": None,
            "run_id": None,
            "table": "aws-dr-state",
            "table_regions": ["eu-west-1"],
            "directory": str(self.directory),
            "resolvers": [],
            **given,
        }
        return lost_writes.execute(options, replace(self.on.context(), check_mode=check_mode))

    def failed_over(self, number: int = 1, mode: str = "unplanned", at: float = 995.0, **summary: Any) -> None:
        details = {"ledger": {"first_failure": at - 5.0}}
        run = asked(number, mode=mode, opened_at=at, details=details, outcome=Outcome.DEGRADED, summary=summary)
        self.on.store.add_history(run)

    @property
    def summary(self) -> dict[str, Any]:
        return dict(self.on.store.read_history("shop", 1)[0].summary)


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    return Stand(tmp_path, monkeypatch)


def test_what_is_to_be_reviewed_is_in_files_for_their_owner_alone(stand: Stand) -> None:
    stand.failed_over()
    result = stand.run()
    review, script = (Path(result.values["files"][name]) for name in ("review", "script"))
    assert result.changed
    assert [json.loads(line)["fate"] for line in review.read_text().splitlines()] == ["lost_insert", "conflict"]
    assert script.read_text().count("INSERT INTO") == 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in (review, script)} == {0o600}
    assert stat.S_IMODE(stand.directory.stat().st_mode) == 0o700
    assert sorted(path.name for path in stand.directory.iterdir()) == ["shop-lost-writes.jsonl", "shop-lost-writes.sql"]
    assert "a value" not in json.dumps(dict(result.values))


def test_the_failovers_record_gets_what_was_measured(stand: Stand) -> None:
    stand.failed_over(rpo_seconds=80.0, rpo_known_as="bounded", rto_seconds=5.0)
    result = stand.run()
    assert result.values["recorded"] and result.values["run_id"] == "shop-1"
    assert (stand.summary["rpo_known_as"], stand.summary["rpo_seconds"]) == ("measured", 2.5)
    assert (stand.summary["lost_writes"]["rows"], stand.summary["rto_seconds"]) == (2, 5.0)
    assert [event.step for event in stand.on.store.read_events("shop-1")] == ["reconcile_lost_writes"]


def test_the_first_complete_count_stands(stand: Stand) -> None:
    stand.failed_over(rpo_seconds=80.0, rpo_known_as="bounded")
    stand.run()
    stand.rows = []
    assert stand.run().values["recorded"] is False
    assert stand.summary["lost_writes"]["rows"] == 2


def test_the_same_again_changes_nothing(stand: Stand) -> None:
    stand.failed_over()
    stand.run()
    assert stand.run().changed is False


def test_a_table_that_was_not_compared_leaves_the_record_bounded(stand: Stand) -> None:
    stand.failed_over(rpo_seconds=80.0, rpo_known_as="bounded")
    stand.note = "no permission"
    assert stand.run().values["lost"]["known_as"] == "bounded"
    assert (stand.summary["rpo_known_as"], stand.summary["lost_writes"]["rows"]) == ("bounded", 2)
    stand.note = ""
    assert stand.run().values["recorded"] and stand.summary["rpo_known_as"] == "measured"


def test_since_is_the_first_failure_less_what_the_ledger_bounds(stand: Stand) -> None:
    stand.failed_over(rpo_seconds=80.0)
    stand.run()
    assert stand.request is not None and stand.request.since.at == 990.0 - 80.0
    stand.run(since=5.0)
    assert stand.request.since.at == 5.0


def test_a_later_comparison_counts_from_the_same_moment(stand: Stand) -> None:
    stand.failed_over(rpo_seconds=80.0, rpo_known_as="bounded")
    stand.run()
    assert stand.summary["rpo_seconds"] == 2.5
    stand.run()
    assert stand.request is not None and stand.request.since.at == 990.0 - 80.0


def test_a_guess_measures_nothing_until_somebody_says_that_it_is_right(stand: Stand) -> None:
    stand.failed_over()
    stand.arrived = 700.0
    found = stand.run().values
    assert (found["since"], found["since_known"], found["lost"]["known_as"]) == (640.0, False, "bounded")
    assert "rpo_known_as" not in stand.summary and "-e since=640" in "".join(found["lines"])
    stand.run(since=640.0)
    assert stand.summary["rpo_known_as"] == "measured"


def test_a_moment_in_milliseconds_is_refused_before_anything_is_on_record(stand: Stand) -> None:
    stand.failed_over()
    with pytest.raises(Refused, match="since_too_late"):
        stand.run(since=1760000000000.0)
    assert "lost_writes" not in stand.summary


def test_the_last_unplanned_failover_is_meant_or_the_one_that_is_named(stand: Stand) -> None:
    stand.failed_over(1)
    stand.failed_over(2, mode="planned")
    assert stand.run().values["run_id"] == "shop-1"
    assert stand.run(run_id="shop-2").values["run_id"] == "shop-2"
    with pytest.raises(DrError, match="none of the last 2 runs is it"):
        stand.run(run_id="never")


def test_what_was_cut_short_and_what_ended_it_lost_the_same_writes(stand: Stand) -> None:
    """Counted from the second one's moment, what the first had lost would be taken for what lived on."""
    stand.failed_over(1, rpo_seconds=10.0)
    stand.failed_over(2, at=1500.0, rpo_seconds=10.0)
    result = stand.run()
    assert stand.request is not None and stand.request.since.at == 980.0
    assert (result.values["run_id"], result.values["recorded"]) == ("shop-2", True)
    known = {run.id: run.summary["rpo_known_as"] for run in stand.on.store.read_history("shop", 5)}
    assert known == {"shop-1": "measured", "shop-2": "measured"}


def test_check_mode_writes_neither_files_nor_record(stand: Stand) -> None:
    stand.failed_over()
    result = stand.run(check_mode=True)
    assert (result.changed, result.values["recorded"], result.values["files"]) == (False, False, {})
    assert result.values["lost"]["rows"] == 2
    assert not stand.directory.exists() and "lost_writes" not in stand.summary


def test_without_a_time_nothing_is_compared(stand: Stand) -> None:
    with pytest.raises(Refused, match="since_unknown"):
        stand.run(table=None)
    assert stand.run(table=None, since=1.0).values["run_id"] is None


def test_a_comparison_that_fails_leaves_the_files_as_they_were(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand.failed_over()
    review = Path(stand.run().values["files"]["review"])
    before = review.read_text()

    def broken(_request: Any, sink: Any, _context: Any) -> Found:
        sink(row_of(TABLE, Fate.CONFLICT, ("9",), None, None))
        raise DrError("Reading", "it broke", "Again.")

    monkeypatch.setattr(lost_writes, "find", broken)
    with pytest.raises(DrError, match="it broke"):
        stand.run()
    assert review.read_text() == before and len(list(stand.directory.iterdir())) == 2


def test_a_directory_that_cannot_be_written_to_is_an_error(stand: Stand, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DrError, match="Writing the lost writes"):
        stand.run(since=1.0, table=None, directory=str(tmp_path / "file" / "below"))
