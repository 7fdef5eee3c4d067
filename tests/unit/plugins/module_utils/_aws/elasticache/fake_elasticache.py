# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small ElastiCache with one global datastore, a clock that nobody waits for, and the failover module on both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.modules import (
    elasticache_global_replication_group_failover as module,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import (
    HOME,
    STANDBY,
    THIRD,
    FakeClock,
    refused,
)

ID = "abcde-shop"
CALL_SECONDS = 0.05
WRITES = ("failover", "create", "disassociate", "delete")


class FakeElastiCache:
    """One datastore. An operation takes ``takes`` seconds. ``faults`` come before the answers."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.takes = 3.0
        self.primary = HOME
        self.status = "available"
        self.members = {HOME: "associated", STANDBY: "associated"}
        self.ends_at: float | None = None
        self.ending: Callable[[], None] = lambda: None
        self.calls: list[tuple[str, str]] = []
        self.asked: list[dict[str, Any]] = []
        self.faults: dict[tuple[str, str], list[Exception]] = {}
        self.dead: set[str] = set()
        self.effect_in_spite = False
        self.in_vain = False
        self.group: dict[str, Any] = {}
        self.version = "8.1"
        self.secret = "hunter2-hunter2"
        self.exists = True

    def get(self, service: str, region: str) -> FakeClient:
        assert service in ("elasticache", "secretsmanager")
        return FakeClient(self, region)

    def changes(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if call[0].startswith(WRITES)]

    def enter(self, action: str, region: str, asked: dict[str, Any]) -> Exception | None:
        """Note the call, let time pass, and give the error that it shall end with."""
        self.calls.append((action, region))
        self.asked.append(asked)
        self.clock.sleep(CALL_SECONDS)
        if self.ends_at is not None and self.clock.now >= self.ends_at:
            self.ends_at = None
            self.status = "available" if len(self.members) > 1 else "primary-only"
            self.ending()
        if region in self.dead:
            return EndpointConnectionError(endpoint_url=f"https://elasticache.{region}")
        waiting = self.faults.get((action, region), [])
        return waiting.pop(0) if waiting else None

    def busy(self, ending: Callable[[], None], status: str = "modifying") -> None:
        self.status, self.ends_at, self.ending = status, self.clock.now + self.takes, ending

    def begin(self, target: str) -> None:
        if self.status != "available":
            raise refused("InvalidGlobalReplicationGroupState")

        def end() -> None:
            if not self.in_vain:
                self.primary = target

        self.busy(end)

    def described(self) -> dict[str, Any]:
        members = [
            {
                "ReplicationGroupId": f"shop-{region}",
                "ReplicationGroupRegion": region,
                "Role": "PRIMARY" if region == self.primary else "SECONDARY",
                "Status": status,
            }
            for region, status in self.members.items()
        ]
        return {
            "GlobalReplicationGroupId": ID,
            "Status": self.status,
            "CacheNodeType": "cache.r7g.large",
            "EngineVersion": "8.1",
            "GlobalNodeGroups": [{"GlobalNodeGroupId": "0001"}],
            "Members": members,
        }


class FakeClient:
    def __init__(self, cache: FakeElastiCache, region: str) -> None:
        self._cache = cache
        self._region = region

    def __getattr__(self, action: str) -> Any:
        def call(*_name: str, **asked: Any) -> Any:
            if action == "get_paginator":
                return self
            error = self._cache.enter(action, self._region, asked)
            if error is not None and self._cache.effect_in_spite:
                getattr(self, f"_{action}")(**asked)
            if error is not None:
                raise error
            return getattr(self, f"_{action}")(**asked)

        return call

    def _describe_global_replication_groups(self, **asked: Any) -> dict[str, Any]:
        if asked.get("GlobalReplicationGroupId") != ID or self._region not in self._cache.members:
            raise refused("GlobalReplicationGroupNotFoundFault")
        assert asked["ShowMemberInfo"] is True
        return {"GlobalReplicationGroups": [self._cache.described()]}

    def _paginate(self, **asked: Any) -> list[dict[str, Any]]:
        assert asked == {"ShowMemberInfo": True}
        here = self._cache.exists and self._region in self._cache.members
        return [{"GlobalReplicationGroups": [self._cache.described()] if here else []}]

    def _idle(self) -> None:
        if self._cache.status not in ("available", "primary-only"):
            raise refused("InvalidGlobalReplicationGroupState")

    def _create_global_replication_group(self, **asked: Any) -> dict[str, Any]:
        cache = self._cache
        assert asked["GlobalReplicationGroupIdSuffix"] == "shop"
        cache.exists, cache.primary, cache.members = True, self._region, {self._region: "associated"}
        cache.busy(lambda: None, "creating")
        return {"GlobalReplicationGroup": cache.described()}

    def _create_replication_group(self, **asked: Any) -> dict[str, Any]:
        self._idle()
        assert asked["GlobalReplicationGroupId"] == ID
        region = self._region
        self._cache.members[region] = "associating"
        self._cache.busy(lambda: self._cache.members.update({region: "associated"}))
        return {"ReplicationGroup": {}}

    def _disassociate_global_replication_group(self, **asked: Any) -> dict[str, Any]:
        self._idle()
        region = asked["ReplicationGroupRegion"]
        assert asked["ReplicationGroupId"] == f"shop-{region}" and region != self._cache.primary
        self._cache.members[region] = "disassociating"

        def end() -> None:
            del self._cache.members[region]
            self._cache.status = "available" if len(self._cache.members) > 1 else "primary-only"

        self._cache.busy(end)
        return {"GlobalReplicationGroup": self._cache.described()}

    def _delete_global_replication_group(self, **asked: Any) -> dict[str, Any]:
        self._idle()
        assert asked["RetainPrimaryReplicationGroup"] is True
        assert list(self._cache.members) == [self._cache.primary]
        self._cache.busy(lambda: setattr(self._cache, "exists", False), "deleting")
        return {"GlobalReplicationGroup": self._cache.described()}

    def _describe_replication_groups(self, **asked: Any) -> dict[str, Any]:
        group = {
            "ReplicationGroupId": asked["ReplicationGroupId"],
            "Status": "available",
            "CacheNodeType": "cache.r7g.large",
            "MemberClusters": [f"{asked['ReplicationGroupId']}-001"],
            "NodeGroups": [{"PrimaryEndpoint": {"Address": "master.shop.cache.amazonaws.com", "Port": 6379}}],
            "TransitEncryptionEnabled": True,
        }
        return {"ReplicationGroups": [{**group, **self._cache.group}]}

    def _describe_cache_clusters(self, **asked: Any) -> dict[str, Any]:
        return {"CacheClusters": [{"CacheClusterId": asked["CacheClusterId"], "EngineVersion": self._cache.version}]}

    def _failover_global_replication_group(self, **asked: Any) -> dict[str, Any]:
        assert asked["PrimaryReplicationGroupId"] == f"shop-{asked['PrimaryRegion']}"
        self._cache.begin(asked["PrimaryRegion"])
        return {"GlobalReplicationGroup": self._cache.described()}

    def _get_secret_value(self, **_asked: Any) -> dict[str, Any]:
        return {"SecretString": self._cache.secret}


class Bench:
    """The module, run against the fake with a fake clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cache = FakeElastiCache(self.clock)
        self.warnings: list[str] = []

    def context(self, check_mode: bool, timeout: float) -> Context:
        stand_in: Any = self.cache
        return Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.clock,
            deadline=Deadline.after(self.clock, timeout),
            clients=stand_in,
            progress=lambda line: None,
            warn=self.warnings.append,
        )

    def run(self, check_mode: bool = False, **options: Any) -> Result:
        given = {
            "global_replication_group_id": ID,
            "regions": [HOME, STANDBY],
            "target": STANDBY,
            "state": "promoted",
            "operation": None,
            "prove": None,
            "required": True,
            "resolvers": [],
            "poll_interval": 1.0,
            "run": None,
            "timeout": 60.0,
            **options,
        }
        return module.execute(given, self.context(check_mode, given["timeout"]))


__all__ = ["HOME", "ID", "STANDBY", "THIRD", "Bench", "FakeElastiCache", "refused"]
