# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ElastiCache's global datastores as AWS has them: what moto lacks or gets wrong, laid over its responses."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.models import ReplicationGroup, elasticache_backends
from moto.elasticache.responses import ElastiCacheResponse

from lab.aws import elasticache_groups as groups
from lab.aws.effects import Spawn
from lab.aws.elasticache_machine import ASSOCIATED, SECONDARY, GlobalDatastore, Member
from lab.aws.errors import AwsError
from lab.aws.overlay import put, wrap
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.timing import Timing

BUSY = "InvalidGlobalReplicationGroupState"
INHERITED = ("CacheNodeType", "Engine", "EngineVersion", "NumNodeGroups", "AuthToken", "TransitEncryptionEnabled")
"""What a secondary takes from the datastore, and must not be given."""


def prefix(region: str) -> str:
    """What AWS puts before the name of a datastore that is made in that Region: five letters of its own choice."""
    digest = hashlib.sha256(region.encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:5])


class Datastores:
    """The global datastores of all accounts, by account and id."""

    def __init__(self, plane: DataPlane, clock: Clock, timing: Timing, spawn: Spawn) -> None:
        self._plane, self._clock, self._timing, self._spawn = plane, clock, timing, spawn
        self._lock = threading.RLock()
        self.all: dict[tuple[str, str], GlobalDatastore] = {}
        self.descriptions: dict[tuple[str, str], str] = {}

    def make(self, account: str, identifier: str, description: str, primary: tuple[str, str]) -> None:
        """A datastore of one member, its primary."""
        key = (account, identifier)
        self.all[key] = GlobalDatastore(self._plane, self._clock, self._timing, self._spawn, *primary)
        self.descriptions[key] = description

    def advance(self) -> None:
        """Move every datastore on, and let moto's replication groups show it."""
        for (account, identifier), store in list(self.all.items()):
            store.advance()
            if store.deleted:
                with self._lock:
                    self.all.pop((account, identifier), None)
            for group, member in _groups(account, store):
                groups.show(group, identifier, None if store.deleted else member, busy=not store.idle)

    def secondaries(self) -> Iterator[tuple[str, ReplicationGroup, Member]]:
        """Every secondary that has a copy, with its account."""
        for (account, _identifier), store in list(self.all.items()):
            for group, member in _groups(account, store):
                if member.role == SECONDARY and member.status == ASSOCIATED:
                    yield account, group, member

    def of(self, account: str, region: str, group: str) -> GlobalDatastore | None:
        """The datastore that a replication group belongs to."""
        mine = (store for (owner, _identifier), store in self.all.items() if owner == account)
        return next((store for store in mine if store.member(region, group)), None)

    def reset(self) -> None:
        """Forget every datastore."""
        self.all.clear()
        self.descriptions.clear()


def _groups(account: str, store: GlobalDatastore) -> Iterator[tuple[ReplicationGroup, Member]]:
    for member in store.members:
        group = elasticache_backends[account][member.region].replication_groups.get(member.group)
        if group is not None:
            yield group, member


class Actions:
    """The API actions. Each takes moto's response object, whose parameters are the call's."""

    def __init__(self, stores: Datastores) -> None:
        self._stores = stores

    def install(self) -> None:
        """Put the actions in place of moto's, or where it has none."""
        for name, action in (
            ("create_global_replication_group", self.create),
            ("describe_global_replication_groups", self.describe),
            ("delete_global_replication_group", self.delete),
            ("disassociate_global_replication_group", self.disassociate),
            ("failover_global_replication_group", self.failover),
        ):
            put(ElastiCacheResponse, name, action)
        wrap(ElastiCacheResponse, "create_replication_group", self.create_group)
        wrap(ElastiCacheResponse, "delete_replication_group", self.delete_group)
        wrap(ElastiCacheResponse, "describe_cache_clusters", self.describe_clusters)

    def create(self, response: ElastiCacheResponse) -> ActionResult:
        """CreateGlobalReplicationGroup, of a group in the Region called."""
        params = response._get_params()
        name, group = params["GlobalReplicationGroupIdSuffix"], params["PrimaryReplicationGroupId"]
        if group not in response.elasticache_backend.replication_groups:
            raise AwsError("ReplicationGroupNotFoundFault", f"ReplicationGroup {group} not found.")
        identifier, account, region = f"{prefix(response.region)}-{name}", response.current_account, response.region
        if (account, identifier) in self._stores.all:
            raise AwsError("GlobalReplicationGroupAlreadyExistsFault", f"Global datastore {identifier} already exists.")
        if self._stores.of(account, region, group):
            raise AwsError("InvalidReplicationGroupState", f"ReplicationGroup {group} is in a global datastore.")
        description = params.get("GlobalReplicationGroupDescription", "")
        self._stores.make(account, identifier, description, (region, group))
        return ActionResult({"GlobalReplicationGroup": self._view(response, identifier)})

    def describe(self, response: ElastiCacheResponse) -> ActionResult:
        """DescribeGlobalReplicationGroups: seen through each Region that holds a member."""
        self._stores.advance()
        params = response._get_params()
        wanted, with_members = params.get("GlobalReplicationGroupId"), _flag(params.get("ShowMemberInfo"))
        if wanted:
            self._opened(response, wanted)
        mine = [identifier for account, identifier in self._stores.all if account == response.current_account]
        shown = [each for each in mine if wanted in (None, each) and self._seen_from(response, each)]
        views = [self._view(response, identifier) for identifier in shown]
        if not with_members:
            views = [{**view, "Members": []} for view in views]
        return ActionResult({"GlobalReplicationGroups": views})

    def delete(self, response: ElastiCacheResponse) -> ActionResult:
        """DeleteGlobalReplicationGroup: of one that has no secondary left."""
        identifier = response._get_params()["GlobalReplicationGroupId"]
        store = self._idle(response, identifier)
        if len(store.members) > 1:
            raise AwsError(BUSY, f"Global datastore {identifier} has secondary members: disassociate them first.")
        store.delete()
        return ActionResult({"GlobalReplicationGroup": self._view(response, identifier)})

    def disassociate(self, response: ElastiCacheResponse) -> ActionResult:
        """DisassociateGlobalReplicationGroup, of a secondary."""
        params = response._get_params()
        identifier = params["GlobalReplicationGroupId"]
        store = self._idle(response, identifier)
        member = _member(store, params["ReplicationGroupRegion"], params["ReplicationGroupId"])
        if member.role != SECONDARY:
            raise AwsError("InvalidParameterValue", f"{member.group} is the primary of {identifier}.")
        store.disassociate(member.region)
        return ActionResult({"GlobalReplicationGroup": self._view(response, identifier)})

    def failover(self, response: ElastiCacheResponse) -> ActionResult:
        """FailoverGlobalReplicationGroup, through any Region that holds a member."""
        params = response._get_params()
        identifier = params["GlobalReplicationGroupId"]
        store = self._idle(response, identifier)
        member = _member(store, params["PrimaryRegion"], params["PrimaryReplicationGroupId"])
        if member.role != SECONDARY:
            raise AwsError("InvalidParameterValue", f"{member.group} is the primary of {identifier} already.")
        if member.status != ASSOCIATED:
            raise AwsError(BUSY, f"The member {member.group} of {identifier} is {member.status}.")
        store.failover(member.region)
        return ActionResult({"GlobalReplicationGroup": self._view(response, identifier)})

    def create_group(self, response: ElastiCacheResponse, original: Callable[[Any], Any]) -> Any:
        """CreateReplicationGroup: also as a secondary of a datastore."""
        params, region = response._get_params(), response.region
        identifier = params.get("GlobalReplicationGroupId")
        if not identifier:
            return groups.put_right(original(response), region)
        given = [name for name in INHERITED if name in params]
        if given:
            raise AwsError(
                "InvalidParameterCombination", f"{', '.join(given)}: a secondary takes them from its datastore."
            )
        store = self._known(response, identifier)
        if not store.idle:
            raise AwsError(BUSY, f"Global datastore {identifier} is {store.status}.")
        if region in {member.region for member in store.members}:
            raise AwsError("InvalidParameterValue", f"{identifier} has a member in {region} already.")
        primary = next(group for group, member in _groups(response.current_account, store) if member == store.primary)
        result = groups.put_right(original(response), region, primary)
        store.join(region, params["ReplicationGroupId"])
        return result

    def delete_group(self, response: ElastiCacheResponse, original: Callable[[Any], Any]) -> Any:
        """DeleteReplicationGroup refuses a group that is still a member."""
        group = response._get_params()["ReplicationGroupId"]
        if self._stores.of(response.current_account, response.region, group):
            raise AwsError("InvalidReplicationGroupState", f"ReplicationGroup {group} is in a global datastore.")
        return original(response)

    @staticmethod
    def describe_clusters(response: ElastiCacheResponse, original: Callable[[Any], Any]) -> Any:
        """DescribeCacheClusters: moto's, and the nodes of replication groups."""
        wanted = response._get_params().get("CacheClusterId")
        nodes = groups.nodes(response.elasticache_backend.replication_groups.values())
        if wanted in nodes:
            return ActionResult({"CacheClusters": [nodes[wanted]]})
        if wanted:
            return original(response)
        return ActionResult({"CacheClusters": [*original(response).result["CacheClusters"], *nodes.values()]})

    def _known(self, response: ElastiCacheResponse, identifier: str) -> GlobalDatastore:
        self._stores.advance()
        store = self._stores.all.get((response.current_account, identifier))
        if store is None:
            raise AwsError("GlobalReplicationGroupNotFoundFault", f"Global datastore {identifier} not found.")
        return store

    def _opened(self, response: ElastiCacheResponse, identifier: str) -> GlobalDatastore:
        store = self._known(response, identifier)
        if not self._seen_from(response, identifier):
            raise AwsError("GlobalReplicationGroupNotFoundFault", f"Global datastore {identifier} not found.")
        return store

    def _idle(self, response: ElastiCacheResponse, identifier: str) -> GlobalDatastore:
        store = self._opened(response, identifier)
        if not store.idle:
            raise AwsError(BUSY, f"Global datastore {identifier} is {store.status}.")
        return store

    def _seen_from(self, response: ElastiCacheResponse, identifier: str) -> bool:
        store = self._stores.all[response.current_account, identifier]
        return response.region in {member.region for member in store.members}

    def _view(self, response: ElastiCacheResponse, identifier: str) -> dict[str, Any]:
        account = response.current_account
        store = self._stores.all[account, identifier]
        found = list(_groups(account, store))
        primary = next(group for group, member in found if member == store.primary)
        return {
            "GlobalReplicationGroupId": identifier,
            "GlobalReplicationGroupDescription": self._stores.descriptions[account, identifier],
            "Status": store.status,
            "Members": [groups.member_view(group, member) for group, member in found],
            "ARN": f"arn:aws:elasticache::{account}:globalreplicationgroup:{identifier}",
            **groups.shared_view(primary),
        }


def _member(store: GlobalDatastore, region: str, group: str) -> Member:
    member = store.member(region, group)
    if member is None:
        raise AwsError("InvalidParameterValue", f"{group} of {region} is no member of the global datastore.")
    return member


def _flag(value: Any) -> bool:
    return str(value).lower() == "true"
