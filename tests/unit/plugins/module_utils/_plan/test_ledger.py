# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import CacheSeen, DatabaseSeen, Lag, Role
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Parameter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret, SecretPair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import (
    LagSample,
    Line,
    When,
    bound,
    cache_line,
    database_line,
    parameters_line,
    secret_line,
    texts,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import Put, Sync

MINUTE = 1_767_225_600.0
PLANNED, FAILED, SAID_NOT = When(True, MINUTE + 90), When(False, MINUTE + 90), When(False, 0.0)
LAG = Lag(250.0, "AuroraGlobalDBRPOLag", MINUTE, ((MINUTE, 250.0),))
REPLICA = DatabaseSeen("shop-eu-west-1", Role.READER, lag=LAG)
CACHE = CacheSeen("shop-eu-west-1", "secondary", lag=Lag(500.0, "GlobalDatastoreReplicationLag", MINUTE))


def known(line: Line) -> tuple[str, float | None]:
    return line.loss.known_as, line.loss.seconds


@pytest.mark.parametrize(
    ("seen", "when", "expected"),
    [
        (REPLICA, PLANNED, ("bounded", 0.0)),
        (REPLICA, FAILED, ("bounded", 90.25)),
        (REPLICA, SAID_NOT, ("unknown", None)),
        (REPLICA, When(False, MINUTE + 30), ("unknown", None)),
        (DatabaseSeen("shop-eu-west-1", Role.READER), FAILED, ("unknown", None)),
        (DatabaseSeen("shop-eu-west-1", Role.WRITER, lag=LAG), SAID_NOT, ("measured", 0.0)),
    ],
)
def test_a_database_loses_what_its_lag_and_the_time_since_allow(
    seen: DatabaseSeen, when: When, expected: tuple[str, float | None]
) -> None:
    assert known(database_line("shop", seen, when)) == expected


def test_why_there_is_no_lag_sample_is_told() -> None:
    seen = DatabaseSeen("shop-eu-west-1", Role.READER, lag_error="Throttling")
    assert "Throttling" in database_line("shop", seen, FAILED).loss.basis


@pytest.mark.parametrize(
    ("seen", "when", "expected"),
    [
        (CACHE, PLANNED, ("bounded", 90.5)),
        (CACHE, FAILED, ("bounded", 90.5)),
        (CACHE, SAID_NOT, ("unknown", None)),
        (CacheSeen("shop-eu-west-1", "secondary"), PLANNED, ("unknown", None)),
        (CacheSeen("shop-eu-west-1", "primary"), SAID_NOT, ("measured", 0.0)),
    ],
)
def test_a_cache_loses_what_is_on_its_way_in_a_planned_failover_too(
    seen: CacheSeen, when: When, expected: tuple[str, float | None]
) -> None:
    assert known(cache_line("shop", seen, when)) == expected


def test_only_a_database_has_rows_to_compare() -> None:
    assert "rows" in database_line("shop", REPLICA, FAILED).loss.basis
    assert "rows" not in cache_line("shop", CACHE, FAILED).loss.basis


def secret(region: str, version: str) -> Secret:
    return Secret("shop/db", region, "arn", version, primary_region="eu-central-1")


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("1", "1", True), ("measured", 0.0)),
        (("2", "1", True), ("unknown", None)),
        (("1", "1", False), ("unknown", None)),
    ],
)
def test_a_secret_is_in_sync_or_its_loss_is_unknown(
    pair: tuple[str, str, bool], expected: tuple[str, float | None]
) -> None:
    source, target, read = pair
    seen = SecretPair(
        "shop/db",
        "eu-west-1",
        secret("eu-west-1", target),
        "eu-central-1",
        secret("eu-central-1", source) if read else None,
        read,
    )
    assert known(secret_line(seen, MINUTE)) == expected


def test_parameters_are_the_same_or_their_loss_is_unknown() -> None:
    put = Put(None, Parameter("/shop/a", "String", "hunter2"))
    differs = parameters_line("/shop", Sync(puts=(put,)), MINUTE)
    assert known(parameters_line("/shop", Sync(unchanged=("/shop/a",)), MINUTE)) == ("measured", 0.0)
    assert known(differs) == ("unknown", None)
    assert known(parameters_line("/shop", Sync(unknown=("/shop/a",)), MINUTE)) == ("unknown", None)
    assert "hunter2" not in str(differs)


def test_a_caches_bound_is_from_before_the_failure_though_newer_samples_are_there() -> None:
    samples = ((MINUTE + 60, 9000.0), (MINUTE, 500.0))
    lag = Lag(9000.0, "GlobalDatastoreReplicationLag", MINUTE + 60, samples)
    assert known(cache_line("shop", CacheSeen("shop-eu-west-1", "secondary", lag=lag), FAILED)) == ("bounded", 90.5)


def test_a_lag_within_a_region_bounds_no_loss_between_regions() -> None:
    lag = Lag(20.0, "AuroraReplicaLagMaximum", MINUTE, ((MINUTE, 20.0),))
    line = database_line("shop", DatabaseSeen("shop-eu-west-1", Role.READER, lag=lag), FAILED)
    assert known(line) == ("unknown", None)
    assert "within a Region" in line.loss.basis


def test_a_bound_grows_with_the_age_of_its_sample() -> None:
    near, far = (bound([LagSample(1.0, "lag", MINUTE)], MINUTE + age).seconds for age in (60, 600))
    assert (near, far) == (61.0, 601.0)


def test_a_line_says_how_it_is_known_and_never_zero_for_unknown() -> None:
    (text,) = texts([cache_line("shop", CACHE, SAID_NOT)])
    assert text.startswith("cache shop: unknown (") and "unknown: " not in text
    assert cache_line("shop", CACHE, SAID_NOT).as_dict()["seconds"] is None
