# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moto with the lab's extensions, as one application."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.rds.models import rds_backends

from lab.aws import (
    cloudfront,
    cloudwatch_alarms,
    costs,
    dynamodb_global,
    elasticache_global,
    iam_simulation,
    rds_global,
    route53,
    service_quotas,
    ssm_parameters,
    vpc,
)
from lab.aws.arc import RecoveryControl
from lab.aws.cloudwatch_cache_lag import CacheLagFeed
from lab.aws.cloudwatch_lag import LagFeed, Secondary
from lab.aws.compute import Compute
from lab.aws.dynamodb_tables import Tables
from lab.aws.effects import Spawn, on_thread
from lab.aws.kms_keys import MultiRegionKeys
from lab.aws.own_services import OwnServices
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.rds_clones import Clones
from lab.aws.rds_clusters import Clusters
from lab.aws.rds_events import EventLog
from lab.aws.rds_records import region_of
from lab.aws.rds_snapshots import Snapshots
from lab.aws.route53_changes import Changes
from lab.aws.s3_batch import BatchJobs
from lab.aws.s3_face import S3Face, bucket_region
from lab.aws.s3_metrics import BacklogFeed
from lab.aws.s3_replication import Replication
from lab.aws.secret_replicas import SecretReplicas
from lab.aws.timing import Timing
from lab.settings import LATENCY

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # 0.2 s at each reset, for images that nobody starts

WARM = (
    "rds",
    "route53",
    "s3",
    "sts",
    "secretsmanager",
    "cloudwatch",
    "dynamodb",
    "autoscaling",
    "ecs",
    "lambda",
    "ec2",
    "kms",
    "ssm",
    "cloudfront",
    "elasticache",
)
"""Services whose first call would otherwise pay for moto's imports."""


class AwsState:
    """Handle on the installed extensions. ``health`` is to be set to the health checkers."""

    def __init__(self, plane: DataPlane, clock: Clock, scale: float, spawn: Spawn) -> None:
        self.timing = Timing.scaled(LATENCY, scale)
        self.health: route53.Health | None = None
        self.snapshots = Snapshots(plane, clock, self.timing, spawn, self._holds)
        take_snapshot = self.snapshots.of_lost_primary
        self._clusters = rds_global.GlobalClusters(plane, clock, self.timing, spawn, take_snapshot)
        self._clones = Clones(plane, clock, self.timing, spawn, self.snapshots)
        lags = LagFeed(plane, clock, scale, self._secondaries)
        self.tables = Tables(plane, clock, self.timing)
        self.compute = Compute(plane, clock, self.timing, spawn)
        changes, network, quotas = Changes(clock, self.timing), vpc.Network(plane), service_quotas.Actions()
        recovery = RecoveryControl(clock, self.timing.routing_control)
        secrets = self._secrets = SecretReplicas(plane, clock, self.timing.secret_replication)
        keys = MultiRegionKeys(plane, clock, self.timing)
        replication = Replication(plane, clock, self.timing)
        backlogs = BacklogFeed(plane, clock, scale, replication)
        datastores = elasticache_global.Datastores(plane, clock, self.timing, spawn)
        cache_lags = CacheLagFeed(plane, clock, scale, datastores.secondaries)
        self.recovery, self._keys = recovery, keys
        databases = (self._clusters, self._clones, self.snapshots)
        layers = (*databases, self.tables, self.compute, keys, replication, datastores)
        self._feeds = (lags, backlogs, cache_lags)
        self._advance = (*layers, network, secrets, *self._feeds)
        jobs = BatchJobs(replication)
        self._reset = (*layers, changes, recovery, quotas, jobs)
        own = {**recovery.actions(), **self.compute.own_actions(), **jobs.actions()}
        self._app = OwnServices(S3Face(replication.around(DomainDispatcherApplication(create_backend_app))), own)
        self._lock = threading.Lock()
        rds_global.Actions(self._clusters).install()
        route53.Actions(changes, clock, lambda: self.health).install()
        dynamodb_global.Actions(self.tables).install()
        elasticache_global.Actions(datastores).install()
        cloudfront.Actions(clock, self.timing).install()
        cloudwatch_alarms.Actions(clock).install()
        for extension in (vpc, iam_simulation, ssm_parameters, costs, self.compute, quotas, secrets, keys, replication):
            extension.install()
        self.snapshots.install()
        self._clones.install()
        Clusters(plane, spawn, self.snapshots, self._holds).install()

    def _holds(self, arn: str) -> bool:
        """Whether the data plane has a cluster's data; the clusters are made after the snapshots."""
        return self._clusters.holds(arn)

    def app(self) -> WsgiApp:
        """The WSGI application for the proxy."""
        return self._app

    @property
    def events(self) -> EventLog:
        """The events of the global databases."""
        return self._clusters.events

    @property
    def call_seconds(self) -> float:
        """What a call takes at this scale, for the proxy."""
        return self.timing.api_call

    @staticmethod
    def bucket_region(name: str) -> str | None:
        """Return a bucket's Region, for the proxy."""
        return bucket_region(name)

    def advance(self) -> None:
        """Bring everything up to the clock. Cheap; each describe does so too."""
        with self._lock:
            for each in self._advance:
                each.advance()

    def finish(self) -> None:
        """Let what a seed has begun be done: nobody waits for it while a lab is made."""
        self.compute.finish()
        self._keys.finish()
        self._secrets.finish()

    def look_older(self) -> None:
        """After seeding: all has replicated for some minutes, as far as CloudWatch knows."""
        with self._lock:
            for feed in self._feeds:
                feed.look_older()

    def warm(self) -> None:
        """Load what the first calls would wait for."""
        make: Callable[[Any], object] = create_backend_app
        for service in WARM:
            make(service)

    def reset(self) -> None:
        """Forget every AWS resource and operation. The data plane is reset by its owner, before."""
        with self._lock:
            for each in self._reset:
                each.reset()
            BackendDict.reset()
            reset_model_data()

    def _secondaries(self) -> Iterator[Secondary]:
        for account, backends in list(rds_backends.items()):
            for cluster in list(backends[rds_global.HOME_OF_GLOBAL].global_clusters.values()):
                database = self._clusters.database(account, cluster)
                source = region_of(database.writer)
                for member in database.members:
                    if member.arn != database.writer:
                        yield Secondary(account, member.region, member.arn.rsplit(":", 1)[-1], source)


def install(plane: DataPlane, clock: Clock, scale: float, *, spawn: Spawn = on_thread) -> AwsState:
    """Lay the extensions over moto; a second call replaces the first one's.

    :param scale: from 0 (as fast as the machine) to 1 (AWS's times).
    :param spawn: how effects on the data plane are run.
    """
    return AwsState(plane, clock, scale, spawn)
