# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switching names from end to end: check mode, change, no change, and whatever comes in between."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate
from ansible_collections.multiregion.aws_dr.plugins.modules import route53_failover_records as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.route53.fake_route53 import (
    HOME,
    STANDBY,
    ZONE,
    FakeClock,
    FakeRoute53,
    error,
    half,
    pair,
    weighted,
)

API, WWW = "api.shop.example.", "www.shop.example."
LOST = ReadTimeoutError(endpoint_url="https://route53.amazonaws.com")
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"}
PROOF = WriterProof(STANDBY, "shop-eu-west-1-1", "aurora_server_id", "e", "192.0.2.9", "n", 0.1, 1.0)


class Stage:
    """Route 53, and a gate that lets through unless told otherwise; ``proofs`` are the times it was asked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.clock = FakeClock()
        self.aws = FakeRoute53(self.clock)
        self.aws.records[ZONE] = pair(API) + pair(WWW)
        self.warnings: list[str] = []
        self.proofs: list[float] = []
        self.looks = 0
        self.writer = True
        self.regions: list[str] = []

        def prove(gate: WriterGate) -> None:
            self._prove(gate)

        patch.setattr(WriterGate, "prove", prove)
        patch.setattr(WriterGate, "look", lambda _gate: self._look())

    def _prove(self, gate: WriterGate) -> None:
        self.proofs.append(self.clock.now)
        self.regions.append(gate._target)
        if not self.writer:
            raise Refused([refusal("writer_not_proved", "It is read-only.", "Promote it.")])
        gate.proof = PROOF

    def _look(self) -> tuple[Finding, ...]:
        self.looks += 1
        return (refusal("writer_not_proved", "It is elsewhere.", "Promote first."),)

    def run(self, check_mode: bool = False, timeout: float = 300, **more: Any) -> Result:
        options = {
            "zone": "shop.example",
            "names": [{"name": API, "type": "A"}, {"name": "www.shop.example", "type": "A"}],
            "target": STANDBY,
            "target_region": None,
            "database": DATABASE,
            "allow_unverified_writer": False,
            "resolvers": [],
            "wait": True,
        }
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.clock,
            deadline=Deadline.after(self.clock, timeout),
            clients=self.aws,  # type: ignore[arg-type]  # stands for Clients
            progress=silent,
            warn=self.warnings.append,
        )
        return module.execute(options | more, context)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


def test_check_mode_says_what_it_would_do_and_changes_nothing(stage: Stage) -> None:
    before = list(stage.aws.records[ZONE])
    result = stage.run(check_mode=True)
    assert result.changed
    assert [call.as_dict() for call in result.calls] == [
        {"service": "route53", "action": "ChangeResourceRecordSets", "region": "us-east-1"}
    ]
    assert (stage.aws.records[ZONE], stage.aws.changing_calls(), stage.proofs) == (before, [], [])
    assert stage.looks == 1
    assert [each["code"] for each in result.values["refusals"]] == ["writer_not_proved"]
    assert {each["set_identifier"] for each in result.values["record_sets"] if each["failover"] == "PRIMARY"} == {
        STANDBY
    }


def test_all_names_move_in_one_batch_and_the_second_run_changes_nothing(stage: Stage) -> None:
    result = stage.run()
    assert result.changed
    assert [stage.aws.role_of(name, STANDBY) for name in (API, WWW)] == ["PRIMARY"] * 2
    assert [stage.aws.role_of(name, HOME) for name in (API, WWW)] == ["SECONDARY"] * 2
    assert len(stage.aws.batches) == 1
    assert result.values["changes"][0]["status"] == "INSYNC"
    assert result.values["in_sync"] is True
    assert result.values["writer"] == PROOF.as_dict()
    proofs, calls = len(stage.proofs), len(stage.aws.changing_calls())

    again = stage.run()
    assert (again.changed, again.calls, again.values["in_sync"], again.values["writer"]) == (False, (), None, None)
    assert (len(stage.proofs), len(stage.aws.changing_calls())) == (proofs, calls), "nothing to prove, nothing done"
    assert again.values["record_sets"] == result.values["record_sets"]


def test_there_and_back_leaves_the_zone_as_it_was(stage: Stage) -> None:
    before = sorted(map(str, stage.aws.records[ZONE]))
    stage.run()
    stage.run(target=HOME)
    assert sorted(map(str, stage.aws.records[ZONE])) == before


def test_the_diff_shows_the_part_of_each_leg(stage: Stage) -> None:
    result = stage.run()
    assert result.before[f"{API} A"] == {HOME: "PRIMARY", STANDBY: "SECONDARY"}
    assert result.after[f"{API} A"] == {HOME: "SECONDARY", STANDBY: "PRIMARY"}


def test_weights_move_too(stage: Stage) -> None:
    stage.aws.records[ZONE] = [weighted(API, HOME, 100), weighted(API, STANDBY, 0)]
    assert stage.run(names=[{"name": API, "type": "A"}]).changed
    assert (stage.aws.role_of(API, STANDBY), stage.aws.role_of(API, HOME)) == (100, 0)


def test_no_record_is_changed_unless_the_writer_is_proved(stage: Stage) -> None:
    stage.writer = False
    with pytest.raises(Refused, match="writer_not_proved"):
        stage.run()
    assert stage.aws.changing_calls() == []


def test_without_a_database_it_must_be_told_that_no_writer_is_proved(stage: Stage) -> None:
    with pytest.raises(Refused, match="writer_unverified"):
        stage.run(database=None)
    assert stage.aws.calls == []
    assert stage.run(database=None, allow_unverified_writer=True).changed


def test_a_broken_pair_among_many_changes_none(stage: Stage) -> None:
    stage.aws.records[ZONE] = [*pair(API), half(WWW, STANDBY, "SECONDARY")]
    with pytest.raises(Refused, match="half_pair"):
        stage.run()
    assert stage.aws.changing_calls() == []


def test_a_busy_zone_is_tried_again_each_time_on_a_fresh_proof(stage: Stage) -> None:
    stage.aws.fail("change_resource_record_sets", "PriorRequestNotComplete", "Throttling")
    assert stage.run().changed
    assert stage.aws.changing_calls() == ["change_resource_record_sets"] * 3
    assert stage.proofs == [100.0, 100.5, 101.5]


def test_a_writer_lost_between_two_tries_stops_the_switch(stage: Stage) -> None:
    def lose_the_writer() -> None:
        stage.writer = False
        raise error("Throttling")

    stage.aws.before["change_resource_record_sets"] = [lose_the_writer]
    with pytest.raises(Refused, match="writer_not_proved"):
        stage.run()
    assert stage.aws.batches == []


def test_a_change_whose_answer_was_lost_is_seen_and_not_made_twice(stage: Stage) -> None:
    stage.aws.lose_answer("change_resource_record_sets", LOST)
    result = stage.run()
    assert result.changed
    assert len(stage.aws.batches) == 1
    assert (result.values["changes"], result.values["in_sync"]) == ([], None)
    assert any("without an answer" in warning for warning in stage.warnings)


def test_a_change_that_never_took_effect_is_made_again(stage: Stage) -> None:
    stage.aws.fail("change_resource_record_sets", "ServiceUnavailable")
    assert stage.run().values["in_sync"] is True
    assert len(stage.aws.batches) == 1


def test_what_somebody_else_changed_meanwhile_is_kept(stage: Stage) -> None:
    def other() -> None:
        for record in stage.aws.records[ZONE]:
            record["TTL"] = 60

    stage.aws.before["change_resource_record_sets"] = [other]
    result = stage.run()
    assert {record["TTL"] for record in stage.aws.records[ZONE]} == {60}
    assert {each["ttl"] for each in result.values["record_sets"]} == {60}
    assert stage.aws.role_of(API, STANDBY) == "PRIMARY"


def test_a_pair_that_broke_meanwhile_is_refused(stage: Stage) -> None:
    def other() -> None:
        del stage.aws.records[ZONE][0]

    stage.aws.before["change_resource_record_sets"] = [other]
    with pytest.raises(Refused, match="half_pair"):
        stage.run()
    assert stage.aws.batches == []


def test_a_batch_that_route_53_rejects_is_an_error_at_once(stage: Stage) -> None:
    stage.aws.fail("change_resource_record_sets", "InvalidChangeBatch")
    with pytest.raises(CallFailed, match=r"ChangeResourceRecordSets.*InvalidChangeBatch") as caught:
        stage.run()
    assert caught.value.made == ()
    assert stage.clock.now == 100.0


def test_many_names_go_in_several_batches_of_whole_pairs(stage: Stage) -> None:
    names = [f"n{at:03d}.shop.example." for at in range(600)]
    stage.aws.records[ZONE] = [record for name in names for record in pair(name)]
    result = stage.run(names=[{"name": name, "type": "A"} for name in names])
    assert [len(batch) for batch in stage.aws.batches] == [1000, 1000, 400]
    assert len(stage.proofs) == len(result.calls) == 3
    assert all(stage.aws.role_of(name, STANDBY) == "PRIMARY" for name in names)


def test_a_refusal_after_the_first_batch_says_what_was_switched(stage: Stage) -> None:
    names = [f"n{at:03d}.shop.example." for at in range(251)]
    stage.aws.records[ZONE] = [record for name in names for record in pair(name)]
    stage.aws.after["change_resource_record_sets"] = [lambda: setattr(stage, "writer", False)]
    with pytest.raises(DrError, match=r"these were switched, and no others: n000.*n249.*writer_not_proved") as caught:
        stage.run(names=[{"name": name, "type": "A"} for name in names])
    assert "n250" not in caught.value.seen
    assert [call.action for call in caught.value.made] == ["ChangeResourceRecordSets"]


class Killed(BaseException):
    """The process's end, as far as this can be shown in one process."""


def test_a_run_killed_between_two_batches_is_finished_by_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"n{at:03d}.shop.example." for at in range(300)]
    stage.aws.records[ZONE] = [record for name in names for record in pair(name)]
    options: dict[str, Any] = {"names": [{"name": name, "type": "A"} for name in names]}

    def die_after_the_first(*_gate: Any) -> None:
        if stage.aws.batches:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(WriterGate, "prove", die_after_the_first)
        with pytest.raises(Killed):
            stage.run(**options)
    assert {stage.aws.role_of(name, STANDBY) for name in names} == {"PRIMARY", "SECONDARY"}
    result = stage.run(**options)
    assert [len(each["names"]) for each in result.values["changes"]] == [50]
    assert {stage.aws.role_of(name, STANDBY) for name in names} == {"PRIMARY"}


def test_without_wait_the_change_is_left_pending(stage: Stage) -> None:
    result = stage.run(wait=False)
    assert "get_change" not in stage.aws.calls
    assert (result.values["in_sync"], result.values["changes"][0]["status"]) == (False, "PENDING")


def test_a_wait_that_is_too_long_says_that_the_change_was_made(stage: Stage) -> None:
    stage.aws.polls_until_in_sync = 10**6
    with pytest.raises(TimedOut, match="Route 53 took it in"):
        stage.run(timeout=30)
    assert stage.clock.now == pytest.approx(130, abs=0.1)
    assert stage.aws.role_of(API, STANDBY) == "PRIMARY"


def test_a_control_plane_act_is_warned_about_only_where_there_is_one(stage: Stage) -> None:
    stage.run()
    assert any("us-east-1" in warning for warning in stage.warnings)
    stage.warnings.clear()
    stage.run()
    assert stage.warnings == []


def test_the_same_name_twice_counts_once(stage: Stage) -> None:
    names = [{"name": API, "type": "A"}, {"name": "API.shop.example", "type": "A"}]
    assert len(stage.run(names=names).values["record_sets"]) == 2


def test_the_proof_is_for_the_region_given_where_the_leg_is_not_named_for_one(stage: Stage) -> None:
    stage.run()
    stage.aws.records[ZONE] = pair(API, "blue", "green")
    stage.run(names=[{"name": API, "type": "A"}], target="green", target_region=HOME)
    assert stage.regions == [STANDBY, HOME]
