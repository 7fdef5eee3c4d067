# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease while tasks run that aren't ours: kept as long as they go on, and not a moment for anybody else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lease import LEASE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import keeper
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import Opened, unlock
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import Stage, asked, stage

LONG = 1000.0


@pytest.fixture
def on(tmp_path: Path) -> Stage:
    return stage(tmp_path)


def token(opened: Opened, pid: int = 0) -> RunToken:
    """That of a run whose controller is this process, or one that is gone."""
    ours = holder(os.getpid())
    pid, started = (pid, 1) if pid else (ours.pid, ours.pid_started)
    return RunToken(opened.run.id, opened.lock.fence, opened.lock.key, pid=pid, pid_started=started)


def version(on: Stage) -> int:
    lock = on.store.read_lock("shop")
    assert lock is not None
    return lock.version


def keep_with(on: Stage, held: RunToken, longest: float = LONG, **at: Callable[[], object]) -> float:
    """Keep the lease, with something else happening meanwhile at some seconds (``at_20``); how long it was kept."""
    due = {float(name[3:]): do for name, do in at.items()}
    clock, began = on.clock, on.clock.now
    sleep = clock.sleep

    def pass_time(seconds: float) -> None:
        sleep(seconds)
        for when in [when for when in due if clock.now - began >= when]:
            due.pop(when)()

    clock.sleep = pass_time  # type: ignore[method-assign]
    keeper.keep(held, "extra_step warm", longest, on.store, clock)
    return clock.now - began


def test_a_second_controller_finds_a_holder_that_lives_for_as_long_as_the_step_takes(on: Stage) -> None:
    opened = on.open()
    guard = on.guard(opened)
    guard.begin("extra_step warm")
    refused: list[str] = []

    def try_to_take() -> None:
        before = version(on)
        keeper.keep(token(opened), "extra_step warm", LEASE, on.store, on.clock)
        refused.extend(["held"] if version(on) > before else [])

    kept = keep_with(on, token(opened), at_100=try_to_take, at_300=lambda: guard.end("extra_step warm"))
    assert refused == ["held"]
    assert 300 <= kept < 300 + LEASE


def test_it_ends_with_the_step_whether_that_went_well_or_not(on: Stage) -> None:
    for error in ("", "the task curl failed"):
        opened = on.open()
        guard = on.guard(opened)
        guard.begin("extra_step warm")
        guard.end("extra_step warm", error)
        before = version(on)
        assert keep_with(on, token(opened)) == 0
        assert version(on) == before


def test_nobody_is_kept_alive_whose_controller_is_gone(on: Stage) -> None:
    opened = on.open()
    on.guard(opened).begin("extra_step warm")
    before = version(on)
    assert keep_with(on, token(opened, pid=2**22 - 1)) == 0
    assert version(on) == before


def test_a_controller_that_was_stopped_is_taken_over_from(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = on.open()
    on.guard(opened).begin("extra_step warm")
    monkeypatch.setattr(keeper, "is_stopped", lambda _pid: True)
    before = version(on)
    assert keep_with(on, token(opened), longest=60.0) >= 60.0, "it may go on"
    assert version(on) == before


def test_a_lease_that_was_lost_is_not_taken_back(on: Stage) -> None:
    opened = on.open()
    on.guard(opened).begin("extra_step warm")
    kept = keep_with(on, token(opened), at_20=lambda: unlock("shop", {}, on.store, on.clock))
    assert kept < LEASE
    with pytest.raises(Refused):
        on.guard(opened).end("extra_step warm")


def test_it_is_kept_no_longer_than_was_said(on: Stage) -> None:
    opened = on.open()
    on.guard(opened).begin("extra_step warm")
    assert keep_with(on, token(opened), longest=60.0) == pytest.approx(60.0, abs=0.1)


def test_a_table_that_is_away_for_a_while_ends_nothing(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = on.open()
    on.guard(opened).begin("extra_step warm")
    renew, away = on.store.renew, [True, True]

    def answer(key: str, fence: int) -> bool:
        if away and away.pop():
            raise DrError("Asking the table", "no answer", "Ask again.")
        return renew(key, fence)

    monkeypatch.setattr(on.store, "renew", answer)
    before = version(on)
    assert keep_with(on, token(opened), longest=60.0) >= 60.0
    assert version(on) > before


def test_a_step_that_was_taken_over_meanwhile_is_not_said_to_be_done(on: Stage) -> None:
    opened = on.open()
    guard = on.guard(opened)
    guard.begin("extra_step warm")
    unlock("shop", {}, on.store, on.clock)
    on.open(asked())
    with pytest.raises(Refused) as caught:
        guard.end("extra_step warm")
    assert [each.code for each in caught.value.findings] == ["fenced"]
    assert [event.state.value for event in on.store.read_events(opened.run.id) if "warm" in event.step] == ["started"]
    guard.end("extra_step warm", "what it was doing failed")  # of that there may be a word


def test_one_whose_end_can_not_renew_is_done_all_the_same(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = on.open()
    guard = on.guard(opened)
    guard.begin("extra_step warm")

    def away(_key: str, _fence: int) -> bool:
        raise DrError("Asking the table", "no answer", "Ask again.")

    monkeypatch.setattr(on.store, "renew", away)
    guard.end("extra_step warm")
    assert on.store.read_events(opened.run.id)[-1].state.value == "done"
