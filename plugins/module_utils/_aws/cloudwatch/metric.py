# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value as PutMetricData takes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import Datum


def metric_datum(datum: Datum) -> dict[str, Any]:
    """A ``MetricDatum``. Raises ``ValueError`` where the value isn't known: nothing may be sent in its place."""
    if datum.value is None:
        raise ValueError(f"{datum.name} has no value")
    found: dict[str, Any] = {
        "MetricName": datum.name,
        "Value": datum.value,
        "Unit": datum.unit,
        "Dimensions": [{"Name": name, "Value": value} for name, value in datum.dimensions],
    }
    return found if datum.at is None else {**found, "Timestamp": datetime.fromtimestamp(datum.at, UTC)}
