# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy-on-write clones that hold the source's data and answer SQL.

moto's hold nothing, are there at once, and take an instance before they are. As RDS says: the cluster alone is made,
and takes instances once it is available.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.models import DBCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from lab.aws.effects import Spawn, Task
from lab.aws.errors import AwsError
from lab.aws.overlay import wrap
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.rds_snapshots import Key, Snapshots
from lab.aws.timing import Timing

COPY_ON_WRITE = "copy-on-write"


@dataclass(frozen=True)
class Clone:
    """A clone whose data are kept as ``data``: when it is available, and the effect that copies them."""

    data: str
    ready: float
    copying: Task[object]
    made: bool = False


class Clones:
    """The clones of clusters that the data plane has. What they serve from is the snapshots' affair."""

    def __init__(self, plane: DataPlane, clock: Clock, timing: Timing, spawn: Spawn, snapshots: Snapshots) -> None:
        self._plane, self._clock, self._timing, self._spawn = plane, clock, timing, spawn
        self._snapshots = snapshots
        self._lock = threading.RLock()
        self._clones: dict[Key, Clone] = {}

    def install(self) -> None:
        wrap(RDSResponse, "restore_db_cluster_to_point_in_time", self.restore)
        wrap(RDSResponse, "create_db_instance", self.create_instance)
        wrap(RDSResponse, "describe_db_clusters", self.describe)

    def restore(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        """RestoreDBClusterToPointInTime: a clone; a full copy is moto's, and holds nothing."""
        params, backend = response.params, response.backend
        if params.get("RestoreType") != COPY_ON_WRITE:
            return original(response)
        name, source = params["DBClusterIdentifier"], _source(backend, params["SourceDBClusterIdentifier"])
        if name in backend.clusters:
            raise AwsError("DBClusterAlreadyExistsFault", f"DBCluster {name} already exists")
        cluster = _cluster_of(backend, name, source, params)
        cluster.status = "creating"
        account, region, data = response.current_account, backend.region_name, f"clone-{name}"
        copying: Task[object] = Task(lambda: self._plane.keep_aside(region, data), self._spawn)
        with self._lock:
            ready = self._clock.monotonic() + self._timing.restore
            self._clones[account, region, name] = Clone(data, ready, copying)
        return ActionResult({"DBCluster": cluster})

    def create_instance(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        """CreateDBInstance: of a cluster that is available."""
        self.advance()
        name = response.params.get("DBClusterIdentifier") or ""
        clone = self._clones.get((response.current_account, response.backend.region_name, name))
        if clone is not None and not clone.made:
            raise AwsError("InvalidDBClusterStateFault", f"DBCluster {name} is creating: it takes no instance yet.")
        return original(response)

    def describe(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        """DescribeDBClusters: moto takes what was seen once for available."""
        self.advance()
        self._snapshots.advance()  # what was restored from one goes on, too
        return original(response)

    def advance(self) -> None:
        """Bring the clones up to the clock."""
        with self._lock:
            for key, clone in list(self._clones.items()):
                self._follow(key, clone)

    def reset(self) -> None:
        with self._lock:
            self._clones.clear()

    def _follow(self, key: Key, clone: Clone) -> None:
        account, region, name = key
        cluster = rds_backends[account][region].clusters.get(name)
        if cluster is None and clone.copying.done:
            del self._clones[key]
            Task(lambda: self._plane.forget_aside(clone.data), self._spawn)
        if cluster is None or clone.made:
            return
        cluster.status = "creating"
        if clone.copying.done and clone.ready <= self._clock.monotonic():
            self._clones[key] = Clone(clone.data, clone.ready, clone.copying, made=True)
            cluster.status = "available" if clone.copying.succeeded else "failed"
            if clone.copying.succeeded:
                self._snapshots.adopt(key, clone.data)


def _source(backend: RDSBackend, name: str) -> DBCluster:
    source = backend.clusters.get(name)
    if source is None:
        raise AwsError("DBClusterNotFoundFault", f"DBCluster {name} not found.")
    if source.status != "available":
        raise AwsError("InvalidDBClusterStateFault", f"DBCluster {name} is {source.status}.")
    if not source.members:
        raise AwsError("InvalidDBClusterStateFault", f"DBCluster {name} has no instance: it can't be cloned.")
    return source


def _cluster_of(backend: RDSBackend, name: str, source: DBCluster, params: dict[str, Any]) -> DBCluster:
    given = {
        "db_cluster_identifier": name,
        "engine": source.engine,
        "engine_version": source.engine_version,
        "port": params.get("Port") or source.port,
        "db_subnet_group_name": params.get("DBSubnetGroupName"),
        "vpc_security_group_ids": params.get("VpcSecurityGroupIds"),
        "database_name": source.database_name,
        "master_username": source.master_username or "restored",
        "master_user_password": "as-in-the-source",
        "tags": params.get("Tags"),
        "deletion_protection": params.get("DeletionProtection"),
    }
    return backend.create_db_cluster(given)
