# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers beside the database in a failover's summary and plan."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.failover_summary import (
    behind,
    failover_needed,
    failover_plan,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.filter.test_failover_summary import RESULTS, summary


def test_what_each_layer_lost_is_said_beside_the_database() -> None:
    found = summary()
    assert "RPO cache shop at most 12.50 s (bounded: a lag); objective 90 s: met" in found["lines"]
    assert [each["layer"] for each in found["rpo_layers"]] == ["cache shop"]


def opened(mode: str, *events: dict[str, Any], **ledger: Any) -> dict[str, Any]:
    frozen = {"first_failure": 0.0, "run_started": 50.0, "mode": "planned", "lags": [], "layers": [], **ledger}
    return {
        "timing": {"started": 101.5, "ended": 101.6},
        "record": {"mode": mode, "details": {"ledger": frozen}},
        "events": list(events),
    }


def resumed(mode: str, seconds: float) -> dict[str, Any]:
    lines = [{"layer": "cache", "item": "shop", "known_as": "bounded", "seconds": seconds, "basis": "then"}]
    ledger = {"first_failure": 99.0, "run_started": 90.0, "mode": mode, "lags": [], "layers": lines}
    return {"step": "resume", "state": "note", "seen": {"mode": mode, "details": {"ledger": ledger}}}


def test_a_switchover_that_became_a_failover_counts_its_losses_from_when_it_did() -> None:
    events = (resumed("planned", 1.0), resumed("unplanned", 2.0), resumed("unplanned", 3.0))
    found = summary(RESULTS | {"opened": opened("unplanned", *events)}, first_failure=0.0)
    assert [each["seconds"] for each in found["rpo_layers"]] == [2.0]
    assert found["run_seconds"] == 54.1, "the run began with its first attempt"


def test_the_ledger_of_a_planned_run_stays_as_it_was_frozen() -> None:
    lines = [{"layer": "cache", "item": "shop", "known_as": "bounded", "seconds": 7.0, "basis": "then"}]
    found = summary(RESULTS | {"opened": opened("planned", resumed("planned", 1.0), layers=lines)})
    assert [each["seconds"] for each in found["rpo_layers"]] == [7.0]


def test_a_loop_counts_as_the_step_that_its_tasks_are_of() -> None:
    call = {"service": "secretsmanager", "action": "StopReplicationToReplica", "region": "eu-west-1"}
    made = {"changed": True, "calls": [call], "secret": {"name": "shop/api", "region": "eu-west-1"}}
    failed = {"changed": False, "failed": False, "failed_when_result": False, "msg": "no such secret"}
    found = summary(RESULTS | {"secrets": {"changed": True, "results": [made, failed, {"skipped": True}]}})
    assert call in found["calls"]
    assert "secret: no such secret" in found["owed"]
    assert any("shop/api stands alone in eu-west-1" in each for each in found["owed"])
    assert found["outcome"] == "degraded"


def test_a_step_of_the_users_that_failed_is_owed() -> None:
    found = summary(RESULTS | {"extras_owed": ["your step warm: its task curl failed"]})
    assert found["outcome"] == "degraded"
    assert "OWED: your step warm: its task curl failed" in found["lines"]


def test_the_way_back_names_what_holds_the_clients() -> None:
    controls = {**RESULTS["traffic"], "by": "routing_control", "routing_controls": {}}
    controls.pop("latch")
    text = "\n".join(summary(RESULTS | {"traffic": controls})["lines"])
    assert "until then the routing controls hold clients in eu-west-1" in text
    assert "latch" not in text


def test_the_plan_tells_the_users_own_steps_and_what_may_be_lost() -> None:
    results = RESULTS | {"ledger": {"lines": ["database: unknown"], "layers": []}}
    steps = [{"name": "warm", "tasks": "warm.yml", "before": "traffic"}]
    plan = failover_plan(results, "shop", "eu-west-1", steps)
    assert any("yours: warm" in line and "warm.yml" in line for line in plan["lines"])
    assert "may lose  database: unknown" in plan["lines"]


FORWARD = [{"bucket": "w", "region": "eu-west-1"}, {"bucket": "x", "region": "eu-west-3"}]
REVERSE = [{"bucket": "home", "region": "eu-central-1"}]
WRITES = {"region": "eu-west-1", "role": "writer", "services": {}}


@pytest.mark.parametrize(
    ("traffic", "needed"),
    [
        ({"by": "latch", "latch": FORWARD, "w": "set", "x": "set"}, False),
        ({"by": "latch", "latch": FORWARD, "w": "set", "x": "clear"}, True),
        ({"by": "latch", "latch": FORWARD, "w": "set"}, True),
        ({"by": "latch", "latch": FORWARD, "w": "set", "x": "set", "cleared": REVERSE, "home": "set"}, True),
        ({"by": "latch", "latch": FORWARD, "w": "set", "x": "set", "cleared": REVERSE, "home": "clear"}, False),
        ({"by": "latch", "latch": FORWARD, "w": "set", "x": "set", "cleared": REVERSE}, False),
        ({"by": "routing_control", "on": "eu-west-1"}, False),
        ({"by": "routing_control", "on": "eu-central-1"}, True),
        ({"by": "routing_control", "on": "unknown"}, True),
        ({"by": "routing_control", "unread": True}, True),
        ({"by": "records", "seen": {"changed": False, "calls": []}}, False),
        ({"by": "records", "seen": {"changed": False, "calls": [{"action": "ChangeResourceRecordSets"}]}}, True),
        ({"by": "records", "seen": {"failed": True, "msg": "no answer"}}, True),
    ],
)
def test_a_run_is_needed_until_clients_are_known_to_be_there(traffic: dict[str, Any], needed: bool) -> None:
    buckets = [{**each, "state": traffic[each["bucket"]]} for each in (*FORWARD, *REVERSE) if each["bucket"] in traffic]
    observed: dict[str, Any] = {"latch": {each["region"]: {"objects": [each]} for each in buckets}}
    states = [
        {"region": region, "state": "On" if region == traffic.get("on") else "Off"}
        for region in ("eu-central-1", "eu-west-1")
    ]
    if not traffic.get("unread"):
        observed["routing control"] = {"eu-west-1": {"controls": states}}
    health = {"legs": [WRITES], "observed": observed}
    assert failover_needed(health, traffic, "eu-west-1", "eu-west-1") is needed


@pytest.mark.parametrize(
    ("status", "to", "needed"),
    [
        ("switching-over", "eu-west-1", False),
        ("switching-over", "eu-central-1", True),
        ("failing-over", "eu-west-1", True),
        ("cancelling", "eu-west-1", True),
    ],
)
def test_none_is_needed_while_a_switchover_has_only_the_old_writer_left_to_bring_in(
    status: str, to: str, needed: bool
) -> None:
    under_way = {"database": {"failover_status": status, "failover_to": to}}
    legs = [{**WRITES, "services": under_way}, {"region": "eu-central-1", "role": "reader", "services": under_way}]
    traffic = {"by": "records", "seen": {"changed": False, "calls": []}}
    assert failover_needed({"legs": legs, "observed": {}}, traffic, "eu-west-1", "eu-west-1") is needed


@pytest.mark.parametrize("step", ["scaling", "scaled", "cached", "parameters", "sources_on", "edge", "fed", "reverse"])
def test_what_failed_without_holding_anybody_up_is_owed(step: str) -> None:
    """As Ansible hands it on: ``failed_when`` has taken the failure back, and the message is left."""
    let_pass = {"changed": False, "failed": False, "failed_when_result": False, "msg": "no answer"}
    found = summary(RESULTS | {step: let_pass})
    assert [each for each in found["owed"] if each.endswith("no answer")], found["owed"]
    assert found["outcome"] == "degraded"


def test_all_that_a_step_would_call_is_in_the_plan() -> None:
    """Of the latches more than one may be touched, and a fence may be lifted as well as put up."""
    names = ("fence", "lifted", "reverse", "traffic", "cleared", "reverse_cleared")
    calls = {name: {"service": "s3", "action": f"Act{name}", "region": "eu-west-1"} for name in names}
    each = {name: {**RESULTS.get(name, {}), "changed": True, "calls": [call]} for name, call in calls.items()}
    plan = failover_plan(RESULTS | each, "shop", "eu-west-1")
    assert [call for call in plan["calls"] if call["action"].startswith("Act")] == list(calls.values())
    (switch,) = [step for step in plan["steps"] if step["name"] == "switch_traffic"]
    assert [call["action"] for call in switch["calls"]] == [f"Act{name}" for name in names[2:]]


CALL = {"service": "elasticache", "action": "FailoverGlobalReplicationGroup", "region": "eu-west-1"}
SKIPPED = {"changed": False, "skipped": True}


@pytest.mark.parametrize(
    ("following", "unplanned", "planned"),
    [
        ({"scaling": SKIPPED, "cache": {}, "secrets": {"results": [SKIPPED]}}, [], []),
        ({"scaling": {"calls": [], "capacity": {"served": True}, "operation": {"goals": []}}}, [], []),
        ({"cache": {"calls": [], "operation": {"already": True}}}, [], []),
        ({"cache": {"calls": [CALL], "operation": {"already": False}}}, ["promote_cache"], ["promote_cache"]),
        ({"cache": {"calls": [], "operation": {"already": False}}}, ["promote_cache"], ["promote_cache"]),
        ({"cache": {"calls": [], "operation": None, "error": "no answer"}}, ["promote_cache"], []),
        ({"scaling": {"calls": [], "capacity": {"served": False}}}, ["scale_compute"], ["scale_compute"]),
        ({"edge": {"failed": True, "msg": "AccessDenied"}}, ["switch_edge"], []),
        ({"keys": {"results": [{"calls": [CALL]}, SKIPPED]}}, ["move_keys"], ["move_keys"]),
        (
            {"sources_on": {"calls": [CALL]}, "parameters": {"calls": [CALL]}},
            ["sync_parameters", "enable_event_sources"],
            ["sync_parameters", "enable_event_sources"],
        ),
    ],
)
def test_a_layer_is_behind_that_has_something_to_do_or_under_way_or_in_a_disaster_cannot_tell(
    following: dict[str, Any], unplanned: list[str], planned: list[str]
) -> None:
    assert behind(following, "unplanned") == unplanned
    assert behind(following, "planned") == planned
