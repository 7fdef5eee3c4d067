# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the state table keeps of a Region's fence, until it is lifted or what is owed has been done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import SnapshotState

FENCED = "fenced"
OWED = "owed"
UNFENCED = "unfenced"


@dataclass(frozen=True)
class FenceRecord:
    """The fence of one workload's ``region``: it stands, or it is owed because the Region couldn't be reached.

    ``before`` is what there was, so that it can be lifted; ``at`` is in epoch seconds, ``how`` what proves the state.
    ``snapshot_state`` is what became of the lost primary's snapshot, empty where nobody has looked yet; ``snapshot``
    is the one that is kept of it.
    """

    workload: str
    region: str
    state: str
    method: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0
    run_id: str = ""
    how: str = ""
    snapshot: str = ""
    snapshot_state: str = ""

    @property
    def owed(self) -> bool:
        return self.state == OWED

    @property
    def standing(self) -> bool:
        """Nothing is to be done about the fence itself: it stands, or none is needed."""
        return self.state in (FENCED, UNFENCED)

    @property
    def snapshot_owed(self) -> bool:
        """The lost primary's data are still to be kept. A fence is put up when a primary is lost."""
        if not self.snapshot_state:
            return self.state != UNFENCED
        return self.snapshot_state in (SnapshotState.OWED.value, SnapshotState.COPYING.value)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "before": dict(self.before)}
