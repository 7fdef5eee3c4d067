# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.api import get_metric_data
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.replication import (
    METRICS,
    backlog_queries,
    backlogs,
    chunks,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket, Pair, Sample

ONE = Pair(Bucket("one", "eu-central-1"), Bucket("two", "eu-west-1"), ("a", "b"))
OTHER = Pair(Bucket("three", "eu-central-1"), Bucket("four", "eu-west-1"), ("a",))


def result(query: dict[str, Any], *samples: tuple[float, float]) -> dict[str, Any]:
    times = [datetime.fromtimestamp(at, UTC) for at, _value in samples]
    return {"Id": query["Id"], "Timestamps": times, "Values": [value for _at, value in samples]}


def test_every_metric_of_every_rule_is_asked_for_by_its_dimensions_and_cloudwatch_takes_the_query() -> None:
    queries = backlog_queries([ONE, OTHER])
    assert len(queries) == 9 and len({query["Id"] for query in queries}) == 9
    dimensions = queries[3]["MetricStat"]["Metric"]["Dimensions"]
    assert {each["Name"]: each["Value"] for each in dimensions} == {
        "SourceBucket": "one",
        "DestinationBucket": "two",
        "RuleId": "b",
    }
    client = boto3.client("cloudwatch", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stub:
        expected = {"MetricDataQueries": queries, "StartTime": ANY, "EndTime": ANY, "ScanBy": "TimestampDescending"}
        stub.add_response("get_metric_data", {"MetricDataResults": []}, expected)
        assert get_metric_data(client, queries, 0, 1) == []


def test_rules_add_up_and_the_newest_sample_of_each_counts_with_the_oldest_of_their_times() -> None:
    queries = backlog_queries([ONE])
    values = dict(zip(("a", "b"), ((10.0, 1.0), (20.0, 2.0)), strict=True))
    answers = [result(query, (5.0, 99.0), values["a" if number < 3 else "b"]) for number, query in enumerate(queries)]
    found = backlogs([ONE], answers)[ONE]
    assert (found.operations, found.latency) == (Sample(3.0, METRICS[0], 10.0), Sample(2.0, METRICS[2], 10.0))


def test_a_rule_without_a_sample_makes_the_sum_unknown() -> None:
    queries = backlog_queries([ONE])
    found = backlogs([ONE], [result(query, (10.0, 0.0)) for query in queries[:3]])[ONE]
    assert (found.operations, found.bytes, found.latency) == (None, None, None)


def test_pairs_are_told_apart() -> None:
    queries = backlog_queries([OTHER, ONE])
    found = backlogs([OTHER, ONE], [result(query, (10.0, 7.0)) for query in queries[:3]])
    assert found[OTHER].operations == Sample(7.0, METRICS[0], 10.0) and found[ONE].operations is None


def test_no_lot_is_larger_than_one_call_takes_and_no_pair_is_lost() -> None:
    pairs = [Pair(Bucket(str(number), "x"), ONE.destination, ("a",)) for number in range(400)]
    lots = chunks(pairs)
    assert [pair for lot in lots for pair in lot] == pairs
    assert max(len(backlog_queries(lot)) for lot in lots) <= 500
    assert chunks([]) == []
