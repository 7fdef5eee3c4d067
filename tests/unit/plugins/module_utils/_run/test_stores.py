# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the state table answers, and what a Region that doesn't costs whoever only looks."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table_at_once

REGIONS = ["eu-west-1", "eu-central-1"]


class Tables:
    """A table whose lock is free; in the ``lost`` Regions nothing is heard."""

    def __init__(self, *lost: str) -> None:
        self.lost = lost
        self.healed = threading.Event()

    def get(self, _service: str, region: str) -> Any:
        tables = self

        class Client:
            def get_item(self, **_wanted: Any) -> dict[str, Any]:
                if region in tables.lost:
                    tables.healed.wait(20)
                return {}

        return Client()


def ask(tables: Any, regions: list[str], timeout: float = 10.0) -> tuple[str, float]:
    clock = SystemClock()
    context = Context(False, False, clock, Deadline.after(clock, timeout), tables, silent, silent)
    began = time.monotonic()
    try:
        return answering_table_at_once("t", regions, "shop", context)[0], time.monotonic() - began
    finally:
        tables.healed.set()


def test_the_first_that_is_named_is_asked_where_it_answers() -> None:
    assert [ask(Tables(), REGIONS)[0] for _time in range(5)] == ["eu-west-1"] * 5


def test_one_that_is_lost_costs_its_head_start_and_no_more() -> None:
    region, took = ask(Tables("eu-west-1"), REGIONS)
    assert region == "eu-central-1" and took < 5


def test_all_of_them_lost_cost_the_deadline() -> None:
    with pytest.raises(DrError):
        ask(Tables(*REGIONS), REGIONS, timeout=1.5)
