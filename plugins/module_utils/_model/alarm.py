# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch alarms of a workload, as they are to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Level(str, Enum):
    """Whom an alarm calls."""

    CRITICAL = "critical"
    WARNING = "warning"


class Kind(str, Enum):
    """What an alarm is about: its place in the runbook."""

    SERVICE_UNHEALTHY = "service_unhealthy"
    REPLICATION_LAG = "replication_lag"
    FAILOVER_UNDER_WAY = "failover_under_way"
    OBJECTIVE_MISSED = "objective_missed"
    DEGRADED = "degraded"
    OVER_BUDGET = "over_budget"
    DRIFT = "drift"
    BACKUP_FAILED = "backup_failed"
    REGION_DOWN = "region_down"
    CRITICAL = "critical"
    WARNING = "warning"


class Missing(str, Enum):
    """What it says of a metric that nothing is heard of."""

    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"
    IGNORE = "ignore"


@dataclass(frozen=True)
class MetricAlarm:
    """An alarm on one metric. ``actions`` are ARNs; most have none, as a composite one speaks for them."""

    name: str
    description: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    comparison: str
    threshold: float
    period: int
    periods: int
    missing: str
    actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    kind: Kind | None = field(default=None, compare=False)

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> MetricAlarm:
        return cls(
            name=options["name"],
            description=options["description"],
            namespace=options["namespace"],
            metric=options["metric_name"],
            dimensions=tuple(sorted((str(name), str(value)) for name, value in options["dimensions"].items())),
            statistic=options["statistic"],
            comparison=options["comparison"],
            threshold=options["threshold"],
            period=options["period"],
            periods=options["evaluation_periods"],
            missing=options["treat_missing_data"],
            actions=tuple(options["alarm_actions"]),
            ok_actions=tuple(options["ok_actions"]),
        )

    def as_dict(self) -> dict[str, Any]:
        """By the names of cloudwatch_metric_alarms' options."""
        return {
            "name": self.name,
            "description": self.description,
            "namespace": self.namespace,
            "metric_name": self.metric,
            "dimensions": dict(self.dimensions),
            "statistic": self.statistic,
            "comparison": self.comparison,
            "threshold": self.threshold,
            "period": self.period,
            "evaluation_periods": self.periods,
            "treat_missing_data": self.missing,
            "alarm_actions": list(self.actions),
            "ok_actions": list(self.ok_actions),
        }


@dataclass(frozen=True)
class CompositeAlarm:
    """An alarm on other alarms. ``suppressor`` names the one that keeps its actions back, seconds before and after."""

    name: str
    rule: str
    description: str = ""
    kind: Kind | None = field(default=None, compare=False)
    actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    actions_enabled: bool = True
    suppressor: str = ""
    suppressor_wait: int = 60
    suppressor_extension: int = 60

    def as_dict(self) -> dict[str, Any]:
        """By the names of cloudwatch_composite_alarm's options."""
        suppressor = {
            "alarm": self.suppressor,
            "wait_period": self.suppressor_wait,
            "extension_period": self.suppressor_extension,
        }
        return {
            "name": self.name,
            "rule": self.rule,
            "description": self.description,
            "alarm_actions": list(self.actions),
            "ok_actions": list(self.ok_actions),
            "insufficient_data_actions": list(self.insufficient_data_actions),
            "actions_enabled": self.actions_enabled,
            "suppressor": suppressor if self.suppressor else None,
        }


@dataclass(frozen=True)
class Found:
    """A composite alarm as CloudWatch has it."""

    alarm: CompositeAlarm
    arn: str
    state: str
    tags: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {**self.alarm.as_dict(), "arn": self.arn, "state": self.state, "tags": dict(self.tags)}
