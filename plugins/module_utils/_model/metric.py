# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published in CloudWatch of a workload, and what that is made from. ``None`` is unknown, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Status

NAMESPACE = "MultiRegion"
WHOLE = "all"
"""In place of a service or a Region: the leg, or the workload, as a whole."""


class Metric(str, Enum):
    """The metrics' names. Each has the dimensions Workload, Region and Service."""

    HEALTH_CHECK = "HealthCheck"
    DEGRADED = "Degraded"
    RESPONSE_TIME = "ResponseTime"
    REPLICATION_LAG = "ReplicationLag"
    AVAILABILITY = "Availability"
    FAILOVER = "Failover"
    FAILOVER_SUCCEEDED = "FailoverSucceeded"
    FAILOVER_UNDER_WAY = "FailoverUnderWay"
    RTO = "RTO"
    RPO = "RPO"
    RPO_AT_MOST = "RPOAtMost"
    OBJECTIVE_MET = "ObjectiveMet"
    DRIFT = "Drift"
    COST = "Cost"


UNITS: Mapping[Metric, str] = {
    Metric.HEALTH_CHECK: "Count",
    Metric.DEGRADED: "Count",
    Metric.RESPONSE_TIME: "Milliseconds",
    Metric.REPLICATION_LAG: "Milliseconds",
    Metric.AVAILABILITY: "Percent",
    Metric.FAILOVER: "Count",
    Metric.FAILOVER_SUCCEEDED: "Count",
    Metric.FAILOVER_UNDER_WAY: "Count",
    # In minutes, for which CloudWatch has no unit.
    Metric.RTO: "None",
    Metric.RPO: "None",
    Metric.RPO_AT_MOST: "None",
    Metric.OBJECTIVE_MET: "Count",
    Metric.DRIFT: "Count",
    Metric.COST: "None",
}


@dataclass(frozen=True)
class Datum:
    """One value of a metric; ``at`` is the epoch second that it is of, ``None`` for that of its arrival."""

    name: str
    value: float | None
    unit: str = "None"
    dimensions: tuple[tuple[str, str], ...] = ()
    at: float | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Datum:
        dimensions = tuple((str(name), str(value)) for name, value in (options["dimensions"] or {}).items())
        return cls(options["name"], options["value"], options["unit"], dimensions, options["timestamp"])

    def as_dict(self) -> dict[str, Any]:
        """As the option ``data`` of ``cloudwatch_metric_data`` takes it."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "dimensions": dict(self.dimensions),
            "timestamp": self.at,
        }


@dataclass(frozen=True)
class ServiceSample:
    """What was seen of a service in a Region: milliseconds; ``lag_at`` is when the lag's minute began."""

    region: str
    service: str
    status: Status
    response_ms: float | None = None
    lag_ms: float | None = None
    lag_at: float | None = None


@dataclass(frozen=True)
class RunFigures:
    """What a failover came to, in seconds. ``rpo_known_as`` is measured, bounded or unknown."""

    target: str
    succeeded: bool
    ended: bool = True
    rto: float | None = None
    rpo: float | None = None
    rpo_known_as: str = "unknown"
    rto_objective: float | None = None
    rpo_objective: float | None = None


@dataclass(frozen=True)
class Published:
    """What a Region's CloudWatch took: so many values; ``error`` where it didn't take them all."""

    region: str
    values: int
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"region": self.region, "published": self.values, "error": self.error or None}
