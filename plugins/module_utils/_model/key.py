# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A KMS key as one Region describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

USABLE = ("Enabled", "Updating")  # while the primary moves, its keys go on encrypting and decrypting


@dataclass(frozen=True)
class Key:
    """A key in one Region. ``state`` is KMS's. ``primary_region`` is empty for a key that isn't multi-Region."""

    id: str
    arn: str
    region: str
    state: str
    primary_region: str = ""
    replica_regions: tuple[str, ...] = ()

    @property
    def multi_region(self) -> bool:
        return bool(self.primary_region)

    @property
    def is_primary(self) -> bool:
        return self.primary_region == self.region

    @property
    def usable(self) -> bool:
        """Whether it encrypts and decrypts now."""
        return self.state in USABLE

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "arn": self.arn,
            "region": self.region,
            "state": self.state,
            "primary_region": self.primary_region,
            "replica_regions": list(self.replica_regions),
        }


@dataclass(frozen=True)
class Alias:
    """A name of a key in one Region."""

    name: str
    key_id: str
