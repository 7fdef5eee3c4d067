# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How what is measured on the data plane becomes samples in CloudWatch: when they are due, and where they go."""

from __future__ import annotations

import datetime
from collections.abc import Container, Mapping, Sequence

from moto.cloudwatch.models import CloudWatchBackend, MetricDatum, cloudwatch_backends

from lab.aws.plane_protocol import Clock

PERIOD = 60.0
"""Seconds between two samples in AWS."""
PERIOD_FLOOR = 1.0
HISTORY = 3
"""Samples before the first one that a seeded workload has."""
KEPT = 3600.0
"""Seconds for which samples are kept: moto looks through all of them at every read."""

Values = Mapping[str, tuple[float, str]]
"""By metric, the value and its unit."""


class Feed:
    """A sample of each metric a period."""

    def __init__(self, namespace: str, clock: Clock, scale: float) -> None:
        self._namespace, self._clock = namespace, clock
        self._period = max(PERIOD * scale, PERIOD_FLOOR)
        self._next = clock.monotonic()
        self._history = 0

    def look_older(self) -> None:
        """Give the next samples a history of their own value: a seeded workload wasn't born a moment ago."""
        self._history = HISTORY
        self._next = self._clock.monotonic()

    def due(self) -> bool:
        """Whether samples are to be taken now; True once a period."""
        now = self._clock.monotonic()
        if now < self._next:
            return False
        self._next = now + self._period
        return True

    def put(self, account: str, region: str, values: Values, dimensions: Mapping[str, str]) -> None:
        """Put samples of now, and of before where there is a history to be given, into a Region."""
        now, backend = _naive(self._clock.wall()), cloudwatch_backends[account][region]
        _forget(backend, values, now - datetime.timedelta(seconds=KEPT))
        named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        for metric, (value, unit) in values.items():
            for minutes in range(self._history + 1):
                then = now - datetime.timedelta(seconds=minutes * PERIOD)
                backend.metric_data.append(MetricDatum(self._namespace, metric, value, named, then, unit))

    def taken(self, samples: Sequence[bool]) -> None:
        """After a round of samples: a history is given only once."""
        if any(samples):
            self._history = 0


def _forget(backend: CloudWatchBackend, metrics: Container[str], before: datetime.datetime) -> None:
    """Drop samples of these metrics that are too old; seldom, as what others put meanwhile might be dropped, too."""
    data = backend.metric_data
    kept = [each for each in data if each.name not in metrics or each.timestamp.replace(tzinfo=None) >= before]
    if len(kept) < len(data):
        backend.metric_data = kept


def _naive(seconds: float) -> datetime.datetime:
    """Moto keeps its times in UTC, without saying so."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(tzinfo=None)
