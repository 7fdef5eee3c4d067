# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import (
    CompositeAlarm,
    Kind,
    MetricAlarm,
    Missing,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import NAMESPACE, WHOLE, Metric
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.observability import WatchedLeg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.alarms import (
    DAY,
    NOT_ALONE,
    SILENCE,
    composite_alarms,
    metric_alarms,
    prefix,
    watched_findings,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.watched_shop import (
    HOME,
    SERVICES,
    SHOP,
    STANDBY,
    shop,
    topic,
)

BOTH = (HOME, STANDBY)


def all_of(region: str) -> list[MetricAlarm | CompositeAlarm]:
    return [*metric_alarms(SHOP, region), *composite_alarms(SHOP, region)]


def of_kind(kind: Kind, region: str = STANDBY) -> list[MetricAlarm]:
    return [each for each in metric_alarms(SHOP, region) if each.kind is kind]


@pytest.mark.parametrize("region", BOTH)
def test_each_region_watches_every_service_of_both(region: str) -> None:
    watched = {
        (dict(each.dimensions)["Region"], dict(each.dimensions)["Service"])
        for each in of_kind(Kind.SERVICE_UNHEALTHY, region)
    }
    assert watched == {(leg, service) for leg in BOTH for service in SERVICES}


@pytest.mark.parametrize(("region", "source"), [(HOME, STANDBY), (STANDBY, HOME)])
def test_each_region_has_the_lag_alarm_of_its_own_cluster_as_a_secondary(region: str, source: str) -> None:
    (alarm,) = [each for each in of_kind(Kind.REPLICATION_LAG, region) if each.namespace == "AWS/RDS"]
    assert alarm.metric == "AuroraGlobalDBRPOLag"
    assert dict(alarm.dimensions) == {"DBClusterIdentifier": f"shop-{region}", "SourceRegion": source}
    assert (alarm.threshold, alarm.missing) == (300_000.0, Missing.NOT_BREACHING.value)


def test_each_kind_is_there_and_says_what_silence_means() -> None:
    assert {each.kind for each in metric_alarms(SHOP, STANDBY)} == set(SILENCE)
    for each in metric_alarms(SHOP, STANDBY):
        assert each.kind is not None
        alone = each.kind is not Kind.SERVICE_UNHEALTHY or dict(each.dimensions)["Service"] not in NOT_ALONE
        assert each.missing == (SILENCE[each.kind][0] if alone else Missing.NOT_BREACHING).value


def test_whoever_looks_and_is_gone_is_noticed() -> None:
    assert SILENCE[Kind.SERVICE_UNHEALTHY][0] is Missing.BREACHING
    assert SILENCE[Kind.DRIFT][0] is Missing.BREACHING
    assert all(
        SILENCE[kind][0] is not Missing.BREACHING
        for kind in SILENCE
        if kind not in (Kind.SERVICE_UNHEALTHY, Kind.DRIFT)
    )


@pytest.mark.parametrize("region", BOTH)
def test_every_alarm_names_its_place_in_the_runbook(region: str) -> None:
    for each in all_of(region):
        assert each.kind is not None
        assert each.description.endswith(f"https://wiki.example.com/runbooks/alarms.md#{each.kind.value}")
        assert each.name.startswith(prefix("shop"))


@pytest.mark.parametrize("region", BOTH)
def test_all_that_is_asked_of_cloudwatch_is_what_it_takes(region: str) -> None:
    service: Any = botocore.session.get_session().get_service_model("cloudwatch")
    model = service.operation_model("PutMetricAlarm").input_shape.members
    names = [each.name for each in all_of(region)]
    assert len(names) == len(set(names))
    for each in metric_alarms(SHOP, region):
        assert each.comparison in model["ComparisonOperator"].enum
        assert each.statistic in model["Statistic"].enum
        assert len(each.name) <= model["AlarmName"].metadata["max"]
        assert len(each.description) <= model["AlarmDescription"].metadata["max"]
        assert each.period * each.periods <= DAY
        if each.namespace == NAMESPACE:
            assert each.metric in {metric.value for metric in Metric}
            assert [name for name, _value in each.dimensions] == ["Workload", "Region", "Service"]


def calling(states: Mapping[str, bool], region: str = STANDBY) -> list[str]:
    """Which alarms of a Region call somebody when these metric alarms are in alarm, by CloudWatch's rules."""
    metric = {each.name: states.get(each.name, False) for each in metric_alarms(SHOP, region)}
    found = [each.name for each in metric_alarms(SHOP, region) if metric[each.name] and each.actions]
    for each in composite_alarms(SHOP, region):
        rule = re.sub(r'ALARM\("([^"]*)"\)', lambda one: str(metric[one[1]]), each.rule)
        for theirs, ours in (("OR", "or"), ("AND", "and"), ("NOT", "not"), ("FALSE", "False")):
            rule = rule.replace(theirs, ours)
        metric[each.name] = bool(eval(rule))  # a rule of our own, of True, False and their operators
        held = each.suppressor and metric[each.suppressor]
        if metric[each.name] and each.actions and not held:
            found.append(each.name)
    return found


def outage(region: str) -> dict[str, bool]:
    """A Region is lost: nothing serves there, nothing follows it, and what is left is degraded."""
    kinds = (Kind.SERVICE_UNHEALTHY, Kind.REPLICATION_LAG, Kind.DEGRADED, Kind.DRIFT)
    return {
        each.name: region in each.name or each.kind is Kind.DRIFT
        for each in metric_alarms(SHOP, STANDBY)
        if each.kind in kinds
    }


@pytest.mark.parametrize("lost", BOTH)
def test_a_lost_region_calls_once(lost: str) -> None:
    assert sum(outage(lost).values()) > 5
    assert calling(outage(lost)) == ["aws-dr/shop/critical"]


def test_while_a_failover_is_under_way_only_that_calls() -> None:
    under_way = {**outage(HOME), "aws-dr/shop/failover_under_way": True}
    assert calling(under_way) == ["aws-dr/shop/failover_under_way"]


@pytest.mark.parametrize("kind", [Kind.DRIFT, Kind.DEGRADED, Kind.OVER_BUDGET, Kind.BACKUP_FAILED])
def test_what_is_no_outage_is_a_warning(kind: Kind) -> None:
    assert calling({of_kind(kind)[0].name: True}) == ["aws-dr/shop/warning"]


@settings(deadline=None)
@given(st.sets(st.sampled_from([each.name for each in metric_alarms(SHOP, STANDBY)])))
def test_whatever_is_in_alarm_somebody_is_called_and_not_for_each(alarms: set[str]) -> None:
    called = calling(dict.fromkeys(alarms, True))
    single = [each for each in called if "objective_missed" in each]
    assert bool(called) == bool(alarms)
    assert len(called) - len(single) <= 2


def test_an_alarm_calls_topics_of_its_own_region() -> None:
    for region in BOTH:
        called = {arn for each in all_of(region) for arn in each.actions}
        assert called == ({topic(HOME)} if region == HOME else {topic(STANDBY), topic(STANDBY, "team")})


@pytest.mark.parametrize("region", BOTH)
def test_a_rule_is_about_alarms_that_were_made_before_it_in_its_region(region: str) -> None:
    known = {each.name for each in metric_alarms(SHOP, region)}
    for each in composite_alarms(SHOP, region):
        about = set(re.findall(r'ALARM\("([^"]*)"\)', each.rule))
        assert about
        assert about | ({each.suppressor} - {""}) <= known
        assert len(each.rule) <= 10240
        known.add(each.name)


def test_without_a_budget_or_a_vault_nobody_waits_for_them() -> None:
    plain = shop(budget=None, legs=tuple(WatchedLeg(each.region, each.cluster_id, ("api",)) for each in SHOP.legs))
    kinds = {each.kind for each in metric_alarms(plain, HOME)}
    assert not kinds & {Kind.OVER_BUDGET, Kind.BACKUP_FAILED}
    assert all(dict(each.dimensions).get("Service") != "cache" for each in metric_alarms(plain, HOME))


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"legs": (WatchedLeg(HOME, "", SERVICES),)}, "cluster_unknown"),
        ({"legs": (WatchedLeg(HOME, "shop", ()),)}, "nothing_to_watch"),
        ({"every": 90}, "period_unusable"),
        ({"every": 0}, "period_unusable"),
        ({"every": 86400}, "period_unusable"),
        ({"critical": (topic("us-east-1"),)}, "topic_elsewhere"),
    ],
)
def test_what_alarms_can_not_be_made_of_is_refused(other: dict[str, Any], code: str) -> None:
    plain = {"critical": (), "warning": (), **other}
    assert code in [each.code for each in watched_findings(shop(**plain))]
    assert watched_findings(SHOP) == ()


def test_the_workload_as_a_whole_is_a_dimension_too() -> None:
    (alarm,) = of_kind(Kind.FAILOVER_UNDER_WAY)
    assert dict(alarm.dimensions) == {"Workload": "shop", "Region": WHOLE, "Service": WHOLE}


@pytest.mark.parametrize(
    ("service", "missing"),
    [
        *((each, Missing.BREACHING) for each in ("api", "database", "cache")),
        *((each, Missing.NOT_BREACHING) for each in ("storage", "secrets")),
    ],
)
def test_what_a_region_cannot_say_alone_is_no_alarm_where_it_says_nothing(service: str, missing: Missing) -> None:
    leg = WatchedLeg(STANDBY, "shop-b", (service,), ())
    [alarm] = [each for each in metric_alarms(shop(legs=(leg,)), STANDBY) if each.kind is Kind.SERVICE_UNHEALTHY]
    assert alarm.missing == missing.value
