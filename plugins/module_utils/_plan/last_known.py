# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cluster a Region had in the global cluster, by what is on record, once RDS doesn't tell any more. Pure.

Somebody may take a lost primary out of the global cluster, in the console or by an order to AWS. It stands alone then,
acknowledges writes, and is found by its name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import cluster_id_of, region_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import ClusterSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event

MEMBERS = "members"
"""What a promotion's step notes before its call: the ARNs of the global cluster's members."""


@dataclass(frozen=True)
class Named:
    """A cluster that was the Region's member, by identifier, and ``how`` that is known."""

    cluster: str
    how: str


def last_known(region: str, run_id: str, events: Iterable[Event], baseline: Baseline | None) -> tuple[Named, ...]:
    """The clusters that were the Region's member, the surest first; none where nothing is on record."""
    found = [
        Named(cluster_id_of(arn), f"the journal of run {run_id}")
        for event in events
        for arn in (event.seen.get("before") or {}).get(MEMBERS) or ()
        if region_of(str(arn)) == region
    ]
    seen = baseline.seen("database", region) if baseline else None
    if seen and seen.get("cluster_id"):
        found.append(Named(str(seen["cluster_id"]), "the workload's baseline"))
    return tuple({each.cluster: each for each in reversed(found)}.values())[::-1]


def stands_alone(clusters: Sequence[ClusterSeen], known: Sequence[Named]) -> tuple[ClusterSeen, Named] | None:
    """The Region's cluster that was the member, where it is in no global cluster."""
    by_id = {each.id: each for each in clusters if not each.global_cluster_id}
    return next(((by_id[each.cluster], each) for each in known if each.cluster in by_id), None)


def not_found(clusters: Sequence[ClusterSeen], known: Sequence[Named]) -> str:
    """What was seen, where none of the Region's clusters is the one that was lost."""
    there = ", ".join(_told(each) for each in clusters) or "no cluster at all"
    if not known:
        return (
            "the global cluster has no member there, and which cluster was it is neither in the run's journal nor in"
            f" the baseline; the Region has {there}"
        )
    names = " nor ".join(f"{each.cluster} (by {each.how})" for each in known)
    return f"the global cluster has no member there, and {names} doesn't stand alone there; the Region has {there}"


def _told(cluster: ClusterSeen) -> str:
    return f"{cluster.id} (in {cluster.global_cluster_id})" if cluster.global_cluster_id else cluster.id
