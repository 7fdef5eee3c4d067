# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a global datastore: under a deadline, again after a passing fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import Datastore, ReplicationGroup


def read_datastore(
    clients: Clients, region: str, datastore_id: str, clock: Clock, deadline: Deadline
) -> Datastore | None:
    """One look at the global datastore through ``region``; ``None`` when ElastiCache knows none of that id there.

    Raises ``TimedOut`` or botocore's errors.
    """
    try:
        found = within(
            lambda: api.describe_global_replication_groups(clients.get("elasticache", region), datastore_id),
            deadline,
            clock,
            f"Describing the global datastore through {region}",
        )
    except CALL_ERRORS as exc:
        if error_code(exc) == "GlobalReplicationGroupNotFoundFault":
            return None
        raise
    stores = (transform.datastore(raw) for raw in found)
    return next((store for store in stores if store.id == datastore_id), None)


def read_group(clients: Clients, region: str, group: str) -> ReplicationGroup:
    """A replication group in its own Region, with the version that its first node runs. Raises botocore's errors."""
    client = clients.get("elasticache", region)
    raw = api.describe_replication_groups(client, group)[0]
    nodes = raw.get("MemberClusters", [])
    version = api.describe_cache_clusters(client, nodes[0])[0].get("EngineVersion", "") if nodes else ""
    return transform.replication_group(raw, version)


@dataclass(frozen=True)
class Look:
    """One look of a wait: the datastore, or the passing fault that kept it from being seen."""

    datastore: Datastore | None
    fault: str = ""

    def __str__(self) -> str:
        if self.datastore is None:
            return self.fault
        primary = self.datastore.primary.region if self.datastore.primary else "nobody"
        return f"the primary is {primary} and the global datastore {self.datastore.status}"


def look(read: Callable[[], Datastore | None], tried: str) -> Look:
    """Read once; a fault that may pass becomes a :class:`Look`, anything final is raised as ``DrError``."""
    try:
        found = read()
    except CALL_ERRORS as exc:
        if effect_of(exc) is Effect.FINAL:
            raise aws_error(exc, tried) from exc
        return Look(None, exc.seen if isinstance(exc, DrError) else f"{type(exc).__name__}: {exc}")
    return Look(found, "" if found else "no such global datastore")
