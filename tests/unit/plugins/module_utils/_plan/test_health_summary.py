# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What many checks amount to: the verdict about users, the figures, and the line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import GlobalCluster, Member
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import (
    ApiSeen,
    DatabaseSeen,
    LegHealth,
    Role,
    Seen,
    ServiceHealth,
    Status,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_summary import Verdict, WorkloadHealth
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import worst
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_summary import (
    serving_region,
    summary,
    summary_of_all,
    verdict,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"
H, D, N, U = Status.HEALTHY, Status.DEGRADED, Status.UNKNOWN, Status.UNHEALTHY


def leg(region: str, **services: Status | tuple[Status, float]) -> LegHealth:
    """With a response time where one is given."""
    found = {}
    for name, given_one in services.items():
        status, took = given_one if isinstance(given_one, tuple) else (given_one, None)
        found[name] = ServiceHealth(status, (), ApiSeen("http://x", 200, None, took))
    return LegHealth(region, worst(each.status for each in found.values()), Role.UNKNOWN, found)


def workload(home: LegHealth, standby: LegHealth, serving: str | None = HOME) -> WorkloadHealth:
    return WorkloadHealth("shop", (home, standby), serving)


@pytest.mark.parametrize(
    ("home", "standby", "serving", "expected"),
    [
        (leg(HOME, api=H, database=H), leg(STANDBY, api=H, database=H), HOME, Verdict.OK),
        (leg(HOME, api=D, database=H), leg(STANDBY, api=H, database=H), HOME, Verdict.DEGRADED),
        (leg(HOME, api=H, database=H), leg(STANDBY, api=U, database=N), HOME, Verdict.DEGRADED),
        (leg(HOME, api=U, database=N), leg(STANDBY, api=H, database=H), HOME, Verdict.CRITICAL),
        (leg(HOME, api=U, database=N), leg(STANDBY, api=H, database=H), STANDBY, Verdict.DEGRADED),
        (leg(HOME, api=H, database=H, secrets=U), leg(STANDBY, api=H, database=H), HOME, Verdict.CRITICAL),
        (leg(HOME, api=H, database=N), leg(STANDBY, api=H, database=H), HOME, Verdict.DEGRADED),
        (leg(HOME, api=N, database=H), leg(STANDBY, api=H, database=H), HOME, Verdict.UNKNOWN),
        (leg(HOME, database=N), leg(STANDBY, database=H), HOME, Verdict.UNKNOWN),
        (leg(HOME, api=H, storage=N), leg(STANDBY, api=H, database=H), HOME, Verdict.DEGRADED),
        (leg(HOME, api=U, database=N), leg(STANDBY, api=H, database=N), None, Verdict.UNKNOWN),
        (leg(HOME, api=H), leg(STANDBY, api=U), None, Verdict.CRITICAL),
        (leg(HOME, api=H), leg(STANDBY, api=D), None, Verdict.DEGRADED),
        (leg(HOME, cache=H), leg(STANDBY, cache=N), None, Verdict.UNKNOWN),
    ],
)
def test_the_verdict_is_about_users(home: LegHealth, standby: LegHealth, serving: str | None, expected: str) -> None:
    assert verdict(workload(home, standby, serving)) is expected


STATUSES = st.sampled_from(list(Status))


@given(st.lists(STATUSES, min_size=6, max_size=6), st.sampled_from([HOME, STANDBY, None]))
def test_all_is_well_exactly_where_every_service_is_healthy(statuses: list[Status], serving: str | None) -> None:
    home, standby = (
        leg(region, api=some[0], database=some[1], secrets=some[2])
        for region, some in ((HOME, statuses[:3]), (STANDBY, statuses[3:]))
    )
    found = verdict(workload(home, standby, serving))
    assert (found is Verdict.OK) == (set(statuses) == {H})
    there = statuses[:3] if serving == HOME else statuses[3:]
    assert (found is Verdict.CRITICAL) == (serving is not None and U in there)


@given(st.lists(STATUSES, min_size=1, max_size=40))
def test_the_figures_add_up(statuses: list[Status]) -> None:
    found = WorkloadHealth("shop", tuple(leg(f"r{number}", api=each) for number, each in enumerate(statuses)))
    figures = summary(found).as_dict()
    assert figures["checks"] == len(statuses) == sum(figures["counts"].values())
    assert sum(each["checks"] for each in figures["regions"].values()) == len(statuses)
    assert 0.0 <= figures["success_percent"] <= 100.0
    assert (figures["success_percent"] == 100.0) == (set(statuses) <= {H, D})


def test_of_no_check_no_share_succeeded() -> None:
    found = summary(WorkloadHealth("shop", ())).as_dict()
    assert (found["checks"], found["success_percent"], found["slowest"]) == (0, None, None)


def test_the_slowest_is_named() -> None:
    found = summary(workload(leg(HOME, api=(H, 5.0), cache=(D, 900.0)), leg(STANDBY, api=H)))
    assert found.as_dict()["slowest"] == {
        "workload": "shop",
        "region": HOME,
        "service": "cache",
        "response_ms": 900.0,
    }


def test_the_line_says_what_is_not_well() -> None:
    home, standby = leg(HOME, api=U, database=N), leg(STANDBY, api=H)
    assert summary(workload(home, standby)).line == (
        "shop: what serves users from eu-central-1 is unhealthy: eu-central-1 api unhealthy,"
        " eu-central-1 database unknown"
    )


def test_many_fare_as_the_worst_of_them_does() -> None:
    well, standby = leg(HOME, api=H, database=H), leg(STANDBY, api=H, database=H)
    bad = replace(workload(leg(HOME, api=U), standby), name="bank")
    found = summary_of_all([workload(well, standby), bad])
    assert found.verdict is Verdict.CRITICAL
    assert found.line == "2 workloads: 1 critical (bank)"
    assert summary_of_all([]).verdict is Verdict.UNKNOWN


def database(writer: str | None) -> dict[str, Seen | str]:
    members = tuple(
        Member(f"arn:aws:rds:{region}:123456789012:cluster:shop", region, region == writer)
        for region in (HOME, STANDBY)
    )
    return {"database": DatabaseSeen("shop", Role.UNKNOWN, global_cluster=GlobalCluster("shop", "available", members))}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([database(HOME), database(HOME)], HOME),
        ([{"database": "no answer"}, database(HOME)], HOME),
        ([database(HOME), database(STANDBY)], None),
        ([database(None), database(None)], None),
        ([{"api": "no answer"}], None),
    ],
)
def test_users_are_served_where_all_that_answer_say(seen: list[dict[str, Seen | str]], expected: str | None) -> None:
    assert serving_region(seen) == expected
