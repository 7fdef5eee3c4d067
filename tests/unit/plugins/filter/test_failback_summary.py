# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.filter.failback_summary import failback_plan, failback_summary

SWITCHED: dict[str, Any] = {"owed": [], "outcome": "succeeded", "changed": True, "lines": ["shop: a writes now"]}
PLANNED: dict[str, Any] = {
    "calls": [{"service": "rds", "action": "SwitchoverGlobalCluster", "region": "b"}],
    "refusals": [],
    "lines": ["shop: a failover to a would make these calls"],
}
LOSSES = {"code": "losses_unreconciled", "observed": "Writes may be lost.", "remedy": "Find them."}
SHUT = {"open": False, "refusals": [LOSSES], "timing": {"started": 1.0, "ended": 1.5}}
OPEN = {"open": True, "refusals": [], "timing": {"started": 1.0, "ended": 3.5}}
LIFT = {"calls": [{"service": "ec2", "action": "DeleteNetworkAclEntry", "region": "a"}]}


def test_the_plan_shows_each_gate_with_what_shuts_it_and_all_calls_in_order() -> None:
    results = {"losses": SHUT, "resync": OPEN, "sure": SHUT, "lift": LIFT, "cache_home": {"skipped": True}}
    plan = failback_plan(PLANNED, results, "shop", "a")
    assert [(gate["step"], gate["open"]) for gate in plan["gates"]] == [
        ("losses", False),
        ("resync", True),
        ("switch_over", False),
    ]
    assert [call["action"] for call in plan["calls"]] == ["DeleteNetworkAclEntry", "SwitchoverGlobalCluster"]
    assert [each["code"] for each in plan["refusals"]] == ["losses_unreconciled"]
    assert any(line.startswith("1. losses: SHUT") for line in plan["lines"])
    assert "     [losses_unreconciled] Writes may be lost. Find them." in plan["lines"]


def test_the_plan_of_a_workload_that_is_at_home_is_empty() -> None:
    plan = failback_plan({**PLANNED, "calls": []}, {}, "shop", "a")
    assert plan["calls"] == [] and plan["lines"] == [
        "shop: a writes already and clients are sent there; nothing would be changed"
    ]


def test_the_summary_says_what_was_waited_for() -> None:
    found = failback_summary(SWITCHED, {"losses": OPEN, "resync": OPEN})
    assert (found["outcome"], found["owed"]) == ("succeeded", [])
    assert found["lines"][-1] == "waited: losses 2.5 s, resync 2.5 s"


def test_what_does_not_follow_home_is_owed() -> None:
    found = failback_summary(SWITCHED, {"follows": {"msg": "Refused: [resync_running] ..."}, "cache_follows": OPEN})
    assert found["outcome"] == "degraded"
    assert found["owed"] == ["the standby Region's database doesn't follow: Refused: [resync_running] ..."]
    assert found["lines"][-1] == f"OWED: {found['owed'][0]}"


def test_a_split_stays_one_whatever_is_owed() -> None:
    found = failback_summary({**SWITCHED, "outcome": "split"}, {"follows": {"msg": "no"}})
    assert found["outcome"] == "split"


def test_a_lifted_fence_is_a_change() -> None:
    assert failback_summary({**SWITCHED, "changed": False}, {"lift": {"changed": True}})["changed"] is True
