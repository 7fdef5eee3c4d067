# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms and dashboards made in both Regions, and what they say, in the one that is left, when a Region is lost."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from allowing import allowing
from playing import LabUnderTest, Played

from lab.settings import HOME, STANDBY

SETUP, OPERATOR, PREFLIGHT = "setup", "operator", "preflight"
UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
TOPICS = [f"arn:aws:sns:{region}:123456789012:oncall" for region in (HOME, STANDBY)]
PERIOD = 60  # seconds: the alarms' own
# One look is enough to go off, so that the test needn't wait for minutes.
WATCHED = {
    "periods": 1,
    "critical": TOPICS,
    "warning": TOPICS,
    "budget": 1000,
    "runbooks": "https://wiki.example.com/runbooks",
}


@pytest.fixture
def options(tmp_path: Path) -> tuple[str, ...]:
    path = tmp_path / "observability.json"
    path.write_text(json.dumps({"aws_dr_observability": WATCHED}), encoding="utf-8")
    return ("-e", f"@{path}")


def play(lab: LabUnderTest, name: str, *extra: str) -> Played:
    played = lab.play("ansible-playbook", f"multiregion.aws_dr.{name}", "-i", "inventories/lab", *extra)
    assert played.status == 0, played.output
    return played


def asked(lab: LabUnderTest, region: str, *words: str) -> Any:
    done = lab.run("exec", "--", "aws", "cloudwatch", *words, "--region", region, "--output", "json")
    return json.loads(done.stdout)


def alarms(lab: LabUnderTest, region: str) -> dict[str, str]:
    """The state of every alarm in a Region, by its name after the workload's."""
    found = asked(lab, region, "describe-alarms", "--alarm-types", "MetricAlarm", "CompositeAlarm")
    every = [*found["MetricAlarms"], *found["CompositeAlarms"]]
    return {each["AlarmName"].removeprefix("aws-dr/shop/"): each["StateValue"] for each in every}


def newest(lab: LabUnderTest, region: str, metric: str, of: str, service: str = "all") -> float | None:
    """The newest value of one of our metrics in a Region's CloudWatch; None where it has none."""
    dimensions = [
        {"Name": "Workload", "Value": "shop"},
        {"Name": "Region", "Value": of},
        {"Name": "Service", "Value": service},
    ]
    stat = {"Metric": {"Namespace": "MultiRegion", "MetricName": metric, "Dimensions": dimensions}}
    query = [{"Id": "m", "MetricStat": {**stat, "Period": 60, "Stat": "Minimum"}}]
    window = ("--start-time", str(int(time.time()) - 600), "--end-time", str(int(time.time()) + 60))
    found = asked(lab, region, "get-metric-data", "--metric-data-queries", json.dumps(query), *window)
    values = found["MetricDataResults"][0]["Values"]
    return float(values[0]) if values else None


UNHEEDED = {("iam:ListAccountAliases", "us-east-1")}
"""What amazon.aws.aws_caller_info asks for, and does without where it is denied."""


def outside(played: Played, role: str) -> set[tuple[str, str]]:
    """The calls that the role's policy doesn't allow."""
    found = {
        (action, call["region"]) for call in played.calls for action, found in allowing(call, role).items() if not found
    }
    return found - UNHEEDED


def test_they_are_made_once_in_both_regions_and_removed(lab: LabUnderTest, options: tuple[str, ...]) -> None:
    checked = play(lab, "observability", "--check", *options)
    assert checked.writes == []
    assert checked.changed > 0
    made = play(lab, "observability", *options)
    assert made.changed > 0
    for region in (HOME, STANDBY):
        names = set(alarms(lab, region))
        assert {"critical", "warning", f"region_down/{HOME}", f"region_down/{STANDBY}"} <= names
        assert f"replication_lag/{region}/database" in names
        dashboards = asked(lab, region, "list-dashboards")["DashboardEntries"]
        assert len(dashboards) == 4
    assert outside(made, SETUP) == set()
    again = play(lab, "observability", *options)
    assert (again.changed, again.writes) == (0, []), again.output
    removed = play(lab, "observability", "-e", "state=absent", *options)
    assert removed.changed > 0
    assert [alarms(lab, region) for region in (HOME, STANDBY)] == [{}, {}]
    assert asked(lab, HOME, "list-dashboards")["DashboardEntries"] == []
    assert play(lab, "observability", "-e", "state=absent", *options).changed == 0


def test_an_alarm_of_a_service_that_is_not_watched_any_more_goes(lab: LabUnderTest, options: tuple[str, ...]) -> None:
    play(lab, "observability", *options)
    assert f"service_unhealthy/{STANDBY}/cache" in alarms(lab, STANDBY)
    play(lab, "observability", "-e", json.dumps({"aws_dr_cache": {}}), *options)
    assert [name for name in alarms(lab, STANDBY) if "cache" in name] == []


def test_a_lost_region_is_told_by_the_other_one_and_so_is_its_failover(
    lab: LabUnderTest, options: tuple[str, ...]
) -> None:
    play(lab, "observability", *options)
    looked = play(lab, "metrics", *options)
    assert outside(looked, PREFLIGHT) == set()
    before = alarms(lab, STANDBY)
    assert [name for name, state in before.items() if state == "ALARM" and name not in ("drift", "warning")] == []
    assert newest(lab, HOME, "HealthCheck", STANDBY, "database") == 1.0

    lab.run("fault", "region", HOME)
    time.sleep(PERIOD)  # a service is unhealthy that in a whole period was never well
    lost = play(lab, "metrics", *options)
    assert f"PutMetricData in {HOME}" in lost.output
    assert newest(lab, STANDBY, "HealthCheck", HOME, "api") == 0.0
    assert newest(lab, STANDBY, "Availability", HOME) == 0.0
    assert newest(lab, STANDBY, "Availability", STANDBY) == 100.0
    after = alarms(lab, STANDBY)
    assert {after[name] for name in ("critical", f"region_down/{HOME}")} == {"ALARM"}
    assert {after[name] for name in ("warning", f"region_down/{STANDBY}", "failover_under_way")} == {"OK"}

    failed_over = lab.failover(*UNPLANNED, "-e", f"first_failure={time.time() - 5}", *options)
    assert failed_over.status == 0, failed_over.output
    assert newest(lab, STANDBY, "Failover", STANDBY) == 1.0
    assert newest(lab, STANDBY, "FailoverSucceeded", STANDBY) == 1.0
    minutes = newest(lab, STANDBY, "RTO", STANDBY)
    assert minutes is not None
    assert minutes == pytest.approx(failed_over.summary["rto_seconds"] / 60, abs=0.01)
    assert newest(lab, STANDBY, "ObjectiveMet", STANDBY, "rto") == 1.0
    publishing = [call for call in failed_over.calls if call["action"] == "PutMetricData"]
    assert publishing
    assert {key for call in publishing for key, found in allowing(call, OPERATOR).items() if not found} == set()


def test_a_region_that_is_well_again_calls_nobody(lab: LabUnderTest, options: tuple[str, ...]) -> None:
    """Silence goes off; a good look ends it."""
    play(lab, "observability", *options)
    silent = alarms(lab, STANDBY)
    assert silent["critical"] == "ALARM"
    play(lab, "metrics", *options)
    assert alarms(lab, STANDBY)["critical"] == "OK"


def test_without_observability_nothing_is_published(lab: LabUnderTest) -> None:
    failed_over = lab.failover()
    assert failed_over.status == 0, failed_over.output
    assert [call for call in failed_over.calls if call["action"] == "PutMetricData"] == []
    refused = lab.play("ansible-playbook", "multiregion.aws_dr.metrics", "-i", "inventories/lab")
    assert refused.status != 0
    assert "observability_not_configured" in refused.output
