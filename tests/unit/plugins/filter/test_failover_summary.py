# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.failover_summary import failover_plan, failover_summary

LAG = {
    "ms": 80.0,
    "source": "AuroraGlobalDBRPOLag",
    "sampled_at": 60.0,
    "age_s": 41.0,
    "samples": [{"ms": 80.0, "sampled_at": 60.0}, {"ms": 120.0, "sampled_at": 0.0}],
}
RESULTS: dict[str, Any] = {
    "health": {
        "timing": {"started": 101.0, "ended": 101.5},
        "findings": [],
        "ledger": {
            "lines": [
                {"layer": "database", "item": "shop", "known_as": "unknown", "seconds": None, "basis": "not shown"},
                {"layer": "cache", "item": "shop", "known_as": "bounded", "seconds": 12.5, "basis": "a lag"},
            ]
        },
        "legs": [
            {"region": "eu-central-1", "services": {}},
            {"region": "eu-west-1", "services": {"database": {"replication_lag": LAG}}},
        ],
    },
    "opened": {"timing": {"started": 101.5, "ended": 101.6}, "record": {}, "events": []},
    "start": {
        "changed": True,
        "timing": {"started": 101.6, "ended": 101.7},
        "operation": {"already": False, "kind": "failover"},
        "calls": [{"service": "rds", "action": "FailoverGlobalCluster", "region": "eu-west-1"}],
    },
    "writer": {
        "changed": False,
        "timing": {"started": 101.8, "ended": 103.0},
        "writer": {"server_id": "shop-eu-west-1-1"},
        "write_blocks": [],
        "calls": [],
    },
    "traffic": {
        "changed": True,
        "timing": {"started": 103.1, "ended": 103.9},
        "record": {"seen_at": 103.8},
        "latch": {"held": True},
        "calls": [{"service": "s3", "action": "PutObject", "region": "eu-west-1"}],
    },
    "probe": {
        "changed": False,
        "timing": {"started": 104.0, "ended": 105.5},
        "probe": {"first_success": 104.1, "ttl_tail_until": 105.0},
    },
}


def summary(results: dict[str, Any] | None = None, first_failure: float = 100.0) -> dict[str, Any]:
    objectives = {"rto_seconds": 4, "rpo_seconds": 90}
    found, sources = results or RESULTS, [str(Path.cwd() / "inventories/lab"), "/etc/estate", "shop,"]
    return failover_summary(found, "shop", sources, "eu-central-1", "eu-west-1", first_failure, objectives)


def test_the_figures_say_who_writes_how_long_it_took_and_what_may_be_lost() -> None:
    found = summary()
    assert (found["writer"], found["server"]) == ("eu-west-1", "shop-eu-west-1-1")
    assert (found["rto_seconds"], found["rto_seconds_first_client"]) == (5.0, 4.1)
    assert (found["rpo_seconds"], found["rpo_lag_seconds"], found["rpo_known_as"]) == (100.12, 0.12, "bounded")


def with_probe(**seen: Any) -> dict[str, Any]:
    results = copy.deepcopy(RESULTS)
    results["probe"]["probe"] |= seen
    return results


def test_an_old_answer_that_was_never_seen_runs_out_a_ttl_after_the_new_one_was() -> None:
    found = summary(with_probe(ttl=1, ttl_tail_basis="assumed", ttl_tail_until=105.0))
    assert found["rto_seconds"] == 4.8
    assert found["marks"]["ttl_tail_until"] == 104.8


def test_one_that_was_seen_runs_out_when_it_was_seen_to() -> None:
    assert summary(with_probe(ttl=1, ttl_tail_basis="seen", ttl_tail_until=105.0))["rto_seconds"] == 5.0
    assert summary(with_probe(ttl=9, ttl_tail_basis="assumed", ttl_tail_until=105.0))["rto_seconds"] == 5.0


def test_an_objective_that_was_missed_is_called_so() -> None:
    text = "\n".join(summary()["lines"])
    assert "objective 4 s: MISSED" in text
    assert "objective 90 s: not proved" in text


def test_without_an_outside_probe_the_recovery_time_is_unknown_and_the_runs_duration_is_not() -> None:
    found = summary(first_failure=0.0)
    assert (found["rto_seconds"], found["rto_seconds_first_client"]) == (None, None)
    assert found["run_seconds"] == 3.1
    assert "this run" in found["rto_origin"]


def test_the_way_back_names_inventories_as_they_are_typed() -> None:
    assert summary()["way_back"].startswith(
        "ansible-playbook multiregion.aws_dr.failback -i inventories/lab -i /etc/estate -i shop, -e workloads=shop"
    )


def test_a_lag_that_was_not_to_be_had_is_unknown_in_figures_and_words() -> None:
    results = copy.deepcopy(RESULTS)
    results["health"]["legs"][1]["services"]["database"]["replication_lag"] = None
    found = summary(results)
    assert found["rpo_seconds"] is None
    assert any("RPO database unknown" in line for line in found["lines"])


def test_what_the_canary_lost_stands_beside_the_bound_and_replaces_nothing() -> None:
    lost = {"known_as": "measured", "basis": "rows 1 s apart", "rows": 3, "at_least": 2.0, "at_most": 3.5}
    found = summary({**RESULTS, "canary": {"lost": lost}})
    at = next(number for number, line in enumerate(found["lines"]) if line.startswith("RPO database at most 100.12 s"))
    assert found["lines"][at + 1] == (
        "RPO canary 3 rows lost, 2.00 to 3.50 s of writes (measured: rows 1 s apart); objective 90 s: met"
    )
    assert (found["rpo_known_as"], found["rpo_canary"]) == ("bounded", lost)


def test_a_canary_that_couldnt_be_asked_is_unknown_and_none_at_all_has_no_line() -> None:
    failed = summary({**RESULTS, "canary": {"failed": True, "msg": "no answer"}})
    assert "RPO canary unknown (no answer); objective 90 s: unknown" in failed["lines"]
    assert failed["rpo_canary"] is None
    for without in ({}, {"canary": {"skipped": True}}):
        assert not [line for line in summary({**RESULTS, **without})["lines"] if line.startswith("RPO canary")]


def test_a_run_that_changed_nothing_says_so() -> None:
    results = copy.deepcopy(RESULTS)
    for step in ("start", "traffic"):
        results[step]["changed"] = False
    results["start"]["operation"]["already"] = True
    found = summary(results)
    assert "nothing was changed: it was so before" in found["lines"]
    assert not found["changed"]


@pytest.mark.parametrize(
    ("failover", "sync", "owed"),
    [({"status": "switching-over"}, None, 1), (None, "pending-resync", 1), (None, "connected", 0)],
)
def test_a_second_run_says_of_a_standby_that_it_is_still_coming_in_and_not_that_anything_changed(
    failover: dict[str, str] | None, sync: str | None, owed: int
) -> None:
    results = copy.deepcopy(RESULTS)
    for step in ("start", "traffic"):
        results[step]["changed"] = False
    results["start"]["operation"] = {"already": True, "kind": "switchover"}
    members = [{"is_writer": True, "sync": None}, {"is_writer": False, "sync": sync}]
    results["writer"]["global_cluster"] = {"failover": failover, "members": members, "detached": False}
    found = summary(results)
    assert "nothing was changed: it was so before" in found["lines"] and not found["changed"]
    assert found["owed"] == ["eu-central-1 is no standby yet: its database is to become a replica in sync"] * owed


def test_a_run_that_found_nothing_to_do_says_which_fence_an_earlier_one_owes() -> None:
    results = copy.deepcopy(RESULTS)
    results["health"]["findings"] = [{"code": "fence_owed", "region": "eu-central-1"}]
    # This one moved the writer: the finding is from before it, and may be of the very Region that it went to.
    assert "the fence of eu-central-1" not in "\n".join(summary(results)["lines"])
    for step in ("start", "traffic"):
        results[step]["changed"] = False
    results["start"]["operation"]["already"] = True
    assert "the fence of eu-central-1 is owed" in "\n".join(summary(results)["lines"])


def test_the_plan_lists_each_call_with_its_region() -> None:
    plan = failover_plan(RESULTS, "shop", "eu-west-1")
    calls = [line.split()[1] for line in plan["lines"] if line.startswith("     call")]
    assert calls == ["rds:FailoverGlobalCluster", "s3:PutObject"]


REFUSAL = {"code": "writer_not_proved", "observed": "The writer is a, not b.", "remedy": "Promote b."}


def test_before_the_plans_own_promotion_the_writer_is_rightly_elsewhere() -> None:
    results = copy.deepcopy(RESULTS)
    results["traffic"]["refusals"] = [REFUSAL]
    plan = failover_plan(results, "shop", "eu-west-1")
    assert plan["refusals"] == []
    assert "no blocker is known" in plan["lines"][0]


def test_a_plan_without_a_promotion_tells_that_the_writer_is_elsewhere() -> None:
    results = copy.deepcopy(RESULTS)
    results["traffic"]["refusals"] = [REFUSAL]
    results["start"]["calls"] = []
    plan = failover_plan(results, "shop", "eu-west-1")
    assert plan["refusals"] == [REFUSAL]
    assert "would be refused" in plan["lines"][0]
    assert plan["lines"][-1] == "[writer_not_proved] The writer is a, not b. Promote b."


def test_two_writers_are_said_first_and_are_the_outcome() -> None:
    results = copy.deepcopy(RESULTS)
    results["writers"] = {"findings": [{"code": "two_writers", "observed": "Two take writes.", "remedy": "Fence a."}]}
    found = summary(results)
    assert (found["outcome"], found["lines"][0]) == ("split", "shop: SPLIT BRAIN: Two take writes. Fence a.")
    assert found["owed"][0] == "SPLIT BRAIN: Two take writes. Fence a."
    assert [line for line in found["lines"] if "SPLIT" in line] == found["lines"][:1]


def test_a_silent_old_region_is_no_split() -> None:
    results = copy.deepcopy(RESULTS)
    results["writers"] = {"state": "unknown", "findings": [{"code": "writer_unknown", "observed": "", "remedy": ""}]}
    assert summary(results)["outcome"] == summary()["outcome"] != "split"


def test_a_question_that_got_no_answer_is_owed() -> None:
    results = copy.deepcopy(RESULTS)
    results["writers"] = {"failed": False, "msg": "no psycopg"}  # failed_when took the failure back
    assert any("no psycopg" in each for each in summary(results)["owed"])
    results["writers"] = {"skipped": True}
    assert not any("takes writes isn't known" in each for each in summary(results)["owed"])


def test_an_attempt_that_finds_all_done_owes_what_the_run_owes() -> None:
    results = copy.deepcopy(RESULTS)
    ledger = {"first_failure": 100.0, "run_started": 101.0, "lags": [], "layers": [], "mode": "unplanned"}
    asked = {"step": "promote_database", "state": "started", "seen": {}}
    results["opened"] |= {"record": {"mode": "unplanned", "details": {"ledger": ledger}}, "events": [asked]}
    results["start"] |= {"changed": False, "operation": {"already": True, "kind": "failover"}}
    results["traffic"]["changed"] = False
    results["scaling"] = {"msg": "no capacity"}
    found = summary(results)
    assert found["outcome"] == "degraded" and any("no standby yet" in each for each in found["owed"])
    assert any("no capacity" in each for each in found["owed"])


def test_a_second_run_of_an_unplanned_failover_still_says_that_lost_writes_come_first() -> None:
    results = {**RESULTS, "ledger": {"mode": "unplanned"}}
    for step in ("start", "traffic"):
        results[step] = {**RESULTS[step], "changed": False}
    told = "\n".join(summary(results)["lines"])
    assert "nothing was changed" in told and "lost writes come first" in told
    results["ledger"] = {"mode": "planned"}
    assert "lost writes come first" not in "\n".join(summary(results)["lines"])
