# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a workload's database that stands by itself, for a drill: what it was made of, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import Cluster, cluster_id_of

COPY_TAG = "multiregion.aws_dr/isolated-copy-of"
"""On a copy and its instance, from the first moment on: the workload that it is a copy of. Nothing else is ever
deleted."""
RUN_TAG = "multiregion.aws_dr/run"
"""The run that made it; "-" where there was none."""
NO_RUN = "-"
RECONCILES = "reconcile"
"""The run tag of what a snapshot was restored into to be compared: no drill's, so that none takes it away."""
DELETING = "deleting"


@dataclass(frozen=True)
class InstanceSeen:
    """A database instance: its ``status`` as RDS says it, and what a copy's takes from its source's.

    ``settings`` are those that one must be given to take its place.
    """

    id: str
    cluster_id: str
    status: str
    instance_class: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ClusterSeen:
    """A cluster as its Region says. ``settings`` are those that a clone must be given to be like it.

    ``global_cluster_id`` is the global cluster that RDS says it belongs to, if any; ``own`` is what a cluster that
    takes its place must be given besides.
    """

    cluster: Cluster
    tags: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    global_cluster_id: str = ""
    protected: bool = False
    instances: tuple[InstanceSeen, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return cluster_id_of(self.cluster.arn)

    @property
    def copy_of(self) -> str:
        """The workload that it is a copy of; empty where it is none of ours."""
        return self.tags.get(COPY_TAG, "")

    @property
    def run(self) -> str:
        return self.tags.get(RUN_TAG, "")

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "arn": self.cluster.arn,
            "endpoint": self.cluster.endpoint,
            "port": self.cluster.port,
            "status": self.cluster.status,
            "engine_version": self.cluster.engine_version,
            "instances": [each.id for each in self.instances],
            "copy_of": self.copy_of,
            "run": self.run,
        }


@dataclass(frozen=True)
class CopyReads:
    """What was read in the copy. ``missing`` are tables that the source has and the copy has not."""

    tables: tuple[str, ...]
    missing: tuple[str, ...]
    isolated: bool

    def as_dict(self) -> dict[str, Any]:
        return {"tables": len(self.tables), "missing": list(self.missing), "isolated": self.isolated}


@dataclass(frozen=True)
class CopySeconds:
    """How long it took, from the request on. ``None`` where this task didn't begin it."""

    restored: float | None
    instance_ready: float | None
    proved: float | None

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Proved:
    """The copy took a write and gave what was read, and the source didn't see the write."""

    proof: WriterProof
    reads: CopyReads
