# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_snapshot import snapshot_refusals

HOME = "eu-central-1"
TO = {"target": "eu-west-1", "outcome": "degraded", "kind": "failover", "mode": "unplanned"}
LAST, AGAIN, FIRST = {"id": "shop-4", **TO}, {"id": "shop-2", **TO}, {"id": "shop-1", **TO}
FAILBACK = {"id": "shop-3", "kind": "failback", "mode": "planned", "target": HOME, "outcome": "succeeded"}


def fence(snapshot: str, region: str = HOME, **values: str) -> dict[str, Any]:
    known = {"region": region, "run_id": "shop-4", "state": "unfenced", "method": "", "snapshot": "lost-shop"}
    return {**known, "snapshot_state": snapshot, **values}


def codes(*fences: dict[str, Any], run_id: str = "", elsewhere: bool = False) -> list[str]:
    found = snapshot_refusals({"fences": fences, "history": [LAST, FAILBACK, AGAIN, FIRST]}, HOME, run_id, elsewhere)
    assert all("old_cluster" in each.remedy or "run this again" in each.remedy for each in found)
    return [each.code for each in found]


@pytest.mark.parametrize("state", ["", "owed", "none"])
def test_what_is_not_kept_is_not_restored(state: str) -> None:
    assert codes() == codes(fence("kept", "eu-west-1")) == codes(fence(state)) == ["no_lost_snapshot"]


def test_what_is_kept_is_restored_once_it_is_there() -> None:
    assert codes(fence("kept", "eu-west-1"), fence("kept")) == codes(fence("kept"), run_id="shop-4") == []
    assert codes(fence("copying")) == ["lost_snapshot_copying"]


def test_the_snapshot_of_another_failover_measures_nothing_of_this_one() -> None:
    """Compared with a later failover's moment, all that it lost would be taken for what lived on."""
    assert codes(fence("kept"), run_id="shop-1") == ["lost_snapshot_of_another_run"]
    assert codes(fence("kept", run_id="shop-1")) == ["lost_snapshot_of_another_run"]
    assert codes(fence("kept", run_id="shop-1"), run_id="shop-1") == []
    assert codes(fence("kept", run_id="shop-1"), run_id="shop-2") == [], "it ended what the first had begun"


@pytest.mark.parametrize(
    ("state", "method", "cut_off"),
    [
        ("fenced", "network_acl", True),
        ("partial", "", True),
        ("fenced", "compute", False),
        ("unfenced", "", False),
        ("owed", "", False),
    ],
)
def test_behind_our_own_fence_it_could_not_be_read(state: str, method: str, cut_off: bool) -> None:
    stands = fence("kept", state=state, method=method)
    assert codes(stands) == (["lost_snapshot_fenced"] if cut_off else [])
    assert codes(stands, elsewhere=True) == []


def test_where_aws_took_none_that_is_said() -> None:
    known = {"fences": [fence("none")], "history": []}
    assert "AWS took none" in snapshot_refusals(known, HOME, "", False)[0].observed
