# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Regions of a strongly consistent global table still form a quorum.

AWS: a Region takes writes and strongly consistent reads as long as it reaches a second Region with a replica or the
witness; else it serves eventually consistent reads only, until it is back and has caught up.
"""

from __future__ import annotations

from collections.abc import Iterable

from lab.aws.plane_protocol import DataPlane
from lab.settings import REGIONS, STANDBY


class Quorum:
    """Who reaches whom. ``isolated`` Regions reach none; ``witness_side`` reaches the witness during a partition.

    Were both sides of a partition to reach the witness, both would go on, and no lock would ever be refused. The
    harder case is taken instead: exactly one side keeps the quorum, and which one is the fault's to say.
    """

    def __init__(self, plane: DataPlane) -> None:
        self._plane = plane
        self.isolated: set[str] = set()
        self.witness_side = STANDBY

    def heal(self) -> None:
        """Let every Region reach the others again, as far as the data plane does."""
        self.isolated.clear()
        self.witness_side = STANDBY

    def holds(self, region: str, members: Iterable[str]) -> bool:
        """Say whether a Region is in the majority of its table's Regions."""
        return any(self._reaches(region, other) for other in members if other != region)

    def _reaches(self, a: str, b: str) -> bool:
        if {a, b} & self.isolated or not self._plane.reachable(a) or not self._plane.reachable(b):
            return False
        if {a, b} <= set(REGIONS):
            return self._plane.linked(a, b)
        return not self._partitioned() or not {a, b} & set(REGIONS) or self.witness_side in (a, b)

    def _partitioned(self) -> bool:
        return all(self._plane.reachable(region) for region in REGIONS) and not self._plane.linked(*REGIONS)
