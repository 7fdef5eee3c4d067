# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import cloudwatch_metric_alarms
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import STANDBY, RegionalAws, error
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock, context


class CloudWatch(RegionalAws):
    """A Region's alarms, as CloudWatch describes them."""

    def __init__(self) -> None:
        super().__init__()
        self.alarms: dict[str, dict[str, Any]] = {}

    def describe_alarms(self, region: str, AlarmNamePrefix: str, AlarmTypes: list[str]) -> Any:  # noqa: N803
        assert AlarmTypes == ["MetricAlarm"]
        return {"MetricAlarms": [each for name, each in self.alarms.items() if name.startswith(AlarmNamePrefix)]}

    def put_metric_alarm(self, region: str, **alarm: Any) -> None:
        read_back = {"StateValue": "OK", "AlarmArn": "arn", "InsufficientDataActions": [], **alarm}
        self.alarms[alarm["AlarmName"]] = {**read_back, "Dimensions": alarm["Dimensions"][::-1]}

    def delete_alarms(self, region: str, AlarmNames: list[str]) -> None:  # noqa: N803
        for name in AlarmNames:
            del self.alarms[name]


def alarm(name: str = "shop/api", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "description": "It doesn't serve.",
        "namespace": "MultiRegion",
        "metric_name": "HealthCheck",
        "dimensions": {"Workload": "shop", "Region": STANDBY},
        "statistic": "Maximum",
        "comparison": "LessThanThreshold",
        "threshold": 1.0,
        "period": 60,
        "evaluation_periods": 3,
        "treat_missing_data": "breaching",
        "alarm_actions": [],
        "ok_actions": [],
        **more,
    }


def play(
    aws: CloudWatch, *alarms: dict[str, Any], check_mode: bool = False, prefix: str = "shop/", purge: bool = True
) -> Result:
    options = {"region": STANDBY, "prefix": prefix, "alarms": list(alarms), "purge": purge}
    return cloudwatch_metric_alarms.execute(options, context(SteppedClock(), aws, [], check_mode, 30.0))


def actions(result: Result) -> list[str]:
    return [call.action for call in result.calls]


def test_they_are_made_once() -> None:
    aws = CloudWatch()
    checked = play(aws, alarm(), alarm("shop/db"), check_mode=True)
    assert (checked.changed, actions(checked), aws.alarms) == (True, ["PutMetricAlarm"] * 2, {})
    made = play(aws, alarm(), alarm("shop/db"))
    assert made.values["alarms"] == ["shop/api", "shop/db"]
    again = play(aws, alarm(), alarm("shop/db"))
    assert (again.changed, again.before) == (False, again.after)


@pytest.mark.parametrize(
    "other",
    [
        {"description": "other"},
        {"namespace": "Other"},
        {"metric_name": "Other"},
        {"dimensions": {"Workload": "shop"}},
        {"statistic": "Minimum"},
        {"comparison": "GreaterThanThreshold"},
        {"threshold": 2.0},
        {"period": 120},
        {"evaluation_periods": 1},
        {"treat_missing_data": "ignore"},
        {"alarm_actions": ["arn"]},
        {"ok_actions": ["arn"]},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whatever_differs_is_changed_and_then_is_not_again(other: dict[str, Any]) -> None:
    aws = CloudWatch()
    play(aws, alarm())
    assert actions(play(aws, alarm(**other))) == ["PutMetricAlarm"]
    assert not play(aws, alarm(**other)).changed


@pytest.mark.parametrize(
    "field", [{"Metrics": [{"Id": "m"}]}, {"ActionsEnabled": False}, {"Unit": "Count"}, {"DatapointsToAlarm": 2}]
)
def test_what_somebody_made_of_it_elsewhere_is_put_right(field: dict[str, Any]) -> None:
    aws = CloudWatch()
    play(aws, alarm())
    aws.alarms["shop/api"].update(field)
    assert actions(play(aws, alarm())) == ["PutMetricAlarm"]


NAMES = st.sets(st.sampled_from(["shop/a", "shop/b", "shop/c"]))


@settings(deadline=None, max_examples=30)
@given(NAMES, NAMES)
def test_those_of_the_prefix_become_those_given_and_others_stay(first: set[str], second: set[str]) -> None:
    aws = CloudWatch()
    aws.alarms["shops/a"] = {"AlarmName": "shops/a"}
    play(aws, *map(alarm, sorted(first)))
    result = play(aws, *map(alarm, sorted(second)))
    assert set(aws.alarms) == second | {"shops/a"}
    assert result.changed == (first != second)
    assert sorted(actions(result)) == ["DeleteAlarms"] * len(first - second) + ["PutMetricAlarm"] * len(second - first)


def test_without_purge_those_beside_them_stay() -> None:
    aws = CloudWatch()
    play(aws, alarm("shop/a"))
    result = play(aws, alarm("shop/b"), purge=False)
    assert set(aws.alarms) == set(result.values["alarms"]) == {"shop/a", "shop/b"}
    assert not play(aws, alarm("shop/b"), purge=False).changed


def test_a_throttled_request_is_made_again_and_a_refused_one_is_told() -> None:
    aws = CloudWatch()
    aws.faults["put_metric_alarm"] = [error("Throttling")] * 3
    assert play(aws, alarm()).changed
    aws.faults["delete_alarms"] = [error("AccessDenied")]
    with pytest.raises(CallFailed, match="cloudwatch:DeleteAlarms in eu-west-1: AccessDenied") as failed:
        play(aws, alarm("shop/b"))
    assert [call.action for call in failed.value.made] == ["PutMetricAlarm"]


@pytest.mark.parametrize(
    ("alarms", "prefix", "code"),
    [
        ([], "", "prefix_too_short"),
        ([alarm("a/b")], "a/", "prefix_too_short"),
        ([alarm("other/a")], "shop/", "name_without_prefix"),
        ([alarm(), alarm()], "shop/", "same_alarm_twice"),
    ],
)
def test_nobody_elses_alarms_are_deleted_by_mistake(alarms: list[dict[str, Any]], prefix: str, code: str) -> None:
    aws = CloudWatch()
    with pytest.raises(Refused, match=code):
        play(aws, *alarms, prefix=prefix)
    assert aws.calls == []
