# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.filter.region_return_summary import region_return_summary


def returned(state: str, **changed: Any) -> dict[str, Any]:
    values = {"region": "eu-central-1", "seen": "", "fence": None, "snapshot": None, "owed": ["a standby"]}
    return {**values, "state": state, **changed}


def test_a_region_that_is_still_lost_is_said_to_be_with_what_is_owed() -> None:
    found = region_return_summary(
        [returned("unreachable", seen="refused"), returned("nothing_owed", region="eu-west-1")], "shop"
    )
    assert found["lines"] == [
        "shop: eu-central-1 doesn't answer yet; nothing was changed (refused)",
        "shop: eu-west-1 is owed nothing",
        "OWED: a standby",
    ]


def test_a_fence_that_is_not_needed_is_told_from_one_that_there_is_not() -> None:
    for how, told in (("a write was refused", "it needs no fence (a write was refused)"), ("", "it has no fence")):
        seen = returned("settled", fence={"state": "unfenced", "how": how}, snapshot=None, owed=[])
        assert f"shop: eu-central-1 answers; {told}" in region_return_summary([seen], "shop")["lines"]


def test_what_was_settled_is_not_said_to_be_owed_by_the_region_that_was_not_asked() -> None:
    fence, snapshot = {"state": "fenced", "how": "refused"}, {"state": "kept", "id": "lost-1", "how": ""}
    done = returned("settled", fence=fence, snapshot=snapshot, owed=[])
    found = region_return_summary([returned("nothing_owed", region="eu-west-1"), done], "shop")
    assert found["owed"] == []
    assert found["lines"][1:] == [
        "shop: eu-central-1 answers; its fence is fenced (refused)",
        "shop: eu-central-1: the lost primary's snapshot is kept as lost-1",
    ]
