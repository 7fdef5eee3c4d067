# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fence is put around: the database in its Region, its network ACLs, and a connection from before the fence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ec2.api import describe_network_acls
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ec2.transform import network_acl
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again, read_global_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database, DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import NetworkAcl
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import Cluster, cluster_id_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.refusal import ATTEMPT, Held, hold
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import (
    database_target,
    read_credentials,
)

REACH = 2.0  # seconds that a Region has to say which cluster it is, where one goes on without: it may be the lost one
PATIENT = 10.0  # the same where nothing goes on without
READ = 5.0  # seconds for the rest, once it has answered


@dataclass(frozen=True)
class Connection:
    """A connection to hold, or why there is none. Without ``target`` not even who to connect as is known."""

    target: DatabaseTarget | None = None
    held: Held | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Site:
    """The database and what surrounds it."""

    cluster: Cluster
    subnets: tuple[str, ...]
    acls: tuple[NetworkAcl, ...]
    connection: Connection = Connection()


def find_site(
    region: str,
    database: Database,
    resolvers: Sequence[str],
    connect: bool,
    context: Context,
    cluster_id: str = "",
    patience: float = PATIENT,
    refused: float = PATIENT,
) -> Site:
    """Read it, all through ``region``, and where ``connect`` says so open a connection to hold.

    Without ``cluster_id`` it is the global cluster's member there. A connection that doesn't come about is no error.
    ``patience``: the seconds that it has to say which cluster that is; ``refused``: those that it is asked for while it
    takes no connection.
    Raises botocore's errors and ``DrError``.
    """
    clock = context.clock
    # Half of the time at most: other ways to fence, and the proof, come after it.
    reach = context.deadline.sooner(clock, min(patience, context.deadline.remaining(clock) / 2))
    limit = reach.sooner(clock, refused)
    cluster, group = again(lambda: _cluster(region, database, cluster_id, context, reach), clock, reach, limit)
    deadline = context.deadline.sooner(clock, READ)
    jobs: dict[str, Callable[[], Any]] = {
        "network": lambda: again(lambda: _network(region, group, context, deadline), clock, deadline)
    }
    if connect:
        jobs["connection"] = lambda: _connect(region, cluster, database, resolvers, context)
    found = gather(jobs, deadline, clock)
    network = found["network"]
    if network.value is None:
        raise network.error or DrError("Reading the network", "there was no answer", "Run again.")
    subnets, acls = network.value
    if not connect:
        return Site(cluster, subnets, acls)
    connection = found["connection"]
    return Site(cluster, subnets, acls, connection.value or Connection(why_not=str(connection.error)))


def read_acls(region: str, subnets: Sequence[str], context: Context) -> tuple[NetworkAcl, ...]:
    """The ACLs of the subnets now. Raises botocore's errors and ``TimedOut``."""
    client = context.clients.get("ec2", region)
    what = f"Reading the network ACLs in {region} (ec2:DescribeNetworkAcls)"
    found = within(lambda: describe_network_acls(client, list(subnets)), context.deadline, context.clock, what)
    return tuple(sorted((network_acl(raw) for raw in found), key=lambda acl: acl.id))


def _cluster(
    region: str, database: Database, cluster_id: str, context: Context, deadline: Deadline
) -> tuple[Cluster, str]:
    clients, clock = context.clients, context.clock
    tried = f"Looking for the database of {database.global_cluster_id} in {region}"
    identifier = cluster_id or _member(region, database, tried, context, deadline)
    (raw,) = within(lambda: api.describe_db_clusters(clients.get("rds", region), identifier), deadline, clock, tried)
    return transform.cluster(raw), raw.get("DBSubnetGroup", "")


def _member(region: str, database: Database, tried: str, context: Context, deadline: Deadline) -> str:
    whole = read_global_cluster(context.clients, region, database.global_cluster_id, context.clock, deadline)
    member = whole.member(region) if whole else None
    if member is None:
        raise DrError(tried, "the global cluster has no member there", "Check global_cluster_id and region.")
    return cluster_id_of(member.arn)


def _network(
    region: str, group: str, context: Context, deadline: Deadline
) -> tuple[tuple[str, ...], tuple[NetworkAcl, ...]]:
    rds = context.clients.get("rds", region)
    what = f"Reading the subnet group {group} in {region} (rds:DescribeDBSubnetGroups)"
    raw = within(lambda: api.describe_db_subnet_group(rds, group), deadline, context.clock, what)
    subnets = tuple(sorted(each["SubnetIdentifier"] for each in raw.get("Subnets", [])))
    return subnets, read_acls(region, subnets, replace(context, deadline=deadline))


def _connect(
    region: str, cluster: Cluster, database: Database, resolvers: Sequence[str], context: Context
) -> Connection:
    clock = context.clock
    deadline = context.deadline.sooner(clock, 2 * ATTEMPT)
    try:
        login = within(
            lambda: read_credentials(context.clients, database, region), deadline, clock, "Reading the secret"
        )
    except DrError as exc:
        return Connection(why_not=str(exc))
    target = database_target(cluster, login, database, region)
    what = f"Connecting to {target.endpoint}"
    try:
        return Connection(target, within(lambda: hold(target, resolvers, ATTEMPT, clock), deadline, clock, what))
    except DrError as exc:
        return Connection(target, why_not=str(exc))
