# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last step of an unplanned run, and an unplanned run that meets a switchover."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import (
    HOME,
    STANDBY,
    Bench,
    arn,
    codes,
    refused,
)

FAILOVER, TAG, REMOVE = "failover_global_cluster", "add_tags_to_resource", "remove_from_global_cluster"


@pytest.fixture
def bench() -> Bench:
    """RDS refuses the failover whenever it is asked, and home is lost."""
    bench = Bench()
    bench.rds.dead = {HOME}
    bench.rds.faults[FAILOVER, STANDBY] = [refused("InvalidGlobalClusterStateFault")] * 99
    return bench


def detach(bench: Bench, **options: Any) -> Any:
    return bench.unplanned(**{"detach": True, "timeout": 600.0, **options})


def test_a_failover_that_stays_refused_ends_in_a_detach_that_makes_the_target_the_writer(bench: Bench) -> None:
    began = bench.clock.now
    result = detach(bench)
    assert bench.rds.changes()[-2:] == [(TAG, STANDBY), (REMOVE, STANDBY)]
    assert {action for action, _region in bench.rds.changes()[:-2]} == {FAILOVER}
    assert 120 <= bench.clock.now - began < 150
    assert [call.action for call in result.calls] == ["AddTagsToResource", "RemoveFromGlobalCluster"]
    assert result.values["operation"]["kind"] == "detach"
    assert result.values["global_cluster"]["detached"] is True
    assert result.values["global_cluster"]["writer"] == STANDBY
    assert {region for _action, region in bench.rds.calls} == {STANDBY}
    assert any("nothing fences the old primary" in warning for warning in bench.warnings)


def test_a_second_run_knows_the_detached_cluster_as_the_writer(bench: Bench) -> None:
    detach(bench)
    made = len(bench.rds.changes())
    result = bench.unplanned()
    assert not result.changed
    assert result.values["operation"]["already"] is True
    assert len(bench.rds.changes()) == made


def test_without_detach_the_refusal_names_it_and_what_it_costs(bench: Bench) -> None:
    with pytest.raises(Refused) as caught:
        bench.unplanned()
    assert codes(caught) == ["refused_by_rds"]
    remedy = caught.value.findings[0].remedy
    assert "-e accept_detach=true" in remedy
    for cost in ("no global endpoint", "never joins again", "nothing fences"):
        assert cost in remedy
    assert (REMOVE, STANDBY) not in bench.rds.changes()


def test_a_failover_that_is_taken_in_at_last_detaches_nothing(bench: Bench) -> None:
    del bench.rds.faults[FAILOVER, STANDBY][3:]
    result = detach(bench)
    assert result.values["operation"]["kind"] == "failover"
    assert (REMOVE, STANDBY) not in bench.rds.changes()


def test_detach_needs_an_unplanned_run(bench: Bench) -> None:
    with pytest.raises(Refused) as caught:
        bench.run(detach=True)
    assert codes(caught) == ["detach_not_unplanned"]


def test_check_mode_lists_the_failover_that_comes_first(bench: Bench) -> None:
    result = detach(bench, check_mode=True)
    assert [call.action for call in result.calls] == ["FailoverGlobalCluster"]
    assert bench.rds.changes() == []


def test_a_detach_whose_answer_is_lost_is_found_done_and_not_made_twice(bench: Bench) -> None:
    bench.rds.faults[REMOVE, STANDBY] = [ReadTimeoutError(endpoint_url="https://rds")]
    bench.rds.effect_in_spite = {REMOVE}
    result = detach(bench)
    assert bench.rds.changes().count((REMOVE, STANDBY)) == 1
    assert result.changed
    assert result.values["operation"]["kind"] == "detach"


def test_a_detach_that_is_refused_says_so(bench: Bench) -> None:
    bench.rds.faults[REMOVE, STANDBY] = [refused("InvalidGlobalClusterStateFault")]
    with pytest.raises(Refused, match=r"RemoveFromGlobalCluster.*was refused"):
        detach(bench)


def test_a_run_that_was_killed_after_the_mark_starts_with_the_failover_again(bench: Bench) -> None:
    bench.rds.tagged = {STANDBY}
    bench.rds.faults.clear()
    assert detach(bench).values["operation"]["kind"] == "failover"


@pytest.mark.parametrize("gone", [set(), {STANDBY}])
def test_a_detach_that_is_under_way_is_followed(bench: Bench, gone: set[str]) -> None:
    bench.rds.tagged, bench.rds.detached = {STANDBY}, gone
    bench.rds.cluster_status = "promoting"
    result = bench.unplanned(state="started")
    assert not result.changed
    operation = result.values["operation"]
    assert (operation["kind"], operation["already"], operation["to"]) == ("detach", False, arn(STANDBY))
    bench.rds.detached, bench.rds.cluster_status = {STANDBY}, "available"
    finished = bench.unplanned(state="finished", operation=operation)
    assert finished.values["global_cluster"]["writer"] == STANDBY


def test_a_detach_that_ended_in_vain_is_told_so(bench: Bench) -> None:
    operation = {
        "id": "shop/detach/1",
        "kind": "detach",
        "from": arn(HOME),
        "to": arn(STANDBY),
        "started": True,
        "already": False,
        "requested_at": 1.0,
    }
    with pytest.raises(DrError, match="Waiting for the detach"):
        bench.unplanned(state="finished", operation=operation)


def test_the_old_primary_is_not_taken_for_the_writer_once_the_other_one_was_detached(bench: Bench) -> None:
    detach(bench)
    bench.rds.dead = set()
    for mode in ("planned", "unplanned"):
        with pytest.raises(Refused) as caught:
            bench.run(target=HOME, mode=mode, accept_data_loss=True)
        assert codes(caught) == ["detached_elsewhere"]


@pytest.mark.parametrize(("mode", "refusals"), [("planned", ["detached_unknown"]), ("unplanned", [])])
def test_whether_the_other_one_was_detached_must_be_known_where_nothing_was_accepted(
    bench: Bench, mode: str, refusals: list[str]
) -> None:
    detach(bench)
    bench.rds.dead = {STANDBY}
    try:
        bench.run(target=HOME, mode=mode, accept_data_loss=True)
        found = []
    except Refused as refused_:
        found = [finding.code for finding in refused_.findings]
    assert found == refusals


def test_a_switchover_that_a_disaster_overtook_is_waited_for_and_then_failed_over(bench: Bench) -> None:
    bench.rds.faults.clear()
    bench.rds.begin(arn(STANDBY), data_loss=False)
    bench.rds.takes, bench.rds.in_vain = 3.0, True
    original = bench.rds.begin

    def begin(target: str, data_loss: bool) -> None:
        bench.rds.in_vain = False
        original(target, data_loss)

    bench.rds.begin = begin  # type: ignore[method-assign]
    result = bench.unplanned()
    assert bench.rds.changes() == [(FAILOVER, STANDBY)]
    assert result.values["operation"]["kind"] == "failover"
    assert result.values["global_cluster"]["writer"] == STANDBY


def test_a_switchover_that_comes_through_after_all_is_told_as_one(bench: Bench) -> None:
    bench.rds.begin(arn(STANDBY), data_loss=False)
    result = bench.unplanned()
    assert bench.rds.changes() == []
    assert (result.values["operation"]["kind"], result.values["global_cluster"]["writer"]) == ("switchover", STANDBY)


def test_a_switchover_that_hangs_is_refused_with_what_to_do_next(bench: Bench) -> None:
    bench.rds.takes = 10_000.0
    bench.rds.begin(arn(STANDBY), data_loss=False)
    began = bench.clock.now
    with pytest.raises(Refused) as caught:
        detach(bench)
    assert codes(caught) == ["switchover_hangs"]
    assert "no way to cancel" in caught.value.findings[0].remedy
    assert 120 <= bench.clock.now - began < 135
    assert bench.rds.changes() == []


@pytest.mark.parametrize(("in_vain", "changes"), [(True, []), (False, [(FAILOVER, STANDBY)])])
def test_an_unplanned_way_out_waits_for_the_end_of_a_switchover_home(
    bench: Bench, in_vain: bool, changes: list[tuple[str, str]]
) -> None:
    bench.rds.faults.clear()
    bench.rds.writer = STANDBY
    bench.rds.begin(arn(HOME), data_loss=False)
    bench.rds.in_vain = in_vain
    result = bench.unplanned()
    assert bench.rds.changes() == changes
    assert result.values["global_cluster"]["writer"] == STANDBY
