# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the health of workloads amounts to: which Region serves users, and how they fare. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import (
    DatabaseSeen,
    LegHealth,
    Seen,
    ServiceHealth,
    Status,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_summary import (
    Slowest,
    Summary,
    Tally,
    Verdict,
    WorkloadHealth,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import worst

# From the best to the worst: several workloads are as well as the one that fares worst.
_ORDER = (Verdict.OK, Verdict.DEGRADED, Verdict.UNKNOWN, Verdict.CRITICAL)


def serving_region(seen: Iterable[Mapping[str, Seen | str]]) -> str | None:
    """The Region of the writer, as all Regions that answered say: a lost one's own word isn't needed.

    ``None`` where they say nothing, or not the same. ``seen`` is each leg's services by name.
    """
    databases = [each["database"] for each in seen if isinstance(each.get("database"), DatabaseSeen)]
    said = {_writer_said(each) for each in databases if isinstance(each, DatabaseSeen)}
    return said.pop() if len(said) == 1 else None


def _writer_said(seen: DatabaseSeen) -> str | None:
    writer = seen.global_cluster.writer if seen.global_cluster else None
    return writer.region if writer else None


def verdict(workload: WorkloadHealth) -> Verdict:
    """How the users fare. Where there is no database to say which Region serves them, all are taken to.

    Clients that are sent elsewhere than to the writer aren't served, however well everything is.
    Whatever is unhealthy in a Region that serves users is critical. Whether it serves them at all its API tells, or
    its database where no API was asked; what else isn't known there is something that isn't well.
    """
    if workload.astray:
        return Verdict.CRITICAL
    if worst(leg.status for leg in workload.legs) is Status.HEALTHY:
        return Verdict.OK
    serving = _serving(workload)
    if any(leg.status is Status.UNHEALTHY for leg in serving):
        return Verdict.CRITICAL
    if not serving or any(_telling(leg) is Status.UNKNOWN for leg in serving):
        return Verdict.UNKNOWN
    return Verdict.DEGRADED


def _telling(leg: LegHealth) -> Status:
    """The status of what tells whether a Region serves users."""
    telling = leg.services.get("api") or leg.services.get("database")
    return telling.status if telling else leg.status


def _serving(workload: WorkloadHealth) -> list[LegHealth]:
    if workload.serving:
        return [leg for leg in workload.legs if leg.region == workload.serving]
    if any("database" in leg.services for leg in workload.legs):
        return []  # it has one, and nobody could say, or not with one voice
    return list(workload.legs)


def summary(workload: WorkloadHealth) -> Summary:
    """Of one workload."""
    regions = {leg.region: tally(_named(workload.name, [leg])) for leg in workload.legs}
    found = verdict(workload)
    checks = tally(_named(workload.name, workload.legs))
    return Summary(found, _line(workload, found), checks, regions, workload.astray)


def summary_of_all(workloads: Sequence[WorkloadHealth]) -> Summary:
    """Of many, with the names of those that aren't well."""
    verdicts = {each.name: verdict(each) for each in workloads}
    found = max(verdicts.values(), key=_ORDER.index, default=Verdict.UNKNOWN)
    regions = dict.fromkeys(leg.region for each in workloads for leg in each.legs)
    by_region = {
        region: tally(
            check
            for each in workloads
            for check in _named(each.name, [leg for leg in each.legs if leg.region == region])
        )
        for region in regions
    }
    checks = tally(check for each in workloads for check in _named(each.name, each.legs))
    unwell = [
        f"{len(names)} {each.value} ({', '.join(names)})"
        for each in reversed(_ORDER[1:])
        if (names := [name for name, one in verdicts.items() if one is each])
    ]
    line = f"{len(workloads)} workloads: {'; '.join(unwell) or 'all are well'}"
    return Summary(found, line, checks, by_region, any(each.astray for each in workloads))


Check = tuple[str, str, str, ServiceHealth]


def _named(workload: str, legs: Iterable[LegHealth]) -> list[Check]:
    return [(workload, leg.region, name, each) for leg in legs for name, each in leg.services.items()]


def tally(checks: Iterable[Check]) -> Tally:
    """Counts of the checks, each given as workload, Region, service and what was found."""
    counts: Counter[Status] = Counter()
    slowest: Slowest | None = None
    for workload, region, service, found in checks:
        counts[found.status] += 1
        took = found.response_ms
        if took is not None and (slowest is None or took > slowest.response_ms):
            slowest = Slowest(workload, region, service, took)
    return Tally(counts, slowest)


def _line(workload: WorkloadHealth, found: Verdict) -> str:
    """As a person is told it."""
    where = f" from {workload.serving}" if workload.serving else ""
    said = {
        Verdict.OK: f"well; users are served{where}",
        Verdict.DEGRADED: f"users are served{where}, but not everything is well",
        Verdict.UNKNOWN: f"whether users are served{where} isn't known",
        Verdict.CRITICAL: f"what serves users{where} is unhealthy",
    }[found]
    if workload.astray:
        sent = ", ".join(workload.sent or ())
        said = f"clients are sent to {sent}, and the database that writes is in {workload.serving}"
    elif workload.sent_unknown:
        said = f"{said}; where clients are sent isn't known ({workload.sent_unknown})"
    elif workload.sent == ():
        said = f"{said}; the name that clients use leads to no address of its Regions"
    unwell = [
        f"{leg.region} {name} {each.status.value}"
        for leg in workload.legs
        for name, each in leg.services.items()
        if each.status is not Status.HEALTHY
    ]
    name = f"{workload.name}: " if workload.name else ""
    return f"{name}{said}{': ' if unwell else ''}{', '.join(unwell)}"
