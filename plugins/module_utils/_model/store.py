# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lock and journal need of whatever keeps them: the state table, or a local file after breaking the glass."""

from __future__ import annotations

from typing import Protocol

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import Notice
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import DecisionRecord, KillSwitch


class Store(Protocol):
    """Every read sees every write before it. A write that is said to be conditional is made as a whole or not at all.

    All raise ``DrError`` where the store can't be reached in time: then nothing is known of what became of a write.
    """

    def read_lock(self, key: str) -> Lock | None: ...

    def write_lock(self, lock: Lock, seen: Lock | None) -> bool:
        """Write ``lock`` if fence and version are still those ``seen`` (``None``: there is none); say if it was."""

    def renew(self, key: str, fence: int) -> bool:
        """Raise the version if the fence is still that one; say whether it is."""

    def read_run(self, run_id: str) -> RunRecord | None: ...

    def write_run(self, run: RunRecord) -> bool:
        """Write it unless it is closed already, or carries a higher fence; say whether it was written."""

    def add_event(self, event: Event) -> None: ...

    def read_events(self, run_id: str) -> tuple[Event, ...]:
        """Oldest first."""

    def add_history(self, run: RunRecord) -> None: ...

    def read_history(self, workload: str, limit: int) -> tuple[RunRecord, ...]:
        """The last ``limit`` closed runs, newest first."""

    def read_baseline(self, workload: str) -> Baseline | None:
        """The newest."""

    def read_baselines(self, workload: str, limit: int) -> tuple[Baseline, ...]:
        """The last ``limit``, newest first."""

    def write_baseline(self, baseline: Baseline) -> None: ...

    def read_fence(self, workload: str, region: str) -> FenceRecord | None: ...

    def write_fence(self, fence: FenceRecord) -> None: ...

    def read_switch(self, scope: str) -> KillSwitch | None:
        """That of a workload or of all; ``None``: it was never touched."""

    def write_switch(self, switch: KillSwitch, seen: KillSwitch | None) -> bool:
        """Write it if what stands there is still ``seen`` (``None``: nothing does); say if it was."""

    def read_decisions(self, workload: str) -> tuple[DecisionRecord, ...]:
        """Those that are kept, newest first."""

    def write_decision(self, decision: DecisionRecord) -> bool:
        """Write it in place of the oldest, unless a later one stands there; say whether it was written."""

    def read_notices(self, workload: str, limit: int) -> tuple[Notice, ...]:
        """The last ``limit``, newest first."""

    def write_notice(self, notice: Notice, seen: Notice | None) -> bool:
        """Write it if what stands there is still the version ``seen`` (``None``: nothing does); say if it was."""
