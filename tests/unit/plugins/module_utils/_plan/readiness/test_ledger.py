# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger out of readiness's reads: a line for each thing that can lose something, and unknown is never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case, Sightings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.ledger import ledger_lines
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    HOME,
    NOW,
    STANDBY,
    databases,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop_layers import (
    HEALTHY,
    LAYERED,
    PLANNED_LAYERED,
    UNPLANNED_LAYERED,
    cache,
    secret,
    secrets,
)

SAMPLES = ((NOW - 180.0, 100.0),)
SEEN: Mapping[str, Sightings[Any]] = {
    **HEALTHY,
    "database": databases(lag=Lag(100.0, "AuroraGlobalDBRPOLag", NOW - 180, SAMPLES)),
}
PARAMETERS = replace(LAYERED, parameters=("/shop",))
UNSEEN = Sightings[Any]({}, {STANDBY: "no answer within 5 s."})


def lines(case: Case, **seen: Sightings[Any]) -> dict[str, tuple[str, float | None]]:
    case = replace(case, workload=PARAMETERS)
    found = ledger_lines({**SEEN, **seen}, case)
    return {line.layer: (line.loss.known_as, line.loss.seconds) for line in found}


def test_each_configured_layer_has_a_line_and_no_other() -> None:
    assert set(lines(PLANNED_LAYERED)) == {"database", "cache", "buckets", "secrets", "parameters"}
    bare = replace(LAYERED, cache=None, secrets=(), pairs=())
    assert [line.layer for line in ledger_lines(SEEN, replace(PLANNED_LAYERED, workload=bare))] == ["database"]


def test_only_the_failovers_direction_of_the_buckets_counts() -> None:
    found = [line.item for line in ledger_lines(SEEN, PLANNED_LAYERED) if line.layer == "buckets"]
    assert found == ["assets-c -> assets-w"]


def test_of_a_planned_run_the_database_and_what_the_run_copies_lose_nothing() -> None:
    found = lines(PLANNED_LAYERED)
    assert (found["database"], found["parameters"], found["secrets"]) == (
        ("bounded", 0.0),
        ("bounded", 0.0),
        ("measured", 0.0),
    )


def test_an_unplanned_run_bounds_from_the_failure_and_knows_nothing_without_it() -> None:
    known_as, seconds = lines(replace(UNPLANNED_LAYERED, first_failure=NOW - 30))["database"]
    assert known_as == "bounded" and seconds is not None and abs(seconds - 150.1) < 0.01
    unknown = lines(UNPLANNED_LAYERED)
    assert [unknown["database"], unknown["parameters"]] == [("unknown", None)] * 2


@pytest.mark.parametrize("topic", ["database", "cache", "buckets", "secrets"])
def test_what_the_target_did_not_tell_is_unknown_and_says_why(topic: str) -> None:
    found = {line.layer: line.loss for line in ledger_lines({**SEEN, topic: UNSEEN}, UNPLANNED_LAYERED)}
    assert (found[topic].known_as, found[topic].seconds) == ("unknown", None)
    assert "no answer within 5 s" in found[topic].basis


def test_a_secret_whose_source_was_not_read_is_unknown() -> None:
    seen = secrets(secret(STANDBY))
    alone = Sightings({STANDBY: seen.of(STANDBY)}, {HOME: "lost"})
    assert lines(UNPLANNED_LAYERED, secrets=alone)["secrets"] == ("unknown", None)


def test_a_cache_without_a_sample_is_unknown_not_zero() -> None:
    assert lines(PLANNED_LAYERED, cache=cache(lag=None, lag_error="no sample"))["cache"] == ("unknown", None)
