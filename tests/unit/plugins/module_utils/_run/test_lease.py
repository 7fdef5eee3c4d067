# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lease import LEASE, SAFE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import lease
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import abort, close_run, release, suspend
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import Stage, asked, sent, stage


@pytest.fixture
def on(tmp_path: Path) -> Stage:
    return stage(tmp_path)


def test_a_free_lock_is_taken_and_the_run_is_on_record(on: Stage) -> None:
    opened = on.open()
    assert (opened.lock.fence, opened.run.fence, opened.run.resumed) == (1, 1, 0)
    assert on.store.read_run("shop-1") == opened.run


def test_a_dead_holder_is_waited_for_as_long_as_a_lease_and_its_run_goes_on(on: Stage) -> None:
    on.open(host="there")
    before = on.clock.now
    opened = on.open(asked(2))
    assert on.clock.now - before >= LEASE
    assert (opened.run.id, opened.run.resumed, opened.lock.fence) == ("shop-1", 1, 2)


def test_a_holder_that_is_known_to_be_dead_is_not_waited_for(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    on.open(host="there")
    monkeypatch.setattr(lease, "is_dead", lambda _holder: True)
    before = on.clock.now
    assert on.open(asked(2)).run.resumed == 1
    assert on.clock.now == before


def test_a_holder_that_renews_is_left_alone(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    first = on.guard(on.open(host="there"))

    def sleep(seconds: float) -> None:
        on.clock.now += seconds
        first._renew()

    monkeypatch.setattr(on.clock, "sleep", sleep)
    before = on.clock.now
    with pytest.raises(Refused, match="lock_held"):
        on.open(asked(2))
    assert on.clock.now - before < LEASE / 2


def test_a_holder_that_gives_the_lock_back_meanwhile_is_no_holder(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    first = on.open(host="there")

    def close(seconds: float) -> None:
        on.clock.now += seconds
        close_run(first.run, Outcome.SUCCEEDED, {}, on.store, on.clock)
        release("shop", first.lock.fence, on.store)

    monkeypatch.setattr(on.clock, "sleep", close)
    assert on.open(asked(2)).run.id == "shop-2"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"target": "eu-central-1"}, "another_run_is_open"),
        ({"workload": "blog"}, "another_run_is_open"),
        ({"kind": RunKind.FAILBACK}, "another_run_is_open"),
        ({"mode": "planned"}, "run_is_unplanned"),
    ],
)
def test_another_run_is_refused_while_one_is_open(on: Stage, changed: dict[str, object], code: str) -> None:
    on.open()
    with pytest.raises(Refused, match=code):
        on.open(asked(2, **changed))


def test_a_planned_run_may_become_an_unplanned_one(on: Stage) -> None:
    on.open(asked(mode="planned"))
    opened = on.open(asked(2))
    assert (opened.run.id, opened.run.mode) == ("shop-1", "unplanned")


@pytest.mark.parametrize("kind", [RunKind.DRILL, RunKind.REGION_RETURN])
def test_an_emergency_takes_over_from_what_is_none_without_waiting(on: Stage, kind: RunKind) -> None:
    on.open(asked(kind=kind))
    before = on.clock.now
    opened = on.open(asked(2))
    drill = on.store.read_run("shop-1")
    assert (opened.run.id, on.clock.now) == ("shop-2", before)
    assert drill is not None and drill.outcome is Outcome.PREEMPTED


def test_an_unplanned_failover_ends_a_failback_and_lets_its_last_call_come_to_rest(on: Stage) -> None:
    on.open(asked(kind=RunKind.FAILBACK, mode="planned"), host="there")
    before = on.clock.now
    opened = on.open(asked(2, mode="unplanned"))
    failback = on.store.read_run("shop-1")
    assert opened.run.id == "shop-2" and failback is not None and failback.outcome is Outcome.PREEMPTED
    assert SAFE <= on.clock.now - before < LEASE / 2


def test_a_failback_whose_controller_is_dead_holds_up_no_way_out(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    on.open(asked(kind=RunKind.FAILBACK, mode="planned"))
    monkeypatch.setattr(lease, "is_dead", lambda _holder: True)
    before = on.clock.now
    assert on.open(asked(2, mode="unplanned")).run.id == "shop-2"
    assert on.clock.now == before


def test_a_planned_failover_does_not_end_a_failback(on: Stage) -> None:
    on.open(asked(kind=RunKind.FAILBACK, mode="planned"))
    with pytest.raises(Refused, match="another_run_is_open"):
        on.open(asked(2, mode="planned"))


@pytest.mark.parametrize("kind", [RunKind.DRILL, RunKind.REGION_RETURN])
def test_what_is_no_emergency_does_not_take_over_from_one(on: Stage, kind: RunKind) -> None:
    on.open()
    with pytest.raises(Refused, match="another_run_is_open"):
        on.open(asked(2, kind=kind))


def test_a_closed_run_never_reopens_and_the_fence_goes_on_growing(on: Stage) -> None:
    first = on.open()
    closed = close_run(first.run, Outcome.SUCCEEDED, {"rto_seconds": 8.5}, on.store, on.clock)
    release("shop", first.lock.fence, on.store)
    assert not on.store.write_run(replace(first.run, fence=99))
    second = on.open(asked(2))
    assert (second.run.id, second.lock.fence) == ("shop-2", 2)
    assert on.store.read_history("shop", 5) == (closed,)


def test_a_run_that_was_closed_but_died_before_giving_the_lock_back_is_no_obstacle(on: Stage) -> None:
    close_run(on.open().run, Outcome.SUCCEEDED, {}, on.store, on.clock)
    before = on.clock.now
    assert on.open(asked(2)).run.id == "shop-2"
    assert on.clock.now == before


def test_a_run_that_died_before_its_record_was_written_gets_one(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on.store, "write_run", lambda _run: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        on.open()
    monkeypatch.undo()
    opened = on.open(asked(2))
    assert opened.run.id == "shop-1"
    assert on.store.read_run("shop-1") == opened.run


def test_closing_twice_changes_nothing(on: Stage) -> None:
    run = on.open().run
    first = close_run(run, Outcome.DEGRADED, {"a": 1}, on.store, on.clock)
    on.clock.sleep(5)
    assert close_run(run, Outcome.FAILED, {"b": 2}, on.store, on.clock) == first
    assert len(on.store.read_history("shop", 5)) == 1


def test_a_run_that_was_taken_over_can_not_close_itself(on: Stage) -> None:
    first = on.open(host="there")
    on.open(asked(2))
    with pytest.raises(Refused, match="fenced"):
        close_run(first.run, Outcome.SUCCEEDED, {}, on.store, on.clock)
    assert not release("shop", first.lock.fence, on.store)


def test_a_suspended_run_goes_on_without_waiting(on: Stage) -> None:
    first = on.open()
    assert suspend(first.run.id, "shop", first.lock.fence, {"way_back": "..."}, on.store, on.clock)
    before = on.clock.now
    assert on.open(asked(2)).run.resumed == 1
    assert on.clock.now == before


def test_abort_ends_the_run_of_a_holder_that_lives(on: Stage) -> None:
    opened = on.open()
    guard = on.guard(opened)
    run = abort("shop", {"reason": "over", "by": "grace"}, on.store, on.clock)
    assert run is not None and run.outcome is Outcome.ABORTED and run.summary["reason"] == "over"
    with pytest.raises(Refused, match="fenced"), sent(guard):
        pass
    assert on.open(asked(2)).run.id == "shop-2"
