# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret and its replica, as each Region describes them. Its value is in none of this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ReplicationStatus(str, Enum):
    """What Secrets Manager says of a replica."""

    IN_SYNC = "InSync"
    IN_PROGRESS = "InProgress"
    FAILED = "Failed"
    UNKNOWN = "unknown"


class Standing(str, Enum):
    """What a secret is in its Region."""

    MISSING = "missing"
    REPLICA = "replica"
    PRIMARY = "primary"  # others replicate it
    STANDALONE = "standalone"


@dataclass(frozen=True)
class Replica:
    """A replica as its primary lists it."""

    region: str
    status: ReplicationStatus
    message: str = ""


@dataclass(frozen=True)
class Secret:
    """A secret in one Region. ``current_version`` is the id of the version AWSCURRENT, the same in every replica."""

    name: str
    region: str
    arn: str
    current_version: str
    changed_at: float = 0.0
    primary_region: str = ""
    replicas: tuple[Replica, ...] = ()
    deleted: bool = False
    stages: tuple[tuple[str, tuple[str, ...]], ...] = ()  # the ids of its versions, each with its stages

    @property
    def standing(self) -> Standing:
        if self.primary_region not in ("", self.region):
            return Standing.REPLICA
        return Standing.PRIMARY if self.replicas else Standing.STANDALONE

    def replica_in(self, region: str) -> Replica | None:
        return next((replica for replica in self.replicas if replica.region == region), None)


@dataclass(frozen=True)
class SecretPair:
    """A secret in the target's Region and in the source's; ``None``: there is none of that name.

    ``source_read`` is false where the source wasn't asked or gave no answer: what it has is then unknown.
    """

    secret_id: str
    target_region: str
    target: Secret | None
    source_region: str = ""
    source: Secret | None = None
    source_read: bool = False

    @property
    def standing(self) -> Standing:
        """What the target's secret is."""
        return self.target.standing if self.target else Standing.MISSING

    @property
    def linked(self) -> bool:
        """Whether the target's secret is a replica of the source's."""
        return self.standing is Standing.REPLICA and self.target is not None and self._is_primary(self.source_region)

    def _is_primary(self, region: str) -> bool:
        return not region or (self.target is not None and self.target.primary_region == region)

    @property
    def status(self) -> ReplicationStatus:
        """The source's word for the replica where it was read, else the replica's own, which is as old as the link."""
        listed = self.source.replica_in(self.target_region) if self.source else None
        if listed is None and self.target and self.standing is Standing.REPLICA:
            listed = self.target.replica_in(self.target_region)
        return listed.status if listed else ReplicationStatus.UNKNOWN

    @property
    def message(self) -> str:
        """What Secrets Manager adds to the status."""
        listed = self.source.replica_in(self.target_region) if self.source else None
        return listed.message if listed else ""

    @property
    def in_sync(self) -> bool | None:
        """Whether the target has what the source has; ``None`` where that can't be known."""
        if self.target is None:
            return False
        if not self.source_read:
            return False if self.status in (ReplicationStatus.IN_PROGRESS, ReplicationStatus.FAILED) else None
        if self.source is None:
            return None
        if self.linked and self.status in (ReplicationStatus.IN_PROGRESS, ReplicationStatus.FAILED):
            return False
        return self.source.current_version == self.target.current_version
