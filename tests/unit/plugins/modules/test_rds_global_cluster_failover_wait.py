# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait: when it ends, what it proves, and what it tells of the old writer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import promotion_wait
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import (
    CALL_SECONDS,
    DATABASE,
    HOME,
    STANDBY,
    Bench,
    arn,
    codes,
    refused,
)

LOST = ReadTimeoutError(endpoint_url="https://secretsmanager")
PROOF = WriterProof(STANDBY, "shop-eu-west-1-1", "aurora_server_id", "endpoint", "127.0.0.1", "nonce", 0.01, 1.0)


@pytest.fixture
def bench() -> Bench:
    return Bench()


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


def test_an_operation_towards_somewhere_else_is_not_waited_for(bench: Bench) -> None:
    operation = bench.unplanned(state="started").values["operation"]
    with pytest.raises(Refused) as caught:
        bench.run(state="finished", operation=operation, target=HOME)
    assert codes(caught) == ["other_operation"]


def test_passing_faults_while_waiting_do_not_end_the_wait(bench: Bench) -> None:
    started = bench.unplanned(state="started")
    bench.rds.faults["describe_global_clusters", STANDBY] = [refused("Throttling"), refused("InternalFailure")]
    assert (
        bench.run(state="finished", operation=started.values["operation"]).values["global_cluster"]["writer"] == STANDBY
    )


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

    @pytest.mark.parametrize(("mode", "waits"), [("planned", False), ("unplanned", True)])
    def test_once_the_writer_is_proved_the_old_ones_way_in_is_not_waited_for(
        self, bench: Bench, attempts: list[Exception | WriterProof], mode: str, waits: bool
    ) -> None:
        attempts.append(PROOF)
        bench.rds.lingers = 20.0
        began = bench.clock.now
        promoted = bench.run(mode=mode, accept_data_loss=True, database=DATABASE)
        assert (promoted.values["global_cluster"]["failover"] is None) is waits
        assert (bench.clock.now - began >= bench.rds.takes + 20.0) is waits

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
        script: list[Any] = [CallFailed(refused("Throttling"), "Reading the secret"), "target"]

        def prepare(*_args: Any) -> Any:
            outcome = script.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(promotion_wait, "prepare", prepare)
        attempts.append(PROOF)
        assert bench.unplanned(database=DATABASE).values["writer"]
        assert "Reading the secret" in bench.warnings[0]

    def test_a_passing_fault_while_preparing_after_the_flip_does_not_end_the_task(
        self, bench: Bench, attempts: list[Exception | WriterProof], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hung = TimedOut("Reading the secret", "no answer within 10.0 s", "Treat its state as unknown.")
        script: list[Any] = [CallFailed(refused("Throttling"), "Reading"), hung, CallFailed(LOST, "Reading"), "target"]

        def prepare(*_args: Any) -> Any:
            outcome = script.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(promotion_wait, "prepare", prepare)
        attempts.append(PROOF)
        assert bench.unplanned(database=DATABASE).values["writer"]
        assert script == []

    def test_a_fault_that_stays_while_preparing_ends_the_task_and_says_what_was_changed(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def prepare(*_args: Any) -> Any:
            raise CallFailed(refused("AccessDenied"), "Reading the secret")

        monkeypatch.setattr(promotion_wait, "prepare", prepare)
        with pytest.raises(DrError, match="AccessDenied") as caught:
            bench.unplanned(database=DATABASE)
        assert len(caught.value.made) == 1

    def test_a_secret_that_hangs_does_not_hold_up_the_first_look(
        self, bench: Bench, attempts: list[Exception | WriterProof], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked, read = threading.Event(), promotion_wait.read_global_cluster

        def prepare(*_args: Any) -> Any:
            assert looked.wait(5), "nobody looked while the secret hung"
            return "target"

        def look(*args: Any) -> Any:
            looked.set()
            return read(*args)

        monkeypatch.setattr(promotion_wait, "prepare", prepare)
        monkeypatch.setattr(promotion_wait, "read_global_cluster", look)
        attempts.append(PROOF)
        assert bench.unplanned(database=DATABASE).values["writer"]

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
    assert len(bench.warnings) == 1 and "is unknown" in bench.warnings[0]


def test_events_that_cannot_be_read_are_a_warning_and_not_a_failure(bench: Bench) -> None:
    bench.rds.faults["describe_events", STANDBY] = [refused("InternalFailure")]
    assert bench.unplanned().values["write_blocks"] == []
    assert "unknown" in bench.warnings[0]


def test_a_switchover_reads_no_events(bench: Bench) -> None:
    bench.run()
    assert "describe_events" not in [action for action, _region in bench.rds.calls]
