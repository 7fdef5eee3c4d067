# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published of a workload, and its alarms and dashboards, from what tasks returned and the inventory says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import Datum, RunFigures, ServiceSample
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.observability import Watched, WatchedLeg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import metrics
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.alarms import (
    composite_alarms,
    metric_alarms,
    prefix,
    watched_findings,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.dashboards import dashboards

MOVES = ("failover", "failback")
FAILED = ("split",)


def health_metrics(health: Mapping[str, Any], workload: str) -> list[dict[str, Any]]:
    """What ``region_health_info`` returned, as values to publish."""
    samples = [
        _sample(leg["region"], name, service) for leg in health["legs"] for name, service in leg["services"].items()
    ]
    return _shown(metrics.health_data(workload, samples, health["timing"]["ended"]))


def _sample(region: str, name: str, service: Mapping[str, Any]) -> ServiceSample:
    lag = service.get("replication_lag") or {}
    return ServiceSample(
        region, name, Status(service["status"]), service.get("response_ms"), lag.get("ms"), lag.get("sampled_at")
    )


def under_way_metrics(seen: Mapping[str, Any], workload: str, now: float) -> list[dict[str, Any]]:
    """Whether a failover or failback is open, by what ``run_info`` returned; empty where it couldn't be read."""
    read = seen.get("workloads")
    under_way = any((each["run"] or {}).get("kind") in MOVES for each in read) if read else None
    return _shown(metrics.under_way_data(workload, under_way, float(now)))


def run_metrics(summary: Mapping[str, Any], workload: str, target: str, now: float) -> list[dict[str, Any]]:
    """A failover's summary, or an empty one of an attempt that failed, as values to publish."""
    objectives = summary.get("objectives", {})
    figures = RunFigures(
        target=target,
        succeeded=bool(summary) and summary["outcome"] not in FAILED,
        ended=bool(summary),
        rto=summary.get("rto_seconds"),
        rpo=summary.get("rpo_seconds"),
        rpo_known_as=summary.get("rpo_known_as", "unknown"),
        rto_objective=objectives.get("rto_seconds"),
        rpo_objective=objectives.get("rpo_seconds"),
    )
    return _shown(metrics.run_data(workload, figures, float(now)))


def cost_metrics(costs: Mapping[str, float], workload: str, now: float) -> list[dict[str, Any]]:
    """What the month has cost so far, by Region, as values to publish."""
    return _shown(metrics.cost_data(workload, costs, float(now)))


def drift_metrics(findings: Sequence[Mapping[str, Any]], workload: str, now: float) -> list[dict[str, Any]]:
    """How many codes a preflight found, as a value to publish."""
    return _shown(metrics.drift_data(workload, [each["code"] for each in findings], float(now)))


def _shown(data: Sequence[Datum]) -> list[dict[str, Any]]:
    return [each.as_dict() for each in metrics.known(data)]


def watched(described: Mapping[str, Any]) -> Watched:
    """The record, from what the role says of the workload."""
    legs = [
        WatchedLeg(leg["region"], leg["cluster_id"] or "", tuple(leg["services"]), tuple(leg["vaults"]))
        for leg in described["legs"]
    ]
    budget = described["budget"]
    return Watched(
        workload=described["workload"],
        legs=tuple(legs),
        account=described["account"],
        partition=described["partition"],
        critical=tuple(described["critical"]),
        warning=tuple(described["warning"]),
        runbooks=described["runbooks"],
        every=int(described["every"]),
        periods=int(described["periods"]),
        lag_limit_ms=float(described["lag_limit_ms"]),
        rto_objective=float(described["rto_objective"]),
        rpo_objective=float(described["rpo_objective"]),
        budget=None if budget is None else float(budget),
    )


def observability_legs(
    legs: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]], vaults: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The inventory's legs, with their clusters and services as ``region_health_info`` found them."""
    seen: dict[str, Mapping[str, Any]] = {leg["region"]: leg["services"] for leg in found}
    return [
        {
            "region": leg["region"],
            "cluster_id": leg.get("cluster_id") or seen.get(leg["region"], {}).get("database", {}).get("cluster_id"),
            "services": list(seen.get(leg["region"], {})),
            "vaults": [each["name"] for each in vaults if each["region"] == leg["region"]],
        }
        for leg in legs
    ]


def observability_plan(described: Mapping[str, Any], state: str = "present") -> dict[str, Any]:
    """Alarms and dashboards of every Region, each as its module takes it; and why they can't be made."""
    watches = watched(described)
    there = state == "present"
    composites = [
        {**each.as_dict(), "region": region, "state": state}
        for region in watches.regions
        for each in composite_alarms(watches, region)
    ]
    return {
        "refusals": [each.as_dict() for each in watched_findings(watches)] if there else [],
        "prefix": prefix(watches.workload),
        "alarms": {
            region: [each.as_dict() for each in metric_alarms(watches, region)] if there else []
            for region in watches.regions
        },
        # None is deleted while another one is about it.
        "composites": composites if there else composites[::-1],
        "dashboards": [
            {"name": each.name, "region": region, "body": each.body(), "state": state}
            for region in watches.regions
            for each in dashboards(watches, region)
        ],
    }


class FilterModule:
    """Filters about metrics, alarms and dashboards."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "cost_metrics": cost_metrics,
            "drift_metrics": drift_metrics,
            "health_metrics": health_metrics,
            "observability_legs": observability_legs,
            "observability_plan": observability_plan,
            "run_metrics": run_metrics,
            "under_way_metrics": under_way_metrics,
        }
