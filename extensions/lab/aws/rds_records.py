# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to know of a global database at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Sync(str, Enum):
    """SynchronizationStatus of a member."""

    CONNECTED = "connected"
    PENDING_RESYNC = "pending-resync"


class Phase(str, Enum):
    """FailoverState.Status, and what the clusters' own status says meanwhile."""

    PENDING = "pending"
    FAILING_OVER = "failing-over"
    SWITCHING_OVER = "switching-over"
    CANCELLING = "cancelling"


@dataclass(frozen=True)
class Operation:
    """What FailoverState shows."""

    phase: Phase
    source: str
    target: str
    data_loss: bool


@dataclass(frozen=True)
class Member:
    """A cluster of the global database."""

    arn: str
    sync: Sync = Sync.CONNECTED

    @property
    def region(self) -> str:
        """The Region of the cluster's ARN."""
        return region_of(self.arn)


def region_of(arn: str) -> str:
    """Return the Region in an ARN, empty where there is none."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""
