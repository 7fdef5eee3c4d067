# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the target's database can take over now, and what a failover to it would lose."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import DatabaseSeen, Lag, Role
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import promotion
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
    how_old,
)

TOPIC = "database"


def judge_database(seen: Sightings[DatabaseSeen], case: Case) -> Iterator[Remark]:
    target = seen.of(case.target)
    if target is None or target.global_cluster is None:
        why = seen.unread.get(case.target, "AWS doesn't say which global cluster it is in")
        yield Remark(
            "target_unreachable",
            Weight.ALWAYS,
            case.target,
            f"RDS in {case.target} didn't describe the target's database: {why.rstrip('.')}.",
            "Nothing can be moved to a Region that can't be reached: check the path to it and its health.",
        )
        return
    source = seen.of(case.source)
    observed = promotion.Observed(target.global_cluster, target.cluster, source.cluster if source else None)
    wanted = promotion.Wanted(
        case.workload.database.global_cluster_id,
        case.target,
        case.mode,
        case.workload.regions,
        case.accept_data_loss,
    )
    for finding in promotion.findings(observed, wanted):
        about = case.source if finding.code in promotion.ABOUT_THE_SOURCE else case.target
        yield from adopted((finding,), about)
    if target.query is not None and target.query.server is None:
        yield Remark(
            "database_login_failed",
            Weight.PLANNED,
            case.target,
            f"The target's database didn't answer a query: {target.query.error.rstrip('.')}.",
            "Check the secret's replica in that Region, the network path to the database, and its user.",
        )
    if target.role is Role.READER:
        yield from _lag(target, case)


def _lag(target: DatabaseSeen, case: Case) -> Iterator[Remark]:
    if target.lag is None:
        why = target.lag_error.rstrip(".") or "no metric has a sample"
        yield Remark(
            "lag_unknown",
            Weight.PLANNED,
            case.target,
            f"How far the target is behind is unknown: {why}.{_before(case)}",
            "Check that CloudWatch in the target's Region shows AuroraGlobalDBRPOLag. Unknown isn't zero.",
        )
        return
    age = case.now - target.lag.sampled_at
    if age > case.max_lag_age:
        yield Remark(
            "lag_stale",
            Weight.PLANNED,
            case.target,
            f"The last sample of {target.lag.source} is {how_old(age)} old: {_of(target.lag)} then.",
            "A metric that has stopped tells nothing of now: see whether replication goes on.",
        )
    elif target.lag.milliseconds > case.workload.rpo_seconds * 1000:
        yield Remark(
            "lag_above_objective",
            Weight.PLANNED,
            case.target,
            f"{target.lag.source} is {_of(target.lag)}, the objective {case.workload.rpo_seconds:g} s.",
            "Wait until the target has caught up; a switchover would take as long, a failover would lose that much.",
        )


def _of(lag: Lag) -> str:
    return f"{lag.milliseconds / 1000:.2f} s"


def _before(case: Case) -> str:
    known = case.baseline.seen(TOPIC, case.target) if case.baseline else None
    lag = known.get("replication_lag") if known else None
    if case.baseline is None or not lag:
        return ""
    age = how_old(max(0.0, case.now - case.baseline.seen_at(TOPIC, case.target)))
    return f" The baseline, {age} old, saw {lag['ms'] / 1000:.2f} s ({lag['source']})."
