# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch's alarms, dashboards and custom metrics, as its API and guide describe them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import HOME, STANDBY, Lab

PERIOD = 60
OF_SHOP = [{"Name": "Workload", "Value": "shop"}]


def alarm(lab: Lab, name: str = "bad", region: str = STANDBY, **more: Any) -> None:
    asked: dict[str, Any] = {
        "Namespace": "MultiRegion",
        "MetricName": "HealthCheck",
        "Dimensions": OF_SHOP,
        "Statistic": "Maximum",
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1.0,
        "Period": PERIOD,
        "EvaluationPeriods": 3,
    }
    lab.client("cloudwatch", region).put_metric_alarm(AlarmName=name, **{**asked, **more})


def publish(lab: Lab, value: float, ago: float = 1.0, region: str = STANDBY, name: str = "HealthCheck") -> None:
    at = datetime.fromtimestamp(lab.clock.wall() - ago, UTC)
    datum = {"MetricName": name, "Value": value, "Dimensions": OF_SHOP, "Timestamp": at}
    lab.client("cloudwatch", region).put_metric_data(Namespace="MultiRegion", MetricData=[datum])


def state(lab: Lab, name: str = "bad", region: str = STANDBY) -> str:
    types = ["MetricAlarm", "CompositeAlarm"]
    asked: Any = lab.client("cloudwatch", region).describe_alarms(AlarmNames=[name], AlarmTypes=types)
    (found,) = asked["MetricAlarms"] + asked["CompositeAlarms"]
    return str(found["StateValue"])


def composite(lab: Lab, name: str, rule: str, region: str = STANDBY, **more: Any) -> None:
    lab.client("cloudwatch", region).put_composite_alarm(AlarmName=name, AlarmRule=rule, **more)


def test_what_was_published_can_be_read(lab: Lab) -> None:
    publish(lab, 1.0)
    now = datetime.fromtimestamp(lab.clock.wall(), UTC)
    metric = {"Namespace": "MultiRegion", "MetricName": "HealthCheck", "Dimensions": OF_SHOP}
    query = {"Id": "m", "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": "Maximum"}}
    read = {"MetricDataQueries": [query], "StartTime": now - timedelta(minutes=5), "EndTime": now}
    (found,) = lab.client("cloudwatch", STANDBY).get_metric_data(**read)["MetricDataResults"]
    assert found["Values"] == [1.0]
    (elsewhere,) = lab.client("cloudwatch", HOME).get_metric_data(**read)["MetricDataResults"]
    assert elsewhere["Values"] == []


@pytest.mark.parametrize(
    "data",
    [
        [{"MetricName": "m", "Value": 1.0}] * 1001,
        [{"MetricName": "m", "Value": 1.0, "Dimensions": [{"Name": f"d{n}", "Value": "v"} for n in range(31)]}],
    ],
)
def test_a_request_beyond_the_limits_is_taken_not_at_all(lab: Lab, data: list[dict[str, Any]]) -> None:
    client = lab.client("cloudwatch", STANDBY)
    with pytest.raises(ClientError):
        client.put_metric_data(Namespace="MultiRegion", MetricData=data)
    assert client.list_metrics(Namespace="MultiRegion")["Metrics"] == []


@pytest.mark.parametrize(
    ("treat", "silent"),
    [("breaching", "ALARM"), ("notBreaching", "OK"), ("missing", "INSUFFICIENT_DATA"), ("ignore", "INSUFFICIENT_DATA")],
)
def test_silence_is_what_the_alarm_takes_it_for(lab: Lab, treat: str, silent: str) -> None:
    alarm(lab, TreatMissingData=treat)
    assert state(lab) == silent


def test_ignored_silence_leaves_it_as_it_was(lab: Lab) -> None:
    alarm(lab, TreatMissingData="ignore", EvaluationPeriods=1)
    publish(lab, 0.0)
    assert state(lab) == "ALARM"
    lab.look(PERIOD * 3)
    assert state(lab) == "ALARM"
    publish(lab, 1.0)
    assert state(lab) == "OK"


def test_as_many_periods_as_asked_for_must_breach(lab: Lab) -> None:
    alarm(lab, TreatMissingData="notBreaching")
    for minutes in range(2):
        publish(lab, 0.0, 1 + PERIOD * minutes)
    assert state(lab) == "OK"
    publish(lab, 0.0, 1 + PERIOD * 2)
    assert state(lab) == "ALARM"
    publish(lab, 1.0)
    assert state(lab) == "OK"


def test_a_changed_alarm_keeps_its_state_and_tags(lab: Lab) -> None:
    alarm(lab, TreatMissingData="breaching", Tags=[{"Key": "workload", "Value": "shop"}])
    assert state(lab) == "ALARM"
    alarm(lab, TreatMissingData="ignore", Tags=[{"Key": "other", "Value": "x"}])
    client = lab.client("cloudwatch", STANDBY)
    (found,) = client.describe_alarms(AlarmNames=["bad"])["MetricAlarms"]
    assert found["StateValue"] == "ALARM"
    assert client.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == [
        {"Key": "workload", "Value": "shop"}
    ]


def test_a_composite_alarm_follows_others_also_composite_ones(lab: Lab) -> None:
    alarm(lab, "silent", TreatMissingData="breaching")
    alarm(lab, "calm", TreatMissingData="notBreaching")
    composite(lab, "first", 'ALARM("silent") AND NOT ALARM("calm")')
    composite(
        lab,
        "second",
        "ALARM(first) AND (OK(calm) OR FALSE)",
        ActionsSuppressor="calm",
        ActionsSuppressorWaitPeriod=1,
        ActionsSuppressorExtensionPeriod=60,
    )
    assert [state(lab, name) for name in ("first", "second")] == ["ALARM", "ALARM"]
    publish(lab, 1.0)
    assert [state(lab, name) for name in ("first", "second")] == ["OK", "OK"]
    found = lab.client("cloudwatch", STANDBY).describe_alarms(AlarmNames=["second"], AlarmTypes=["CompositeAlarm"])
    (second,) = found["CompositeAlarms"]
    assert (second["ActionsSuppressor"], second["ActionsSuppressorWaitPeriod"]) == ("calm", 1)
    assert second["AlarmRule"] == "ALARM(first) AND (OK(calm) OR FALSE)"


def test_without_its_type_no_composite_alarm_is_described(lab: Lab) -> None:
    alarm(lab)
    composite(lab, "both", 'ALARM("bad")')
    client = lab.client("cloudwatch", STANDBY)
    assert client.describe_alarms(AlarmNames=["both"])["CompositeAlarms"] == []
    only = client.describe_alarms(AlarmTypes=["CompositeAlarm"], StateValue="OK", AlarmNamePrefix="bo")
    assert ([each["AlarmName"] for each in only["CompositeAlarms"]], only["MetricAlarms"]) == (["both"], [])


@pytest.mark.parametrize("rule", ['ALARM("nobody")', "SOMETIMES", 'ALARM("bad") OR maybe'])
def test_a_rule_about_nothing_is_refused(lab: Lab, rule: str) -> None:
    alarm(lab)
    with pytest.raises(ClientError, match="ValidationError"):
        composite(lab, "both", rule)


def test_an_alarm_that_another_is_about_is_not_deleted(lab: Lab) -> None:
    alarm(lab)
    composite(lab, "lower", 'ALARM("bad")')
    composite(lab, "upper", 'ALARM("lower")')
    client = lab.client("cloudwatch", STANDBY)
    with pytest.raises(ClientError):
        client.delete_alarms(AlarmNames=["lower"])
    with pytest.raises(ClientError):
        client.delete_alarms(AlarmNames=["bad"])
    with pytest.raises(ClientError):
        client.delete_alarms(AlarmNames=["lower", "upper"])
    for name in ("upper", "lower", "bad"):
        client.delete_alarms(AlarmNames=[name])
    assert client.describe_alarms()["MetricAlarms"] == []


def test_a_dashboard_is_the_accounts(lab: Lab) -> None:
    home, standby = (lab.client("cloudwatch", region) for region in (HOME, STANDBY))
    home.put_dashboard(DashboardName="shop", DashboardBody=json.dumps({"widgets": []}))
    assert json.loads(standby.get_dashboard(DashboardName="shop")["DashboardBody"]) == {"widgets": []}
    standby.delete_dashboards(DashboardNames=["shop"])
    with pytest.raises(ClientError) as gone:
        home.get_dashboard(DashboardName="shop")
    assert gone.value.response["Error"]["Code"] in ("ResourceNotFound", "DashboardNotFoundError")
