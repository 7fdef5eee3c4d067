# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts: on a service, on a leg, on a workload."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import ServerState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import (
    ApiSeen,
    DatabaseSeen,
    Lag,
    Leg,
    LegHealth,
    Query,
    Role,
    Seen,
    Status,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import (
    Thresholds,
    leg_findings,
    leg_health,
    workload_findings,
    worst,
    writer_region,
)

NOW = 1_767_225_600.0
API = ApiSeen("http://api", 200, "192.0.2.1", 12.0)
LAG = Lag(80.0, "AuroraGlobalDBRPOLag", NOW - 20)
READER = DatabaseSeen("shop-2", Role.READER, "available", "16.4", ("shop-2-1",), "connected", lag=LAG)
WRITER = DatabaseSeen("shop-1", Role.WRITER, "available", "16.4", ("shop-1-1",))


def verdict(**seen: Seen | str) -> LegHealth:
    return leg_health("eu-west-1", seen, Thresholds(), NOW)


def status(**seen: Seen | str) -> str:
    return verdict(**seen).status.value


def reasons(**seen: Seen | str) -> str:
    return " ".join(verdict(**seen).as_dict(NOW)["reasons"])


@pytest.mark.parametrize("database", [READER, WRITER])
def test_leg_with_nothing_wrong_is_healthy(database: DatabaseSeen) -> None:
    found = verdict(api=API, database=database)
    assert (found.status, found.role) == (Status.HEALTHY, database.role)
    assert found.as_dict(NOW)["reasons"] == []


def test_service_without_an_answer_is_unknown_and_so_is_its_leg() -> None:
    assert status(api=API, database="no answer within 5 s") == "unknown"
    assert reasons(api=API, database="no answer within 5 s") == "database: no answer within 5 s"


def test_api_that_no_client_reaches_is_unhealthy() -> None:
    assert status(api=ApiSeen("http://api", error="refused")) == "unhealthy"


def test_slow_answer_is_degraded() -> None:
    assert status(api=replace(API, response_ms=1001.0)) == "degraded"
    assert status(api=replace(API, response_ms=1000.0)) == "healthy"


@pytest.mark.parametrize(
    ("days", "expected"), [(14.1, "healthy"), (13.9, "degraded"), (0.1, "degraded"), (-0.1, "unhealthy")]
)
def test_certificate_is_wanted_to_last(days: float, expected: str) -> None:
    ends = replace(API, certificate_ends=NOW + days * 86_400)
    assert status(api=ends) == expected
    assert verdict(api=ends).as_dict(NOW)["services"]["api"]["certificate_days"] == pytest.approx(days)


def test_how_long_a_certificate_must_last_is_a_threshold() -> None:
    ends = replace(API, certificate_ends=NOW + 20 * 86_400)
    month = Thresholds().overridden({"api": {"min_certificate_days": 30.0, "max_response_ms": None}})
    assert leg_health("eu-west-1", {"api": ends}, month, NOW).status is Status.DEGRADED
    assert month.of("api").response_ms == month.of("cache").response_ms == Thresholds().response_ms


def test_every_option_of_a_services_own_sets_its_threshold() -> None:
    given = {
        "max_response_ms": 1.0,
        "max_lag_ms": 2.0,
        "max_lag_age": 3.0,
        "min_certificate_days": 4.0,
        "max_pending": 5.0,
    }
    found = Thresholds().overridden({"storage": given}).of("storage")
    assert (found.response_ms, found.lag_ms, found.lag_age_s) == (1.0, 2.0, 3.0)
    assert (found.certificate_days, found.pending) == (4.0, 5.0)


def test_certificate_near_its_end_is_told_beside_a_wrong_status() -> None:
    found = verdict(api=replace(API, status=500, certificate_ends=NOW + 86_400)).services["api"]
    assert found.status is Status.UNHEALTHY and len(found.reasons) == 2


def test_api_of_a_standby_may_say_that_it_takes_no_writes() -> None:
    assert status(api=replace(API, status=503), database=READER) == "healthy"


def test_api_elsewhere_may_not() -> None:
    assert status(api=replace(API, status=503), database=WRITER) == "unhealthy"
    assert status(api=replace(API, status=503)) == "unhealthy"


def test_api_that_may_be_a_standbys_is_unknown() -> None:
    found = verdict(api=replace(API, status=503), database="no answer").services["api"]
    assert found.status is Status.UNKNOWN and "good only in a standby" in found.reasons[0]


def test_api_with_an_error_is_unhealthy_whatever_its_database_is() -> None:
    found = verdict(api=replace(API, status=500), database="no answer").services["api"]
    assert found.status is Status.UNHEALTHY


def test_missing_lag_is_unknown_and_not_zero() -> None:
    found = verdict(database=replace(READER, lag=None))
    assert found.status is Status.UNKNOWN
    assert found.as_dict(NOW)["services"]["database"]["replication_lag"] is None


def test_lag_of_zero_is_a_lag() -> None:
    found = verdict(database=replace(READER, lag=replace(LAG, milliseconds=0.0)))
    assert found.status is Status.HEALTHY
    assert found.as_dict(NOW)["services"]["database"]["replication_lag"] == {
        "ms": 0.0,
        "source": "AuroraGlobalDBRPOLag",
        "sampled_at": NOW - 20,
        "age_s": 20.0,
        "samples": [],
    }


def test_old_lag_sample_is_unknown_and_says_how_old() -> None:
    old = replace(READER, lag=replace(LAG, sampled_at=NOW - 181))
    assert status(database=old) == "unknown" and "181 s old" in reasons(database=old)


def test_lag_above_the_threshold_is_degraded() -> None:
    behind = replace(READER, lag=replace(LAG, milliseconds=5001.0))
    assert status(database=behind) == "degraded"
    assert leg_health("eu-west-1", {"database": behind}, Thresholds(lag_ms=6000.0), NOW).status is Status.HEALTHY


def test_writer_needs_no_lag() -> None:
    assert status(database=replace(WRITER, lag=None)) == "healthy"


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        (replace(READER, cluster_status="backing-up"), "degraded"),
        (replace(READER, cluster_status="failing-over"), "unhealthy"),
        (replace(READER, cluster_status="inaccessible-encryption-credentials"), "unhealthy"),
        (replace(READER, cluster_status=""), "unknown"),
        (replace(READER, instances=()), "unhealthy"),
        (replace(READER, synchronization="pending-resync"), "degraded"),
        (replace(READER, failover_status="switching-over"), "degraded"),
    ],
)
def test_cluster_is_as_aws_describes_it(database: DatabaseSeen, expected: str) -> None:
    assert status(database=database) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(ServerState("shop-1-1", "aurora_server_id", "192.0.2.1", True, 0.02)), "healthy"),
        (Query(ServerState("shop-1-1", "aurora_server_id", "192.0.2.1", True, 1.5)), "degraded"),
        (Query(ServerState("shop-1-1", "aurora_server_id", "192.0.2.1", False, 0.02)), "unhealthy"),
        (Query(error="connection refused"), "unhealthy"),
        (Query(error="password refused", answered_no=True), "unknown"),
    ],
)
def test_server_that_was_asked_is_heard(query: Query, expected: str) -> None:
    assert status(database=replace(WRITER, query=query)) == expected


def test_a_reader_that_takes_writes_is_unhealthy() -> None:
    query = Query(ServerState("shop-2-1", "aurora_server_id", "192.0.2.1", True, 0.02))
    assert status(database=replace(READER, query=query)) == "unhealthy"
    assert "AWS calls it a reader, but shop-2-1 takes writes" in reasons(database=replace(READER, query=query))


@given(st.lists(st.sampled_from(list(Status)), min_size=1))
def test_worst_is_one_of_them_and_unhealthy_outweighs_all(statuses: list[Status]) -> None:
    found = worst(statuses)
    assert found in statuses
    assert (found is Status.UNHEALTHY) == (Status.UNHEALTHY in statuses)
    assert (found is Status.HEALTHY) == (set(statuses) == {Status.HEALTHY})


def test_nothing_looked_at_is_unknown() -> None:
    assert worst([]) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((Role.WRITER, Role.READER), "r0"),
        ((Role.UNKNOWN, Role.WRITER), "r1"),
        ((Role.READER, Role.UNKNOWN), None),
        ((Role.WRITER, Role.WRITER), None),
    ],
)
def test_writer_is_named_only_when_there_is_one(roles: tuple[Role, ...], expected: str | None) -> None:
    legs = [LegHealth(f"r{index}", Status.HEALTHY, role) for index, role in enumerate(roles)]
    assert writer_region(legs) == expected


@pytest.mark.parametrize(
    ("legs", "required", "code"),
    [
        ((), (), "no_legs"),
        ((Leg("a", "http://x"), Leg("a", "http://y")), (), "same_region_twice"),
        ((Leg("a", "http://x"), Leg("b")), (), "nothing_to_ask"),
        ((Leg("a", "http://x"),), ("b",), "required_not_a_leg"),
    ],
)
def test_legs_that_cannot_be_looked_at_are_refused(legs: tuple[Leg, ...], required: tuple[str, ...], code: str) -> None:
    assert [finding.code for finding in leg_findings(legs, required)] == [code]


def test_workloads_of_one_name_cannot_be_told_apart() -> None:
    assert [each.code for each in workload_findings(["a", "b", "a"])] == ["same_workload_twice"]
    assert workload_findings(["a", "b"]) == ()


def test_two_legs_with_something_to_ask_are_fine() -> None:
    assert leg_findings((Leg("a", "http://x"), Leg("b", cluster_id="shop-2")), ("b",)) == ()
