# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a drill's health check looks at a leg, and when its checkers hold it for healthy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Kind, Settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_drill import Address, Opinion

HEALTHY_ABOVE = 0.18
"""Route 53 holds an endpoint for healthy while more than this share of its checkers do."""
SEEN = "Success: HTTP Status Code"
"""What a checker's report begins with that has really seen a good answer: a new check begins with a guess."""
SICK_PATH = "/aws-dr-drill-nobody-serves-this"
TAG = "multiregion.aws_dr/drill-of"
"""On a drill's health check: the workload. Nothing without it is ever deleted."""


def name_of(workload: str) -> str:
    """The check's name. Its caller reference follows from it, by which a check is known that wasn't tagged yet."""
    return f"aws-dr-drill {workload}"


def settings(address: Address, interval: int) -> Settings:
    """A check that looks at the leg as a client would, for a failure at the first bad look."""
    return Settings(
        kind=Kind.HTTPS if address.secure else Kind.HTTP,
        fqdn=address.host,
        port=address.port,
        resource_path=address.path,
        request_interval=interval,
        failure_threshold=1,
    )


def left(workload: str, reference: str, checks: Iterable[HealthCheck]) -> list[HealthCheck]:
    """The workload's checks that drills made: tagged so, or made by a drill that was ended before it could tag them,
    which the ``reference`` tells that its caller reference begins with.
    """
    return [
        each
        for each in checks
        if each.tags.get(TAG) == workload or (TAG not in each.tags and each.caller_reference.startswith(reference))
    ]


def opinion(observations: Iterable[Mapping[str, Any]]) -> Opinion:
    """From Route 53's ``HealthCheckObservations``."""
    reports = [str((each.get("StatusReport") or {}).get("Status", "")) for each in observations]
    good = [each for each in reports if each.startswith(SEEN)]
    bad = [each for each in reports if each not in good]
    return Opinion(len(reports), len(good), next(iter(bad or good), ""))


def is_healthy(seen: Opinion) -> bool:
    """Whether Route 53 holds it for healthy. Without a checker nothing is known, which isn't healthy."""
    return seen.checkers > 0 and seen.good / seen.checkers > HEALTHY_ABOVE


def is_sick(seen: Opinion) -> bool:
    """Whether Route 53 holds it for unhealthy, which is not the same as not knowing."""
    return seen.checkers > 0 and not is_healthy(seen)


def planned_actions(left: int, simulates: bool) -> tuple[str, ...]:
    """What a simulation, or only a removal, would call where ``left`` checks of earlier drills are left."""
    removals = ("DeleteHealthCheck",) * left
    if not simulates:
        return removals
    return (
        *removals,
        *("CreateHealthCheck", "ChangeTagsForResource", "UpdateHealthCheck", "UpdateHealthCheck", "DeleteHealthCheck"),
    )
