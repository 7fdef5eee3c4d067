# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was observed on the way home: how the home Region is, how each Region's database stands, what was lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import GlobalCluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord


class Step(str, Enum):
    """The steps of a failback that have a gate of their own, in their order."""

    HOME_STABLE = "home_stable"
    RESYNC = "resync"
    LOSSES = "losses"
    CACHE = "cache"
    LIFT_FENCE = "lift_fence"
    LIFTED = "lifted"
    SWITCH_OVER = "switch_over"
    CLEAR_LATCH = "clear_latch"
    REVERSE = "reverse"
    REVERSE_CACHE = "reverse_cache"


@dataclass(frozen=True)
class Obstacle:
    """Why a step may not be made now. ``passes``: waiting may mend it."""

    finding: Finding
    passes: bool = False


@dataclass(frozen=True)
class Witness:
    """What one independent observer says of a Region. ``good`` is ``None`` where it can't tell."""

    name: str
    good: bool | None
    seen: str = ""

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Resync:
    """RDS-EVENT-0240 (``finished`` is false) or 0241 of a cluster, at an epoch second."""

    cluster: str
    finished: bool
    at: float


@dataclass(frozen=True)
class Side:
    """One Region's word on the database. ``cluster`` is ``None`` where the Region didn't say, ``why`` tells then.

    ``missing``: it did, and knows no global cluster of that identifier.

    ``writable`` is what the Region's own server said of itself by SQL, ``None`` where it couldn't be asked.
    """

    region: str
    cluster: GlobalCluster | None = None
    cluster_id: str = ""
    status: str = ""
    writable: bool | None = None
    server: str = ""
    resyncs: tuple[Resync, ...] = ()
    why: str = ""
    missing: bool = False

    def as_dict(self) -> dict[str, Any]:
        member = self.cluster.member(self.region) if self.cluster else None
        return {
            "region": self.region,
            "writer": self.cluster.writer.region if self.cluster and self.cluster.writer else None,
            "sync": member.sync.value if member and member.sync else None,
            "status": self.status,
            "writable": self.writable,
            "why": self.why,
        }


@dataclass(frozen=True)
class CachePlace:
    """A replica's place in the global datastore: ``None`` where nobody said, or where it has none."""

    role: str | None = None
    status: str = ""
    datastore_status: str = ""
    why: str = ""


@dataclass(frozen=True)
class Losses:
    """Failovers that may have lost writes. ``history`` is ``None`` where it couldn't be read."""

    history: tuple[RunRecord, ...] | None = None
    accepted: bool = False
    reason: str = ""


@dataclass(frozen=True)
class FailbackSeen:
    """All that the gates are judged by. ``fence`` is the record of home's, ``None`` where there is none."""

    home: str
    standby: str
    sides: Mapping[str, Side] = field(default_factory=dict)
    fence: FenceRecord | None = None
    losses: Losses = Losses()
    cache: Mapping[str, CachePlace] = field(default_factory=dict)

    def side(self, region: str) -> Side:
        return self.sides.get(region) or Side(region, why="nobody looked")

    @property
    def known(self) -> tuple[Side, Side]:
        return self.side(self.home), self.side(self.standby)
