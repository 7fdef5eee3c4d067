# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published of a workload's health and runs, and in which requests. What is unknown is left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import (
    UNITS,
    WHOLE,
    Datum,
    Metric,
    RunFigures,
    ServiceSample,
)

# PutMetricData's limits, from botocore's model of it.
MOST_VALUES = 1000  # in a request
MOST_BYTES = 1_000_000  # of a request
MOST_DIMENSIONS = 30
LONGEST_NAME, LONGEST_VALUE = 255, 1024
LARGEST = 2.0**360
OLDEST, NEWEST = 14 * 86400.0, 2 * 3600.0  # seconds back and ahead

SERVES = (Status.HEALTHY, Status.DEGRADED)
MINUTE = 60.0


def datum(
    metric: Metric, value: float | None, workload: str, region: str, service: str = WHOLE, at: float | None = None
) -> Datum:
    """A value of one of our metrics, with its unit and dimensions."""
    dimensions = (("Workload", workload), ("Region", region), ("Service", service))
    return Datum(metric.value, None if value is None else float(value), UNITS[metric], dimensions, at)


def health_data(workload: str, samples: Sequence[ServiceSample], at: float) -> list[Datum]:
    """What a look at all services says. One whose status is unknown has no health: silence is what alarms then hear."""
    data = [each for sample in samples for each in _service_data(workload, sample, at)]
    for region in dict.fromkeys(sample.region for sample in samples):
        known = [each for each in samples if each.region == region and each.status is not Status.UNKNOWN]
        serving = sum(each.status in SERVES for each in known)
        share = 100.0 * serving / len(known) if known else None
        degraded = any(each.status is Status.DEGRADED for each in known) if known else None
        data.append(datum(Metric.AVAILABILITY, share, workload, region, at=at))
        data.append(datum(Metric.DEGRADED, degraded, workload, region, at=at))
    return data


def _service_data(workload: str, sample: ServiceSample, at: float) -> Iterator[Datum]:
    where = (workload, sample.region, sample.service)
    unknown = sample.status is Status.UNKNOWN
    yield datum(Metric.HEALTH_CHECK, None if unknown else sample.status in SERVES, *where, at=at)
    if sample.response_ms is not None:
        yield datum(Metric.RESPONSE_TIME, sample.response_ms, *where, at=at)
    if sample.lag_ms is not None:  # of its own minute: an old sample isn't made a new one
        yield datum(Metric.REPLICATION_LAG, sample.lag_ms, *where, at=sample.lag_at)


def under_way_data(workload: str, under_way: bool | None, at: float) -> list[Datum]:
    """Whether a failover or failback is open, by the state table; ``None`` where that couldn't be read."""
    return [datum(Metric.FAILOVER_UNDER_WAY, under_way, workload, WHOLE, at=at)]


BY_DESIGN = ("controller_region_unknown", "impaired_region_needed", "us_east_1_needed")
"""What a preflight finds of a workload that is as its owner made it: no drift, or the alarm would never end."""


def drift_data(workload: str, codes: Iterable[str] | None, at: float) -> list[Datum]:
    """How many things a preflight found that aren't as a failover needs them; ``None`` where it found out nothing."""
    found = None if codes is None else len(set(codes) - set(BY_DESIGN))
    return [datum(Metric.DRIFT, found, workload, WHOLE, at=at)]


def cost_data(workload: str, by_region: Mapping[str, float], at: float) -> list[Datum]:
    """What the month has cost so far, a Region each and together."""
    each = [datum(Metric.COST, cost, workload, region, at=at) for region, cost in by_region.items()]
    return [*each, datum(Metric.COST, sum(by_region.values()) if by_region else None, workload, WHOLE, at=at)]


def run_data(workload: str, run: RunFigures, at: float) -> list[Datum]:
    """What a failover came to. A bound is published as a bound; only a measured loss is an RPO."""
    where = (workload, run.target)
    data = [datum(Metric.FAILOVER_SUCCEEDED, run.succeeded, *where, at=at)]
    if not run.ended:
        return data
    loss = Metric.RPO if run.rpo_known_as == "measured" else Metric.RPO_AT_MOST
    return [
        datum(Metric.FAILOVER, 1, *where, at=at),
        *data,
        datum(Metric.RTO, _minutes(run.rto), *where, at=at),
        datum(loss, _minutes(run.rpo), *where, at=at),
        datum(Metric.OBJECTIVE_MET, _met(run.rto, run.rto_objective, True), *where, "rto", at=at),
        datum(
            Metric.OBJECTIVE_MET, _met(run.rpo, run.rpo_objective, run.rpo_known_as == "measured"), *where, "rpo", at=at
        ),
    ]


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / MINUTE


def _met(seconds: float | None, objective: float | None, measured: bool) -> bool | None:
    """Whether it was kept. A bound can prove it met, never missed."""
    if seconds is None or objective is None:
        return None
    return True if seconds <= objective else False if measured else None


def data_findings(namespace: str, regions: Sequence[str], data: Iterable[Datum], now: float) -> tuple[Finding, ...]:
    """Why CloudWatch would refuse it: one value that it doesn't take costs the whole request."""
    found = []
    if not regions:
        found.append(refusal("no_metric_region", "No Region was given.", "Name those that are to have the metrics."))
    if not 0 < len(namespace) <= LONGEST_NAME or namespace.startswith((":", "AWS/")):
        remedy = "Give one of 1 to 255 characters that doesn't begin with AWS/ or a colon."
        found.append(
            refusal("namespace_unusable", f"CloudWatch takes no metrics in the namespace {namespace}.", remedy)
        )
    for each in data:
        why = _unusable(each, now)
        if why:
            found.append(refusal("metric_unusable", f"CloudWatch wouldn't take {each.name}: {why}.", "Correct data."))
    return tuple(found)


def _unusable(each: Datum, now: float) -> str:
    names = [name for name, _value in each.dimensions]
    broken = {
        "its name has no character, or more than 255": not 0 < len(each.name) <= LONGEST_NAME,
        f"it has {len(names)} dimensions, more than {MOST_DIMENSIONS}": len(names) > MOST_DIMENSIONS,
        "a dimension is empty or too long": not all(
            0 < len(name) <= LONGEST_NAME and 0 < len(value) <= LONGEST_VALUE for name, value in each.dimensions
        ),
        "its value is no finite number of a size that CloudWatch keeps": each.value is not None
        and not (math.isfinite(each.value) and abs(each.value) <= LARGEST),
        "it is older than two weeks, or more than two hours ahead": each.at is not None
        and not now - OLDEST <= each.at <= now + NEWEST,
    }
    return "; ".join(why for why, holds in broken.items() if holds)


def known(data: Iterable[Datum]) -> list[Datum]:
    """Those that have a value."""
    return [each for each in data if each.value is not None]


def batches(data: Iterable[Datum], most: int = MOST_VALUES, most_bytes: int = MOST_BYTES) -> list[list[Datum]]:
    """The values in requests that CloudWatch takes, in their order."""
    found: list[list[Datum]] = []
    size = 0
    for each in data:
        needs = most_size(each)
        if not found or len(found[-1]) == most or size + needs > most_bytes:
            found.append([])
            size = 0
        found[-1].append(each)
        size += needs
    return found


FIELD = 80
"""Bytes that a field's name has at most in the widest of the protocols that botocore speaks: the query one repeats
``MetricData.member.1000.Dimensions.member.30.Value=``."""


def most_size(each: Datum) -> int:
    """An upper bound of what a value adds to a request: each byte of a text may be escaped as three."""
    texts = [each.name, each.unit, *(text for pair in each.dimensions for text in pair)]
    numbers = 2 * 40  # value and timestamp
    return numbers + sum(3 * len(text.encode()) for text in texts) + FIELD * (len(texts) + 2)
