# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gates of a failback are tried on: records of a workload that was failed over to ``b`` and lives in ``a``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import (
    CachePlace,
    FailbackSeen,
    Losses,
    Obstacle,
    Side,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    FailoverState,
    GlobalCluster,
    Member,
    SyncStatus,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord

HOME, STANDBY = "a", "b"
ARNS = {region: f"arn:aws:rds:{region}:1:cluster:shop-{region}" for region in (HOME, STANDBY)}
PENDING, CONNECTED = SyncStatus.PENDING_RESYNC, SyncStatus.CONNECTED


def cluster(
    writer: str = STANDBY, sync: SyncStatus | None = CONNECTED, failover: str = "", detached: bool = False
) -> GlobalCluster:
    members = tuple(
        Member(ARNS[region], region, region == writer, sync=None if region == writer else sync)
        for region in (HOME, STANDBY)
    )
    state = FailoverState(failover, ARNS[STANDBY], ARNS[HOME], False) if failover else None
    return GlobalCluster("shop", "available", members, state, detached=detached)


def side(region: str, told: GlobalCluster | None, writable: bool | None, **changes: Any) -> Side:
    return replace(Side(region, told, f"shop-{region}", "available", writable, f"shop-{region}-1"), **changes)


def way(told: GlobalCluster | None = None, home_writable: bool | None = False, **changes: Any) -> FailbackSeen:
    """Ready to go home, but for what is given."""
    told = told or cluster()
    sides = {HOME: side(HOME, told, home_writable), STANDBY: side(STANDBY, told, not home_writable)}
    seen = FailbackSeen(HOME, STANDBY, sides, losses=Losses(history=()), cache={HOME: follower(), STANDBY: follower()})
    return replace(seen, **changes)


def follower(**changes: Any) -> CachePlace:
    return replace(CachePlace("SECONDARY", "associated", "available"), **changes)


def ran(number: int, **changes: Any) -> RunRecord:
    run = RunRecord(
        f"shop-{number}", RunKind.FAILOVER, "shop", "shop", "unplanned", STANDBY, "", "", "", float(number), 1
    )
    return replace(run, **{"outcome": Outcome.DEGRADED, **changes})


def codes(found: tuple[Obstacle, ...]) -> list[str]:
    return [each.finding.code for each in found]
