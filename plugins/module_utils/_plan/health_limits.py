# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From where on what was seen is not healthy any more, for all services alike or for each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Status

Remark = tuple[Status, str]
"""A status that something was seen for, and why."""

# The options' names, and the fields that they set.
_OPTIONS: Mapping[str, str] = {
    "max_response_ms": "response_ms",
    "max_lag_ms": "lag_ms",
    "max_lag_age": "lag_age_s",
    "min_certificate_days": "certificate_days",
    "max_pending": "pending",
}


@dataclass(frozen=True)
class Thresholds:
    """From where on an answer is slow (ms), a replica behind (ms), a lag sample too old to count (s), a certificate too
    near its end (days), a backlog too long (operations); which HTTP statuses are good, and which in a Region whose
    database is a reader. ``by_service`` holds those of services that have some of their own.
    """

    response_ms: float = 1000.0
    lag_ms: float = 5000.0
    lag_age_s: float = 180.0
    certificate_days: float = 14.0
    pending: float = 1000.0
    statuses: tuple[int, ...] = (200,)
    standby_statuses: tuple[int, ...] = (200, 503)
    by_service: Mapping[str, Thresholds] = field(default_factory=dict)

    def of(self, service: str) -> Thresholds:
        """Those of one service."""
        return self.by_service.get(service, self)

    def overridden(self, given: Mapping[str, Mapping[str, Any]]) -> Thresholds:
        """With those of ``given`` for each service, by the options' names; what is ``None`` stays as it is."""
        own = {service: replace(self.of(service), **_set(values)) for service, values in given.items()}
        return replace(self, by_service={**self.by_service, **own})


def _set(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_OPTIONS[name]: value for name, value in values.items() if value is not None}


def slow(who: str, response_ms: float | None, thresholds: Thresholds) -> list[Remark]:
    """What there is to say of an answer that took long."""
    if response_ms is not None and response_ms > thresholds.response_ms:
        return [(Status.DEGRADED, f"{who} took {response_ms:.0f} ms, more than {thresholds.response_ms:g}")]
    return []
