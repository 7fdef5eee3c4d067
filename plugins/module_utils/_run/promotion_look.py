# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a promotion must know before it decides: the global cluster, and those clusters that the decision needs."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import (
    CALL_ERRORS,
    Effect,
    effect_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    again,
    read_clusters,
    read_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    Refused,
    aws_error,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    GlobalCluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import (
    Mode,
    Observed,
    Wanted,
    under_way,
)

REACH = 5.0  # seconds that a planned run gives the current primary's Region to answer
READ = 10.0  # seconds that any other observation may take, tries again included


def observe(wanted: Wanted, context: Context) -> Observed:
    """The global cluster through the target's Region, and the clusters that the decision needs.

    Unplanned, no answer of any other Region is waited for, but where the target alone is left of a global cluster.
    Raises ``Refused`` where the target's Region gives no answer.
    """
    cluster = read_for(wanted, context)
    detached, unread = _detached_elsewhere(cluster, wanted, context)
    if under_way(cluster, wanted) is not None:
        return Observed(cluster, detached=detached, unread=unread)
    target = cluster.member(wanted.target)
    planned_from = cluster.writer if wanted.mode is Mode.PLANNED else None
    members = [member for member in (target, planned_from) if member is not None]
    deadline = context.deadline.sooner(context.clock, REACH if planned_from else READ)
    clusters = read_clusters(context.clients, [member.arn for member in members], context.clock, deadline)
    return Observed(
        cluster,
        target=clusters.get(target.arn) if target else None,
        source=clusters.get(planned_from.arn) if planned_from else None,
    )


def _detached_elsewhere(
    cluster: GlobalCluster, wanted: Wanted, context: Context
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The workload's other Regions that have a detached cluster, and those that don't say.

    Asked only where the target's cluster is the writer and has no other beside it: that is what a detach leaves of the
    old Region, and what a run towards it must not take for the writer.
    """
    others = [region for region in wanted.regions if cluster.member(region) is None]
    if cluster.detached or not others or [member.is_writer for member in cluster.members] != [True]:
        return (), ()
    clock, identifier = context.clock, wanted.global_cluster_id
    deadline = context.deadline.sooner(clock, REACH)

    def reader(region: str) -> Callable[[], GlobalCluster | None]:
        return lambda: read_global_cluster(context.clients, region, identifier, clock, deadline)

    answers = gather({region: reader(region) for region in others}, deadline, clock)
    detached = tuple(region for region, answer in answers.items() if answer.value and answer.value.detached)
    return detached, tuple(region for region, answer in answers.items() if not answer.ok)


def read_for(wanted: Wanted, context: Context) -> GlobalCluster:
    """The global cluster through the target's Region. Raises ``Refused`` where there is none or no answer."""
    region, clock = wanted.target_region, context.clock
    deadline = context.deadline.sooner(clock, READ)
    tried = f"Describing the global cluster {wanted.global_cluster_id} (rds:DescribeGlobalClusters in {region})"
    try:
        cluster = again(
            lambda: read_global_cluster(context.clients, region, wanted.global_cluster_id, clock, deadline),
            clock,
            deadline,
        )
    except CALL_ERRORS as exc:
        if effect_of(exc) is Effect.FINAL:
            raise aws_error(exc, tried) from exc
        seen = f"{tried} gave no answer: {type(exc).__name__}: {exc}".rstrip(".") + "."
        remedy = "Nothing can be moved to a Region that can't be reached: check the path to it and its health."
        raise Refused((refusal("target_unreachable", seen, remedy),)) from exc
    return cluster or _known_elsewhere(wanted, context)


def _known_elsewhere(wanted: Wanted, context: Context) -> GlobalCluster:
    """The global cluster as another Region knows it where the target's has no member of it; else raises ``Refused``."""
    clock = context.clock
    deadline = context.deadline.sooner(clock, REACH)
    # Unplanned, nothing is asked of the impaired Region.
    asked_too = wanted.regions if wanted.mode is Mode.PLANNED else ()
    others = [region for region in asked_too if region != wanted.target_region]

    def reader(region: str) -> Callable[[], GlobalCluster | None]:
        return lambda: read_global_cluster(context.clients, region, wanted.global_cluster_id, clock, deadline)

    answers = gather({region: reader(region) for region in others}, deadline, clock)
    for answer in answers.values():
        if answer.value is not None and answer.value.member(wanted.target) is None:
            return answer.value
    silent = [region for region, answer in answers.items() if not answer.ok]
    asked = ", ".join(region for region in (wanted.target_region, *others) if region not in silent)
    seen = f"RDS in {asked} knows no global cluster {wanted.global_cluster_id!r} for these credentials."
    seen += f" No answer from {', '.join(silent)}." if silent else ""
    remedy = "Check global_cluster_id, the account in use, and the Regions."
    raise Refused((refusal("unknown_global_cluster", seen, remedy),))
