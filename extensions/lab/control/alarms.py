# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data stream behind a CloudWatch alarm, which is what a health check follows: not the alarm's own state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID

from lab.aws.cloudwatch_data import breaches, needed, periods, readable
from lab.aws.plane_protocol import Clock


def data_stream(clock: Clock) -> Callable[[Mapping[str, Any]], bool | None]:
    """Return a function that tells whether an alarm's data is fine; None when there is not enough of it."""

    def fine(identifier: Mapping[str, Any]) -> bool | None:
        backend = cloudwatch_backends[DEFAULT_ACCOUNT_ID][identifier["Region"]]
        alarm = backend.alarms.get(identifier["Name"])
        if alarm is None or not readable(alarm):
            return None
        known = [values for values in periods(alarm, backend, clock.wall()) if values]
        if not known or len(known) < needed(alarm):
            return None
        return sum(breaches(alarm, values) for values in known) < needed(alarm)

    return fine
