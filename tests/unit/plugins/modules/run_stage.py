# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""The modules of a run's life on a state table that is a file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import stores
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
from ansible_collections.multiregion.aws_dr.plugins.modules import run_close, run_info, run_open, run_override
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import Stage, stage

OPEN: dict[str, Any] = {
    "workload": "shop",
    "lock": "shop",
    "kind": "failover",
    "mode": "planned",
    "target": "eu-west-1",
    "reason": "a test",
    "initiated_by": None,
    "approved_by": "",
    "details": {},
    "needed": True,
    "break_glass": False,
    "journal": None,
    "table": "aws-dr-state",
    "table_region": "eu-west-1",
}


class RunStage:
    """``dead`` are the Regions in which the table gives no answer."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.on: Stage = stage(path)
        self.dead: set[str] = set()
        monkeypatch.setattr(stores, "TableStore", self._table)
        monkeypatch.setattr(run_open, "TableStore", self._table)

    def _table(self, _clients: Any, region: str, _table: str, _clock: Any) -> LocalStore:
        return DeadStore("") if region in self.dead else self.on.store

    def open(self, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        context = replace(self.on.context(), check_mode=check_mode)
        return _values(run_open.execute({**OPEN, **options}, context))

    def close(self, run: dict[str, Any], check_mode: bool = False, **options: Any) -> dict[str, Any]:
        given = {"state": "closed", "outcome": "succeeded", "summary": {}, "run": run}
        context = replace(self.on.context(), check_mode=check_mode)
        return _values(run_close.execute({**given, **options}, context))

    def info(self, **options: Any) -> list[dict[str, Any]]:
        workloads = [{"name": "shop", "lock": "shop", "journal": str(self.path / "glass.json")}]
        given = {"workloads": workloads, "table": "aws-dr-state", "table_regions": ["eu-west-1", "eu-central-1"]}
        return list(
            _values(
                run_info.execute({**given, "history": 5, "baselines": 0, "regions": [], **options}, self.on.context())
            )["workloads"]
        )

    def override(self, state: str, check_mode: bool = False, reason: str = "stuck") -> Result:
        given = {"state": state, "lock": "shop", "reason": reason, "initiated_by": "grace"}
        where = {"table": "aws-dr-state", "table_regions": ["eu-west-1", "eu-central-1"]}
        return run_override.execute({**given, **where}, replace(self.on.context(), check_mode=check_mode))


class DeadStore(LocalStore):
    """A table that gives no answer."""

    def read_lock(self, key: str) -> Any:
        raise DrError("Asking the table", "no answer", "Ask again.")


def _values(result: Result) -> dict[str, Any]:
    assert not result.changed
    return dict(result.values)
