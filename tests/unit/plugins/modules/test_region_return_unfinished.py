# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was begun about a Region that has returned, and came to no good end."""

from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import SnapshotState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import FenceState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome

from .fence_stage import REGION
from .return_stage import LOST_AT, OTHER, Stage
from .test_region_return import KEPT, state_of
from .test_region_return import stage as stage


@pytest.mark.parametrize(
    ("outcome", "region", "needed"),
    [
        (None, REGION, True),  # killed after the fence: its functions may still be fed
        (Outcome.FAILED, REGION, True),
        (Outcome.DEGRADED, REGION, False),
        (Outcome.FAILED, OTHER, False),
    ],
)
def test_what_the_last_run_began_is_finished_though_fence_and_snapshot_are_done(
    stage: Stage, outcome: Outcome | None, region: str, needed: bool
) -> None:
    stage.lost(FenceState.FENCED.value, snapshot=KEPT, snapshot_state=SnapshotState.KEPT.value)
    stage.returned(outcome, region)
    assert stage.ask("read").values["region_return"]["needed"] is needed
    assert (stage.ask().changed, stage.region.changes) == (False, [])


def test_a_failover_that_came_to_nothing_settles_nothing(stage: Stage) -> None:
    stage.lost(FenceState.FENCED.value, snapshot=KEPT, snapshot_state=SnapshotState.KEPT.value)
    stage.returned(Outcome.FAILED)
    stage.ran(at=LOST_AT + 1200, outcome=Outcome.FAILED)
    assert stage.ask("read").values["region_return"]["needed"]


def test_another_workloads_run_on_the_same_database_is_not_this_ones(stage: Stage) -> None:
    stage.lost(FenceState.FENCED.value, snapshot=KEPT, snapshot_state=SnapshotState.KEPT.value)
    stage.returned(None, workload="billing")
    assert not stage.ask("read").values["region_return"]["needed"]


def test_functions_of_a_region_that_writes_by_right_are_left_alone(stage: Stage) -> None:
    stage.lost(FenceState.FENCED.value, snapshot=KEPT, snapshot_state=SnapshotState.KEPT.value)
    stage.returned(Outcome.FAILED)
    stage.region.writer = {REGION: REGION, OTHER: REGION}
    seen = stage.ask("read").values["region_return"]
    assert (seen["needed"], seen["writes"]) == (False, True)


def test_what_a_later_failover_made_of_the_region_stands(stage: Stage) -> None:
    stage.lost(FenceState.FENCED.value, snapshot=KEPT, snapshot_state=SnapshotState.KEPT.value)
    stage.returned(Outcome.FAILED)
    stage.ran(target=REGION, mode="planned", at=LOST_AT + 1200)
    assert state_of(stage.ask("read")) == ("nothing_owed", False)
