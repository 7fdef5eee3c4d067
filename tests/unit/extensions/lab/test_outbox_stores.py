# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outbox in both of its places: the state table, and the file after breaking the glass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    Channel,
    ChannelType,
    EventKind,
    Happening,
    Level,
    Notice,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore

from . import state_table
from .conftest import STANDBY, Lab


@pytest.fixture(params=["table", "file"])
def store(request: pytest.FixtureRequest, lab: Lab, tmp_path: Path) -> Store:
    if request.param == "file":
        return LocalStore(str(tmp_path / "journal.json"))
    state_table.ready(lab)
    return TableStore(Clients({}), STANDBY, state_table.NAME, SystemClock())


def notice(number: int = 1, workload: str = "shop") -> Notice:
    events = (Happening(EventKind.DONE, Level.INFO),)
    made = Notice(f"{number:015d}#shop-{number}#ended", workload, f"shop-{number}", float(number), events, "it's done")
    return plan.routed(replace(made, figures=("RTO 1 s", "")), [Channel("ops", ChannelType.MAIL)])


def test_what_is_written_is_read_the_newest_first(store: Store) -> None:
    for number in (2, 1, 3):
        assert store.write_notice(notice(number), None)
    assert store.write_notice(notice(9, "blog"), None)
    assert store.read_notices("shop", 2) == (notice(3), notice(2))


def test_the_same_cause_is_on_record_once(store: Store) -> None:
    assert store.write_notice(notice(), None)
    assert not store.write_notice(notice(), None)


def test_of_two_who_claim_a_notice_one_has_it(store: Store) -> None:
    store.write_notice(notice(), None)
    (seen,) = store.read_notices("shop", 9)
    mine = plan.claimed(seen, ["ops"], 10.0)
    assert store.write_notice(mine, seen)
    assert not store.write_notice(plan.claimed(seen, ["ops"], 11.0), seen)
    assert store.read_notices("shop", 9) == (mine,)
    sent = plan.settled(mine, "ops", "", 12.0)
    assert store.write_notice(sent, mine)
    assert store.read_notices("shop", 9) == (sent,)
