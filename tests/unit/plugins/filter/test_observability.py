# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.observability import (
    drift_metrics,
    health_metrics,
    observability_legs,
    observability_plan,
    run_metrics,
    under_way_metrics,
)
from ansible_collections.multiregion.aws_dr.plugins.modules import (
    cloudwatch_composite_alarm,
    cloudwatch_metric_alarms,
    cloudwatch_metric_data,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"
NOW = 1_790_000_000.0
HEALTH: dict[str, Any] = {
    "timing": {"started": NOW - 1, "ended": NOW},
    "legs": [
        {
            "region": HOME,
            "services": {
                "api": {"status": "unhealthy", "response_ms": None},
                "database": {"status": "unknown", "response_ms": None},
            },
        },
        {
            "region": STANDBY,
            "services": {
                "api": {"status": "healthy", "response_ms": 12.5},
                "database": {
                    "status": "healthy",
                    "cluster_id": "shop-b",
                    "response_ms": None,
                    "replication_lag": {"ms": 84.0, "sampled_at": NOW - 60},
                },
            },
        },
    ],
}
LEGS: list[dict[str, Any]] = [{"region": HOME, "cluster_id": "shop-a"}, {"region": STANDBY}]


def described(**more: Any) -> dict[str, Any]:
    """As the role has it; what the inventory doesn't say is None, or a number as text."""
    legs = observability_legs(LEGS, HEALTH["legs"], [{"region": STANDBY, "name": "copies"}])
    return {
        "workload": "shop",
        "legs": legs,
        "account": "123456789012",
        "partition": "aws",
        "runbooks": "docs/runbooks",
        "critical": [],
        "warning": [],
        "every": "60",
        "periods": 3,
        "lag_limit_ms": "300000",
        "budget": None,
        "rto_objective": 900,
        "rpo_objective": 60,
        **more,
    }


def test_a_lost_region_is_unhealthy_where_that_was_seen_and_else_silent() -> None:
    found = {(each["name"], *list(each["dimensions"].values())[1:]): each for each in health_metrics(HEALTH, "shop")}
    assert found["HealthCheck", HOME, "api"]["value"] == 0.0
    assert ("HealthCheck", HOME, "database") not in found
    assert found["Availability", HOME, "all"]["value"] == 0.0
    assert found["Availability", STANDBY, "all"]["value"] == 100.0
    assert found["ReplicationLag", STANDBY, "database"]["timestamp"] == NOW - 60
    assert found["ResponseTime", STANDBY, "api"]["value"] == 12.5


@pytest.mark.parametrize(
    ("seen", "value"),
    [
        ({"workloads": [{"run": {"kind": "failover"}}, {"run": None}]}, 1.0),
        ({"workloads": [{"run": {"kind": "drill"}}]}, 0.0),
        ({"workloads": [{"run": None}]}, 0.0),
        ({"workloads": []}, None),
        ({"msg": "no answer"}, None),
    ],
)
def test_a_run_that_can_not_be_read_is_not_known(seen: dict[str, Any], value: float | None) -> None:
    assert [each["value"] for each in under_way_metrics(seen, "shop", NOW)] == ([] if value is None else [value])


@pytest.mark.parametrize(("outcome", "went_well"), [("succeeded", 1.0), ("degraded", 1.0), ("split", 0.0)])
def test_a_summary_becomes_metrics(outcome: str, went_well: float) -> None:
    summary = {
        "outcome": outcome,
        "rto_seconds": 12.0,
        "rpo_seconds": 118.0,
        "rpo_known_as": "bounded",
        "objectives": {"rto_seconds": 900.0, "rpo_seconds": 60.0},
    }
    found = {each["name"]: each["value"] for each in run_metrics(summary, "shop", STANDBY, NOW)}
    assert found == {
        "Failover": 1.0,
        "FailoverSucceeded": went_well,
        "RTO": 0.2,
        "RPOAtMost": pytest.approx(118 / 60),
        "ObjectiveMet": 1.0,
    }


def test_an_attempt_that_failed_has_no_figures() -> None:
    (only,) = run_metrics({}, "shop", STANDBY, NOW)
    assert (only["name"], only["value"]) == ("FailoverSucceeded", 0.0)


def test_drift_counts_a_code_once() -> None:
    found = drift_metrics([{"code": "lag_stale"}, {"code": "lag_stale"}, {"code": "no_baseline"}], "shop", NOW)
    assert [each["value"] for each in found] == [2.0]


def test_the_legs_have_their_clusters_and_services_as_they_were_found() -> None:
    assert observability_legs(LEGS, HEALTH["legs"], [{"region": STANDBY, "name": "copies"}]) == [
        {"region": HOME, "cluster_id": "shop-a", "services": ["api", "database"], "vaults": []},
        {"region": STANDBY, "cluster_id": "shop-b", "services": ["api", "database"], "vaults": ["copies"]},
    ]


def test_a_plan_is_what_the_modules_take() -> None:
    plan = observability_plan(described())
    assert plan["refusals"] == []
    assert set(plan["alarms"]) == {HOME, STANDBY}
    assert all(set(each) == set(cloudwatch_metric_alarms.alarm_spec()) for each in plan["alarms"][HOME])
    spec = set(cloudwatch_composite_alarm.argument_spec())
    assert all(set(each) <= spec for each in plan["composites"])
    assert set(health_metrics(HEALTH, "shop")[0]) == set(cloudwatch_metric_data.DATUM_SPEC)


def test_without_its_cluster_no_alarm_is_half_made() -> None:
    nobody = observability_legs([{"region": HOME}, {"region": STANDBY}], [], [])
    plan = observability_plan(described(legs=nobody))
    assert {each["code"] for each in plan["refusals"]} == {"cluster_unknown", "nothing_to_watch"}


def test_to_remove_them_nothing_has_to_be_known_and_upper_ones_go_first() -> None:
    nobody = observability_legs([{"region": HOME}, {"region": STANDBY}], [], [])
    plan = observability_plan(described(legs=nobody), "absent")
    assert (plan["refusals"], plan["alarms"]) == ([], {HOME: [], STANDBY: []})
    made = observability_plan(described())
    assert [each["name"] for each in plan["composites"]] == [each["name"] for each in made["composites"]][::-1]
    assert [each["name"] for each in plan["dashboards"]] == [each["name"] for each in made["dashboards"]]
