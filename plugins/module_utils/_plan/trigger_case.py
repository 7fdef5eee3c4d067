# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trigger is decided on, out of what was read; and whether the decision is worth a record."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import (
    CacheSeen,
    DatabaseSeen,
    Lag,
    Role,
    Seen,
    Status,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import ENDED_WELL, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import (
    Action,
    Decision,
    DecisionRecord,
    KillSwitch,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import Thresholds, leg_health
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.selection import OLDEST_FAILURE

POLICY = "policy"
"""Who a failover is approved by that no person approved."""
MOVES = (RunKind.FAILOVER, RunKind.FAILBACK)


def engaged(switches: Iterable[KillSwitch | None]) -> bool:
    """Whether any of them is; one that was never touched isn't."""
    return any(switch is not None and switch.engaged for switch in switches)


def lease_held(lock: Lock | None, run: RunRecord | None) -> bool:
    """Whether a run is open, be its holder alive or not: what one left behind is a person's to look at."""
    return lock is not None and not lock.free and (run is None or run.open)


def was_killed(run: RunRecord | None, holder_is_dead: bool, target: str) -> bool:
    """Whether it is a failover of the policy's own to ``target`` that lost its controller: it is gone on with.

    One that failed has no holder, and is a person's to look at.
    """
    if run is None or not run.open or not holder_is_dead:
        return False
    asked = (run.kind, run.mode, run.approved_by, run.target)
    return asked == (RunKind.FAILOVER, "unplanned", POLICY, target)


def since_last_run(history: Iterable[RunRecord], now: float) -> float:
    """Seconds since the last run ended, infinite where there was none."""
    return now - max((run.closed_at for run in history), default=-math.inf)


def target_healthy(region: str, seen: Mapping[str, Seen | str], now: float) -> bool | None:
    """Whether users would be served there. How far it is behind is no question: it is, as the other Region is gone."""
    status = leg_health(
        region, {name: _without_lag(each, now) for name, each in seen.items()}, Thresholds(), now
    ).status
    return {Status.HEALTHY: True, Status.DEGRADED: True, Status.UNHEALTHY: False}.get(status)


def writer_region(seen: Seen | str | None, baseline: Baseline | None, history: Iterable[RunRecord]) -> str | None:
    """Where the workload writes: as the target's Region says now, else as it was last seen, or a run left it.

    A run since then that didn't end well may have moved it: then it isn't known.
    """
    if isinstance(seen, DatabaseSeen) and seen.global_cluster is not None and seen.global_cluster.writer is not None:
        return seen.global_cluster.writer.region
    last = max((run for run in history if run.kind in MOVES), key=lambda run: run.closed_at, default=None)
    writer, seen_at = _writer_of(baseline) if baseline else (None, 0.0)
    if last is not None and last.closed_at > seen_at:
        return last.target if last.outcome in ENDED_WELL else None
    return writer


def usable_first_failure(verdict: Verdict, now: float) -> float:
    """0 where the witness's clock can't have been right: a run would be refused for that."""
    return verdict.first_failure if 0.0 <= now - verdict.first_failure < OLDEST_FAILURE else 0.0


def record_of(decision: Decision, before: DecisionRecord | None, at: float, by: str) -> DecisionRecord | None:
    """The record to write; ``None`` where nothing is decided that wasn't before. Acting is always worth one."""
    made = DecisionRecord(
        workload=decision.verdict.workload,
        number=before.number + 1 if before else 1,
        at=at,
        action=decision.action,
        ruling=decision.verdict.ruling,
        codes=decision.codes,
        reasons=tuple(each.as_dict() for each in decision.reasons),
        verdict=decision.verdict.as_dict(),
        by=by,
    )
    if before is None:
        return None if decision.action is Action.NONE else made
    # Of another outage it is news, though it reads the same: the watcher looks here for what came of its verdicts.
    same = before.at >= decision.verdict.first_failure and (before.action, before.ruling, before.codes) == (
        made.action,
        made.ruling,
        made.codes,
    )
    return None if same and decision.action is not Action.FAIL_OVER else made


def _writer_of(baseline: Baseline) -> tuple[str | None, float]:
    """The writer, and when that was seen (epoch seconds). What was taken from an earlier baseline tells it last."""
    roles = baseline.observed.get("database", {})
    writers = [region for region, each in roles.items() if each.get("role") == Role.WRITER.value]
    at = {region: baseline.seen_at("database", region) for region in writers}
    newest = [region for region in writers if at[region] == max(at.values())]
    return (newest[0], at[newest[0]]) if len(newest) == 1 else (None, baseline.taken_at)


def _without_lag(seen: Seen | str, now: float) -> Seen | str:
    return replace(seen, lag=Lag(0.0, "not asked", now)) if isinstance(seen, (DatabaseSeen, CacheSeen)) else seen
