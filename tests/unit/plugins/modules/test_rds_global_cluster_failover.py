# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The start: what it calls, through which Region, what it refuses, and what it does when the call fails."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import (
    DATABASE,
    HOME,
    STANDBY,
    THIRD,
    Bench,
    arn,
    codes,
    refused,
)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_switchover_runs_through_the_primarys_region_and_ends_with_the_target_as_the_writer(bench: Bench) -> None:
    result = bench.run()
    assert result.changed
    assert bench.rds.changes() == [("switchover_global_cluster", HOME)]
    assert [call.as_dict() for call in result.calls] == [
        {"service": "rds", "action": "SwitchoverGlobalCluster", "region": HOME}
    ]
    assert result.values["global_cluster"]["writer"] == STANDBY
    assert result.values["global_cluster"]["failover"] is None
    assert (result.before, result.after) == ({"writer": HOME}, {"writer": STANDBY})


def test_a_second_run_changes_nothing_and_says_so(bench: Bench) -> None:
    bench.run()
    result = bench.run()
    assert not result.changed
    assert result.calls == ()
    assert result.values["operation"]["already"] is True
    assert len(bench.rds.changes()) == 1
    assert result.before == result.after


def test_a_failover_asks_nothing_of_any_region_but_the_targets(bench: Bench) -> None:
    bench.rds.dead = {HOME}
    result = bench.unplanned()
    assert result.values["operation"]["kind"] == "failover"
    assert {region for _action, region in bench.rds.calls} == {STANDBY}
    assert bench.rds.changes() == [("failover_global_cluster", STANDBY)]


@pytest.mark.parametrize("mode", ["planned", "unplanned"])
def test_check_mode_reads_and_lists_the_call_and_makes_none(bench: Bench, mode: str) -> None:
    result = bench.run(check_mode=True, mode=mode, accept_data_loss=mode == "unplanned")
    assert result.changed
    assert bench.rds.changes() == []
    expected = ("SwitchoverGlobalCluster", HOME) if mode == "planned" else ("FailoverGlobalCluster", STANDBY)
    assert [(call.action, call.region) for call in result.calls] == [expected]
    assert result.values["operation"]["started"] is False
    assert result.after == {"writer": STANDBY}


def test_an_operation_towards_the_target_that_somebody_else_started_is_followed(bench: Bench) -> None:
    bench.rds.begin(arn(STANDBY), data_loss=True)
    result = bench.run()
    assert not result.changed
    assert bench.rds.changes() == []
    assert result.values["operation"]["started"] is False
    assert result.values["global_cluster"]["writer"] == STANDBY


def test_a_planned_run_refuses_within_seconds_when_the_primarys_region_is_lost(bench: Bench) -> None:
    bench.rds.dead = {HOME}
    began = bench.clock.now
    with pytest.raises(Refused) as caught:
        bench.run()
    remedies = {finding.code: finding.remedy for finding in caught.value.findings}
    assert "mode=unplanned with accept_data_loss=true" in remedies["source_unreachable"]
    assert bench.clock.now - began < 6
    assert bench.rds.changes() == []


def test_a_target_region_that_cannot_be_reached_is_refused(bench: Bench) -> None:
    bench.rds.dead = {STANDBY}
    with pytest.raises(Refused) as caught:
        bench.unplanned()
    assert codes(caught) == ["target_unreachable"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"global_cluster_id": "nosuch"}, "unknown_global_cluster"),
        ({"target": THIRD, "regions": [HOME, THIRD]}, "target_not_member"),
        ({"regions": [STANDBY, STANDBY]}, "same_region_twice"),
        ({"mode": "unplanned"}, "data_loss_not_accepted"),
        ({"database": {**DATABASE, "global_cluster_id": "other"}}, "other_database"),
        ({"poll_interval": 0.0}, "not_positive"),
    ],
)
def test_bad_input_is_refused_with_its_code_and_changes_nothing(
    bench: Bench, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        bench.run(**options)
    assert codes(caught) == [code]
    assert bench.rds.changes() == []


def test_an_unknown_global_cluster_says_who_was_asked_and_who_was_silent(bench: Bench) -> None:
    bench.rds.dead = {HOME}
    with pytest.raises(Refused, match=f"RDS in {STANDBY} knows no global cluster 'nosuch'.*No answer from {HOME}"):
        bench.run(global_cluster_id="nosuch")


def test_an_unknown_global_cluster_is_looked_for_in_no_impaired_region(bench: Bench) -> None:
    with pytest.raises(Refused, match=f"RDS in {STANDBY} knows no global cluster 'nosuch' for"):
        bench.unplanned(global_cluster_id="nosuch")
    assert {region for _action, region in bench.rds.calls} == {STANDBY}


def test_a_wait_that_fails_after_the_start_says_what_was_changed(bench: Bench) -> None:
    bench.rds.takes = 1000.0
    with pytest.raises(TimedOut) as caught:
        bench.unplanned(timeout=30.0)
    assert [call.action for call in caught.value.made] == ["FailoverGlobalCluster"]


def test_a_start_that_may_have_worked_says_so_when_it_fails(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [ReadTimeoutError(endpoint_url="https://rds")] * 9
    with pytest.raises(DrError) as caught:
        bench.unplanned(timeout=40.0)
    assert {call.action for call in caught.value.made} == {"FailoverGlobalCluster"}


def test_a_start_that_was_never_taken_in_has_changed_nothing(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [refused("Throttling")] * 9
    with pytest.raises(DrError) as caught:
        bench.unplanned(timeout=40.0)
    assert caught.value.made == ()


def test_a_call_that_timed_out_after_it_took_effect_is_not_repeated(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [ReadTimeoutError(endpoint_url="https://rds")]
    bench.rds.effect_in_spite = {"failover_global_cluster"}
    result = bench.unplanned()
    assert len(bench.rds.changes()) == 1
    assert result.changed
    assert result.values["operation"]["started"] is True
    assert result.values["operation"]["from"] == arn(HOME)
    assert [call.action for call in result.calls] == ["FailoverGlobalCluster"]
    assert result.values["global_cluster"]["writer"] == STANDBY


def test_a_call_without_an_answer_is_made_again_only_after_looking_shows_that_it_had_no_effect(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [ReadTimeoutError(endpoint_url="https://rds")]
    bench.unplanned()
    changes = [index for index, (action, _region) in enumerate(bench.rds.calls) if action == "failover_global_cluster"]
    assert len(changes) == 2
    looks = [action for action, _region in bench.rds.calls[changes[0] + 1 : changes[1]]]
    assert looks.count("describe_global_clusters") >= 10


def test_a_throttled_call_is_made_again_after_a_fresh_look(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [refused("Throttling"), refused("Throttling")]
    result = bench.unplanned()
    assert result.changed
    actions = [action for action, _region in bench.rds.calls]
    first = actions.index("failover_global_cluster")
    assert actions[first : first + 3] == [
        "failover_global_cluster",
        "describe_global_clusters",
        "describe_db_clusters",
    ]


def test_a_start_that_is_throttled_for_ever_ends_with_the_reason(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [refused("Throttling")] * 99
    with pytest.raises(DrError, match="Throttling"):
        bench.unplanned()
    assert len(bench.rds.changes()) == 5


def test_a_refusal_because_it_runs_already_is_followed(bench: Bench) -> None:
    bench.rds.overtaken_by = arn(STANDBY)
    result = bench.unplanned()
    assert not result.changed
    assert result.values["operation"]["started"] is False
    assert len(bench.rds.changes()) == 1


def test_a_refusal_by_rds_with_nothing_under_way_is_a_refusal(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [refused("InvalidGlobalClusterStateFault")]
    with pytest.raises(Refused) as caught:
        bench.unplanned()
    assert codes(caught) == ["refused_by_rds"]
    assert len(bench.rds.changes()) == 1


def test_a_missing_permission_ends_the_task_at_once(bench: Bench) -> None:
    bench.rds.faults["failover_global_cluster", STANDBY] = [refused("AccessDenied")]
    with pytest.raises(DrError, match=r"rds:FailoverGlobalCluster in eu-west-1.*AccessDenied"):
        bench.unplanned()
    assert len(bench.rds.changes()) == 1


def test_a_passing_fault_while_reading_does_not_refuse_a_failover(bench: Bench) -> None:
    bench.rds.faults["describe_global_clusters", STANDBY] = [refused("Throttling")]
    bench.rds.faults["describe_db_clusters", STANDBY] = [refused("InternalFailure")]
    assert bench.unplanned().changed
