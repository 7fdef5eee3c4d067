# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import (
    LOST_PREFIX,
    LOST_TAG,
    SOURCE_TAG,
    ClusterSnapshot,
    SnapshotState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import SyncStatus
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.region_return import (
    LONGEST_NAME,
    SLACK,
    Sight,
    kept_name,
    lost,
    owing,
    snapshot,
    to_keep,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"
SINCE = 1_790_000_000.0
SOURCE = f"{LOST_PREFIX}shop-2026-09-21-14-13-40"
AWS_TOOK = ClusterSnapshot(SOURCE, "shop", "available", SINCE + 60)
COPY = ClusterSnapshot("lost-shop-1", "shop", "available", SINCE + 90, {LOST_TAG: "shop", SOURCE_TAG: SOURCE})
AWAY = Sight(HOME, "shop", False, SyncStatus.PENDING_RESYNC, False, False, ())
REJOINED = replace(AWAY, sync=SyncStatus.CONNECTED)
ALONE = replace(AWAY, is_writer=True, standing_alone=True)
RUN = RunRecord(
    "shop-1", RunKind.FAILOVER, "shop", "shop", "unplanned", STANDBY, "", "ada", "", SINCE, 1, outcome=Outcome.DEGRADED
)


@pytest.mark.parametrize(
    ("sight", "snapshots", "state"),
    [
        (AWAY, (), SnapshotState.OWED),
        (AWAY, (AWS_TOOK,), SnapshotState.OWED),
        (AWAY, (AWS_TOOK, replace(COPY, status="copying")), SnapshotState.COPYING),
        (AWAY, (AWS_TOOK, COPY), SnapshotState.KEPT),
        (AWAY, (COPY,), SnapshotState.KEPT),
        (REJOINED, (), SnapshotState.NONE),
        (REJOINED, (AWS_TOOK,), SnapshotState.OWED),
        (REJOINED, (replace(COPY, created_at=SINCE - SLACK - 1),), SnapshotState.NONE),
        (replace(AWAY, is_writer=True, by_right=True), (), SnapshotState.NONE),
        (ALONE, (), SnapshotState.OWED),
    ],
)
def test_where_keeping_the_snapshot_stands(sight: Sight, snapshots: Any, state: SnapshotState) -> None:
    assert snapshot(replace(sight, snapshots=snapshots), SINCE).state is state


@pytest.mark.parametrize(
    ("sight", "snapshots", "fenced", "sources"),
    [
        (AWAY, (AWS_TOOK,), False, [SOURCE]),
        (AWAY, (AWS_TOOK, COPY), True, []),
        (AWAY, (replace(AWS_TOOK, status="creating"),), True, []),
        (AWAY, (ClusterSnapshot("rds:shop-2026-09-21", "shop", "available", SINCE),), True, []),
        (ALONE, (), True, [""]),
        (ALONE, (), False, []),
        (AWAY, (), True, []),
    ],
)
def test_what_is_kept(sight: Sight, snapshots: Any, fenced: bool, sources: list[str]) -> None:
    assert [each.source for each in to_keep(replace(sight, snapshots=snapshots), SINCE, fenced)] == sources


def test_an_earlier_loss_s_snapshot_that_nobody_has_kept_is_copied_too() -> None:
    earlier = replace(AWS_TOOK, id=f"{LOST_PREFIX}shop-2026-01-01-00-00-00", created_at=SINCE - 10**7)
    sight = replace(AWAY, snapshots=(earlier, AWS_TOOK))
    assert len({each.target for each in to_keep(sight, SINCE, True)}) == 2


@pytest.mark.parametrize("cluster", ["shop", "a" * 63, "Shop-with-hyphens" * 3])
def test_a_kept_snapshot_s_name_is_one_that_rds_takes(cluster: str) -> None:
    name = kept_name(cluster, f"{LOST_PREFIX}{cluster}-2026-09-21T14:13:40.123Z")
    assert re.fullmatch(r"(?!.*--)[a-z][a-z0-9-]*[a-z0-9]", name) and len(name) <= LONGEST_NAME
    assert name == kept_name(cluster, f"{LOST_PREFIX}{cluster}-2026-09-21T14:13:40.123Z")
    assert name != kept_name(cluster, f"{LOST_PREFIX}{cluster}-2026-09-21T14:13:41.123Z")


OWED = FenceRecord("shop", HOME, "owed", at=SINCE + 5)
DONE = replace(OWED, state="fenced", snapshot_state="kept")


@pytest.mark.parametrize(
    ("record", "history", "is_lost"),
    [
        (None, (), False),
        (OWED, (), True),
        (replace(OWED, state="fenced"), (), True),
        (replace(OWED, state="unfenced"), (), False),
        (replace(OWED, state="unfenced", snapshot_state="owed"), (), True),
        (DONE, (RUN,), False),
        (DONE, (replace(RUN, opened_at=SINCE + 10**6),), True),
        (None, (RUN,), True),
        (None, (replace(RUN, mode="planned"),), False),
        (None, (replace(RUN, target=HOME),), False),
        (None, (replace(RUN, outcome=Outcome.ABORTED),), False),
        (None, (replace(RUN, kind=RunKind.DRILL), RUN), True),
    ],
)
def test_whether_a_region_is_owed_something(record: FenceRecord | None, history: Any, is_lost: bool) -> None:
    assert (lost(record, "shop", HOME, history, True) is not None) is is_lost


def test_what_is_settled_is_owed_no_more_and_the_rest_stays() -> None:
    before = ("cache: something", owed.OLD_WRITER, owed.standby(HOME), owed.fence(HOME, "owed"), owed.snapshot(HOME))
    assert owing(before, AWAY, DONE) == ("cache: something", owed.standby(HOME))
    assert owing(before, REJOINED, DONE) == ("cache: something",)
    assert owing((owed.standby(owed.OTHER),), REJOINED, DONE) == ()
    assert owing(before, AWAY, OWED)[:3] == ("cache: something", owed.OLD_WRITER, owed.standby(HOME))
    assert set(owing((), AWAY, OWED)) == {owed.fence(HOME, "owed"), owed.snapshot(HOME)}
