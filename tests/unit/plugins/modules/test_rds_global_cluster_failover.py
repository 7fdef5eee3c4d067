# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""The module against a small RDS of its own: what it calls, through which Region, and what it does when that fails."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import promotion_wait
from ansible_collections.multiregion.aws_dr.plugins.modules import rds_global_cluster_failover as module

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
CALL_SECONDS = 0.05
PROOF = WriterProof(STANDBY, "shop-eu-west-1-1", "aurora_server_id", "endpoint", "127.0.0.1", "nonce", 0.01, 1.0)


def arn(region: str) -> str:
    return f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}"


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "not now"}}, "call")


class FakeClock:
    """Time that passes only when somebody sleeps, or calls AWS."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_767_225_600.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class FakeRds:
    """One global cluster with two members. A promotion takes ``takes`` seconds. ``faults`` come before the answers."""

    def __init__(self, clock: FakeClock, takes: float = 3.0) -> None:
        self.clock = clock
        self.takes = takes
        self.writer = HOME
        self.failover: dict[str, Any] | None = None
        self.ends_at = 0.0
        self.status = "available"
        self.calls: list[tuple[str, str]] = []
        self.faults: dict[tuple[str, str], list[Exception | None]] = {}
        self.dead: set[str] = set()
        self.effect_in_spite: set[str] = set()
        self.instances = ["one"]
        self.events: list[dict[str, Any]] = []
        self.in_vain = False
        self.overtaken_by = ""
        self.lingers = 0.0  # seconds that FailoverState stays after the writer has flipped

    def get(self, service: str, region: str) -> FakeClient:
        assert service == "rds"
        return FakeClient(self, region)

    def changes(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if not call[0].startswith("describe")]

    def enter(self, action: str, region: str) -> Exception | None:
        """Note the call, let time pass, and give the error that it shall end with."""
        self.calls.append((action, region))
        self.clock.sleep(CALL_SECONDS)
        if self.failover and self.clock.now >= self.ends_at:
            if not self.in_vain:
                self.writer = self.failover["ToDbClusterArn"].split(":")[3]
            if self.clock.now >= self.ends_at + self.lingers:
                self.failover = None
        if region in self.dead:
            return EndpointConnectionError(endpoint_url=f"https://rds.{region}")
        waiting = self.faults.get((action, region), [])
        return waiting.pop(0) if waiting else None

    def begin(self, target: str, data_loss: bool) -> None:
        if self.overtaken_by:  # somebody else's request arrives just before this one
            other, self.overtaken_by = self.overtaken_by, ""
            self.begin(other, data_loss)
        if self.failover:
            raise refused("InvalidGlobalClusterStateFault")
        status = "failing-over" if data_loss else "switching-over"
        self.failover = {
            "Status": status,
            "FromDbClusterArn": arn(self.writer),
            "ToDbClusterArn": target,
            "IsDataLossAllowed": data_loss,
        }
        self.ends_at = self.clock.now + self.takes

    def described(self) -> dict[str, Any]:
        return {
            "GlobalClusterIdentifier": "shop",
            "Status": self.status,
            "EngineVersion": "16.4",
            "GlobalClusterMembers": [
                {"DBClusterArn": arn(region), "IsWriter": region == self.writer} for region in (HOME, STANDBY)
            ],
            **({"FailoverState": self.failover} if self.failover else {}),
        }


class FakeClient:
    def __init__(self, rds: FakeRds, region: str) -> None:
        self.rds = rds
        self.region = region

    def _call(self, action: str, answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        error = self.rds.enter(action, self.region)
        if error is not None and action in self.rds.effect_in_spite:
            answer()
        if error is not None:
            raise error
        return answer()

    def describe_global_clusters(self, **asked: str) -> dict[str, Any]:
        def answer() -> dict[str, Any]:
            if asked != {"GlobalClusterIdentifier": "shop"} or self.region == THIRD:
                raise refused("GlobalClusterNotFoundFault")
            return {"GlobalClusters": [self.rds.described()]}

        return self._call("describe_global_clusters", answer)

    def describe_db_clusters(self, **asked: str) -> dict[str, Any]:
        assert asked == {"DBClusterIdentifier": f"shop-{self.region}"}
        cluster = {
            "DBClusterArn": arn(self.region),
            "Status": "available",
            "Engine": "aurora-postgresql",
            "EngineVersion": "16.4",
            "DBClusterMembers": [{"DBInstanceIdentifier": name} for name in self.rds.instances],
        }
        return self._call("describe_db_clusters", lambda: {"DBClusters": [cluster]})

    def _begin(self, action: str, target: str, data_loss: bool) -> dict[str, Any]:
        def answer() -> dict[str, Any]:
            self.rds.begin(target, data_loss)
            return {"GlobalCluster": self.rds.described()}

        return self._call(action, answer)

    def switchover_global_cluster(self, **asked: str) -> dict[str, Any]:
        return self._begin("switchover_global_cluster", asked["TargetDbClusterIdentifier"], data_loss=False)

    def failover_global_cluster(self, **asked: Any) -> dict[str, Any]:
        assert asked["AllowDataLoss"] is True
        return self._begin("failover_global_cluster", asked["TargetDbClusterIdentifier"], data_loss=True)

    def get_paginator(self, name: str) -> FakeClient:
        assert name == "describe_events"
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        since = asked["StartTime"].timestamp()
        recent = [event for event in self.rds.events if event["Date"].timestamp() >= since]
        return [self._call("describe_events", lambda: {"Events": recent})]


class Bench:
    """The module, run against the fake with a fake clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rds = FakeRds(self.clock)
        self.warnings: list[str] = []

    def run(self, check_mode: bool = False, **options: Any) -> Result:
        given = {
            "global_cluster_id": "shop",
            "regions": [HOME, STANDBY],
            "target": STANDBY,
            "mode": "planned",
            "accept_data_loss": False,
            "state": "promoted",
            "operation": None,
            "database": None,
            "resolvers": [],
            "poll_interval": 1.0,
            "timeout": 60.0,
            **options,
        }
        stand_in: Any = self.rds
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.clock,
            deadline=Deadline.after(self.clock, given["timeout"]),
            clients=stand_in,
            progress=lambda line: None,
            warn=self.warnings.append,
        )
        return module.execute(given, context)

    def unplanned(self, **options: Any) -> Result:
        return self.run(mode="unplanned", accept_data_loss=True, **options)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "require"}


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


def test_started_returns_at_once_and_finished_waits_without_starting_anything(bench: Bench) -> None:
    started = bench.unplanned(state="started")
    assert started.changed
    assert bench.rds.writer == HOME
    finished = bench.run(state="finished", operation=started.values["operation"])
    assert not finished.changed
    assert finished.values["global_cluster"]["writer"] == STANDBY
    assert len(bench.rds.changes()) == 1


def test_a_wait_never_starts_an_operation_and_says_when_there_is_none(bench: Bench) -> None:
    operation = {"id": "x", "kind": "failover", "from": arn(HOME), "to": arn(STANDBY), "requested_at": 0.0}
    with pytest.raises(DrError, match="nothing is under way any more, and the writer is eu-central-1"):
        bench.run(state="finished", operation={**operation, "started": True, "already": False})
    assert bench.rds.changes() == []


def test_a_wait_fails_at_once_when_another_operation_has_taken_its_place(bench: Bench) -> None:
    started = bench.unplanned(state="started")
    assert bench.rds.failover is not None
    bench.rds.failover["ToDbClusterArn"] = arn(HOME)
    with pytest.raises(DrError, match="Another operation has taken its place"):
        bench.run(state="finished", operation=started.values["operation"])


def test_an_operation_that_ends_in_vain_is_an_error_and_not_a_timeout(bench: Bench) -> None:
    bench.rds.in_vain = True
    with pytest.raises(DrError, match="nothing is under way any more") as caught:
        bench.unplanned()
    assert not isinstance(caught.value, TimedOut)


def test_a_writer_that_has_flipped_is_waited_for_until_the_operation_is_over(bench: Bench) -> None:
    bench.rds.lingers = 5.0
    began = bench.clock.now
    assert bench.unplanned().values["global_cluster"]["failover"] is None
    assert bench.clock.now - began >= bench.rds.takes + 5.0


def test_check_mode_of_a_wait_looks_once_and_does_not_wait(bench: Bench) -> None:
    planned = bench.unplanned(check_mode=True, state="started").values["operation"]
    before = len(bench.rds.calls)
    result = bench.run(check_mode=True, state="finished", operation=planned)
    assert (result.changed, result.calls, len(bench.rds.calls) - before) == (False, (), 1)


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
        bench.unplanned(global_cluster_id="nosuch")


def test_an_operation_towards_somewhere_else_is_not_waited_for(bench: Bench) -> None:
    operation = bench.unplanned(state="started").values["operation"]
    with pytest.raises(Refused) as caught:
        bench.run(state="finished", operation=operation, target=HOME)
    assert codes(caught) == ["other_operation"]


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


def test_passing_faults_while_waiting_do_not_end_the_wait(bench: Bench) -> None:
    started = bench.unplanned(state="started")
    bench.rds.faults["describe_global_clusters", STANDBY] = [refused("Throttling"), refused("InternalFailure")]
    assert (
        bench.run(state="finished", operation=started.values["operation"]).values["global_cluster"]["writer"] == STANDBY
    )


def test_a_passing_fault_while_reading_does_not_refuse_a_failover(bench: Bench) -> None:
    bench.rds.faults["describe_global_clusters", STANDBY] = [refused("Throttling")]
    bench.rds.faults["describe_db_clusters", STANDBY] = [refused("InternalFailure")]
    assert bench.unplanned().changed


def test_a_wait_that_is_too_long_says_what_was_seen_last(bench: Bench) -> None:
    bench.rds.takes = 1000.0
    with pytest.raises(TimedOut, match="the writer is eu-central-1, the global cluster available and failing-over"):
        bench.unplanned(timeout=30.0)


def test_a_last_look_without_an_answer_does_not_hide_what_was_seen_before(bench: Bench) -> None:
    bench.rds.takes = 1000.0
    started = bench.unplanned(state="started").values["operation"]
    bench.rds.faults["describe_global_clusters", STANDBY] = [None, *[refused("InternalFailure")] * 99]
    with pytest.raises(TimedOut, match=r"last seen: the writer is eu-central-1, .*; then ClientError"):
        bench.run(state="finished", operation=started, timeout=5.0)


def test_the_wait_looks_often_at_first_and_then_less(bench: Bench) -> None:
    bench.rds.takes = 60.0
    bench.unplanned(timeout=100.0)
    looks = sum(action == "describe_global_clusters" for action, _region in bench.rds.calls)
    early, late = 10 / (0.25 + CALL_SECONDS), 50 / (1.0 + CALL_SECONDS)
    assert looks == pytest.approx(early + late, abs=4)


class TestProof:
    """With a database, a promotion has ended only once a write has committed in the target."""

    @pytest.fixture
    def attempts(self, monkeypatch: pytest.MonkeyPatch) -> list[Exception | WriterProof]:
        script: list[Exception | WriterProof] = []

        def prove(*_args: Any) -> WriterProof:
            outcome = script.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(promotion_wait, "prepare", lambda *_args: "target")
        monkeypatch.setattr(promotion_wait, "prove", prove)
        return script

    def test_the_proof_is_returned(self, bench: Bench, attempts: list[Exception | WriterProof]) -> None:
        attempts.append(PROOF)
        assert bench.unplanned(database=DATABASE).values["writer"]["server_id"] == "shop-eu-west-1-1"

    def test_a_server_that_is_not_the_writer_yet_is_asked_again(
        self, bench: Bench, attempts: list[Exception | WriterProof]
    ) -> None:
        attempts.extend([NotWriter("Writing", "read-only", "Wait."), PROOF])
        assert bench.unplanned(database=DATABASE).values["writer"]["nonce"] == "nonce"
        assert attempts == []

    def test_what_waiting_does_not_mend_ends_the_task(
        self, bench: Bench, attempts: list[Exception | WriterProof]
    ) -> None:
        attempts.append(DrError("Writing", "password authentication failed", "Check the secret."))
        with pytest.raises(DrError, match="password authentication failed"):
            bench.unplanned(database=DATABASE)

    def test_an_unreadable_secret_before_the_flip_is_read_again_after_it(
        self, bench: Bench, attempts: list[Exception | WriterProof], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script: list[Any] = [DrError("Reading the secret", "Throttling", "Again."), "target"]

        def prepare(*_args: Any) -> Any:
            outcome = script.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(promotion_wait, "prepare", prepare)
        attempts.append(PROOF)
        assert bench.unplanned(database=DATABASE).values["writer"]
        assert "Reading the secret" in bench.warnings[0]

    def test_a_second_run_proves_the_writer_again(self, bench: Bench, attempts: list[Exception | WriterProof]) -> None:
        bench.rds.writer = STANDBY
        attempts.append(PROOF)
        result = bench.unplanned(database=DATABASE)
        assert not result.changed
        assert result.values["writer"]["region"] == STANDBY


def block_event(bench: Bench, how: str, ago: float = 0.0, cluster: str = "shop-eu-central-1") -> dict[str, Any]:
    return {
        "Date": datetime.fromtimestamp(bench.clock.wall() - ago, UTC),
        "Message": f"Attempt to block writes for DB cluster {cluster} in Region {HOME} {how}.",
    }


def events_of(values: Sequence[dict[str, Any]]) -> list[str]:
    return [block["event"] for block in values]


def test_an_old_writer_that_was_not_blocked_is_a_warning(bench: Bench) -> None:
    bench.rds.events = [block_event(bench, "timed out")]
    assert events_of(bench.unplanned().values["write_blocks"]) == ["RDS-EVENT-0391"]
    assert [warning for warning in bench.warnings if "The old writer was not blocked" in warning]


def test_an_old_writer_that_was_blocked_is_reported_without_a_warning(bench: Bench) -> None:
    bench.rds.events = [block_event(bench, "succeeded")]
    assert events_of(bench.unplanned().values["write_blocks"]) == ["RDS-EVENT-0390"]
    assert bench.warnings == []


def test_events_of_an_earlier_failover_and_of_other_clusters_do_not_count(bench: Bench) -> None:
    bench.rds.events = [block_event(bench, "timed out", ago=600), block_event(bench, "timed out", cluster="other")]
    assert bench.unplanned().values["write_blocks"] == []
    assert bench.warnings == []


def test_events_that_cannot_be_read_are_a_warning_and_not_a_failure(bench: Bench) -> None:
    bench.rds.faults["describe_events", STANDBY] = [refused("InternalFailure")]
    assert bench.unplanned().values["write_blocks"] == []
    assert "unknown" in bench.warnings[0]


def test_a_switchover_reads_no_events(bench: Bench) -> None:
    bench.run()
    assert "describe_events" not in [action for action, _region in bench.rds.calls]
