# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline is kept in the first Region whose table answers, and the newest is the one that is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb import transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
from ansible_collections.multiregion.aws_dr.plugins.modules import readiness_baseline

HOME = "eu-central-1"
OPTIONS: dict[str, Any] = {
    "workload": "shop",
    "observed": {"database": {"eu-west-1": {"role": "reader", "lag": {"ms": 80.5}}}},
    "findings": [{"code": "ttl_too_long"}],
    "reads": [],
    "by": "ada",
    "table": "t",
    "table_regions": ["eu-west-1"],
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalStore:
    kept = LocalStore(str(tmp_path / "store.json"))
    monkeypatch.setattr(readiness_baseline, "answering_table", lambda *_any: ("eu-west-1", kept))
    return kept


def keep(check_mode: bool = False, **given: Any) -> dict[str, Any]:
    clock = SystemClock()
    clients: Any = None
    context = Context(check_mode, False, clock, Deadline.after(clock, 5.0), clients, silent, silent)
    result = readiness_baseline.execute({**OPTIONS, **given}, context)
    assert result.changed is False
    return dict(result.values["baseline"])


def test_check_mode_keeps_nothing(store: LocalStore) -> None:
    assert keep(check_mode=True)["table_region"] is None
    assert store.read_baseline("shop") is None


def test_what_was_seen_is_kept_as_it_was(store: LocalStore) -> None:
    assert keep()["table_region"] == "eu-west-1"
    kept = store.read_baseline("shop")
    assert kept is not None and (kept.by, kept.findings) == ("ada", ({"code": "ttl_too_long"},))
    assert kept.seen("database", "eu-west-1") == {"role": "reader", "lag": {"ms": 80.5}}
    assert kept.seen("database", "elsewhere") is None


def test_of_a_region_that_does_not_answer_the_one_before_is_kept(store: LocalStore) -> None:
    store.write_baseline(Baseline("shop", 1000.0, observed={"database": {"eu-central-1": {"role": "writer"}}}))
    reads = [
        {"topic": "database", "region": region, "answered": region == "eu-west-1"} for region in ("eu-west-1", HOME)
    ]
    assert keep(reads=reads)["older"] == {"database": {HOME: 1000.0}}
    kept = store.read_baseline("shop")
    assert kept is not None and kept.seen("database", HOME) == {"role": "writer"}
    assert kept.seen_at("database", HOME) == 1000.0 and kept.seen_at("database", "eu-west-1") == kept.taken_at


def test_the_newest_is_read_and_anothers_is_not(store: LocalStore) -> None:
    for taken_at, by in ((1000.0, "old"), (2000.0, "new")):
        store.write_baseline(Baseline("shop", taken_at, by))
    store.write_baseline(Baseline("shop2", 3000.0, "another"))
    kept = store.read_baseline("shop")
    assert kept is not None and (kept.by, kept.age(2060.0)) == ("new", 60.0)


def test_a_fence_is_kept_by_workload_and_region(store: LocalStore) -> None:
    fence = FenceRecord("shop", "eu-west-1", "owed", "network_acl", {"acls": ["a"]}, 5.0, "shop-1")
    store.write_fence(fence)
    assert store.read_fence("shop", "eu-west-1") == fence and fence.owed
    assert store.read_fence("shop", "eu-central-1") is None
    assert transform.fence_item(fence)["pk"] == {"S": "fence#shop#eu-west-1"}
