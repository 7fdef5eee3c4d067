# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS's multi-Region keys as AWS has them: one key material, and a key of its own in each Region."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from typing import Any

import moto.kms.models
from moto.kms.models import Key, kms_backends
from moto.kms.responses import KmsResponse
from moto.kms.utils import KEY_ID_LEN

from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.timing import Timing

USABLE = ("Enabled", "Updating")


class MultiRegionKeys:
    """All keys. What is being created or moved is done when the clock and the network say so."""

    def __init__(self, plane: DataPlane, clock: Clock, timing: Timing) -> None:
        self._plane = plane
        self._clock = clock
        self._timing = timing
        self._lock = threading.RLock()
        self._under_way: dict[tuple[str, str, str], tuple[float, str]] = {}
        """By account, id and Region of a key: when it is done, and the primary's Region then."""

    def install(self) -> None:
        """Put the actions in place of moto's."""
        described = _original("describe_key")
        for name, action in (
            ("describe_key", lambda response: self.describe(response, described)),
            ("replicate_key", self.replicate),
            ("update_primary_region", self.update_primary),
        ):
            setattr(KmsResponse, name, _as_method(action))
        models: Any = moto.kms.models
        models.encrypt, models.decrypt, models.generate_private_key = _encrypt, _decrypt, _private_key

    def advance(self) -> None:
        """Finish what is under way and due."""
        with self._lock:
            for (account, key_id, region), (at, primary) in list(self._under_way.items()):
                keys = _members(account, key_id)
                if region not in keys:
                    del self._under_way[account, key_id, region]
                elif self._clock.monotonic() >= at and self._plane.linked(_primary_region(keys[region]), region):
                    del self._under_way[account, key_id, region]
                    for key in keys.values():
                        if key.key_state in ("Updating", "Creating") and not self._busy(account, key):
                            key.key_state = "Enabled"
                    _configure(keys, primary)

    def finish(self) -> None:
        """Let everything that is under way be done: nobody waits for it while a lab is made."""
        with self._lock:
            self._under_way = {key: (0.0, primary) for key, (_at, primary) in self._under_way.items()}
        self.advance()

    def reset(self) -> None:
        """Forget what is under way."""
        with self._lock:
            self._under_way.clear()

    def describe(self, response: KmsResponse, original: Callable[[KmsResponse], str]) -> str:
        """DescribeKey."""
        self.advance()
        return original(response)

    def replicate(self, response: KmsResponse) -> str:
        """ReplicateKey, in the primary's Region."""
        key, region = self._primary(response), response._get_param("ReplicaRegion")
        keys = _members(response.current_account, key.id)
        if region in keys:
            raise AwsError("AlreadyExistsException", f"{keys[region].arn} already exists.")
        replica = _replica(key, region, response)
        backend = kms_backends[response.current_account][region]
        backend.keys[replica.id] = replica
        tags = response._get_param("Tags") or []
        if tags:
            backend.tagger.tag_resource(replica.id, tags)
        self._start(response.current_account, replica, self._timing.key_replication, key.region)
        _configure({**keys, region: replica}, key.region)
        self.advance()
        metadata = replica.to_dict()["KeyMetadata"]
        return json.dumps({"ReplicaKeyMetadata": metadata, "ReplicaPolicy": replica.policy, "ReplicaTags": tags})

    def update_primary(self, response: KmsResponse) -> str:
        """UpdatePrimaryRegion, in the current primary's Region: an outage of that Region leaves no way to call it."""
        key, region = self._primary(response), response._get_param("PrimaryRegion")
        if region == key.region:
            raise AwsError("UnsupportedOperationException", f"{key.arn} is the primary key already.")
        other = _members(response.current_account, key.id).get(region)
        if other is None:
            raise AwsError("NotFoundException", f"There is no replica of {key.arn} in {region}.")
        _demand_enabled(other)
        key.key_state = other.key_state = "Updating"
        self._start(response.current_account, other, self._timing.key_primary_update, region)
        self.advance()
        return json.dumps({})

    def _start(self, account: str, key: Key, seconds: float, primary: str) -> None:
        with self._lock:
            self._under_way[account, key.id, key.region] = (self._clock.monotonic() + seconds, primary)

    def _busy(self, account: str, key: Key) -> bool:
        return (account, key.id, key.region) in self._under_way

    def _primary(self, response: KmsResponse) -> Key:
        self.advance()
        key_id = response._get_param("KeyId")
        response._validate_cmk_id(key_id)
        key = response.kms_backend.keys[response.kms_backend.get_key_id(key_id)]
        if not key.multi_region or _primary_region(key) != key.region:
            raise AwsError("UnsupportedOperationException", f"{key.arn} is not a multi-Region primary key.")
        _demand_enabled(key)
        return key


def _replica(key: Key, region: str, response: KmsResponse) -> Key:
    replica = copy.copy(key)  # the material is shared; what isn't is made anew
    replica.region, replica.arn = region, key.arn.replace(key.region, region)
    replica.policy = response._get_param("Policy") or replica.generate_default_policy()
    replica.description = response._get_param("Description") or ""
    replica.aliases, replica.grants, replica.rotations = {}, {}, []
    replica.key_state = "Creating"
    return replica


def _members(account: str, key_id: str) -> dict[str, Key]:
    backends = list(kms_backends[account].items())
    return {region: backend.keys[key_id] for region, backend in backends if key_id in backend.keys}


def _primary_region(key: Key) -> str:
    return str(key.multi_region_configuration["PrimaryKey"]["Region"])


def _configure(keys: dict[str, Key], primary: str) -> None:
    """Let every key of a family describe it; each has a description of its own."""
    named = {region: {"Arn": key.arn, "Region": region} for region, key in keys.items()}
    for region, key in keys.items():
        key.multi_region_configuration = {
            "MultiRegionKeyType": "PRIMARY" if region == primary else "REPLICA",
            "PrimaryKey": named[primary],
            "ReplicaKeys": [name for region, name in named.items() if region != primary],
        }


def _demand_enabled(key: Key) -> None:
    if key.key_state == "Disabled":
        raise AwsError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is {key.key_state}.")


def _usable(key: Key) -> None:
    if key.key_state not in USABLE:
        _demand_enabled(key)


def _encrypt(master_keys: dict[str, Key], key_id: str, plaintext: bytes, encryption_context: dict[str, str]) -> bytes:
    if key_id in master_keys:
        _usable(master_keys[key_id])
    return bytes(MOTO["encrypt"](master_keys, key_id, plaintext, encryption_context))


def _decrypt(
    master_keys: dict[str, Key], ciphertext_blob: bytes, encryption_context: dict[str, str]
) -> tuple[bytes, str]:
    """Moto keeps 36 characters of a key's id in its ciphertext; a multi-Region key's has four more."""
    kept = ciphertext_blob[:KEY_ID_LEN].decode("utf-8", "replace")
    whole = next((key_id for key_id in master_keys if key_id[:KEY_ID_LEN] == kept), kept)
    if whole in master_keys:
        _usable(master_keys[whole])
    known = {kept: master_keys[whole]} if whole in master_keys else {}
    plaintext, _kept = MOTO["decrypt"](known, ciphertext_blob, encryption_context)
    return plaintext, whole


def _private_key(key_spec: str) -> Any:
    """Moto makes an RSA key for a symmetric key as well, which takes longer than the whole rest of a seed."""
    return None if key_spec == "SYMMETRIC_DEFAULT" else MOTO["generate_private_key"](key_spec)


def _as_method(action: Callable[[KmsResponse], str]) -> Callable[[KmsResponse], str]:
    """Moto lists only plain functions of the class as actions."""

    def method(self: KmsResponse) -> str:
        return action(self)

    return method


MOTO: dict[str, Callable[..., Any]] = {
    name: getattr(moto.kms.models, name) for name in ("encrypt", "decrypt", "generate_private_key")
}
ORIGINALS: dict[str, Callable[[KmsResponse], str]] = {}


def _original(name: str) -> Callable[[KmsResponse], str]:
    """Moto's own action, as it was before the first installation."""
    return ORIGINALS.setdefault(name, getattr(KmsResponse, name))
