# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.losses import last_unplanned, of_one_loss

HOME, STANDBY = "eu-central-1", "eu-west-1"
Told = tuple[str, str, str, str]
LOST: Told = ("failover", "unplanned", STANDBY, "degraded")
ABORTED: Told = ("failover", "unplanned", STANDBY, "aborted")
FAILED: Told = ("failover", "unplanned", STANDBY, "failed")
BACK: Told = ("failback", "planned", HOME, "succeeded")
SPLIT: Told = ("failover", "planned", HOME, "split")
NOT_BACK: Told = ("failback", "planned", HOME, "failed")
MOVED_HOME: Told = ("failover", "planned", HOME, "succeeded")
DRILL: Told = ("drill", "planned", HOME, "succeeded")
RETURN: Told = ("region_return", "unplanned", HOME, "succeeded")


def history(*told: Told) -> list[dict[str, str]]:
    """The runs as they would be told, the oldest first; each is named by its place."""
    names = ("kind", "mode", "target", "outcome")
    return [{"id": str(n), **dict(zip(names, run, strict=True))} for n, run in reversed(list(enumerate(told)))]


@pytest.mark.parametrize(
    ("told", "of", "same"),
    [
        ([LOST], "0", ["0"]),
        ([ABORTED, LOST], "1", ["1", "0"]),
        ([ABORTED, LOST], "0", ["0", "1"]),
        ([ABORTED, RETURN, DRILL, NOT_BACK, LOST], "4", ["4", "0"]),
        ([LOST, BACK, LOST], "2", ["2"]),
        ([LOST, BACK, LOST], "0", ["0"]),
        ([LOST, MOVED_HOME, ABORTED, LOST], "3", ["3", "2"]),
        ([LOST, SPLIT, LOST], "2", ["2"]),
        ([FAILED, LOST], "1", ["1"]),
        ([LOST], "9", []),
    ],
)
def test_one_loss_lasts_until_the_writer_is_moved_elsewhere(told: list[Told], of: str, same: list[str]) -> None:
    assert list(of_one_loss(history(*told), of)) == same


def test_the_last_unplanned_failover_is_meant_unless_one_is_named() -> None:
    assert last_unplanned(history(LOST, BACK, LOST, BACK, DRILL)) == "2"
    assert last_unplanned(history(BACK)) == ""
