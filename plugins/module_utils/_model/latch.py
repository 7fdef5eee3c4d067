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


@dataclass(frozen=True)
class LatchObject:
    """One of the latch's objects: the bucket and its Region."""

    bucket: str
    region: str


@dataclass(frozen=True)
class Landing:
    """What became of one object. ``error`` is empty where all went well."""

    where: LatchObject
    before: ObjectState
    after: ObjectState
    changed: bool = False
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "bucket": self.where.bucket,
            "region": self.where.region,
            "state": self.after.value,
            "changed": self.changed,
            "error": self.error,
        }
