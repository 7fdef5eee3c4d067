# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of clusters that hold data, and clusters restored from them that answer SQL.

moto's snapshots are there at once and hold nothing; nor does it take the one that AWS takes of a lost primary.
"""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.models import DBCluster, DBClusterSnapshot, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from lab.aws.effects import Spawn, Task
from lab.aws.errors import AwsError
from lab.aws.overlay import put, wrap
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.timing import Timing

LOST = "rds:unplanned-global-failover-{cluster}-{stamp:%Y-%m-%d-%H-%M-%S}"
"""What AWS names its snapshot of a lost primary. The timestamp's form isn't published: assumed."""
IDENTIFIER = re.compile(r"^(?!.*--)[A-Za-z][A-Za-z0-9-]{0,62}(?<!-)$")
Key = tuple[str, str, str]
"""Account, Region and identifier."""


@dataclass(frozen=True)
class Kept:
    """A snapshot's data: the name they are kept under, when it is available, and the effect that makes them."""

    data: str
    ready: float
    making: Task[object] | None = None


@dataclass
class Restored:
    """A cluster restored from kept data; its server is started with its first instance."""

    data: str
    ready: float
    starting: Task[object] | None = None


class Snapshots:
    """The snapshots whose data are kept. ``refused`` are Regions in which AWS takes none of a lost primary."""

    def __init__(
        self, plane: DataPlane, clock: Clock, timing: Timing, spawn: Spawn, holds: Callable[[str], bool]
    ) -> None:
        """``holds`` says of a cluster's ARN whether the data plane has its data."""
        self._plane, self._clock, self._timing, self._spawn = plane, clock, timing, spawn
        self._holds = holds
        self._lock = threading.RLock()
        self._kept: dict[Key, Kept] = {}
        self._restored: dict[Key, Restored] = {}
        self.refused: set[str] = set()

    def install(self) -> None:
        wrap(RDSResponse, "describe_db_cluster_snapshots", self.describe)
        wrap(RDSResponse, "copy_db_cluster_snapshot", self.copy)
        wrap(RDSResponse, "create_db_cluster_snapshot", self.create)
        wrap(RDSResponse, "delete_db_cluster_snapshot", self.delete)
        put(RDSResponse, "restore_db_cluster_from_snapshot", self.restore)

    def of_lost_primary(self, arn: str) -> None:
        """What AWS does before it rebuilds an old primary. Runs as an effect: it waits for the data."""
        account, region, cluster = _parts(arn)
        if region in self.refused:
            return
        wall = datetime.datetime.fromtimestamp(self._clock.wall(), datetime.UTC)
        name = LOST.format(cluster=cluster, stamp=wall)
        self._plane.keep_aside(region, name)
        backend = rds_backends[account][region]
        with self._lock:
            made = backend.create_db_cluster_snapshot(cluster, name, snapshot_type="automated")
            self._take_in(account, made, Kept(name, self._clock.monotonic() + self._timing.snapshot), "creating")

    def adopt(self, key: Key, data: str) -> None:
        """From now on the cluster is available, and its first instance serves from what is kept as ``data``."""
        with self._lock:
            self._restored[key] = Restored(data, self._clock.monotonic())

    def advance(self) -> None:
        """Bring snapshots and restored clusters up to the clock."""
        with self._lock:
            for key, kept in list(self._kept.items()):
                self._settle(key, kept)
            for key, restored in list(self._restored.items()):
                self._follow(key, restored)

    def reset(self) -> None:
        """Forget all; the data plane forgets its part by itself."""
        with self._lock:
            self._kept.clear()
            self._restored.clear()
            self.refused.clear()

    # The actions

    def describe(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        self.advance()
        return original(response)

    def copy(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        self.advance()
        params, backend = response.params, response.backend
        source = params["SourceDBClusterSnapshotIdentifier"].rsplit(":cluster-snapshot:", 1)[-1]
        target = params["TargetDBClusterSnapshotIdentifier"]
        valid_identifier(target)
        found = _available(backend, source)
        answer = original(response)
        with self._lock:
            made: Any = backend.cluster_snapshots[target]  # moto keeps no source
            made.source_db_cluster_snapshot_arn = found.arn
            known = self._kept.get((response.current_account, backend.region_name, source))
            ready = self._clock.monotonic() + self._timing.snapshot_copy
            data = replace(known, ready=ready) if known else Kept("", ready)
            self._take_in(response.current_account, made, data, "copying")
        return answer

    def create(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        params, backend = response.params, response.backend
        name, cluster = params["DBClusterSnapshotIdentifier"], params["DBClusterIdentifier"]
        valid_identifier(name)
        if cluster in backend.clusters and backend.clusters[cluster].status != "available":
            raise AwsError("InvalidDBClusterStateFault", f"DBCluster {cluster} is not available.")
        answer = original(response)
        account, region = response.current_account, backend.region_name
        known = self._holds(backend.clusters[cluster].db_cluster_arn)
        with self._lock:
            making: Task[object] | None = None
            if known:
                making = Task(lambda: self._plane.keep_aside(region, name), self._spawn)
            ready = self._clock.monotonic() + self._timing.snapshot
            self._take_in(
                account, backend.cluster_snapshots[name], Kept(name if known else "", ready, making), "creating"
            )
        return answer

    def delete(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        name, backend = response.params["DBClusterSnapshotIdentifier"], response.backend
        found = backend.cluster_snapshots.get(name)
        if found is not None and found.snapshot_type == "automated":
            raise AwsError(
                "InvalidDBClusterSnapshotStateFault", f"{name} is an automated snapshot: it expires by itself."
            )
        answer = original(response)
        self.advance()
        return answer

    def restore(self, response: RDSResponse) -> ActionResult:
        """RestoreDBClusterFromSnapshot makes the cluster alone: its server comes with its first instance."""
        self.advance()
        params, backend = response.params, response.backend
        name, source = params["DBClusterIdentifier"], params["SnapshotIdentifier"].rsplit(":cluster-snapshot:", 1)[-1]
        valid_identifier(name)
        if name in backend.clusters:
            raise AwsError("DBClusterAlreadyExistsFault", f"DBCluster {name} already exists")
        snapshot = _available(backend, source)
        cluster = _cluster_of(backend, name, snapshot, params)
        with self._lock:
            kept = self._kept.get((response.current_account, backend.region_name, source))
            if kept is not None and kept.data:
                key = (response.current_account, backend.region_name, name)
                self._restored[key] = Restored(kept.data, self._clock.monotonic() + self._timing.restore)
                cluster.status = "creating"
        return ActionResult({"DBCluster": cluster})

    # How it goes on

    def _take_in(self, account: str, snapshot: DBClusterSnapshot, kept: Kept, status: str) -> None:
        snapshot.created = datetime.datetime.fromtimestamp(self._clock.wall(), datetime.UTC)
        snapshot.status = status
        self._kept[account, snapshot.region, snapshot.db_cluster_snapshot_identifier] = kept

    def _settle(self, key: Key, kept: Kept) -> None:
        snapshot = rds_backends[key[0]][key[1]].cluster_snapshots.get(key[2])
        if snapshot is None:  # deleted, or expired: its data go with the last one that refers to them
            del self._kept[key]
            if kept.data and not any(each.data == kept.data for each in self._kept.values()):
                self._plane.forget_aside(kept.data)
        elif snapshot.status != "available" and kept.ready <= self._clock.monotonic():
            if kept.making is None or kept.making.succeeded:
                snapshot.status = "available"
            elif kept.making.done:
                snapshot.status = "failed"

    def _follow(self, key: Key, restored: Restored) -> None:
        account, region, name = key
        backend = rds_backends[account][region]
        cluster = backend.clusters.get(name)
        if cluster is None:
            del self._restored[key]
            Task(lambda: self._plane.end_restored(region, name), self._spawn)
            return
        instances = [each for each in list(backend.databases.values()) if each.db_cluster_identifier == name]
        if restored.ready > self._clock.monotonic():
            for instance in instances:  # moto has them available at once
                instance.status = "creating"
            return
        cluster.status = "available"
        if instances and restored.starting is None:
            data, port = restored.data, cluster.port
            restored.starting = Task(lambda: self._plane.restore(region, data, name, port), self._spawn)
        done = restored.starting is not None and restored.starting.succeeded
        for instance in instances:
            instance.status = "available" if done else "creating"


def _parts(arn: str) -> tuple[str, str, str]:
    words = arn.split(":")
    return words[4], words[3], words[-1]


def valid_identifier(name: str) -> None:
    """Refuse what RDS takes for no identifier."""
    if not IDENTIFIER.match(name):
        raise AwsError("InvalidParameterValue", f"The identifier {name} is not a valid identifier.")


def _available(backend: RDSBackend, name: str) -> DBClusterSnapshot:
    found = backend.cluster_snapshots.get(name)
    if found is None:
        raise AwsError("DBClusterSnapshotNotFoundFault", f"DBClusterSnapshot {name} not found.")
    if found.status != "available":
        raise AwsError("InvalidDBClusterSnapshotStateFault", f"DBClusterSnapshot {name} is {found.status}.")
    return found


def _cluster_of(backend: RDSBackend, name: str, snapshot: DBClusterSnapshot, params: dict[str, Any]) -> DBCluster:
    source = snapshot.cluster
    given = {
        "db_cluster_identifier": name,
        "engine": params["Engine"],
        "engine_version": params.get("EngineVersion") or source.engine_version,
        "port": params.get("Port") or source.port,
        "db_subnet_group_name": params.get("DBSubnetGroupName") or source.db_subnet_group_name,
        "vpc_security_group_ids": params.get("VpcSecurityGroupIds"),
        "database_name": source.database_name,
        "master_username": source.master_username or "restored",
        "master_user_password": "as-in-the-snapshot",
        "tags": params.get("Tags"),
        "deletion_protection": params.get("DeletionProtection"),
    }
    return backend.create_db_cluster(given)
