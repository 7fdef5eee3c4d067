# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload's alarms and dashboards as they are planned, in the lab's CloudWatch, which they are read back from."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.observability import (
    health_metrics,
    observability_legs,
    observability_plan,
    under_way_metrics,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.modules import (
    cloudwatch_composite_alarm,
    cloudwatch_dashboard,
    cloudwatch_metric_alarms,
    cloudwatch_metric_data,
)

from .conftest import HOME, STANDBY, Lab

BOTH = (HOME, STANDBY)
SERVICES = ("api", "database")


class LabTime(SystemClock):
    """The time of day is the lab's."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def wall(self) -> float:
        return self._lab.clock.wall()


class LabClients:
    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def get(self, service: str, region: str) -> Any:
        return self._lab.client(service, region)


def context(lab: Lab) -> Context:
    clock: Any = LabTime(lab)
    clients: Any = LabClients(lab)
    return Context(False, True, clock, Deadline.after(clock, 60), clients, lambda line: None, lambda warning: None)


def planned(state: str = "present") -> dict[str, Any]:
    """One look is enough for an alarm to go off."""
    legs = [{"region": region, "cluster_id": f"shop-{region}"} for region in BOTH]
    seen = [{"region": region, "services": {name: {} for name in SERVICES}} for region in BOTH]
    topics = [f"arn:aws:sns:{region}:123456789012:oncall" for region in BOTH]
    described: dict[str, Any] = {
        "workload": "shop",
        "legs": observability_legs(legs, seen, []),
        "account": "123456789012",
    }
    described |= {
        "partition": "aws",
        "critical": topics,
        "warning": topics,
        "runbooks": "docs/runbooks",
        "budget": 1000,
    }
    limits = {"every": 60, "periods": 1, "lag_limit_ms": 300000, "rto_objective": 900, "rpo_objective": 60}
    return observability_plan({**described, **limits}, state)


def have(lab: Lab, plan: dict[str, Any]) -> list[str]:
    """Make it all as the role does; gives the calls that changed something."""
    rest = {"actions_enabled": True, "insufficient_data_actions": [], "tags": {"workload": "shop"}, "purge_tags": True}
    results = []
    for purge in (False, True):
        for region, alarms in plan["alarms"].items():
            options = {"region": region, "prefix": plan["prefix"], "alarms": alarms, "purge": purge}
            results.append(cloudwatch_metric_alarms.execute(options, context(lab)))
        for each in () if purge else plan["composites"]:
            results.append(cloudwatch_composite_alarm.execute({**rest, **each}, context(lab)))
    results += [cloudwatch_dashboard.execute(each, context(lab)) for each in plan["dashboards"]]
    return [call.action for result in results for call in result.calls]


def publish(lab: Lab, **statuses: str) -> None:
    """A look at both Regions; each of ``statuses`` is of a Region's services."""
    legs = [
        {"region": region, "services": {name: {"status": statuses[region.replace("-", "_")]} for name in SERVICES}}
        for region in BOTH
    ]
    now = lab.clock.wall()
    data = health_metrics({"legs": legs, "timing": {"ended": now}}, "shop")
    data += under_way_metrics({"workloads": [{"run": None}]}, "shop", now)
    options = {"namespace": "MultiRegion", "regions": list(BOTH), "data": data}
    assert cloudwatch_metric_data.execute(options, context(lab)).values["errors"] == []


def in_alarm(lab: Lab, region: str = STANDBY) -> set[str]:
    found: Any = lab.client("cloudwatch", region).describe_alarms(
        AlarmTypes=["MetricAlarm", "CompositeAlarm"], StateValue="ALARM"
    )
    return {each["AlarmName"] for each in found["MetricAlarms"] + found["CompositeAlarms"]}


def test_they_are_made_once_and_removed_once(lab: Lab) -> None:
    assert set(have(lab, planned())) == {"PutMetricAlarm", "PutCompositeAlarm", "PutDashboard"}
    assert have(lab, planned()) == []
    assert set(have(lab, planned("absent"))) == {"DeleteAlarms", "DeleteDashboards"}
    assert have(lab, planned("absent")) == []
    assert lab.client("cloudwatch", HOME).describe_alarms()["MetricAlarms"] == []


@pytest.mark.parametrize("seen", ["unhealthy", "unknown"])
def test_a_lost_region_is_told_once_by_the_other_one(lab: Lab, seen: str) -> None:
    have(lab, planned())
    publish(lab, eu_central_1="healthy", eu_west_1="healthy")
    assert in_alarm(lab) <= {"aws-dr/shop/drift", "aws-dr/shop/warning"}
    lab.look(61)
    publish(lab, eu_central_1=seen, eu_west_1="healthy")
    alarms = in_alarm(lab)
    assert {"aws-dr/shop/critical", f"aws-dr/shop/region_down/{HOME}"} <= alarms
    assert not {"aws-dr/shop/warning", f"aws-dr/shop/region_down/{STANDBY}"} & alarms


def test_whoever_looks_and_is_gone_is_told(lab: Lab) -> None:
    have(lab, planned())
    publish(lab, eu_central_1="healthy", eu_west_1="healthy")
    assert "aws-dr/shop/critical" not in in_alarm(lab)
    lab.look(61)
    assert "aws-dr/shop/critical" in in_alarm(lab)


def test_a_published_metric_is_recorded_with_its_namespace(lab: Lab) -> None:
    """By which the policies are tried."""
    publish(lab, eu_central_1="healthy", eu_west_1="healthy")
    calls = [call for call in lab.calls.since() if call.action == "PutMetricData"]
    assert [(call.service, call.params["Namespace"], call.write) for call in calls] == [
        ("cloudwatch", "MultiRegion", True)
    ] * 2
