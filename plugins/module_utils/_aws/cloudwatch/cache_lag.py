# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lag of a global datastore's secondary: which metrics to ask for, and what their samples say.

Under which dimensions it is published isn't documented: they are found by ListMetrics, and recognised by their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.transform import PERIOD
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag

NAMESPACE = "AWS/ElastiCache"
METRIC = "GlobalDatastoreReplicationLag"  # in seconds
MOST_QUERIES = 100


def cache_lag_queries(metrics: Iterable[Mapping[str, Any]], names: Iterable[str]) -> list[dict[str, Any]]:
    """Queries of those among ``Metrics`` that are about one of ``names``: the datastore, the group, its nodes."""
    wanted = set(names)
    dimensions = [metric.get("Dimensions", []) for metric in metrics]
    ours = [each for each in dimensions if wanted & {dimension["Value"] for dimension in each}]
    return [
        {
            "Id": f"lag{number}",
            "MetricStat": {
                "Metric": {"Namespace": NAMESPACE, "MetricName": METRIC, "Dimensions": each},
                "Period": PERIOD,
                "Stat": "Maximum",
            },
        }
        for number, each in enumerate(ours[:MOST_QUERIES])
    ]


def cache_lag(results: Iterable[Mapping[str, Any]]) -> Lag | None:
    """The worst of each minute's samples, or ``None``: no sample is not a lag of zero."""
    worst: dict[float, float] = {}
    for result in results:
        for at, value in zip(result.get("Timestamps", []), result.get("Values", []), strict=True):
            if value >= 0:
                minute = at.timestamp()
                worst[minute] = max(worst.get(minute, 0.0), value * 1000.0)
    if not worst:
        return None
    newest_first = tuple(sorted(worst.items(), reverse=True))
    newest, milliseconds = newest_first[0]
    return Lag(milliseconds, METRIC, newest, newest_first)
