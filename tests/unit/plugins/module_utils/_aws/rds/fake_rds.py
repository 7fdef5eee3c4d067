# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small RDS with one global cluster, a clock that nobody waits for, and the module on both of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import DETACHED_TAG
from ansible_collections.multiregion.aws_dr.plugins.modules import rds_global_cluster_failover as module

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
CALL_SECONDS = 0.05


def arn(region: str) -> str:
    return f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}"


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "not now"}}, "call")


class FakeClock:
    """Time that passes only when somebody sleeps, or calls AWS."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_767_225_600.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class FakeRds:
    """One global cluster with two members. A promotion takes ``takes`` seconds. ``faults`` come before the answers."""

    def __init__(self, clock: FakeClock, takes: float = 3.0) -> None:
        self.clock = clock
        self.takes = takes
        self.writer = HOME
        self.failover: dict[str, Any] | None = None
        self.ends_at = 0.0
        self.status = "available"
        self.calls: list[tuple[str, str]] = []
        self.faults: dict[tuple[str, str], list[Exception | None]] = {}
        self.dead: set[str] = set()
        self.effect_in_spite: set[str] = set()
        self.instances = ["one"]
        self.events: list[dict[str, Any]] = []
        self.in_vain = False
        self.overtaken_by = ""
        self.tagged: set[str] = set()  # Regions whose cluster has the tag
        self.detached: set[str] = set()  # Regions whose cluster is no member any more
        self.cluster_status = "available"
        self.lingers = 0.0  # seconds that FailoverState stays after the writer has flipped

    def get(self, service: str, region: str) -> FakeClient:
        assert service == "rds"
        return FakeClient(self, region)

    def changes(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if not call[0].startswith("describe")]

    def enter(self, action: str, region: str) -> Exception | None:
        """Note the call, let time pass, and give the error that it shall end with."""
        self.calls.append((action, region))
        self.clock.sleep(CALL_SECONDS)
        if self.failover and self.clock.now >= self.ends_at:
            if not self.in_vain:
                self.writer = self.failover["ToDbClusterArn"].split(":")[3]
            if self.clock.now >= self.ends_at + self.lingers:
                self.failover = None
        if region in self.dead:
            return EndpointConnectionError(endpoint_url=f"https://rds.{region}")
        waiting = self.faults.get((action, region), [])
        return waiting.pop(0) if waiting else None

    def begin(self, target: str, data_loss: bool) -> None:
        if self.overtaken_by:  # somebody else's request arrives just before this one
            other, self.overtaken_by = self.overtaken_by, ""
            self.begin(other, data_loss)
        if self.failover:
            raise refused("InvalidGlobalClusterStateFault")
        status = "failing-over" if data_loss else "switching-over"
        self.failover = {
            "Status": status,
            "FromDbClusterArn": arn(self.writer),
            "ToDbClusterArn": target,
            "IsDataLossAllowed": data_loss,
        }
        self.ends_at = self.clock.now + self.takes

    def described(self) -> dict[str, Any]:
        return {
            "GlobalClusterIdentifier": "shop",
            "Status": self.status,
            "EngineVersion": "16.4",
            "GlobalClusterMembers": [
                {"DBClusterArn": arn(region), "IsWriter": region == self.writer}
                for region in (HOME, STANDBY)
                if region not in self.detached
            ],
            **({"FailoverState": self.failover} if self.failover else {}),
        }


class FakeClient:
    def __init__(self, rds: FakeRds, region: str) -> None:
        self.rds = rds
        self.region = region

    def _call(self, action: str, answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        error = self.rds.enter(action, self.region)
        if error is not None and action in self.rds.effect_in_spite:
            answer()
        if error is not None:
            raise error
        return answer()

    def describe_global_clusters(self, **asked: str) -> dict[str, Any]:
        def answer() -> dict[str, Any]:
            if asked != {"GlobalClusterIdentifier": "shop"} or self.region in {THIRD, *self.rds.detached}:
                raise refused("GlobalClusterNotFoundFault")
            return {"GlobalClusters": [self.rds.described()]}

        return self._call("describe_global_clusters", answer)

    def describe_db_clusters(self, **asked: str) -> dict[str, Any]:
        assert asked in ({"DBClusterIdentifier": f"shop-{self.region}"}, {})
        if self.region == THIRD:
            return self._call("describe_db_clusters", lambda: {"DBClusters": []})
        cluster = {
            "DBClusterArn": arn(self.region),
            "Status": self.rds.cluster_status,
            "TagList": [{"Key": DETACHED_TAG, "Value": "shop"}] if self.region in self.rds.tagged else [],
            "Engine": "aurora-postgresql",
            "EngineVersion": "16.4",
            "DBClusterMembers": [{"DBInstanceIdentifier": name} for name in self.rds.instances],
        }
        return self._call("describe_db_clusters", lambda: {"DBClusters": [cluster]})

    def _begin(self, action: str, target: str, data_loss: bool) -> dict[str, Any]:
        def answer() -> dict[str, Any]:
            self.rds.begin(target, data_loss)
            return {"GlobalCluster": self.rds.described()}

        return self._call(action, answer)

    def switchover_global_cluster(self, **asked: str) -> dict[str, Any]:
        return self._begin("switchover_global_cluster", asked["TargetDbClusterIdentifier"], data_loss=False)

    def failover_global_cluster(self, **asked: Any) -> dict[str, Any]:
        assert asked["AllowDataLoss"] is True
        return self._begin("failover_global_cluster", asked["TargetDbClusterIdentifier"], data_loss=True)

    def add_tags_to_resource(self, **asked: Any) -> dict[str, Any]:
        assert asked == {"ResourceName": arn(self.region), "Tags": [{"Key": DETACHED_TAG, "Value": "shop"}]}

        def answer() -> dict[str, Any]:
            self.rds.tagged.add(self.region)
            return {}

        return self._call("add_tags_to_resource", answer)

    def remove_from_global_cluster(self, **asked: str) -> dict[str, Any]:
        assert asked == {"GlobalClusterIdentifier": "shop", "DbClusterIdentifier": arn(self.region)}

        def answer() -> dict[str, Any]:
            if self.rds.failover:
                raise refused("InvalidGlobalClusterStateFault")
            self.rds.detached.add(self.region)
            return {"GlobalCluster": self.rds.described()}

        return self._call("remove_from_global_cluster", answer)

    def get_paginator(self, name: str) -> FakeClient:
        assert name in ("describe_events", "describe_db_clusters")
        self.paginated = name
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        if self.paginated == "describe_db_clusters":
            return [self.describe_db_clusters()]
        since = asked["StartTime"].timestamp()
        recent = [event for event in self.rds.events if event["Date"].timestamp() >= since]
        return [self._call("describe_events", lambda: {"Events": recent})]


class Bench:
    """The module, run against the fake with a fake clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rds = FakeRds(self.clock)
        self.warnings: list[str] = []

    def run(self, check_mode: bool = False, **options: Any) -> Result:
        given = {
            "global_cluster_id": "shop",
            "regions": [HOME, STANDBY],
            "target": STANDBY,
            "mode": "planned",
            "accept_data_loss": False,
            "state": "promoted",
            "operation": None,
            "database": None,
            "resolvers": [],
            "detach": False,
            "detach_after": 120.0,
            "poll_interval": 1.0,
            "timeout": 60.0,
            **options,
        }
        stand_in: Any = self.rds
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.clock,
            deadline=Deadline.after(self.clock, given["timeout"]),
            clients=stand_in,
            progress=lambda line: None,
            warn=self.warnings.append,
        )
        return module.execute(given, context)

    def unplanned(self, **options: Any) -> Result:
        return self.run(mode="unplanned", accept_data_loss=True, **options)


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "require"}
