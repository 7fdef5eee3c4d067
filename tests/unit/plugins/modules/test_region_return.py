# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import observe
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import LOST_TAG, SOURCE_TAG
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import Attempt
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import fence as run_fence
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import (
    fence_site,
    last_known,
    lost_primary,
    region_return,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore

from .fence_stage import ACCEPTED, ARN, REFUSED, REGION, Journal, client_error
from .return_stage import OTHER, SOURCE, Stage

KEPT = "lost-shop-2026-09-21-14-13-40"
STANDBY_OWED = f"{REGION} is no standby yet: its database is to become a replica in sync"
WRITER_OWED = "the old writer isn't known to be blocked: fence it when its Region is back"


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    stage = Stage(tmp_path)

    def guarded(_run: Any, context: Any) -> Journal:
        stage.journals.append(Journal(context, stage.region))
        return stage.journals[-1]

    monkeypatch.setattr(fence_site, "hold", lambda *_given: "held")
    monkeypatch.setattr(observe, "AGAIN_AFTER", 0.05)
    monkeypatch.setattr(lost_primary, "REACH", 0.3)
    monkeypatch.setattr(lost_primary, "POLL", 0.01)
    monkeypatch.setattr(run_fence, "new_connection_writes", lambda *_given: REFUSED)
    monkeypatch.setattr(run_fence, "held_connection_writes", lambda *_given: REFUSED)
    monkeypatch.setattr(lost_primary, "server_refuses", lambda *_given: ACCEPTED)
    monkeypatch.setattr(region_return, "TableStore", lambda *_given: stage.store)
    monkeypatch.setattr(last_known, "TableStore", lambda *_given: stage.store)
    monkeypatch.setattr(region_return, "guarded", guarded)
    return stage


def state_of(result: Any) -> tuple[str, bool]:
    returned = result.values["region_return"]
    return returned["state"], returned["needed"]


def test_a_workload_that_is_owed_nothing_is_left_alone_and_its_region_isn_t_asked(stage: Stage) -> None:
    result = stage.ask()
    assert (state_of(result), result.changed, stage.region.calls) == (("nothing_owed", False), False, [])


def test_a_region_that_doesn_t_answer_is_no_failure_no_change_and_no_long_wait(stage: Stage) -> None:
    stage.lost()
    stage.region.silent = {REGION}
    began = time.monotonic()
    result = stage.ask()
    assert (state_of(result), result.changed) == (("unreachable", False), False)
    assert (time.monotonic() - began < 2.0, stage.record.state) == (True, "owed")


def test_at_first_contact_the_fence_comes_before_the_snapshot_and_a_second_run_changes_nothing(stage: Stage) -> None:
    stage.lost()
    stage.ran(WRITER_OWED, STANDBY_OWED)
    stage.region.snapshot(SOURCE)
    first, second = stage.ask(), stage.ask()
    assert [call.action for call in first.calls] == ["CreateNetworkAclEntry"] * 2 + ["CopyDBClusterSnapshot"]
    assert (first.changed, second.changed, second.calls) == (True, False, ())
    assert stage.region.snapshots[-1]["DBClusterSnapshotIdentifier"] == KEPT
    assert {tag["Key"]: tag["Value"] for tag in stage.region.snapshots[-1]["TagList"]} == {
        LOST_TAG: "shop",
        SOURCE_TAG: SOURCE,
    }
    assert (stage.record.state, stage.record.method, stage.record.snapshot) == ("fenced", "network_acl", KEPT)
    assert first.values["region_return"]["owed"] == [STANDBY_OWED]
    assert first.values["region_return"]["outcome"] == "degraded"


def test_what_was_before_is_in_the_journal_before_anything_is_changed(stage: Stage) -> None:
    stage.lost()
    stage.ask()
    step = stage.steps[0]
    assert (step["name"], step["changes"]) == ("fence_network_acl", [])
    assert step["before"]["network_acls"] == {
        "acl-1": ["in 100 allow -1 0.0.0.0/0 0-65535", "out 100 allow -1 0.0.0.0/0 0-65535"]
    }
    assert stage.record.before["network_acls"] == step["before"]["network_acls"]


def test_a_replica_in_sync_that_refuses_a_write_by_itself_gets_no_fence(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_primary, "server_refuses", lambda *_given: Attempt(False, "read-only"))
    stage.lost()
    stage.ran(WRITER_OWED, STANDBY_OWED)
    stage.region.sync = "connected"
    stage.region.snapshot(SOURCE)
    result = stage.ask()
    assert [call.action for call in result.calls] == ["CopyDBClusterSnapshot"]
    assert (stage.record.state, stage.record.how, stage.region.numbers()) == ("unfenced", "read-only", [])
    assert result.values["region_return"]["outcome"] == "succeeded"


def test_a_replica_in_sync_that_accepts_a_write_is_fenced(stage: Stage) -> None:
    stage.lost()
    stage.region.sync = "connected"
    stage.ask()
    assert (stage.record.state, len(stage.region.numbers())) == ("fenced", 2)


def test_one_that_isn_t_in_sync_yet_is_fenced_whatever_it_refuses(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_primary, "server_refuses", lambda *_given: Attempt(False, "read-only"))
    stage.lost()
    stage.ask()
    assert (stage.record.state, len(stage.region.numbers())) == ("fenced", 2)


def test_a_region_that_both_say_is_the_writer_is_never_fenced(stage: Stage) -> None:
    stage.lost()
    stage.region.writer = {REGION: REGION, OTHER: REGION}
    result = stage.ask()
    assert (stage.region.numbers(), stage.record.state, result.changed) == ([], "unfenced", False)
    assert state_of(stage.ask()) == ("nothing_owed", False)


def test_one_that_says_so_alone_is_not_touched_while_the_other_is_silent(stage: Stage) -> None:
    stage.lost()
    stage.region.writer = {REGION: REGION, OTHER: OTHER}
    stage.region.silent = {OTHER}
    with pytest.raises(DrError, match="takes itself for the writer"):
        stage.ask()
    assert (stage.region.numbers(), stage.record.state) == ([], "owed")


def test_an_old_primary_that_wasn_t_told_of_the_failover_is_fenced(stage: Stage) -> None:
    stage.lost()
    stage.region.writer = {REGION: REGION, OTHER: OTHER}
    stage.ask()
    assert stage.record.state == "fenced"


def test_one_that_a_detach_left_behind_is_fenced_and_a_snapshot_taken_of_it_once(stage: Stage) -> None:
    stage.lost()
    stage.region.writer, stage.region.detached = {REGION: REGION, OTHER: OTHER}, True
    first, second = stage.ask(), stage.ask()
    assert [call.action for call in first.calls] == ["CreateNetworkAclEntry"] * 2 + ["CreateDBClusterSnapshot"]
    assert (second.changed, stage.record.state) == (False, "fenced")
    assert stage.record.snapshot == "lost-shop-2026-09-21-14-13-20"


def test_while_aws_hasn_t_taken_the_snapshot_it_stays_owed_and_no_run_is_needed_for_it(stage: Stage) -> None:
    stage.lost()
    stage.ran(WRITER_OWED)
    first = stage.ask()
    owed = first.values["region_return"]["owed"]
    assert any("snapshot of the lost primary" in each for each in owed)
    stage.ran(*owed)
    assert state_of(stage.ask("read")) == ("owed", False)
    stage.region.snapshot(SOURCE)
    assert state_of(stage.ask("read")) == ("owed", True)


def test_one_that_is_being_made_by_aws_is_copied_when_it_is_there(stage: Stage) -> None:
    stage.lost("fenced")
    stage.region.snapshot(SOURCE, "creating")
    assert stage.ask().calls == ()
    stage.region.snapshots[0]["Status"] = "available"
    assert [call.action for call in stage.ask().calls] == ["CopyDBClusterSnapshot"]


def test_where_aws_took_none_it_says_so(stage: Stage) -> None:
    stage.lost("fenced")
    stage.region.sync = "connected"
    result = stage.ask()
    assert (stage.record.snapshot_state, result.changed) == ("none", False)
    assert "are in no snapshot" in stage.warnings[0]


def test_a_fence_that_can_t_be_put_up_fails_with_the_snapshot_kept(stage: Stage) -> None:
    stage.lost()
    stage.region.snapshot(SOURCE)
    stage.region.failing["create_network_acl_entry"] = [client_error("UnauthorizedOperation") for _each in range(20)]
    with pytest.raises(DrError, match="its fence is owed") as caught:
        stage.ask()
    assert [call.action for call in caught.value.made] == ["CopyDBClusterSnapshot"]
    assert (stage.record.standing, stage.record.snapshot) == (False, KEPT)


def test_snapshots_that_can_t_be_read_don_t_keep_it_from_being_fenced_and_are_not_forgotten(stage: Stage) -> None:
    stage.lost()
    stage.region.sync = "connected"
    stage.region.failing["describe_db_cluster_snapshots"] = [client_error("AccessDenied") for _each in range(9)]
    result = stage.ask()
    assert (stage.record.state, stage.record.snapshot_state) == ("fenced", "owed")
    assert result.values["region_return"]["outcome"] == "degraded"
    with pytest.raises(DrError, match="AccessDenied"):
        stage.ask()


def test_a_copy_that_is_refused_is_a_failure_with_the_fence_up(stage: Stage) -> None:
    stage.lost()
    stage.region.snapshot(SOURCE)
    stage.region.failing["copy_db_cluster_snapshot"] = [client_error("SnapshotQuotaExceeded")]
    with pytest.raises(DrError, match="its snapshot isn't kept"):
        stage.ask()
    assert (stage.record.state, stage.record.snapshot_state) == ("fenced", "owed")


def test_an_answer_lost_after_the_copy_was_begun_makes_no_second_one(stage: Stage) -> None:
    stage.lost("fenced")
    stage.region.snapshot(SOURCE)
    stage.region.lost["copy_db_cluster_snapshot"] = [OSError("reset")]
    stage.ask()
    assert (stage.region.calls.count("copy_db_cluster_snapshot"), stage.record.snapshot) == (1, KEPT)


def test_check_mode_says_what_would_be_done_and_does_nothing(stage: Stage) -> None:
    stage.lost()
    stage.region.snapshot(SOURCE)
    result = stage.ask(check_mode=True)
    assert [call.action for call in result.calls] == ["CreateNetworkAclEntry"] * 2 + ["CopyDBClusterSnapshot"]
    assert (result.changed, stage.region.changes, stage.record.state) == (True, [], "owed")
    assert len(stage.region.snapshots) == 1
    assert (result.before, result.after) == ({"fence": "owed", "snapshot": ""}, {"fence": "fenced", "snapshot": KEPT})


def test_without_a_fence_the_last_failover_tells_and_only_the_snapshot_is_kept(stage: Stage) -> None:
    stage.ran(STANDBY_OWED)
    stage.region.snapshot(SOURCE)
    first, second = stage.ask(fenced=False), stage.ask(fenced=False)
    assert [call.action for call in first.calls] == ["CopyDBClusterSnapshot"]
    assert (second.changed, stage.region.numbers()) == (False, [])


def test_a_planned_run_owes_nothing(stage: Stage) -> None:
    stage.ran(mode="planned")
    assert state_of(stage.ask()) == ("nothing_owed", False)


def test_a_refused_permission_is_no_region_that_is_lost(stage: Stage) -> None:
    stage.lost()
    stage.region.failing["describe_global_clusters"] = [client_error("AccessDenied") for _each in range(9)]
    with pytest.raises(DrError, match="AccessDenied"):
        stage.ask()


def test_on_its_way_into_a_new_global_cluster_it_is_in_none_and_that_is_no_error(stage: Stage) -> None:
    stage.region.detached = stage.region.ended = True
    stage.lost("fenced", snapshot="lost-shop", snapshot_state="kept")
    stage.ran(STANDBY_OWED)
    result = stage.ask()
    assert (result.changed, result.values["region_return"]["owed"]) == (False, [STANDBY_OWED])


def test_one_that_is_owed_its_fence_and_is_in_no_global_cluster_is_an_error(stage: Stage) -> None:
    stage.region.detached = stage.region.ended = True
    stage.lost("owed")
    with pytest.raises(DrError, match="no member there"):
        stage.ask()


ALONE = ["CreateNetworkAclEntry", "CreateNetworkAclEntry", "CreateDBClusterSnapshot"]


def test_one_that_somebody_took_out_is_found_by_the_journal_fenced_and_kept_once(stage: Stage) -> None:
    stage.region.taken_out = True
    stage.lost()
    stage.ran(WRITER_OWED, STANDBY_OWED)
    stage.noted()
    first, second = stage.ask(), stage.ask()
    assert [call.action for call in first.calls] == ALONE
    assert (second.changed, second.calls) == (False, ())
    assert (stage.record.state, stage.record.snapshot_state) == ("fenced", "kept")
    assert first.values["region_return"]["outside"] == "shop"
    assert first.values["region_return"]["owed"] == [STANDBY_OWED]
    assert (
        "shop in eu-central-1 was taken out of the global cluster and stands alone, known by the journal of run shop-1"
        in (stage.warnings[0])
    )
    assert state_of(second) == ("settled", False)


def test_without_a_journal_of_it_the_baseline_tells_which_one_it_is(stage: Stage) -> None:
    stage.region.taken_out = True
    stage.lost()
    stage.preflight("shop")
    assert [call.action for call in stage.ask().calls] == ALONE
    assert "known by the workload's baseline" in stage.warnings[0]


def test_one_that_was_taken_out_is_fenced_without_a_write_in_check_mode(stage: Stage) -> None:
    stage.region.taken_out = True
    stage.lost()
    stage.noted()
    result = stage.ask(check_mode=True)
    assert ([call.action for call in result.calls][:2], stage.region.changes) == (ALONE[:2], [])


@pytest.mark.parametrize(
    ("noted", "joined", "said"),
    [
        ("", "", "neither in the run's journal nor in the baseline; the Region has shop"),
        (ARN + "-old", "", "shop-old (by the journal of run shop-1) doesn't stand alone there; the Region has shop"),
        (ARN, "another", r"the Region has shop (in another)"),
    ],
)
def test_where_it_can_t_be_known_which_one_it_is_nothing_is_fenced_and_that_is_said(
    stage: Stage, noted: str, joined: str, said: str
) -> None:
    stage.region.taken_out, stage.region.joined = True, joined
    stage.lost()
    if noted:
        stage.noted(noted)
    with pytest.raises(DrError) as caught:
        stage.ask()
    assert said in str(caught.value) and "may write by itself" in str(caught.value)
    assert (stage.region.changes, stage.record.state) == ([], "owed")


def test_one_that_was_taken_out_is_left_alone_while_the_other_region_has_no_writer(stage: Stage) -> None:
    stage.region.taken_out = True
    stage.region.writer = {REGION: OTHER, OTHER: "nobody"}
    stage.lost()
    stage.noted()
    with pytest.raises(DrError, match="stands alone, outside of the global cluster, and eu-west-1 says nothing"):
        stage.ask()
    assert stage.region.changes == []


def test_what_a_run_without_the_table_left_owed_is_known_by_its_journal(stage: Stage, tmp_path: Path) -> None:
    table, glass = stage.store, LocalStore(str(tmp_path / "glass.json"))
    stage.store = glass
    stage.lost()
    stage.ran(WRITER_OWED)
    stage.store = table
    assert state_of(stage.ask("read")) == ("nothing_owed", False)
    assert state_of(stage.ask("read", journal=str(tmp_path / "glass.json"))) == ("owed", True)
    assert stage.ask(journal=str(tmp_path / "glass.json")).changed
    assert (stage.record.state, stage.region.numbers() != []) == ("fenced", True)
