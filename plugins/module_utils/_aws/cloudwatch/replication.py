# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backlog of S3's replication: which metrics to ask for, and what their samples say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.transform import PERIOD
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Backlog, Pair, Sample

OPERATIONS, BYTES, LATENCY = "OperationsPendingReplication", "BytesPendingReplication", "ReplicationLatency"
METRICS = (OPERATIONS, BYTES, LATENCY)
MOST_QUERIES = 500  # that one GetMetricData takes


def chunks(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Pairs in lots, each of which one call can ask for."""
    lots: list[list[Pair]] = [[]]
    room = MOST_QUERIES
    for pair in pairs:
        needed = len(METRICS) * len(pair.rule_ids)
        if needed > room and lots[-1]:
            lots.append([])
            room = MOST_QUERIES
        lots[-1].append(pair)
        room -= needed
    return [lot for lot in lots if lot]


def backlog_queries(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Queries of every pair's metrics, to be sent in one call to the destinations' Region.

    The Maximum of a minute: what waited at any moment of it.
    """
    return [
        {
            "Id": _id(number, rule, metric),
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/S3",
                    "MetricName": metric,
                    "Dimensions": [
                        {"Name": "SourceBucket", "Value": pair.source.name},
                        {"Name": "DestinationBucket", "Value": pair.destination.name},
                        {"Name": "RuleId", "Value": rule_id},
                    ],
                },
                "Period": PERIOD,
                "Stat": "Maximum",
            },
        }
        for number, pair in enumerate(pairs)
        for rule, rule_id in enumerate(pair.rule_ids)
        for metric in METRICS
    ]


def backlogs(pairs: Sequence[Pair], results: Iterable[Mapping[str, Any]]) -> dict[Pair, Backlog]:
    """What the answer says of each pair. A metric that has no sample under one of the rules is unknown for the pair."""
    newest = {result["Id"]: _newest(result) for result in results}

    def together(number: int, pair: Pair, metric: str) -> Sample | None:
        samples = [newest.get(_id(number, rule, metric)) for rule in range(len(pair.rule_ids))]
        known = [sample for sample in samples if sample is not None]
        if not known or len(known) < len(samples):
            return None
        values = [value for _at, value in known]
        return Sample(max(values) if metric == LATENCY else sum(values), metric, min(at for at, _value in known))

    found = {}
    for number, pair in enumerate(pairs):
        operations, size, latency = (together(number, pair, metric) for metric in METRICS)
        found[pair] = Backlog(operations, size, latency)
    return found


def _newest(result: Mapping[str, Any]) -> tuple[float, float] | None:
    times = (at.timestamp() for at in result.get("Timestamps", []))
    return max(zip(times, result.get("Values", []), strict=True), default=None)


def _id(number: int, rule: int, metric: str) -> str:
    return f"p{number}_r{rule}_m{METRICS.index(metric)}"
