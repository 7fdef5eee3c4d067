# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters under another name: what moto gets wrong when one is renamed, and one that is made of a name in use.

A Region has one database here, which follows the name. So a cluster that is renamed takes its data along, to a server
of its own, and who gets the old name has the Region's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.rds.models import DBCluster, RDSBackend
from moto.rds.responses import RDSResponse

from lab.aws.effects import Spawn, Task
from lab.aws.errors import AwsError
from lab.aws.overlay import wrap
from lab.aws.plane_protocol import DataPlane
from lab.aws.rds_snapshots import Key, Snapshots, valid_identifier


class Clusters:
    """Lays CreateDBCluster and ModifyDBCluster over moto's. ``holds`` says of an ARN whether the plane has its data."""

    def __init__(self, plane: DataPlane, spawn: Spawn, snapshots: Snapshots, holds: Callable[[str], bool]) -> None:
        self._plane, self._spawn, self._snapshots, self._holds = plane, spawn, snapshots, holds

    def install(self) -> None:
        wrap(RDSResponse, "create_db_cluster", self.create)
        wrap(RDSResponse, "modify_db_cluster", self.modify)

    def create(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        """CreateDBCluster: moto puts it in place of the one that has the name."""
        backend, name = response.backend, response.params["DBClusterIdentifier"]
        _free(backend, name)
        # The automated backups of one that was renamed: moto would take them for this one's, of this minute.
        for left in [each for each in backend.cluster_snapshots if each.startswith(f"rds:{name}-")]:
            del backend.cluster_snapshots[left]
        # And of its instances, whose names the new one's are to have.
        for left in [each for each in backend.database_snapshots if each.startswith("rds:")]:
            del backend.database_snapshots[left]
        return original(response)

    def modify(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        """ModifyDBCluster: moto's instances lose a cluster that is renamed."""
        backend, new = response.backend, response.params.get("NewDBClusterIdentifier")
        if not new:
            return original(response)
        valid_identifier(new)
        _free(backend, new)
        old = response.params["DBClusterIdentifier"]
        if old not in backend.clusters:
            raise AwsError("DBClusterNotFoundFault", f"DBCluster {old} not found.")
        held = self._holds(backend.clusters[old].db_cluster_arn)
        answer = original(response)
        for instance in backend.databases.values():
            if instance.db_cluster_identifier == old:
                instance.db_cluster_identifier = new
        if held:
            self._move((response.current_account, backend.region_name, new), backend.clusters[new])
        return answer

    def _move(self, key: Key, cluster: DBCluster) -> None:
        cluster.status = "renaming"
        data = f"renamed-{key[2]}"

        def move() -> None:
            self._plane.keep_aside(key[1], data)
            self._snapshots.adopt(key, data)

        Task(move, self._spawn)


def _free(backend: RDSBackend, name: str) -> None:
    if name in backend.clusters:
        raise AwsError("DBClusterAlreadyExistsFault", f"DBCluster {name} already exists")
