# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The promotion: what it calls and through which Region, what it refuses, how it waits, and when it only warns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheProof, CacheTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache import NotPrimary
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import cache_wait
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Step
from ansible_collections.multiregion.aws_dr.plugins.modules import (
    elasticache_global_replication_group_failover as module,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.elasticache.fake_elasticache import (
    HOME,
    STANDBY,
    THIRD,
    Bench,
    refused,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import codes

FAILOVER = "failover_global_replication_group"
PROOF = CacheProof(STANDBY, "master.shop", "192.0.2.1", "key", "nonce", 0.01, 1.0)
PROVE = {"secret_id": "shop/cache", "ca_path": None}


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the next attempts to prove give: an error to raise, or nothing for the proof; the targets are kept."""
    planned: list[Any] = []

    def prove(target: CacheTarget, *_rest: Any) -> CacheProof:
        outcome = planned.pop(0) if planned and isinstance(planned[0], Exception) else None
        if outcome is not None:
            raise outcome
        planned.append(target)
        return PROOF

    monkeypatch.setattr(cache_wait, "prove", prove)
    return planned


def test_the_member_in_the_target_is_promoted_and_waited_for(bench: Bench) -> None:
    result = bench.run()
    assert result.changed
    assert bench.cache.changes() == [(FAILOVER, STANDBY)]
    assert result.calls == (Call("elasticache", "FailoverGlobalReplicationGroup", STANDBY),)
    assert (result.values["cache"]["primary"], result.values["cache"]["status"]) == (STANDBY, "available")
    assert result.values["operation"]["from"] == HOME
    assert (result.before, result.after) == ({"primary": HOME}, {"primary": STANDBY})


def test_a_second_run_changes_nothing_and_says_so(bench: Bench) -> None:
    bench.run()
    result = bench.run()
    assert not result.changed
    assert (result.calls, result.before) == ((), result.after)
    assert result.values["operation"]["already"] is True
    assert len(bench.cache.changes()) == 1


def test_no_region_but_the_targets_is_asked(bench: Bench) -> None:
    bench.cache.dead = {HOME}
    assert bench.run().changed
    assert {region for _action, region in bench.cache.calls} == {STANDBY}


def test_check_mode_lists_the_call_and_makes_none(bench: Bench) -> None:
    result = bench.run(check_mode=True)
    assert result.changed
    assert [(call.action, call.region) for call in result.calls] == [("FailoverGlobalReplicationGroup", STANDBY)]
    assert bench.cache.changes() == []
    assert result.values["operation"]["started"] is False
    assert result.after == {"primary": STANDBY}


def test_started_returns_at_once_and_finished_waits_without_starting_anything(bench: Bench) -> None:
    started = bench.run(state="started")
    assert started.changed
    assert bench.cache.primary == HOME
    finished = bench.run(state="finished", operation=started.values["operation"])
    assert not finished.changed
    assert finished.calls == ()
    assert finished.values["cache"]["primary"] == STANDBY
    assert len(bench.cache.changes()) == 1


def test_a_wait_says_when_the_promotion_ended_in_vain(bench: Bench) -> None:
    bench.cache.in_vain = True
    with pytest.raises(DrError, match="nothing is under way any more, and the primary is eu-central-1"):
        bench.run()


def test_a_wait_that_takes_too_long_says_what_was_seen(bench: Bench) -> None:
    bench.cache.takes = 500
    with pytest.raises(TimedOut, match="the primary is eu-central-1 and the global datastore modifying"):
        bench.run()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"global_replication_group_id": "nosuch"}, "unknown_global_datastore"),
        ({"target": THIRD, "regions": [HOME, THIRD]}, "target_not_member"),
        ({"regions": [STANDBY, STANDBY]}, "same_region_twice"),
        ({"target": THIRD}, "target_outside_regions"),
        ({"poll_interval": 0.0}, "not_positive"),
        ({"regions": [STANDBY, THIRD]}, "primary_elsewhere"),
    ],
)
def test_bad_input_is_refused_with_its_code_and_changes_nothing(
    bench: Bench, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        bench.run(**options)
    assert codes(caught) == [code]
    assert bench.cache.changes() == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"members": {HOME: "associated", STANDBY: "associating"}}, "member_not_associated"),
        ({"status": "deleting"}, "busy"),
        ({"group": {"CacheNodeType": "cache.r7g.xlarge"}}, "node_type_mismatch"),
        ({"group": {"Status": "create-failed"}}, "target_not_available"),
        ({"version": "7.2"}, "version_mismatch"),
        ({"dead": {STANDBY}}, "target_unreachable"),
    ],
)
def test_what_could_not_take_over_is_refused_before_anything_is_called(
    bench: Bench, state: dict[str, Any], code: str
) -> None:
    vars(bench.cache).update(state)
    with pytest.raises(Refused) as caught:
        bench.run()
    assert codes(caught) == [code]
    assert bench.cache.changes() == []


def test_a_datastore_that_is_busy_with_this_promotion_is_followed(bench: Bench) -> None:
    bench.cache.begin(STANDBY)
    result = bench.run()
    assert not result.changed
    assert bench.cache.changes() == []
    assert result.values["cache"]["primary"] == STANDBY


def test_a_datastore_that_was_busy_with_something_else_is_promoted_after_that(bench: Bench) -> None:
    bench.cache.busy(lambda: None)
    result = bench.run()
    assert result.changed
    assert bench.cache.changes() == [(FAILOVER, STANDBY)]
    assert result.values["cache"]["primary"] == STANDBY


def test_a_call_that_timed_out_after_it_took_effect_is_not_repeated(bench: Bench) -> None:
    bench.cache.faults[FAILOVER, STANDBY] = [ReadTimeoutError(endpoint_url="https://elasticache")]
    bench.cache.effect_in_spite = True
    result = bench.run()
    assert len(bench.cache.changes()) == 1
    assert result.changed
    assert result.values["operation"]["started"] is True


def test_a_call_without_an_answer_or_effect_is_made_again_after_looking(bench: Bench) -> None:
    bench.cache.faults[FAILOVER, STANDBY] = [ReadTimeoutError(endpoint_url="https://elasticache")]
    assert bench.run().changed
    assert len(bench.cache.changes()) == 2


def test_a_throttled_call_is_made_again(bench: Bench) -> None:
    bench.cache.faults[FAILOVER, STANDBY] = [refused("Throttling"), refused("Throttling")]
    assert bench.run().changed
    assert len(bench.cache.changes()) == 3


def test_a_refusal_by_elasticache_with_nothing_under_way_is_a_refusal(bench: Bench) -> None:
    bench.cache.faults[FAILOVER, STANDBY] = [refused("InvalidGlobalReplicationGroupState")]
    with pytest.raises(Refused) as caught:
        bench.run()
    assert codes(caught) == ["refused_by_elasticache"]


def test_a_missing_permission_ends_the_task_at_once(bench: Bench) -> None:
    bench.cache.faults[FAILOVER, STANDBY] = [refused("AccessDenied")]
    with pytest.raises(DrError, match=r"elasticache:FailoverGlobalReplicationGroup in eu-west-1.*AccessDenied"):
        bench.run()
    assert len(bench.cache.changes()) == 1


def test_the_primary_is_proved_through_the_targets_endpoint_with_the_regions_token(
    bench: Bench, proofs: list[Any]
) -> None:
    result = bench.run(prove=PROVE)
    (target,) = proofs
    assert result.values["proof"] == PROOF.as_dict()
    assert (target.endpoint, target.port, target.tls) == ("master.shop.cache.amazonaws.com", 6379, True)
    assert target.login.password == "hunter2-hunter2"
    assert "hunter2" not in repr(target)
    assert ("get_secret_value", STANDBY) in bench.cache.calls


def test_a_proof_is_tried_again_while_the_server_is_a_replica(bench: Bench, proofs: list[Any]) -> None:
    proofs += [NotPrimary("x", "READONLY", "wait"), NotPrimary("x", "READONLY", "wait")]
    assert bench.run(prove=PROVE).values["proof"] is not None


def test_a_proof_counts_for_more_than_the_datastores_status(bench: Bench, proofs: list[Any]) -> None:
    bench.cache.begin(STANDBY)
    bench.cache.primary, bench.cache.ends_at = STANDBY, None  # promoted, and modifying for as long as HOME is lost
    assert bench.run(prove=PROVE).values["cache"]["status"] == "modifying"
    with pytest.raises(TimedOut):
        bench.run()


def test_a_cache_without_a_token_is_proved_without_its_secret(bench: Bench, proofs: list[Any]) -> None:
    assert bench.run(prove={"secret_id": None, "ca_path": None}).values["proof"] is not None
    assert "get_secret_value" not in {action for action, _region in bench.cache.calls}


# What doesn't have to succeed


def test_without_required_a_refusal_is_a_warning_and_no_change(bench: Bench) -> None:
    bench.cache.members[STANDBY] = "associating"
    result = bench.run(required=False)
    assert not result.changed
    assert (result.values["operation"], result.values["cache"]) == (None, None)
    assert "member_not_associated" in result.values["error"]
    assert "goes on without it" in bench.warnings[0]


def test_without_required_a_wait_that_fails_is_a_warning_and_still_a_change(bench: Bench) -> None:
    bench.cache.in_vain = True
    result = bench.run(required=False)
    assert result.changed
    assert [call.action for call in result.calls] == ["FailoverGlobalReplicationGroup"]
    assert result.values["operation"]["started"] is True
    assert "nothing is under way" in result.values["error"]


def test_without_required_an_unreachable_target_is_a_warning(bench: Bench) -> None:
    bench.cache.dead = {STANDBY}
    assert "target_unreachable" in bench.run(required=False).values["error"]


def test_a_lost_lease_stops_the_task_whether_or_not_the_cache_is_required(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TakenOver:
        def __init__(self, context: Any) -> None:
            self.context = context

        def step(self, _name: str, _calls: Any = ()) -> Any:
            raise Refused((refusal("taken_over", "Another run holds the lock.", "Stop."),))

    monkeypatch.setattr(module, "guarded", lambda _run, context: TakenOver(context))
    with pytest.raises(Refused, match="taken_over"):
        bench.run(required=False)
    assert bench.cache.changes() == []


def test_each_call_is_a_step_of_the_run_and_its_calls_are_noted_before_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[Any] = []

    class Noting:
        def __init__(self, context: Any) -> None:
            self.context = context

        @contextmanager
        def step(self, name: str, calls: Any = ()) -> Iterator[Step]:
            noted.append((name, [call.action for call in calls], len(bench.cache.changes())))
            yield Step()

        def already(self, name: str, **seen: Any) -> None:
            noted.append((name, seen))

    monkeypatch.setattr(module, "guarded", lambda _run, context: Noting(context))
    bench.run()
    bench.run()
    assert noted == [
        ("promote_cache", ["FailoverGlobalReplicationGroup"], 0),
        ("promote_cache", {"primary": STANDBY}),
    ]
