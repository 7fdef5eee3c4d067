# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was seen of a leg's buckets, secrets and keys. A secret's value is in none of this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret, SecretPair, Standing
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import PairSeen


def slowest_ms(times: Iterable[float | None]) -> float | None:
    """The longest of these; ``None`` where none is known."""
    return max((each for each in times if each is not None), default=None)


@dataclass(frozen=True)
class CanarySeen:
    """A canary object that was to be written and read again: whether it was, else ``error`` says which failed, and how.

    ``good`` is ``None`` where this task may not write or read it.
    """

    key: str
    good: bool | None
    response_ms: float | None = None
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class BucketSeen:
    """A bucket of the leg. ``there`` is ``None`` where that couldn't be read; ``error`` says why."""

    name: str
    there: bool | None = None
    response_ms: float | None = None
    error: str = ""
    canary: CanarySeen | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "bucket": self.name,
            "there": self.there,
            "response_ms": self.response_ms,
            "error": self.error,
            "canary": self.canary.as_dict() if self.canary else None,
        }


@dataclass(frozen=True)
class StorageSeen:
    """A leg's buckets, and the replication that begins or ends in its Region, as that Region tells it."""

    region: str
    buckets: tuple[BucketSeen, ...] = ()
    pairs: tuple[PairSeen, ...] = ()

    @property
    def response_ms(self) -> float | None:
        """Of the slowest bucket, or canary."""
        canaries = (each.canary.response_ms for each in self.buckets if each.canary)
        return slowest_ms([*(each.response_ms for each in self.buckets), *canaries])

    def as_dict(self, now: float) -> dict[str, Any]:
        arriving = [each for each in self.pairs if each.pair.destination.region == self.region]
        return {
            "buckets": [each.as_dict() for each in self.buckets],
            "replication": [each.as_dict(now) for each in arriving],
            "response_ms": self.response_ms,
        }


@dataclass(frozen=True)
class SecretSeen:
    """A secret as the Region describes it: ``None`` where it has none of the name, or ``error`` says why not known.

    ``readable`` is ``None`` where its value wasn't asked for. ``pair`` is it beside what the other Region said.
    """

    secret_id: str
    secret: Secret | None = None
    error: str = ""
    readable: bool | None = None
    read_error: str = ""
    pair: SecretPair | None = None
    response_ms: float | None = None

    @property
    def standing(self) -> Standing | None:
        """What it is in its Region; ``None`` where that isn't known."""
        if self.secret is None:
            return None if self.error else Standing.MISSING
        return self.secret.standing

    def as_dict(self) -> dict[str, Any]:
        return {
            "secret_id": self.secret_id,
            "standing": self.standing.value if self.standing else None,
            "in_sync": self.pair.in_sync if self.pair else None,
            "replication_status": self.pair.status.value if self.pair else None,
            "readable": self.readable,
            "error": self.error or self.read_error,
        }


@dataclass(frozen=True)
class KeySeen:
    """A KMS key as the Region describes it: ``None`` where it has none, or ``error`` says why not known."""

    key_id: str
    key: Key | None = None
    error: str = ""
    response_ms: float | None = None

    @property
    def usable(self) -> bool | None:
        """Whether it encrypts and decrypts there now; ``None`` where that isn't known."""
        return None if self.error else bool(self.key and self.key.usable)

    def as_dict(self) -> dict[str, Any]:
        return {
            "key_id": self.key_id,
            "state": self.key.state if self.key else None,
            "usable": self.usable,
            "error": self.error,
        }


@dataclass(frozen=True)
class SecretsSeen:
    """A leg's secrets and keys."""

    region: str
    secrets: tuple[SecretSeen, ...] = ()
    keys: tuple[KeySeen, ...] = ()

    @property
    def response_ms(self) -> float | None:
        """Of the slowest of them."""
        return slowest_ms([*(each.response_ms for each in self.secrets), *(each.response_ms for each in self.keys)])

    def as_dict(self, _now: float) -> dict[str, Any]:
        return {
            "secrets": [each.as_dict() for each in self.secrets],
            "kms_keys": [each.as_dict() for each in self.keys],
            "response_ms": self.response_ms,
        }
