# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload's dashboards, from its description.

A dashboard is the account's, and any Region shows it; but a widget reads one Region. So there is one of each for every
Region, which reads that one only: with a Region lost, the other's still shows everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.dashboard import COLUMNS, Dashboard, Widget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import NAMESPACE, WHOLE, Metric
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.observability import Watched
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.alarms import (
    LAG_METRIC,
    composite_alarms,
    metric_alarms,
)

DAY = 86400
HALF = COLUMNS // 2

Line = Sequence[Any]


def dashboards(watched: Watched, region: str) -> tuple[Dashboard, ...]:
    """Both dashboards that read ``region``."""
    return (overview(watched, region), disaster_recovery(watched, region))


def _name(watched: Watched, kind: str, region: str) -> str:
    """CloudWatch takes letters, digits, hyphens and underscores."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"aws-dr-{watched.workload}-{kind}-{region}")


def _metric(watched: Watched, metric: Metric, region: str, service: str = WHOLE, **how: Any) -> Line:
    return (
        *(NAMESPACE, metric.value),
        *("Workload", watched.workload, "Region", region, "Service", service),
        how,
    )


def _graph(region: str, title: str, lines: Sequence[Line], width: int = HALF, height: int = 6, **more: Any) -> Widget:
    properties = {
        "title": title,
        "region": region,
        "view": "timeSeries",
        "stacked": False,
        "period": 60,
        "stat": "Average",
        "metrics": [list(line) for line in lines],
        **more,
    }
    return Widget("metric", width, height, properties)


def _number(region: str, title: str, lines: Sequence[Line], width: int, **more: Any) -> Widget:
    """The newest value, or with ``setPeriodToTimeRange`` one of the whole time that is shown."""
    return _graph(region, title, lines, width, 3, view="singleValue", sparkline=False, **more)


def _axis(label: str, most: float | None = None) -> Mapping[str, Any]:
    return {"yAxis": {"left": {"min": 0, "label": label, "showUnits": False, **({"max": most} if most else {})}}}


def _limit(label: str, value: float) -> Mapping[str, Any]:
    return {"annotations": {"horizontal": [{"label": label, "value": value}]}}


def _about(watched: Watched, title: str, region: str) -> Widget:
    text = (
        f"# {title}: {watched.workload}\n"
        f"Reads {region} only, so that it shows everything when the other Region is lost. Made by the playbook"
        f" `multiregion.aws_dr.observability`: changes made here are lost. [Runbooks]({watched.runbooks})"
    )
    return Widget("text", COLUMNS, 3, {"markdown": text})


def overview(watched: Watched, region: str) -> Dashboard:
    """Multi-Region Overview: health, lag, failovers and costs, by Region."""
    health = [
        _graph(
            region,
            f"Health in {leg.region} (1 serves, 0 doesn't, a gap is unknown)",
            [
                _metric(watched, Metric.HEALTH_CHECK, leg.region, service, label=service, stat="Minimum")
                for service in leg.services
            ],
            **_axis("serves", 1),
        )
        for leg in watched.legs
    ]
    available = [_metric(watched, Metric.AVAILABILITY, each, label=each) for each in watched.regions]
    under_way = [_metric(watched, Metric.FAILOVER_UNDER_WAY, WHOLE, label="under way", stat="Maximum")]
    failovers = [
        _metric(watched, Metric.FAILOVER, each, label=f"to {each}", stat="Sum", period=DAY) for each in watched.regions
    ]
    costs = [_metric(watched, Metric.COST, each, label=each, stat="Maximum", period=DAY) for each in watched.regions]
    return Dashboard(
        _name(watched, "overview", region),
        "-PT12H",
        (
            [_about(watched, "Multi-Region Overview", region)],
            [
                _number(region, "Availability in percent", available, 16),
                _number(region, "Failovers under way", under_way, 8),
            ],
            health,
            [_lags(watched, region), _responses(watched, region)],
            [
                _graph(region, "Failovers a day", failovers, **_axis("failovers")),
                _graph(region, "Cost of the month so far, by Region", costs, **_axis("cost")),
            ],
        ),
    )


def _lags(watched: Watched, region: str) -> Widget:
    """Ours of every service, and of this Region's database RDS's own, which needs nobody who publishes it."""
    lines = [
        _metric(watched, Metric.REPLICATION_LAG, leg.region, service, label=f"{leg.region} {service}", stat="Maximum")
        for leg in watched.legs
        for service in leg.services
        if service != "api"
    ]
    for leg in watched.legs:
        for source in watched.regions:
            if leg.region == region != source:
                label = {"label": f"{region} by RDS", "stat": "Maximum"}
                lines.append(
                    ("AWS/RDS", LAG_METRIC, "DBClusterIdentifier", leg.cluster_id, "SourceRegion", source, label)
                )
    return _graph(region, "Replication lag in milliseconds", lines, **_axis("ms"))


def _responses(watched: Watched, region: str) -> Widget:
    lines = [
        _metric(watched, Metric.RESPONSE_TIME, leg.region, service, label=f"{leg.region} {service}", stat="Maximum")
        for leg in watched.legs
        for service in leg.services
    ]
    return _graph(region, "Response time in milliseconds", lines, **_axis("ms"))


def disaster_recovery(watched: Watched, region: str) -> Dashboard:
    """Disaster Recovery: objectives kept, how often it went well, how recovery develops, what is alarmed."""
    whole = {"setPeriodToTimeRange": True}
    return Dashboard(
        _name(watched, "disaster-recovery", region),
        "-P90D",
        (
            [_about(watched, "Disaster Recovery", region)],
            [
                _number(
                    region, "Objectives kept (share of the failovers of which it is known)", _kept(watched), 12, **whole
                ),
                _number(region, "Failovers that went well (share)", _went_well(watched), 12, **whole),
            ],
            [
                _trend(watched, region, "Recovery time in minutes", [(Metric.RTO, "")], watched.rto_objective),
                _trend(
                    watched,
                    region,
                    "Lost writes in minutes",
                    [(Metric.RPO, ", measured"), (Metric.RPO_AT_MOST, ", at most")],
                    watched.rpo_objective,
                ),
            ],
            [_alarms(watched, region)],
        ),
    )


def _kept(watched: Watched) -> list[Line]:
    return [
        _metric(watched, Metric.OBJECTIVE_MET, each, objective, label=f"{objective.upper()}, to {each}")
        for objective in ("rto", "rpo")
        for each in watched.regions
    ]


def _went_well(watched: Watched) -> list[Line]:
    return [_metric(watched, Metric.FAILOVER_SUCCEEDED, each, label=f"to {each}") for each in watched.regions]


def _trend(
    watched: Watched, region: str, title: str, metrics: Sequence[tuple[Metric, str]], objective: float
) -> Widget:
    lines = [
        _metric(watched, metric, each, label=f"to {each}{known}", stat="Maximum", period=DAY)
        for each in watched.regions
        for metric, known in metrics
    ]
    return _graph(region, title, lines, **_axis("minutes"), **_limit("objective", objective / 60))


def _alarms(watched: Watched, region: str) -> Widget:
    """Those that call somebody first."""
    names = [each.name for each in reversed(composite_alarms(watched, region))]
    names += [each.name for each in metric_alarms(watched, region)]
    arns = [f"arn:{watched.partition}:cloudwatch:{region}:{watched.account}:alarm:{each}" for each in names]
    return Widget("alarm", COLUMNS, 2 + (len(arns) + 5) // 6, {"title": f"Alarms in {region}", "alarms": arns})
