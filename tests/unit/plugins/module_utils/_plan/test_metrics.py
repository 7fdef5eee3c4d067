# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import (
    UNITS,
    Datum,
    Metric,
    RunFigures,
    ServiceSample,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.metrics import (
    MOST_BYTES,
    MOST_DIMENSIONS,
    MOST_VALUES,
    batches,
    cost_data,
    data_findings,
    drift_data,
    health_data,
    known,
    most_size,
    run_data,
    under_way_data,
)

NOW = 1_790_000_000.0
HOME, STANDBY = "eu-central-1", "eu-west-1"


def values(data: list[Datum]) -> dict[tuple[str, ...], float | None]:
    return {(each.name, *(value for _name, value in each.dimensions[1:])): each.value for each in data}


def test_a_service_that_serves_is_one_and_one_that_does_not_is_zero() -> None:
    samples = [
        ServiceSample(HOME, "api", Status.HEALTHY, 12.0),
        ServiceSample(HOME, "database", Status.DEGRADED),
        ServiceSample(HOME, "cache", Status.UNHEALTHY),
    ]
    found = values(health_data("shop", samples, NOW))
    assert [found["HealthCheck", HOME, each] for each in ("api", "database", "cache")] == [1.0, 1.0, 0.0]
    assert found["ResponseTime", HOME, "api"] == 12.0
    assert found["Availability", HOME, "all"] == pytest.approx(200 / 3)
    assert found["Degraded", HOME, "all"] == 1.0


def test_what_is_unknown_is_never_sent_as_zero() -> None:
    data = health_data("shop", [ServiceSample(HOME, "api", Status.UNKNOWN)], NOW)
    data += under_way_data("shop", None, NOW) + drift_data("shop", None, NOW) + cost_data("shop", {}, NOW)
    data += run_data("shop", RunFigures(STANDBY, True), NOW)
    assert {each.name for each in known(data)} == {"Failover", "FailoverSucceeded"}


def test_an_unknown_service_takes_nothing_from_the_availability() -> None:
    samples = [ServiceSample(HOME, "api", Status.HEALTHY), ServiceSample(HOME, "cache", Status.UNKNOWN)]
    assert values(health_data("shop", samples, NOW))["Availability", HOME, "all"] == 100.0


def test_a_lag_is_of_its_own_minute() -> None:
    sample = ServiceSample(STANDBY, "database", Status.HEALTHY, lag_ms=84.0, lag_at=NOW - 100)
    (lag,) = [each for each in health_data("shop", [sample], NOW) if each.name == "ReplicationLag"]
    assert (lag.value, lag.unit, lag.at) == (84.0, "Milliseconds", NOW - 100)


@pytest.mark.parametrize(
    ("rpo", "known_as", "published", "met"),
    [
        (0.0, "measured", ("RPO", 0.0), 1.0),
        (120.0, "measured", ("RPO", 2.0), 0.0),
        (30.0, "bounded", ("RPOAtMost", 0.5), 1.0),
        (120.0, "bounded", ("RPOAtMost", 2.0), None),
        (None, "unknown", ("RPOAtMost", None), None),
    ],
)
def test_a_bound_can_prove_an_objective_met_never_missed(
    rpo: float | None, known_as: str, published: tuple[str, float | None], met: float | None
) -> None:
    figures = RunFigures(STANDBY, True, rpo=rpo, rpo_known_as=known_as, rpo_objective=60.0)
    found = values(run_data("shop", figures, NOW))
    assert found[published[0], STANDBY, "all"] == published[1]
    assert found["ObjectiveMet", STANDBY, "rpo"] == met


def test_a_recovery_time_is_in_minutes_and_held_against_its_objective() -> None:
    found = values(run_data("shop", RunFigures(STANDBY, True, rto=90.0, rto_objective=60.0), NOW))
    assert (found["RTO", STANDBY, "all"], found["ObjectiveMet", STANDBY, "rto"]) == (1.5, 0.0)
    assert found["Failover", STANDBY, "all"] == 1.0


def test_an_attempt_that_failed_is_no_failover_yet() -> None:
    found = values(run_data("shop", RunFigures(STANDBY, False, ended=False), NOW))
    assert found == {("FailoverSucceeded", STANDBY, "all"): 0.0}


def test_drift_is_what_was_found_but_for_what_is_so_by_design() -> None:
    found = drift_data("shop", ["lag_stale", "lag_stale", "us_east_1_needed", "no_baseline"], NOW)
    assert values(found) == {("Drift", "all", "all"): 2.0}
    assert values(drift_data("shop", [], NOW)) == {("Drift", "all", "all"): 0.0}


def test_cost_is_said_for_each_region_and_together() -> None:
    found = values(cost_data("shop", {HOME: 10.5, STANDBY: 4.0}, NOW))
    assert found == {("Cost", HOME, "all"): 10.5, ("Cost", STANDBY, "all"): 4.0, ("Cost", "all", "all"): 14.5}


def test_every_metric_has_a_unit_that_cloudwatch_knows() -> None:
    model: Any = botocore.session.get_session().get_service_model("cloudwatch")
    assert set(UNITS) == set(Metric)
    assert set(UNITS.values()) <= set(model.shape_for("StandardUnit").enum)
    assert model.shape_for("Dimensions").metadata["max"] == MOST_DIMENSIONS


def dimensions(number: int, length: int = 8) -> tuple[tuple[str, str], ...]:
    return tuple((f"d{n}".ljust(length, "ä"), "ü" * length) for n in range(number))


DATA = st.lists(
    st.builds(
        Datum,
        name=st.text(min_size=1, max_size=255),
        value=st.floats(allow_nan=False, allow_infinity=False),
        dimensions=st.integers(0, 30).map(dimensions),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(DATA, st.integers(1, 7), st.integers(40_000, 60_000))
def test_batches_keep_the_order_and_both_limits(data: list[Datum], most: int, most_bytes: int) -> None:
    made = batches(data, most, most_bytes)
    assert [each for batch in made for each in batch] == data
    assert all(batch and len(batch) <= most for batch in made)
    assert all(sum(map(most_size, batch)) <= most_bytes for batch in made)


@settings(deadline=None)
@given(DATA.filter(len))
def test_the_size_is_never_less_than_the_widest_protocol_needs(data: list[Datum]) -> None:
    assert sum(map(most_size, data)) >= len(urlencode(query(data)))


def query(data: list[Datum]) -> list[tuple[str, Any]]:
    """As the query protocol writes them, all with the highest number that one can have."""
    found: list[tuple[str, Any]] = []
    for each in data:
        one = "MetricData.member.1000."
        found += [(f"{one}MetricName", each.name), (f"{one}Value", each.value), (f"{one}Unit", each.unit)]
        found.append((f"{one}Timestamp", "2026-11-30T19:22:41.123456Z"))
        for name, value in each.dimensions:
            found += [(f"{one}Dimensions.member.30.Name", name), (f"{one}Dimensions.member.30.Value", value)]
    return found


def test_more_than_a_thousand_values_are_several_requests() -> None:
    assert [len(batch) for batch in batches([Datum("m", 1.0)] * 2500)] == [1000, 1000, 500]
    fat = Datum("m", 1.0, dimensions=dimensions(30, 250))
    assert len(batches([fat] * 100)) > 1
    assert all(sum(map(most_size, batch)) <= MOST_BYTES for batch in batches([fat] * 100))
    assert MOST_VALUES == 1000


@pytest.mark.parametrize(
    ("datum", "why"),
    [
        (Datum("m", float("nan")), "finite"),
        (Datum("m", float("inf")), "finite"),
        (Datum("m", 2.0**361), "finite"),
        (Datum("m" * 256, 1.0), "name"),
        (Datum("m", 1.0, dimensions=dimensions(31)), "31 dimensions"),
        (Datum("m", 1.0, dimensions=(("a", ""),)), "empty"),
        (Datum("m", 1.0, at=NOW - 15 * 86400), "two weeks"),
        (Datum("m", 1.0, at=NOW + 3 * 3600), "two hours"),
    ],
)
def test_a_value_that_would_cost_the_whole_request_is_refused(datum: Datum, why: str) -> None:
    (finding,) = data_findings("MultiRegion", [HOME], [datum], NOW)
    assert finding.code == "metric_unusable"
    assert why in finding.observed


@pytest.mark.parametrize("namespace", ["AWS/RDS", "", ":x", "n" * 256])
def test_a_namespace_of_aws_is_refused(namespace: str) -> None:
    assert [each.code for each in data_findings(namespace, [HOME], [], NOW)] == ["namespace_unusable"]


def test_no_region_is_refused() -> None:
    assert [each.code for each in data_findings("MultiRegion", [], [], NOW)] == ["no_metric_region"]
