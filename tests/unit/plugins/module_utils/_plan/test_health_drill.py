# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Kind, Settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_drill import Address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_drill import (
    TAG,
    is_healthy,
    is_sick,
    left,
    opinion,
    planned_actions,
    settings,
)


def observed(good: int, bad: int, guess: int = 0) -> list[dict[str, Any]]:
    texts = ["Success: HTTP Status Code 200, OK"] * good + ["Failure: HTTP Status Code 404."] * bad
    texts += ["Success: no check has been made yet"] * guess
    return [{"Region": "us-east-1", "StatusReport": {"Status": each}} for each in texts]


@pytest.mark.parametrize(("good", "bad", "healthy"), [(16, 0, True), (3, 13, True), (2, 14, False), (0, 16, False)])
def test_it_is_healthy_while_more_than_18_percent_of_the_checkers_find_it_good(
    good: int, bad: int, healthy: bool
) -> None:
    seen = opinion(observed(good, bad))
    assert (is_healthy(seen), is_sick(seen)) == (healthy, not healthy)


def test_a_guess_is_no_good_look_and_nobody_s_word_is_neither() -> None:
    assert not is_healthy(opinion(observed(0, 0, guess=16)))
    nobody = opinion([])
    assert (is_healthy(nobody), is_sick(nobody)) == (False, False)


def test_it_looks_as_a_client_would() -> None:
    made = settings(Address(True, "api.example", 443, "/healthz?deep=1"), 30)
    assert (made.kind, made.fqdn, made.port, made.resource_path) == (Kind.HTTPS, "api.example", 443, "/healthz?deep=1")
    assert (made.request_interval, made.failure_threshold) == (30, 1)
    assert settings(Address(False, "a", 80, "/"), 10).kind is Kind.HTTP


def test_what_a_drill_left_is_known_by_its_tag_or_by_its_reference() -> None:
    def check(name: str, reference: str = "theirs", **tags: str) -> HealthCheck:
        return HealthCheck(name, reference, 1, Settings(), tags)

    tagged = check("tagged", **{TAG: "shop"})
    untagged = check("untagged", "aws-dr:abc:17")
    others = [check("plain"), check("other", **{TAG: "other"}), check("production", "shop-primary")]
    assert left("shop", "aws-dr:abc", [tagged, untagged, *others]) == [tagged, untagged]


def test_the_plan_takes_away_what_is_left_first() -> None:
    assert planned_actions(2, simulates=False) == ("DeleteHealthCheck",) * 2
    assert planned_actions(0, simulates=False) == ()
    assert planned_actions(1, simulates=True)[0] == "DeleteHealthCheck"
    assert planned_actions(0, simulates=True)[0] == "CreateHealthCheck"
