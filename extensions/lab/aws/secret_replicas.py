# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager's replicas as AWS has them: copies that follow their primary, and stall while they can't reach it."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from moto.secretsmanager.models import (
    FakeSecret,
    ReplicaSecret,
    SecretsManagerBackend,
    secretsmanager_backends,
)
from moto.secretsmanager.responses import SecretsManagerResponse

from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock, DataPlane

WRITES = ("put_secret_value", "update_secret", "create_secret", "tag_resource", "untag_resource", "restore_secret")
READS = ("get_secret_value", "batch_get_secret_value", "list_secret_version_ids", "list_secrets")
ON_REPLICA = "Operation not permitted on a replica secret. Call must be made in primary secret's region."


class Replica(ReplicaSecret):
    """A copy of a secret in another Region, as it last heard from its primary."""

    def __init__(self, source: FakeSecret, region: str, key: str, overwrite: bool) -> None:
        super().__init__(source, region, "InProgress", "")
        self.config["KmsKeyId"] = key
        self.overwrite = overwrite
        self.has_replica = False
        self.stopped = False
        self.heard: object = None
        self.hearing: tuple[object, float] | None = None
        self._versions: dict[str, dict[str, Any]] = {}
        self._shown: dict[str, Any] = {}
        self._current: str | None = None

    def say(self, status: str, message: str = "") -> None:
        """Let the primary's description show a status."""
        self.status, self.message = status, message
        self.config.update(Status=status, StatusMessage=message)

    def hear(self) -> None:
        """Take over what the primary has now."""
        self._versions, self._current = copy.deepcopy(self.source.versions), self.source.default_version_id
        self.heard, self.hearing = _state(self.source), None
        self.say("InSync", "Replication succeeded")
        self._shown = copy.deepcopy(self.source.to_dict())

    def to_dict(self) -> dict[str, Any]:
        return {**self._shown, "ARN": self.arn, "PrimaryRegion": self.source.region}

    @property
    def default_version_id(self) -> str | None:
        return self._current

    @property
    def versions(self) -> dict[str, dict[str, Any]]:
        return self._versions

    @property
    def description(self) -> str | None:
        return self._shown.get("Description")

    @property
    def tags(self) -> list[dict[str, str]] | None:
        return self._shown.get("Tags")


class SecretReplicas:
    """All replicas of all secrets. What they hold follows from the clock and the network."""

    def __init__(self, plane: DataPlane, clock: Clock, delay: float) -> None:
        self._plane = plane
        self._clock = clock
        self._delay = delay
        self._lock = threading.RLock()

    def install(self) -> None:
        """Put the actions in place of moto's."""
        for name in (*READS, *WRITES):
            setattr(SecretsManagerResponse, name, self._kept_up(_original(name)))
        moved = _original("update_secret_version_stage")
        for name, action in (
            ("describe_secret", self.describe),
            ("replicate_secret_to_regions", self.replicate),
            ("remove_regions_from_replication", self.remove),
            ("stop_replication_to_replica", self.stop),
            ("update_secret_version_stage", lambda response: self.move_stage(response, moved)),
        ):
            setattr(SecretsManagerResponse, name, self._kept_up(action))

        def create_replicas(
            secret: FakeSecret, replica_regions: list[dict[str, str]], force_overwrite: bool
        ) -> list[Replica]:
            return _created(secret, replica_regions, force_overwrite)

        replaced: Any = FakeSecret
        replaced.create_replicas = create_replicas

    def advance(self) -> None:
        """Move every replica on."""
        with self._lock:
            for secret in list(_primaries()):
                for replica in list(secret.replicas):
                    if isinstance(replica, Replica):
                        self._settle(secret, replica)

    def finish(self) -> None:
        """Let every replica be in sync at once, as those of a seed are."""
        with self._lock:
            for secret in list(_primaries()):
                for replica in list(secret.replicas):
                    if isinstance(replica, Replica) and (replica.has_replica or _landed(secret, replica)):
                        replica.hear()

    def describe(self, response: SecretsManagerResponse) -> str:
        """DescribeSecret: a secret with replicas says that it is the primary."""
        secret = response.backend.describe_secret(response._get_param("SecretId"))
        shown = secret.to_dict()
        if isinstance(secret, FakeSecret) and secret.replicas:
            shown["PrimaryRegion"] = secret.region
        return json.dumps(shown)

    def replicate(self, response: SecretsManagerResponse) -> str:
        """ReplicateSecretToRegions, in the primary's Region."""
        secret = _primary(response)
        regions = response._get_param("AddReplicaRegions") or []
        overwrite = response._get_bool_param("ForceOverwriteReplicaSecret", False)
        secret.replicas += secret.create_replicas(regions, force_overwrite=overwrite)
        self.advance()
        return _statuses(secret)

    def remove(self, response: SecretsManagerResponse) -> str:
        """RemoveRegionsFromReplication, in the primary's Region: the replicas are deleted."""
        secret = _primary(response)
        regions = response._get_param("RemoveReplicaRegions") or []
        for replica in [each for each in secret.replicas if each.region in regions]:
            if replica.has_replica:
                dict.pop(_store(secret.account_id, replica.region).secrets, replica.arn)
            secret.replicas.remove(replica)
        return _statuses(secret)

    def stop(self, response: SecretsManagerResponse) -> str:
        """StopReplicationToReplica, in the replica's Region: it becomes a secret of its own. There is no way back."""
        replica = response.backend.describe_secret(response._get_param("SecretId"))
        if not isinstance(replica, Replica):
            text = "Operation not permitted on a primary secret. Call must be made in replica secret's region."
            raise AwsError("InvalidParameterException", text)
        store = response.backend.secrets
        dict.pop(store, replica.arn)
        store[replica.name] = _standalone(replica)
        replica.stopped = True
        return json.dumps({"ARN": replica.arn})

    def move_stage(self, response: SecretsManagerResponse, original: Callable[[SecretsManagerResponse], str]) -> str:
        """UpdateSecretVersionStage, which moto lets through on a replica."""
        _primary(response)
        return original(response)

    def _kept_up(self, action: Callable[[SecretsManagerResponse], str]) -> Callable[[SecretsManagerResponse], str]:
        def method(response: SecretsManagerResponse) -> str:
            with self._lock:
                self.advance()
                answer = action(response)
                self.advance()
                return answer

        return method

    def _settle(self, secret: FakeSecret, replica: Replica) -> None:
        linked = self._plane.linked(secret.region, replica.region)
        if replica.stopped and linked:
            secret.replicas.remove(replica)
        if replica.stopped or replica.status == "Failed" or replica.heard == _state(secret):
            return
        if not linked:
            replica.hearing = None
            replica.say("InProgress")
            return
        now = self._clock.monotonic()
        if replica.hearing is None or replica.hearing[0] != _state(secret):
            replica.hearing = (_state(secret), now)
        if now - replica.hearing[1] < self._delay:
            replica.say("InProgress")
        elif replica.has_replica or _landed(secret, replica):
            replica.hear()


def _landed(secret: FakeSecret, replica: Replica) -> bool:
    """Give the replica its place in its Region, unless another secret has it."""
    store = _store(secret.account_id, replica.region).secrets
    existing = store.get(replica.name)
    if existing is not None:
        replicated = isinstance(existing, ReplicaSecret) or bool(existing.replicas)
        if not replica.overwrite or replicated:
            text = f"Replication failed: Secret name {replica.name} already exists in region {replica.region}."
            replica.say("Failed", text)
            return False
        for key in [key for key, secret in store.items() if secret is existing]:
            dict.pop(store, key)
    store[replica.arn] = replica
    replica.has_replica = True
    return True


def _created(secret: FakeSecret, regions: list[dict[str, str]], overwrite: bool) -> list[Replica]:
    have = getattr(secret, "replicas", [])  # moto makes the replicas while it makes the secret
    for wanted in regions or []:
        if wanted["Region"] == secret.region:
            raise AwsError("InvalidParameterException", "Invalid replica region.")
        if any(each.region == wanted["Region"] and each.status != "Failed" for each in have):
            text = f"The secret is already replicated to region {wanted['Region']}."
            raise AwsError("InvalidParameterException", text)
    names = {wanted["Region"] for wanted in regions or []}
    for failed in [each for each in have if each.region in names]:
        have.remove(failed)
    default = SecretsManagerBackend.DEFAULT_KMS_KEY_ALIAS
    return [Replica(secret, wanted["Region"], wanted.get("KmsKeyId") or default, overwrite) for wanted in regions or []]


def _standalone(replica: Replica) -> FakeSecret:
    shown = replica.to_dict()
    secret = FakeSecret(
        account_id=replica.source.account_id,
        region_name=replica.region,
        secret_id=replica.name,
        secret_version={},
        version_id="",
        description=replica.description,
        tags=replica.tags,
        kms_key_id=replica.config["KmsKeyId"],
        last_changed_date=shown["LastChangedDate"],
        created_date=shown["CreatedDate"],
    )
    secret.arn = replica.arn
    secret.versions = copy.deepcopy(replica.versions)
    secret.set_default_version_id(replica.default_version_id)
    return secret


def _state(secret: FakeSecret) -> object:
    """What a replica has to have heard to be in sync."""
    has = [secret.versions, secret.description, secret.tags, secret.last_changed_date]
    return json.dumps(has, sort_keys=True, default=str)


def _primaries() -> Iterator[FakeSecret]:
    for backends in list(secretsmanager_backends.values()):
        for backend in list(backends.values()):
            for secret in list(dict.values(backend.secrets)):
                if isinstance(secret, FakeSecret):
                    yield secret


def _primary(response: SecretsManagerResponse) -> FakeSecret:
    secret = response.backend.describe_secret(response._get_param("SecretId"))
    if isinstance(secret, ReplicaSecret):
        raise AwsError("InvalidParameterException", ON_REPLICA)
    return secret


def _store(account: str, region: str) -> SecretsManagerBackend:
    return secretsmanager_backends[account][region]


def _statuses(secret: FakeSecret) -> str:
    return json.dumps({"ARN": secret.arn, "ReplicationStatus": [replica.config for replica in secret.replicas]})


ORIGINALS: dict[str, Callable[[SecretsManagerResponse], str]] = {}


def _original(name: str) -> Callable[[SecretsManagerResponse], str]:
    """Moto's own action, as it was before the first installation."""
    return ORIGINALS.setdefault(name, getattr(SecretsManagerResponse, name))
