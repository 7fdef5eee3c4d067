# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a global cluster: in threads, under a deadline, again after a passing fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Resync
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    GlobalCluster,
    WriteBlock,
    cluster_id_of,
    region_of,
)

T = TypeVar("T")

NOT_FOUND = "GlobalClusterNotFoundFault"
AGAIN_AFTER = 0.5  # seconds between two tries of a read that met a passing fault
OUR_OWN = ("Credential", "Metadata")  # faults of getting credentials: they say nothing of the Region
UNANSWERED = "ReadTimeout"  # what a connection that hangs looks like through a proxy
REFUSED_AFTER = 0.1  # the same where nothing took the call in, and the caller won't wait for that to change


def find_global_cluster(clients: Clients, region: str, global_cluster_id: str) -> GlobalCluster | None:
    """One call through ``region``; ``None`` where the answer doesn't have it. Raises botocore's errors.

    Where ``region`` has no member of it, a second one looks for a cluster there that was detached from it.
    """
    client = clients.get("rds", region)
    try:
        found = api.describe_global_clusters(client, global_cluster_id)
    except CALL_ERRORS as exc:
        detached = _find_detached(client, global_cluster_id) if error_code(exc) == NOT_FOUND else None
        if detached is None:
            raise
        return detached
    clusters = (transform.global_cluster(raw) for raw in found)
    known = next((cluster for cluster in clusters if cluster.id == global_cluster_id), None)
    if known is not None and known.member(region) is not None:
        return known
    return _find_detached(client, global_cluster_id) or known


def find_joined(clients: Clients, region: str, global_cluster_id: str) -> GlobalCluster | None:
    """The same as RDS has it, with no look for a cluster that was detached. ``None``: none that this Region sees."""
    try:
        found = api.describe_global_clusters(clients.get("rds", region), global_cluster_id)
    except CALL_ERRORS as exc:
        if error_code(exc) == NOT_FOUND:
            return None
        raise
    clusters = (transform.global_cluster(raw) for raw in found)
    return next((cluster for cluster in clusters if cluster.id == global_cluster_id), None)


def _find_detached(client: Any, global_cluster_id: str) -> GlobalCluster | None:
    clusters = [transform.cluster(raw) for raw in api.describe_all_db_clusters(client)]
    # An old primary that is on its way out is the one here, until a new secondary is in the new global cluster.
    found = [each for each in clusters if each.detached_from == global_cluster_id]
    found += [each for each in clusters if each.kept_from == global_cluster_id]
    return transform.detached(found[0]) if found else None


def find_cluster(clients: Clients, region: str, cluster_id: str) -> Cluster | None:
    """One call; ``None`` where the answer doesn't have it. Raises botocore's errors."""
    found = api.describe_db_clusters(clients.get("rds", region), cluster_id)
    return transform.cluster(found[0]) if found else None


def read_global_cluster(
    clients: Clients, region: str, global_cluster_id: str, clock: Clock, deadline: Deadline
) -> GlobalCluster | None:
    """One look at the global cluster through ``region``; ``None`` when RDS knows none of that identifier.

    Raises ``TimedOut`` or botocore's errors.
    """
    what = f"Describing the global cluster through {region}"
    try:
        return within(lambda: find_global_cluster(clients, region, global_cluster_id), deadline, clock, what)
    except CALL_ERRORS as exc:
        if error_code(exc) == NOT_FOUND:
            return None
        raise


def read_clusters(clients: Clients, arns: Iterable[str], clock: Clock, deadline: Deadline) -> dict[str, Cluster | None]:
    """The clusters by ARN, each through its own Region, in parallel; ``None`` where the Region gave no answer in time.

    Raises ``DrError`` where an answer says that asking again won't help (no permission, no such cluster).
    """

    def reader(arn: str) -> Callable[[], Cluster | None]:
        return lambda: again(lambda: find_cluster(clients, region_of(arn), cluster_id_of(arn)), clock, deadline)

    outcomes = gather({arn: reader(arn) for arn in arns}, deadline, clock)
    for arn, outcome in outcomes.items():
        if outcome.error is not None and not isinstance(outcome.error, CALL_ERRORS):
            raise outcome.error
        if outcome.error is not None and effect_of(outcome.error) is Effect.FINAL:
            raise aws_error(outcome.error, f"Describing the cluster {arn} (rds:DescribeDBClusters in {region_of(arn)})")
    return {arn: outcome.value for arn, outcome in outcomes.items()}


def read_write_blocks(
    clients: Clients, region: str, cluster_ids: Iterable[str], since: float
) -> tuple[WriteBlock, ...]:
    """The events 0390 and 0391 of these clusters since then (epoch seconds), as ``region`` lists them."""
    events = api.describe_cluster_events(clients.get("rds", region), since)
    wanted = set(cluster_ids)
    return tuple(block for block in transform.write_blocks(events) if block.cluster in wanted)


def read_resyncs(clients: Clients, region: str, since: float) -> tuple[Resync, ...]:
    """The events 0240 and 0241 since then (epoch seconds), as ``region`` lists them. Raises botocore's errors."""
    return transform.resyncs(api.describe_cluster_events(clients.get("rds", region), since))


def again(read: Callable[[], T], clock: Clock, deadline: Deadline, reach: Deadline | None = None) -> T:
    """Read until it succeeds, the error is final or the deadline is near; then raise the last error.

    A Region that doesn't even take the call in, or lets it hang, is asked until ``reach`` instead, where the caller
    gives that.
    """
    while True:
        try:
            return read()
        except CALL_ERRORS as exc:
            effect, limit, pause, code = effect_of(exc), deadline, AGAIN_AFTER, error_code(exc)
            unheard = code.startswith(UNANSWERED) or (effect is Effect.NOT_SENT and not code.startswith(OUR_OWN))
            if reach is not None and unheard:
                limit, pause = reach, REFUSED_AFTER
            if effect is Effect.FINAL or limit.remaining(clock) <= pause:
                raise
        clock.sleep(pause)
