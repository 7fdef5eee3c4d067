# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.filter.failback_summary import failback_plan, failback_summary

SWITCHED: dict[str, Any] = {"owed": [], "outcome": "succeeded", "changed": True, "lines": ["shop: a writes now"]}
PLANNED: dict[str, Any] = {
    "calls": [{"service": "rds", "action": "SwitchoverGlobalCluster", "region": "b"}],
    "refusals": [],
    "lines": ["shop: a failover to a would make these calls; no blocker is known, which is not the same as safe"],
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
    assert plan["lines"][0] == "shop: a failback to a is held up by 2 of these gates"
    assert "the switchover's calls, once they are all open:" in plan["lines"]
    assert not any("no blocker is known" in line for line in plan["lines"])
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


def test_what_was_scaled_out_there_is_said_to_cost() -> None:
    told = "keeps its capacity, which costs"
    assert told in failback_summary(SWITCHED, {"scaling": {"targets": []}})["lines"][-1]
    assert told not in "".join(failback_summary({**SWITCHED, "changed": False}, {"scaling": {"targets": []}})["lines"])
    assert told not in "".join(failback_summary(SWITCHED, {"scaling": {}})["lines"])


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


KEPT = {
    "cluster": "shop-a-kept-20261130193700",
    "instances": ["shop-a-1-kept-20261130193655"],
    "snapshot": "lost-shop-a",
}
REJOINED = {"rejoin": {"joined": True, "steps": ["rejoin_mark_old_primary"], "kept": [KEPT]}, "refusals": [], **OPEN}
UNTOUCHED = {"rejoin": {"joined": True, "steps": [], "kept": []}, "refusals": [], **OPEN}


def test_what_was_kept_aside_is_said_with_what_to_do_about_it() -> None:
    found = failback_summary(SWITCHED, {"rejoined": {**REJOINED, "changed": True}, "losses": OPEN})
    assert (found["kept_aside"], found["outcome"]) == ([KEPT], "succeeded")
    assert [gate["step"] for gate in found["gates"]] == ["rejoin", "losses"]
    (line,) = [line for line in found["lines"] if line.startswith("KEPT ASIDE")]
    assert all(name in line for name in (KEPT["cluster"], KEPT["snapshot"], "by hand"))


def test_where_nothing_was_apart_nothing_is_said_of_it() -> None:
    found = failback_summary(SWITCHED, {"rejoined": UNTOUCHED})
    assert (found["kept_aside"], found["gates"], found["lines"]) == ([], [], SWITCHED["lines"])


def test_what_holds_up_the_rejoining_is_in_the_plan() -> None:
    refused = {"code": "old_primary_not_settled", "observed": "It isn't fenced.", "remedy": "Fence it."}
    plan = failback_plan(PLANNED, {"rejoined": {**REJOINED, "refusals": [refused], "calls": []}}, "shop", "a")
    assert plan["lines"][1].startswith("1. rejoin: SHUT")
    assert [each["code"] for each in plan["refusals"]] == ["old_primary_not_settled"]


def test_a_secret_that_does_not_come_home_is_owed() -> None:
    failed = {"dr_failback__secret": "shop/db", "msg": "Refused: [secret_not_in_sync] ..."}
    found = failback_summary(SWITCHED, {"brought": [failed], "linked_home": [{"changed": True}]})
    assert found["owed"] == ["the secret shop/db isn't at home: Refused: [secret_not_in_sync] ..."]
    assert found["outcome"] == "degraded"


def test_a_secret_that_came_home_is_a_change() -> None:
    quiet = {**SWITCHED, "changed": False}
    assert failback_summary(quiet, {"brought": [{"changed": True}]})["changed"] is True
    assert failback_summary(quiet, {"brought": [{"changed": False}]})["changed"] is False
