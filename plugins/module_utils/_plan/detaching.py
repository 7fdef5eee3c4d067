# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detaching the target from its global cluster: the last resort of an unplanned run, and what it leaves. Pure.

Afterwards there are two databases that may write: the detached one, and the old primary once its Region is back. RDS
fences neither and joins them no more.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    AVAILABLE,
    Cluster,
    FailoverState,
    GlobalCluster,
    region_of,
)

COST = "It has no global endpoint then, never joins again by itself, and nothing fences the old primary"

REBUILD = (
    "the old Region's database is a second writer once it is back, so fence it first; the way back is the failback,"
    " which makes a new global cluster of the detached one with a new secondary in the other Region"
)


def leaving(cluster: GlobalCluster, target: Cluster) -> bool:
    """The target is being taken out: it was marked for that, and is not available yet."""
    return target.detached_from == cluster.id and target.status != AVAILABLE


def refused(seen: str, last_resort: bool = False) -> Finding:
    """RDS doesn't take the request. ``last_resort``: a detach would be left."""
    remedy = "Wait until the global cluster and its members are available, then run again."
    if last_resort:
        remedy += (
            " The last resort is to detach the target, with detach=true (of failover.yml: -e accept_detach=true) beside"
            " mode=unplanned."
            f" {COST}: it comes back as a second writer, with rows that the target never got."
        )
    return refusal("refused_by_rds", seen, remedy)


def cost(from_arn: str) -> Finding:
    """What is worth knowing when the target is detached."""
    seen = "RDS refused the failover, so the target is detached from its global cluster."
    remedy = f"{COST}: fence {region_of(from_arn) or 'the old Region'} when it is back, before a client reaches it."
    return warning("detached", seen, remedy)


def elsewhere(cluster: GlobalCluster, detached: Sequence[str], unread: Sequence[str], planned: bool) -> Finding | None:
    """Why the global cluster's one member can't be taken for the writer.

    Unplanned, a Region that doesn't say is passed over: what is lost there was accepted.
    """
    if detached:
        return refusal(
            "detached_elsewhere",
            f"The cluster in {', '.join(detached)} was detached from the global cluster {cluster.id}: what was written"
            f" since is there only, whatever {cluster.id} says of its writer.",
            "Make a global cluster of that cluster, with a new secondary in the other Region; then switch over.",
        )
    if unread and planned:
        return refusal(
            "detached_unknown",
            f"{', '.join(unread)} has no member of the global cluster {cluster.id}, and RDS there didn't say whether"
            " it has a cluster that was detached from it.",
            "Mend the path to that Region and run again; a cluster that was detached may be the writer.",
        )
    return None


def hangs(failover: FailoverState, seconds: float) -> Finding:
    """A switchover that a disaster has overtaken, and that doesn't end."""
    return refusal(
        "switchover_hangs",
        f"A switchover to {failover.to_arn} is {failover.status} still, after {seconds:.0f} s of waiting.",
        "RDS has no way to cancel it, and refuses a failover and a detach meanwhile. It gives up by itself: run the"
        " same command again until then (events RDS-EVENT-0186, 0187), and open a case with AWS Support.",
    )
