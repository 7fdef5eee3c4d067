# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag metrics of a global database, against the reference's section 1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lab.aws.cloudwatch_feed import HISTORY, PERIOD
from lab.aws.cloudwatch_lag import METRICS

from .conftest import HOME, STANDBY, Lab
from .shop import failover, finish, make


@pytest.fixture
def shop(lab: Lab) -> Lab:
    make(lab)
    lab.look(PERIOD)
    return lab


def samples(lab: Lab, region: str, cluster: str, source: str, metric: str = METRICS[0]) -> list[dict[str, Any]]:
    now = datetime.fromtimestamp(lab.clock.wall(), UTC)
    answer = lab.client("cloudwatch", region).get_metric_statistics(
        Namespace="AWS/RDS",
        MetricName=metric,
        Dimensions=[
            {"Name": "DBClusterIdentifier", "Value": cluster},
            {"Name": "SourceRegion", "Value": source},
        ],
        StartTime=now - timedelta(minutes=30),
        EndTime=now + timedelta(seconds=1),
        Period=60,
        Statistics=["Maximum"],
    )
    return list(answer["Datapoints"])


@pytest.mark.parametrize("metric", METRICS)
def test_the_secondary_region_has_the_lag_in_milliseconds(shop: Lab, metric: str) -> None:
    shop.plane.lag[STANDBY] = 345.0
    shop.look(PERIOD)
    (sample,) = samples(shop, STANDBY, f"shop-{STANDBY}", HOME, metric)

    assert (sample["Maximum"], sample["Unit"]) == (345.0, "Milliseconds")


def test_the_primary_region_has_none(shop: Lab) -> None:
    shop.plane.lag = {STANDBY: 345.0, HOME: 1.0}
    shop.look(PERIOD)

    assert shop.client("cloudwatch", HOME).list_metrics(Namespace="AWS/RDS")["Metrics"] == []


def test_an_unknown_lag_is_no_sample(shop: Lab) -> None:
    shop.look(PERIOD)

    assert samples(shop, STANDBY, f"shop-{STANDBY}", HOME) == []


def test_a_lost_region_has_no_new_samples(shop: Lab) -> None:
    shop.plane.lag[STANDBY] = 345.0
    shop.plane.lost.add(STANDBY)
    shop.look(PERIOD)

    assert samples(shop, STANDBY, f"shop-{STANDBY}", HOME) == []


def test_a_sample_is_taken_once_a_period(shop: Lab) -> None:
    shop.plane.lag[STANDBY] = 345.0
    for _unused in range(6):
        shop.look(PERIOD / 2)

    assert len(samples(shop, STANDBY, f"shop-{STANDBY}", HOME)) == 3


def test_after_a_failover_the_lag_is_the_other_ways(shop: Lab) -> None:
    failover(shop)
    finish(shop)
    shop.plane.lag = {HOME: 7.0}
    shop.look(PERIOD)

    assert [sample["Maximum"] for sample in samples(shop, HOME, f"shop-{HOME}", STANDBY)] == [7.0]


def test_a_seeded_workload_has_some_minutes_of_history_once(shop: Lab) -> None:
    shop.state.look_older()
    shop.look(PERIOD)
    shop.plane.lag[STANDBY] = 345.0
    shop.look(PERIOD)
    shop.look(PERIOD)

    assert len(samples(shop, STANDBY, f"shop-{STANDBY}", HOME)) == HISTORY + 2
