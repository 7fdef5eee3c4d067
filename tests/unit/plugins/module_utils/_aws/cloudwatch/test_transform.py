# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication lag from CloudWatch's samples."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.transform import (
    LAG_METRICS,
    lag,
    lag_queries,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag

NOW = 1_767_225_600.0
NAMES = ["AuroraGlobalDBRPOLag", "AuroraGlobalDBReplicationLag", "AuroraReplicaLagMaximum", "ReplicaLag"]


def result(name: str, *samples: tuple[float, float]) -> dict[str, Any]:
    [query] = [each for each in lag_queries("c", "r", "i") if each["MetricStat"]["Metric"]["MetricName"] == name]
    times = [datetime.fromtimestamp(NOW - age, UTC) for age, _value in samples]
    return {"Id": query["Id"], "Timestamps": times, "Values": [value for _age, value in samples]}


def test_one_call_asks_for_the_whole_chain_in_order() -> None:
    queries = lag_queries("shop-2", "eu-central-1", "shop-2-1")
    assert [query["MetricStat"]["Metric"]["MetricName"] for query in queries] == NAMES
    assert queries[0]["MetricStat"]["Metric"]["Dimensions"] == [
        {"Name": "DBClusterIdentifier", "Value": "shop-2"},
        {"Name": "SourceRegion", "Value": "eu-central-1"},
    ]


def test_metric_that_cannot_exist_is_not_asked_for() -> None:
    names = [query["MetricStat"]["Metric"]["MetricName"] for query in lag_queries("shop-2", None, None)]
    assert names == ["AuroraReplicaLagMaximum"]


def test_name_that_does_not_exist_is_never_read() -> None:
    assert "AuroraGlobalDBRPLag" not in {metric.name for metric in LAG_METRICS}


@pytest.mark.parametrize("first", range(4))
def test_first_metric_with_a_sample_counts(first: int) -> None:
    results = [result(name, *([(30, float(index + 1))] if index >= first else [])) for index, name in enumerate(NAMES)]
    factor = 1000.0 if NAMES[first] == "ReplicaLag" else 1.0
    value = (first + 1) * factor
    assert lag(reversed(results)) == Lag(value, NAMES[first], NOW - 30, ((NOW - 30, value),))


def test_newest_sample_counts_whatever_their_order() -> None:
    found = lag([result(NAMES[0], (90, 5.0), (30, 7.0), (150, 9.0))])
    assert found and (found.milliseconds, found.sampled_at) == (7.0, NOW - 30)


def test_earlier_samples_of_the_same_metric_are_kept_newest_first() -> None:
    found = lag([result(NAMES[3], (90, 5.0), (30, 7.0)), result(NAMES[1], (150, 9.0), (90, 8.0))])
    assert found and found.samples == ((NOW - 90, 8.0), (NOW - 150, 9.0))


def test_negative_value_is_no_sample() -> None:
    found = lag([result(NAMES[0], (30, -1.0)), result(NAMES[1], (90, 4.0))])
    assert found and (found.milliseconds, found.source) == (4.0, NAMES[1])


def test_no_sample_is_unknown() -> None:
    assert lag([result(name) for name in NAMES]) is None
    assert lag([]) is None
