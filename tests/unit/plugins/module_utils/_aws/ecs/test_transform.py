# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ecs.transform import capacity


def service(*rollouts: str | None, events: tuple[str, ...] = ()) -> dict[str, Any]:
    deployments = [
        {"rolloutState": state, "rolloutStateReason": f"it is {state}"} if state else {} for state in rollouts
    ]
    shown = [{"message": message} for message in events]
    return {"desiredCount": 2, "runningCount": 1, "deployments": deployments, "events": shown}


@pytest.mark.parametrize(
    ("rollouts", "steady"),
    [(("COMPLETED",), True), ((None,), True), (("IN_PROGRESS",), False), (("COMPLETED", "COMPLETED"), False)],
)
def test_a_service_is_steady_once_its_one_deployment_has_rolled_out(
    rollouts: tuple[str | None, ...], steady: bool
) -> None:
    assert capacity(service(*rollouts)).steady is steady


def test_a_failed_rollout_is_final_and_says_why() -> None:
    seen = capacity(service("FAILED"))
    assert (seen.blocked, seen.final, seen.steady) == ("it is FAILED", True, False)


@pytest.mark.parametrize(
    ("events", "blocked"),
    [
        (("was unable to place a task", "has reached a steady state"), True),
        (("has reached a steady state", "was unable to place a task"), False),
        ((), False),
    ],
)
def test_the_last_event_says_what_is_amiss(events: tuple[str, ...], blocked: bool) -> None:
    assert bool(capacity(service("IN_PROGRESS", events=events)).blocked) is blocked
