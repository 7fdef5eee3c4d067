# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_snapshot import snapshot_refusals

HOME = "eu-central-1"


def fence(state: str, region: str = HOME) -> dict[str, Any]:
    return {"region": region, "run_id": "shop-2", "snapshot_state": state, "snapshot": "lost-shop" if state else ""}


@pytest.mark.parametrize(
    ("fences", "run_id", "code"),
    [
        ([fence("kept")], "", None),
        ([fence("kept", "eu-west-1"), fence("kept")], "shop-2", None),
        ([], "", "no_lost_snapshot"),
        ([fence("kept", "eu-west-1")], "", "no_lost_snapshot"),
        ([fence("")], "", "no_lost_snapshot"),
        ([fence("owed")], "", "no_lost_snapshot"),
        ([fence("none")], "", "no_lost_snapshot"),
        ([fence("copying")], "", "lost_snapshot_copying"),
        ([fence("kept")], "shop-1", "lost_snapshot_of_another_run"),
    ],
)
def test_only_what_is_kept_and_of_that_failover_is_restored(
    fences: list[dict[str, Any]], run_id: str, code: str | None
) -> None:
    found = snapshot_refusals(fences, HOME, run_id)
    assert [each.code for each in found] == ([code] if code else [])
    assert all("old_cluster" in each.remedy or "run this again" in each.remedy for each in found)


def test_where_aws_took_none_that_is_said() -> None:
    assert "AWS took none" in snapshot_refusals([fence("none")], HOME)[0].observed
