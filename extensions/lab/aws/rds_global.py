# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS global clusters as AWS has them: what moto lacks or gets wrong, laid over its responses."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.models import DBCluster, GlobalCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from lab.aws import rds_rules, rds_views
from lab.aws.effects import Spawn
from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.rds_events import DEFAULT_MINUTES, EventLog, EventQuery
from lab.aws.rds_machine import GlobalDatabase
from lab.aws.rds_records import region_of
from lab.aws.timing import Timing

HOME_OF_GLOBAL = "us-east-1"
"""Where moto keeps global clusters, whatever the Region of the call; nothing of AWS's own place shows in that."""
ARN = re.compile(r"^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster:[A-Za-z0-9-]+$")


class GlobalClusters:
    """The global databases behind moto's global clusters."""

    def __init__(
        self, plane: DataPlane, clock: Clock, timing: Timing, spawn: Spawn, take_snapshot: Callable[[str], None]
    ) -> None:
        self._take_snapshot = take_snapshot
        self._plane = plane
        self.clock = clock
        self._timing = timing
        self._spawn = spawn
        self._lock = threading.RLock()
        self._databases: dict[str, GlobalDatabase] = {}
        self._held: set[str] = set()
        self.events = EventLog()

    def database(self, account: str, cluster: GlobalCluster) -> GlobalDatabase:
        """Return the global database of a global cluster, with all that moto knows as members."""
        key = f"{account}/{cluster.global_cluster_resource_id}"
        with self._lock:
            database = self._databases.get(key)
            if database is None:
                database = GlobalDatabase(
                    self._plane, self.clock, self._timing, self.events.record, self._spawn, self._take_snapshot
                )
                self._databases[key] = database
            for member in cluster.members:
                # Who takes the name of one that was there before finds that one's data in its Region.
                database.join(member.db_cluster_arn, filled=member.db_cluster_arn not in self._held)
                self._held.add(member.db_cluster_arn)
            return database

    def holds(self, arn: str) -> bool:
        """Whether the cluster is, or has been, one whose data the data plane has."""
        self.advance()
        return arn in self._held

    def advance(self) -> None:
        """Move every global database on, and let moto's clusters show it."""
        for account, backends in list(rds_backends.items()):
            for cluster in list(backends[HOME_OF_GLOBAL].global_clusters.values()):
                self.settle(account, cluster)

    def settle(self, account: str, cluster: GlobalCluster) -> GlobalDatabase:
        """Move one global database on, and let moto's clusters show it."""
        database = self.database(account, cluster)
        database.advance()
        with self._lock:
            for member in list(cluster.members):
                if database.member(member.db_cluster_arn) is None:
                    cluster.members.remove(member)
                    member.global_cluster_identifier = None
                member.is_writer = member.db_cluster_arn == database.writer
                member.status = database.cluster_status(member.db_cluster_arn)
            cluster.status = rds_views.status(database)
        return database

    def reset(self) -> None:
        """Forget every global database; what is under way goes nowhere any more."""
        with self._lock:
            self._databases.clear()
            self._held.clear()
            self.events.clear()


class Actions:
    """The API actions. Each takes moto's response object, whose ``params`` are the call's."""

    def __init__(self, clusters: GlobalClusters) -> None:
        self._clusters = clusters

    def install(self) -> None:
        """Put the actions in place of moto's."""
        for name, action in (
            ("describe_global_clusters", self.describe),
            ("create_global_cluster", self.create),
            ("delete_global_cluster", self.delete),
            ("failover_global_cluster", self.failover),
            ("switchover_global_cluster", self.switchover),
            ("remove_from_global_cluster", self.remove),
            ("delete_db_cluster", _wrapped(self.delete_member, "delete_db_cluster")),
            ("describe_events", _wrapped(self.describe_events, "describe_events")),
        ):
            setattr(RDSResponse, name, _as_method(action))

    def describe(self, response: RDSResponse) -> ActionResult:
        """DescribeGlobalClusters: seen through each Region that holds a member."""
        wanted = response.params.get("GlobalClusterIdentifier")
        found = [_find(response, wanted)] if wanted else list(response.global_backend.global_clusters.values())
        shown = [self._view(response, cluster) for cluster in found if self._seen_from(response, cluster)]
        if wanted and not shown:
            raise _not_found(wanted)
        for item in response.params.get("Filters", []) or []:
            if item["Name"] != "region":
                raise AwsError("InvalidParameterValue", f"Unrecognized filter name: {item['Name']}")
            shown = [view for view in shown if rds_views.regions(view) & set(item["Values"])]
        return ActionResult({"GlobalClusters": shown})

    def create(self, response: RDSResponse) -> ActionResult:
        """CreateGlobalCluster, from nothing or from a cluster of the Region called."""
        params = response.params
        name, source_arn = params["GlobalClusterIdentifier"], params.get("SourceDBClusterIdentifier")
        if name in response.global_backend.global_clusters:
            raise AwsError("GlobalClusterAlreadyExistsFault", f"Global cluster {name} already exists")
        source = _source(response.backend, source_arn, params.get("Engine")) if source_arn else None
        cluster = response.global_backend.create_global_cluster(
            global_cluster_identifier=name,
            source_db_cluster_identifier=None,
            engine=source.engine if source else params.get("Engine"),
            engine_version=source.engine_version if source else params.get("EngineVersion"),
            storage_encrypted=params.get("StorageEncrypted"),
            deletion_protection=params.get("DeletionProtection"),
        )
        if source is not None:
            source.global_cluster_identifier = name
            cluster.members.append(source)
        return ActionResult({"GlobalCluster": self._view(response, cluster)})

    def delete(self, response: RDSResponse) -> ActionResult:
        """DeleteGlobalCluster: of one that has no members left."""
        cluster = _find(response, response.params["GlobalClusterIdentifier"])
        view = self._view(response, cluster)
        if cluster.members:
            raise AwsError("InvalidGlobalClusterStateFault", f"Global Cluster {cluster.arn} is not empty")
        response.global_backend.global_clusters.pop(cluster.global_cluster_identifier)
        return ActionResult({"GlobalCluster": view | {"Status": "deleting"}})

    def failover(self, response: RDSResponse) -> ActionResult:
        """FailoverGlobalCluster: a failover only where AllowDataLoss says so, else a switchover."""
        data_loss, switchover = (_flag(response.params.get(name)) for name in ("AllowDataLoss", "Switchover"))
        if data_loss and switchover:
            raise AwsError("InvalidParameterCombination", "AllowDataLoss and Switchover exclude each other.")
        return self._move(response, data_loss=data_loss)

    def switchover(self, response: RDSResponse) -> ActionResult:
        """SwitchoverGlobalCluster."""
        return self._move(response, data_loss=False)

    def remove(self, response: RDSResponse) -> ActionResult:
        """RemoveFromGlobalCluster, through any Region that holds a member."""
        cluster, database = self._opened(response)
        arn = response.params["DbClusterIdentifier"]
        _member_arn(arn)
        rds_rules.detachable(database, arn)
        database.detach(arn)
        view = self._view(response, cluster, advance=False)
        database.advance()
        return ActionResult({"GlobalCluster": view})

    def delete_member(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        """DeleteDBCluster refuses a cluster that is still a member."""
        name = response.params["DBClusterIdentifier"]
        for cluster in response.global_backend.global_clusters.values():
            if any(member.db_cluster_arn == _arn_of(response.backend, name) for member in cluster.members):
                raise AwsError(
                    "InvalidDBClusterStateFault",
                    "This cluster is a part of a global cluster, please remove it from globalcluster first",
                )
        return original(response)

    def describe_events(self, response: RDSResponse, original: Callable[[RDSResponse], Any]) -> Any:
        """DescribeEvents: moto's, and those of the global databases."""
        self._clusters.advance()
        others = original(response).result["Events"]
        found = self._clusters.events.find(_query(response, self._clusters.clock.wall()))
        return ActionResult({"Events": [*others, *(event.as_answer() for event in found)]})

    def _move(self, response: RDSResponse, *, data_loss: bool) -> ActionResult:
        cluster, database = self._opened(response)
        target = response.params["TargetDbClusterIdentifier"]
        _member_arn(target)
        through = target if data_loss else database.writer
        rds_rules.movable(database, cluster, target, called=response.region, expected=region_of(through))
        if data_loss:
            database.failover(target)
        else:
            database.switchover(target)
        view = self._view(response, cluster, advance=False)
        database.advance()
        return ActionResult({"GlobalCluster": view})

    def _opened(self, response: RDSResponse) -> tuple[GlobalCluster, GlobalDatabase]:
        name = response.params["GlobalClusterIdentifier"]
        cluster = _find(response, name)
        if not self._seen_from(response, cluster):
            raise _not_found(name)
        return cluster, self._clusters.settle(response.current_account, cluster)

    def _seen_from(self, response: RDSResponse, cluster: GlobalCluster) -> bool:
        members = self._clusters.settle(response.current_account, cluster).members
        return not members or response.region in {member.region for member in members}

    def _view(self, response: RDSResponse, cluster: GlobalCluster, *, advance: bool = True) -> dict[str, Any]:
        clusters = self._clusters
        database = (clusters.settle if advance else clusters.database)(response.current_account, cluster)
        return rds_views.global_cluster(cluster, database)


def _find(response: RDSResponse, name: str) -> GlobalCluster:
    cluster = response.global_backend.global_clusters.get(name)
    if cluster is None:
        raise _not_found(name)
    return cluster


def _not_found(name: str) -> AwsError:
    return AwsError("GlobalClusterNotFoundFault", f"Global cluster {name} not found")


def _member_arn(arn: str) -> None:
    if not ARN.match(arn):
        raise AwsError("InvalidParameterValue", f"Malformed db cluster arn {arn}")


def _arn_of(backend: RDSBackend, name: str) -> str:
    cluster = backend.clusters.get(name)
    return cluster.db_cluster_arn if cluster is not None else ""


def _source(backend: RDSBackend, arn: str, engine: str | None) -> DBCluster:
    _member_arn(arn)
    if engine is not None:
        raise AwsError("InvalidParameterCombination", "The engine is inherited from the source cluster.")
    name = arn.rsplit(":", 1)[-1]
    if region_of(arn) != backend.region_name or name not in backend.clusters:
        raise AwsError("DBClusterNotFoundFault", f"DBCluster {arn} not found.")
    return backend.clusters[name]


def _flag(value: Any) -> bool:
    return str(value).lower() == "true"


def _query(response: RDSResponse, now: float) -> EventQuery:
    params = response.params
    start, end = params.get("StartTime"), params.get("EndTime")
    minutes = int(params.get("Duration") or DEFAULT_MINUTES)
    last = end.timestamp() if end else now
    return EventQuery(
        region=response.region,
        start=start.timestamp() if start else last - 60 * minutes,
        end=last,
        source=params.get("SourceIdentifier"),
        source_type=params.get("SourceType"),
        categories=tuple(params.get("EventCategories") or ()),
    )


def _as_method(action: Callable[[RDSResponse], Any]) -> Callable[[RDSResponse], Any]:
    """Moto lists only plain functions of the class as actions."""

    def method(self: RDSResponse) -> Any:
        return action(self)

    return method


ORIGINALS: dict[str, Callable[[RDSResponse], Any]] = {}


def _wrapped(action: Callable[..., Any], name: str) -> Callable[[RDSResponse], Any]:
    """Hand moto's own action, as it was before the first installation, to ours."""
    original = ORIGINALS.setdefault(name, getattr(RDSResponse, name))
    return lambda response: action(response, original)
