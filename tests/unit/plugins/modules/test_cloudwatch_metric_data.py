# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from typing import Any

import botocore.session
import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import cloudwatch_metric_data
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import LOST, context, refused

HOME, STANDBY = "eu-central-1", "eu-west-1"


class CloudWatch:
    """CloudWatch in each Region: what it took, and what it answers instead."""

    def __init__(self, **errors: Exception) -> None:
        self.errors = {name.replace("_", "-"): error for name, error in errors.items()}
        self.taken: dict[str, list[list[dict[str, Any]]]] = {}
        self.hangs: set[str] = set()
        self.never = threading.Event()

    def get(self, service: str, region: str) -> Any:
        assert service == "cloudwatch"
        cloudwatch = self

        class Client:
            def put_metric_data(self, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803
                if region in cloudwatch.hangs:
                    cloudwatch.never.wait(60)
                taken = cloudwatch.taken.setdefault(region, [])
                if region in cloudwatch.errors and taken:
                    raise cloudwatch.errors[region]
                taken.append(MetricData)

        return Client()


def value(**more: Any) -> dict[str, Any]:
    return {"name": "RTO", "value": 1.5, "unit": "None", "dimensions": {"Workload": "shop"}, "timestamp": None, **more}


def publish(
    cloudwatch: CloudWatch, *data: dict[str, Any], check_mode: bool = False, seconds: float = 5.0, **more: Any
) -> Result:
    options = {"namespace": "MultiRegion", "regions": [STANDBY, HOME], "data": list(data), **more}
    clock: Any = SystemClock()
    return cloudwatch_metric_data.execute(options, context(clock, cloudwatch, [], check_mode, seconds))


def test_both_regions_have_it() -> None:
    cloudwatch = CloudWatch()
    result = publish(cloudwatch, value())
    assert result.changed
    assert set(cloudwatch.taken) == {HOME, STANDBY}
    (((datum,),),) = (cloudwatch.taken[HOME],)
    assert datum == {
        "MetricName": "RTO",
        "Value": 1.5,
        "Unit": "None",
        "Dimensions": [{"Name": "Workload", "Value": "shop"}],
    }
    assert [each["published"] for each in result.values["regions"]] == [1, 1]
    assert [call.region for call in result.calls] == [STANDBY, HOME]


def test_a_region_that_hangs_costs_the_timeout_and_fails_nothing() -> None:
    cloudwatch = CloudWatch()
    cloudwatch.hangs.add(HOME)
    clock = SystemClock()
    began = clock.monotonic()
    result = publish(cloudwatch, value(), seconds=0.3)
    cloudwatch.never.set()
    assert clock.monotonic() - began < 2
    standby, home = result.values["regions"]
    assert (standby["published"], standby["error"]) == (1, None)
    assert home["published"] == 0
    assert "no answer within" in home["error"]
    assert result.values["errors"] == [home["error"]]


@pytest.mark.parametrize("error", [LOST, refused("AccessDenied")])
def test_a_region_that_takes_a_part_says_how_much(error: Exception) -> None:
    result = publish(CloudWatch(eu_central_1=error), *[value()] * 1500)
    standby, home = result.values["regions"]
    assert (standby["published"], home["published"]) == (1500, 1000)
    assert "PutMetricData in eu-central-1" in home["error"]


def test_what_is_unknown_is_counted_and_not_sent() -> None:
    cloudwatch = CloudWatch()
    result = publish(cloudwatch, value(), value(name="RPO", value=None))
    assert result.values["unknown"] == 1
    assert [each["MetricName"] for each in cloudwatch.taken[HOME][0]] == ["RTO"]
    assert not publish(cloudwatch, value(value=None)).changed


def test_check_mode_sends_nothing_and_says_the_calls() -> None:
    cloudwatch = CloudWatch()
    result = publish(cloudwatch, value(), check_mode=True)
    assert (result.changed, cloudwatch.taken) == (True, {})
    assert [call.action for call in result.calls] == ["PutMetricData"] * 2


def test_what_cloudwatch_would_not_take_is_refused_before_anything_is_sent() -> None:
    cloudwatch = CloudWatch()
    with pytest.raises(Refused, match="metric_unusable"):
        publish(cloudwatch, value(), value(value=float("nan")))
    assert cloudwatch.taken == {}


def test_its_units_are_cloudwatchs() -> None:
    model: Any = botocore.session.get_session().get_service_model("cloudwatch")
    assert set(cloudwatch_metric_data.UNITS) == set(model.shape_for("StandardUnit").enum)
