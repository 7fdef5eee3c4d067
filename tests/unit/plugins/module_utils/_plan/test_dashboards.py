# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.dashboard import COLUMNS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import NAMESPACE, Metric
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.alarms import composite_alarms, metric_alarms
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.dashboards import dashboards
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.watched_shop import (
    HOME,
    SHOP,
    STANDBY,
    shop,
)

BOTH = (HOME, STANDBY)
MADE = [each for region in BOTH for each in dashboards(SHOP, region)]


def widgets(number: int) -> list[dict[str, Any]]:
    return list(MADE[number].body()["widgets"])


def lines(region: str) -> Iterator[list[Any]]:
    for made in dashboards(SHOP, region):
        for widget in made.body()["widgets"]:
            yield from widget["properties"].get("metrics", [])


def test_there_are_two_for_each_region_under_names_that_cloudwatch_takes() -> None:
    assert [each.name for each in MADE] == [
        f"aws-dr-shop-{kind}-{region}" for region in BOTH for kind in ("overview", "disaster-recovery")
    ]
    assert re.fullmatch(r"[A-Za-z0-9_-]+", dashboards(shop(workload="a.b c"), HOME)[0].name)


@pytest.mark.parametrize("number", range(4))
def test_widgets_are_on_the_grid_and_none_lies_on_another(number: int) -> None:
    for one, other in itertools.combinations(widgets(number), 2):
        apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        assert apart or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    assert all(
        each["x"] >= 0 and each["x"] + each["width"] <= COLUMNS and each["height"] > 0 for each in widgets(number)
    )


@pytest.mark.parametrize("region", BOTH)
def test_it_reads_one_region_only_so_that_the_other_may_be_lost(region: str) -> None:
    for made in dashboards(SHOP, region):
        body = made.body()
        assert {each["properties"]["region"] for each in body["widgets"] if each["type"] == "metric"} == {region}
        arns = [arn for each in body["widgets"] for arn in each["properties"].get("alarms", [])]
        assert all(arn.split(":")[3] == region for arn in arns)


@pytest.mark.parametrize("region", BOTH)
def test_every_line_is_of_a_metric_that_is_published(region: str) -> None:
    for namespace, name, *rest in lines(region):
        *dimensions, how = rest
        assert isinstance(how, dict)
        assert how["label"]
        if namespace == NAMESPACE:
            assert name in {metric.value for metric in Metric}
            assert dimensions[::2] == ["Workload", "Region", "Service"]
        else:
            assert (namespace, name, dimensions[1]) == ("AWS/RDS", "AuroraGlobalDBRPOLag", f"shop-{region}")


@pytest.mark.parametrize("region", BOTH)
def test_what_is_to_be_seen_is_there_of_both_regions(region: str) -> None:
    seen = {(name, rest[3]) for namespace, name, *rest in lines(region) if namespace == NAMESPACE}
    for metric in ("HealthCheck", "ReplicationLag", "ResponseTime", "Availability", "Failover", "Cost"):
        assert {(metric, each) for each in BOTH} <= seen
    for metric in ("ObjectiveMet", "FailoverSucceeded", "RTO", "RPO", "RPOAtMost"):
        assert {(metric, each) for each in BOTH} <= seen


@pytest.mark.parametrize("region", BOTH)
def test_every_alarm_of_the_region_is_shown_those_that_call_first(region: str) -> None:
    (shown,) = [
        each["properties"]["alarms"]
        for each in dashboards(SHOP, region)[1].body()["widgets"]
        if each["type"] == "alarm"
    ]
    names = [arn.partition(":alarm:")[2] for arn in shown]
    every = [each.name for each in metric_alarms(SHOP, region)]
    every += [each.name for each in composite_alarms(SHOP, region)]
    assert set(names) == set(every)
    assert names[:2] == ["aws-dr/shop/warning", "aws-dr/shop/critical"]
    assert len(names) <= 100


def test_the_same_description_gives_the_same_dashboard() -> None:
    assert json.dumps([each.body() for each in MADE]) == json.dumps(
        [each.body() for region in BOTH for each in dashboards(shop(), region)]
    )
