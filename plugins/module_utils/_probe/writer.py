# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proof of who the writer is: a committed write through the target's own cluster endpoint.

A caller that waits for a promotion calls :func:`prepare` while it waits, so that what is left to do after the flip is
:func:`prove`: one look-up, one connection, one write.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    find_cluster,
    find_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.api import get_secret_value
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import credentials
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
    WriterProof,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    GlobalCluster,
    Member,
    cluster_id_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Unresolved
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter, Unreachable, prove_writer

# A proof takes tens of milliseconds; where the name still leads into a Region that hangs, asking again is the way on.
ATTEMPT_SECONDS = 3.0


def prepare(
    clients: Clients,
    database: Database,
    region: str,
    clock: Clock,
    deadline: Deadline,
    observed: GlobalCluster | None = None,
) -> DatabaseTarget:
    """Read what a proof needs, all through ``region``: the member cluster's endpoint and the secret, in parallel.

    ``observed`` is the global cluster where the caller has just read it. Works before the promotion: whether the
    member is the writer is not looked at. Raises ``DrError`` when the Region has no member, or when the secret can't
    be read.
    """
    found = all_of(
        {
            "cluster": lambda: _cluster(clients, database, region, observed),
            "secret": lambda: read_credentials(clients, database, region),
        },
        deadline,
        clock,
    )
    return database_target(found["cluster"], found["secret"], database, region)


def database_target(member: Cluster, login: Credentials, database: Database, region: str) -> DatabaseTarget:
    """The record from what was read; ``login`` are the secret's credentials."""
    return DatabaseTarget(
        region=region,
        database=database,
        cluster_id=cluster_id_of(member.arn),
        endpoint=member.endpoint,
        port=member.port,
        instances=member.instances,
        credentials=login,
    )


def prove(target: DatabaseTarget, resolvers: Sequence[str], clock: Clock, deadline: Deadline) -> WriterProof:
    """Write through ``target``'s endpoint, resolved freshly, and return the proof: a single connection and write.

    One attempt, which takes :data:`ATTEMPT_SECONDS` at most. Raises ``NotWriter`` when the server is read-only or is
    none of the target's instances, and ``Unreachable`` when no connection came about: both may pass, try again.
    Raises another ``DrError`` for what waiting won't mend.
    """
    limit = deadline.sooner(clock, ATTEMPT_SECONDS)
    what = f"Writing to the database at {target.endpoint}"
    try:
        proof = within(lambda: prove_writer(target, resolvers, limit.remaining(clock), clock), limit, clock, what)
    except (TimedOut, Unresolved) as exc:
        raise Unreachable(
            exc.tried, exc.seen, "Check the name, the network path and the server, then try again."
        ) from exc
    # A proof by address can't be held against the instances: RDS names those by identifier only.
    if proof.server_id_source == "aurora_server_id" and proof.server_id not in target.instances:
        raise NotWriter(
            what,
            f"{proof.server_id} answered, which is none of {', '.join(target.instances) or 'no instances'}",
            "The name still leads to another cluster, or the instances have changed: try again.",
        )
    return proof


def proved_writer(
    clients: Clients, database: Database, region: str, resolvers: Sequence[str], clock: Clock, deadline: Deadline
) -> WriterProof:
    """Prove that ``region`` is the writer: AWS says so, and its database commits a write.

    Raises ``NotWriter`` when AWS names another Region, and what :func:`prepare` and :func:`prove` raise.
    """
    what = f"Looking for the writer of {database.global_cluster_id} through {region}"
    observed = within(lambda: _global_cluster(clients, database, region), deadline, clock, what)
    if not _member(observed, region).is_writer:
        seen = f"the writer is in {observed.writer.region}" if observed.writer else "there is no writer"
        raise NotWriter(
            what, seen, f"Promote {region} first: traffic goes only to a Region whose database takes writes."
        )
    return prove(prepare(clients, database, region, clock, deadline, observed), resolvers, clock, deadline)


def _global_cluster(clients: Clients, database: Database, region: str) -> GlobalCluster:
    tried = f"Describing the global cluster {database.global_cluster_id} through {region}"
    try:
        found = find_global_cluster(clients, region, database.global_cluster_id)
    except CALL_ERRORS as exc:
        raise CallFailed(exc, tried) from exc
    if found is None:
        raise DrError(tried, "there is none of that name", "Check global_cluster_id, and the account in use.")
    return found


def _member(observed: GlobalCluster, region: str) -> Member:
    member = observed.member(region)
    if member is None:
        regions = ", ".join(each.region for each in observed.members) or "none"
        raise DrError(
            f"Looking for the member of {observed.id} in {region}",
            f"its members are in: {regions}",
            "Name a Region that has a member.",
        )
    return member


def _cluster(clients: Clients, database: Database, region: str, observed: GlobalCluster | None) -> Cluster:
    member = _member(observed or _global_cluster(clients, database, region), region)
    tried = f"Describing the cluster {cluster_id_of(member.arn)} in {region}"
    try:
        found = find_cluster(clients, region, cluster_id_of(member.arn))
    except CALL_ERRORS as exc:
        raise CallFailed(exc, tried) from exc
    if found is None or not found.endpoint:
        raise DrError(tried, "it has no endpoint", "Check that the cluster exists in that Region and is available.")
    return found


def read_credentials(clients: Clients, database: Database, region: str) -> Credentials:
    try:
        text = get_secret_value(clients.get("secretsmanager", region), database.secret_id)
    except CALL_ERRORS as exc:
        raise CallFailed(exc, f"Reading the secret {database.secret_id} in {region}") from exc
    return credentials(text, database.secret_id, region)
