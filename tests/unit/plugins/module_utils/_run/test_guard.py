# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import queue
import tempfile
import threading
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import EventState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lease import LEASE, SAFE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Journalled, Unguarded, guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import Stage, asked, sent, stage

CALL = Call("rds", "FailoverGlobalCluster", "eu-west-1")


@pytest.fixture
def on(tmp_path: Path) -> Stage:
    return stage(tmp_path)


def states(on: Stage) -> list[tuple[str, EventState]]:
    return [(event.step, event.state) for event in on.store.read_events("shop-1")]


def test_a_step_is_in_the_journal_before_and_after_its_effect(on: Stage) -> None:
    guard = on.guard(on.open())
    with guard.step("promote_database", [CALL]) as step:
        assert states(on) == [("promote_database", EventState.STARTED)]
        on.clock.sleep(1)
        step.saw(writer="eu-west-1")
    started, done = on.store.read_events("shop-1")
    assert started.calls == (CALL,)
    assert (done.state, done.seen) == (EventState.DONE, {"writer": "eu-west-1"})


def test_a_step_that_fails_is_in_the_journal_and_its_error_goes_on(on: Stage) -> None:
    guard = on.guard(on.open())

    def effect() -> None:
        with guard.step("promote_database"):
            on.clock.sleep(1)
            raise ZeroDivisionError("by zero")

    with pytest.raises(ZeroDivisionError):
        effect()
    assert on.store.read_events("shop-1")[-1].error == "ZeroDivisionError: by zero"


def test_a_step_of_a_run_that_was_taken_over_does_nothing(on: Stage) -> None:
    guard = on.guard(on.open(host="there"))
    on.open(asked(2))
    with pytest.raises(Refused, match="fenced"), guard.step("promote_database"):
        raise AssertionError("the effect was made")


def test_a_pause_within_a_step_is_seen_before_the_call_is_sent(on: Stage) -> None:
    guard = on.guard(on.open(host="there"))

    def effect() -> None:
        with guard.step("promote_database"):
            on.open(asked(2))  # it takes a lease to find out that the other one sleeps
            guard.context.clients._before_send("before-send.rds.FailoverGlobalCluster")
            raise AssertionError("the call was sent")

    with pytest.raises(Refused, match="fenced"):
        effect()


def test_a_slow_step_renews_instead_of_being_refused(on: Stage) -> None:
    guard = on.guard(on.open())
    with guard.step("promote_database"):
        on.clock.sleep(SAFE + 1)
        guard.context.clients._before_send("before-send.rds.FailoverGlobalCluster")
    lock = on.store.read_lock("shop")
    assert lock is not None and lock.version == 3


def test_outside_a_step_nothing_is_checked(on: Stage) -> None:
    guard = on.guard(on.open(host="there"))
    with guard.step("promote_database"):
        pass
    on.open(asked(2))
    guard.context.clients._before_send("before-send.rds.DescribeGlobalClusters")


def leave_behind(on: Stage, guard: Journalled, seconds: float) -> tuple[threading.Event, queue.SimpleQueue[str]]:
    """A call that hangs on its way out of a step, which ends without it; what became of it once it is let go."""
    let_go, outcome = threading.Event(), queue.SimpleQueue[str]()

    def call() -> None:
        let_go.wait(30)
        try:
            guard.context.clients._before_send("before-send.rds.FailoverGlobalCluster")
        except (Refused, TimedOut) as exc:
            outcome.put(str(exc))
        else:
            outcome.put("sent")

    with guard.step("promote_database"):
        gather({"call": call}, Deadline.after(on.clock, seconds), on.clock, required=[] if seconds > 1 else None)
    return let_go, outcome


def test_a_call_that_its_deadline_left_behind_is_never_sent(on: Stage) -> None:
    let_go, outcome = leave_behind(on, on.guard(on.open()), 0.05)
    on.clock.sleep(1)
    let_go.set()
    assert "not sent" in outcome.get(timeout=30)


def test_a_call_that_outlives_its_step_keeps_the_gate(on: Stage) -> None:
    let_go, outcome = leave_behind(on, on.guard(on.open(host="there")), 1000)
    on.open(asked(2))  # takes time: the lease is looked at again
    let_go.set()
    assert "fenced" in outcome.get(timeout=30)


def test_a_worker_whose_controller_died_sends_nothing(on: Stage) -> None:
    guard = on.guard(on.open(), pid=os.getpid(), pid_started=1)  # another process had that number then
    with pytest.raises(Refused, match="orphaned"), sent(guard):
        raise AssertionError("the call was sent")


def test_a_wait_keeps_the_lease(on: Stage) -> None:
    guard = on.guard(on.open())
    with guard.step("promote_database"):
        for _second in range(int(LEASE)):
            on.clock.sleep(1)
            guard.context.progress("waiting")
    lock = on.store.read_lock("shop")
    assert lock is not None and lock.version >= 4


def test_a_wait_ends_when_the_run_was_taken_over(on: Stage) -> None:
    guard = on.guard(on.open(host="there"))
    on.open(asked(2))
    with pytest.raises(Refused, match="fenced"):
        guard.context.progress("waiting")


def test_a_wait_outlives_a_store_that_is_away(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = on.guard(on.open())
    monkeypatch.setattr(LocalStore, "renew", away)
    guard.context.progress("waiting")


def away(*_arguments: object) -> bool:
    raise DrError("Asking the store", "no answer", "Ask again.")


@pytest.mark.parametrize("part", ["renew", "add_event"])
def test_a_step_that_can_not_be_guarded_is_refused(on: Stage, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = on.guard(on.open())
    monkeypatch.setattr(LocalStore, part, away)
    with pytest.raises(Refused, match="state_table_unreachable"), guard.step("promote_database"):
        raise AssertionError("the effect was made")


def test_what_happened_but_could_not_be_written_is_a_warning(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with on.guard(on.open()).step("promote_database"):
        monkeypatch.setattr(LocalStore, "add_event", away)
    assert "lacks that promote_database is done" in on.warnings[0]


def test_without_a_run_and_in_check_mode_everything_passes(on: Stage) -> None:
    with guarded(None, on.context()).step("promote_database") as step:
        step.saw(anything=1)
    assert isinstance(
        guarded({"id": "x"}, on.context().__class__(**{**vars(on.context()), "check_mode": True})), Unguarded
    )


class Controllers(RuleBasedStateMachine):
    """Any number of attempts at one run; each may be paused, killed or overtaken anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.on = stage(Path(self.directory.name))
        self.guards: dict[int, Journalled] = {}
        self.in_step: dict[int, Any] = {}
        self.entered: list[tuple[int, Any]] = []
        self.highest = 0
        self.apart = {who: Context() for who in (0, 1)}  # each is a process of its own

    @rule(who=st.integers(0, 1))
    def opens(self, who: int) -> None:
        try:
            opened = self.on.open(asked(who), host=str(who))
        except Refused:
            return
        assert opened.lock.fence > self.highest
        self.highest = opened.lock.fence
        self.guards[who] = self.on.guard(opened)
        self.in_step.pop(who, None)

    @rule(who=st.integers(0, 1))
    def begins_a_step(self, who: int) -> None:
        if who in self.guards and who not in self.in_step:
            step = self.guards[who].step("promote_database")
            try:
                self.apart[who].run(step.__enter__)
            except Refused:
                del self.guards[who]
            else:
                self.in_step[who] = step
                self.entered.append((who, step))

    @rule()
    def everybody_sends(self) -> None:
        for who in self.in_step:
            guard = self.guards[who]
            try:
                send = guard.context.clients._before_send
                self.apart[who].run(send, "before-send.rds.FailoverGlobalCluster")
            except Refused:
                continue
            assert guard._token.fence == self.highest, "sent by a run that was taken over"

    @rule(seconds=st.sampled_from([0.5, SAFE, SAFE + 1, LEASE + 1, 600.0]))
    def time_passes(self, seconds: float) -> None:
        self.on.clock.sleep(seconds)

    def teardown(self) -> None:
        for who, step in reversed(self.entered):
            # One that the garbage collector ends leaves its gate in whatever test goes on by then.
            self.apart[who].run(step.gen.close)
        self.directory.cleanup()

    @invariant()
    def the_fence_only_grows(self) -> None:
        lock = self.on.store.read_lock("shop")
        assert (lock.fence if lock else 0) == self.highest


Controllers.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestControllers = Controllers.TestCase
