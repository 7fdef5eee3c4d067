# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication lag: which metrics to ask for, and what their samples say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag

PERIOD = 60  # seconds: these metrics have a sample a minute
WINDOW = 900.0  # seconds to look back: an older sample is as good as none


@dataclass(frozen=True)
class LagMetric:
    """A metric, how many milliseconds its unit is, and the dimensions it is published under."""

    name: str
    to_milliseconds: float
    dimensions: tuple[str, ...]


# The first with a sample counts. "AuroraGlobalDBRPLag", found in some runbooks, does not exist.
LAG_METRICS = (
    LagMetric("AuroraGlobalDBRPOLag", 1.0, ("DBClusterIdentifier", "SourceRegion")),
    LagMetric("AuroraGlobalDBReplicationLag", 1.0, ("DBClusterIdentifier", "SourceRegion")),
    LagMetric("AuroraReplicaLagMaximum", 1.0, ("DBClusterIdentifier",)),
    LagMetric("ReplicaLag", 1000.0, ("DBInstanceIdentifier",)),
)


def lag_queries(cluster_id: str, source_region: str | None, instance_id: str | None) -> list[dict[str, Any]]:
    """Queries of all the metrics that can exist for this replica, to be sent in one call to its own Region."""
    known = {"DBClusterIdentifier": cluster_id, "SourceRegion": source_region, "DBInstanceIdentifier": instance_id}
    return [
        {
            "Id": _id(index),
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/RDS",
                    "MetricName": metric.name,
                    "Dimensions": [{"Name": name, "Value": known[name]} for name in metric.dimensions],
                },
                "Period": PERIOD,
                "Stat": "Maximum",
            },
        }
        for index, metric in enumerate(LAG_METRICS)
        if all(known[name] for name in metric.dimensions)
    ]


def lag(results: Iterable[Mapping[str, Any]]) -> Lag | None:
    """The samples of the first metric that has any, or ``None``: no sample is not a lag of zero.

    A negative value is how RDS says that it can't tell.
    """
    by_id = {result["Id"]: result for result in results}
    for index, metric in enumerate(LAG_METRICS):
        result = by_id.get(_id(index), {})
        samples = [
            (at.timestamp(), value * metric.to_milliseconds)
            for at, value in zip(result.get("Timestamps", []), result.get("Values", []), strict=True)
            if value >= 0
        ]
        if samples:
            newest_first = tuple(sorted(samples, reverse=True))
            at, milliseconds = newest_first[0]
            return Lag(milliseconds, metric.name, at, newest_first)
    return None


def _id(index: int) -> str:
    return f"lag{index}"
