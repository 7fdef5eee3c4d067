# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A snapshot of a cluster: the one that AWS takes of a lost primary, and the copy that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

LOST_PREFIX = "rds:unplanned-global-failover-"
"""What AWS names its snapshot of the old primary, before ``<cluster>-<timestamp>``. It expires as automated ones do."""
LOST_TAG = "multiregion.aws_dr/lost-primary"
"""On a snapshot that is kept: the cluster it was taken of, before that was rebuilt."""
SOURCE_TAG = "multiregion.aws_dr/copy-of"
"""On a copy: the identifier of AWS's snapshot, which is gone one day."""
AVAILABLE = "available"
PENDING = ("creating", "copying")


class SnapshotState(str, Enum):
    """What became of the lost primary's data, as far as a snapshot holds it."""

    OWED = "owed"  # to be kept, and not yet to be had
    COPYING = "copying"  # being made; the source is needed until it is done
    KEPT = "kept"  # a manual snapshot holds it, which nothing expires
    NONE = "none"  # AWS took none before it rebuilt the cluster, or it is gone


@dataclass(frozen=True)
class ClusterSnapshot:
    """What DescribeDBClusterSnapshots said. ``status`` is an open string, ``created_at`` epoch seconds."""

    id: str
    cluster: str
    status: str
    created_at: float
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def lost(self) -> bool:
        """AWS's own of a lost primary."""
        return self.id.startswith(f"{LOST_PREFIX}{self.cluster}")

    @property
    def kept(self) -> bool:
        """One that is kept of a lost primary."""
        return self.tags.get(LOST_TAG) == self.cluster
