# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The latch: objects in buckets whose presence a health check sees, so that traffic moves without a control plane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class ObjectState(str, Enum):
    """What a bucket said about the latch's object. Unknown is not clear."""

    SET = "set"  # there, with the token
    CLEAR = "clear"
    OTHER = "other"  # there, with other content: the health check doesn't see the token
    UNKNOWN = "unknown"  # the bucket gave no answer, or none that says


class LatchState(str, Enum):
    """All objects together."""

    SET = "set"
    CLEAR = "clear"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class Face(str, Enum):
    """What somebody without credentials is answered who asks for a latch's object."""

    READABLE = "readable"  # 200 with the token: a health check sees it
    OTHER_CONTENT = "other_content"  # 200 without the token
    FORBIDDEN = "forbidden"  # 403: to this address; a policy may let in the checkers' addresses alone
    ABSENT = "absent"  # 404
    REDIRECTED = "redirected"  # 3xx: counts as healthy without the object
    KMS = "kms"  # 400: what KMS encrypted is never served to the anonymous
    UNKNOWN = "unknown"  # no answer, or one that says nothing


@dataclass(frozen=True)
class FaceSeen:
    """The anonymous answer of one bucket: the HTTP status, 0 without any, and what it said."""

    where: LatchObject
    face: Face
    status: int = 0
    detail: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "bucket": self.where.bucket,
            "region": self.where.region,
            "face": self.face.value,
            "http_status": self.status,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class LatchObject:
    """One of the latch's objects: the bucket and its Region."""

    bucket: str
    region: str


@dataclass(frozen=True)
class Landing:
    """What became of one object. ``error`` is empty where all went well.

    ``unclear``: the change got no answer, or none that says: it may have taken effect.
    """

    where: LatchObject
    before: ObjectState
    after: ObjectState
    changed: bool = False
    error: str = ""
    unclear: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "bucket": self.where.bucket,
            "region": self.where.region,
            "state": self.after.value,
            "changed": self.changed,
            "error": self.error,
        }
