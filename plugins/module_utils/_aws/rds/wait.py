# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is waited for, as predicates on what was observed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import AVAILABLE, GlobalCluster

Predicate = Callable[[GlobalCluster], bool]


def writer_is(arn: str) -> Predicate:
    """The member ``arn`` is the writer and nothing is under way any more."""
    return lambda cluster: cluster.failover is None and cluster.writer is not None and cluster.writer.arn == arn


def taken_over(arn: str) -> Predicate:
    """The member ``arn`` is the writer, though a switchover to it may have the old writer left to bring in."""
    return lambda cluster: cluster.taken_over_by(arn)


def busy(cluster: GlobalCluster) -> bool:
    """An operation is under way, towards whatever target."""
    return cluster.failover is not None


def leaving(cluster: GlobalCluster) -> bool:
    """A member is being taken out of it, or was."""
    return cluster.detached or cluster.status != AVAILABLE


def busy_elsewhere(arn: str) -> Predicate:
    """An operation is under way towards another member than ``arn``."""
    return lambda cluster: cluster.failover is not None and cluster.failover.to_arn != arn


@dataclass(frozen=True)
class Look:
    """One look of a wait: the global cluster, or the passing fault that kept it from being seen."""

    cluster: GlobalCluster | None
    fault: str = ""

    def is_so(self, predicate: Predicate) -> bool:
        return self.cluster is not None and predicate(self.cluster)

    def __str__(self) -> str:
        if self.cluster is None:
            return self.fault
        writer = self.cluster.writer.region if self.cluster.writer else "nobody"
        state = f"{self.cluster.failover.status} to {self.cluster.failover.to_arn}" if self.cluster.failover else "idle"
        return f"the writer is {writer}, the global cluster {self.cluster.status} and {state}"


def look(read: Callable[[], GlobalCluster | None], tried: str) -> Look:
    """Read once; a fault that may pass becomes a :class:`Look`, anything final is raised as ``DrError``."""
    try:
        cluster = read()
    except CALL_ERRORS as exc:
        if effect_of(exc) is Effect.FINAL:
            raise aws_error(exc, tried) from exc
        return Look(None, exc.seen if isinstance(exc, DrError) else f"{type(exc).__name__}: {exc}")
    return Look(cluster, "" if cluster else "no such global cluster")
