# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices on their way: on record, sent, tried again, told by whoever comes next."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import DeliveryState, Notice
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    Event,
    EventState,
    Outcome,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import lease, outbox, stores
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import Opened
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import notify_main
from ansible_collections.multiregion.aws_dr.tests.scenarios.receivers import Hooks, hooks, mailbox
from ansible_collections.multiregion.aws_dr.tests.unit.extensions.lab.ports import free_port
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import Stage, stage

KEY = "a key of the webhook, which nobody may see"


class WallClock:
    """Real time for what waits, and a wall clock that a test moves."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return 1_000.0 + self.ahead

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.05))


class Telling:
    """A workload's outbox in a file, and the channels of a test."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on: Stage = stage(path)
        self.clock = WallClock()
        self.journal = str(path / "journal.json")
        self.channels: list[Any] = []
        self.dead = False
        monkeypatch.setattr(stores, "TableStore", self._table)

    @property
    def store(self) -> LocalStore:
        return self.on.store

    def _table(self, *_arguments: Any) -> LocalStore:
        return DeadStore("") if self.dead else self.on.store

    def options(self, **changed: Any) -> dict[str, Any]:
        names = notify_main.argument_spec()
        given: dict[str, Any] = {name: spec.get("default") for name, spec in names.items()}
        given |= {"workload": "shop", "lock": "shop", "table": "t", "regions": ["eu-west-1", "eu-central-1"]}
        return {**given, "channels": self.channels, **changed}

    def run(self, opened: Opened) -> dict[str, Any]:
        token = {"id": opened.run.id, "fence": opened.lock.fence, "lock": "shop"}
        return {**token, "table": "t", "region": "eu-west-1", "journal": None, "pid": 0, "pid_started": 0}

    def tell(self, check_mode: bool = False, seconds: float = 8.0, **changed: Any) -> dict[str, Any]:
        deadline = Deadline.after(self.clock, seconds)
        context = replace(self.on.context(), clock=self.clock, deadline=deadline, check_mode=check_mode)
        result = notify_main.execute(self.options(**changed), context)
        assert not result.changed
        return dict(result.values)

    def outbox(self) -> tuple[Notice, ...]:
        return self.store.read_notices("shop", 50)

    def states(self) -> list[list[str]]:
        return [[each.state.value for each in notice.deliveries] for notice in self.outbox()]

    def close(self, opened: Opened, outcome: Outcome = Outcome.SUCCEEDED) -> None:
        lease.close_run(opened.run, outcome, {"rto_seconds": 10.0, "writer": "eu-west-1"}, self.store, self.clock)
        lease.release("shop", opened.lock.fence, self.store)


class DeadStore(LocalStore):
    """A table that gives no answer."""

    def read_lock(self, key: str) -> Any:
        raise DrError("Asking the table", "no answer", "Ask again.")

    def read_notices(self, workload: str, limit: int) -> Any:
        raise DrError("Asking the table", "no answer", "Ask again.")


@pytest.fixture
def telling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Telling:
    return Telling(tmp_path, monkeypatch)


@pytest.fixture
def hook(telling: Telling) -> Iterator[Hooks]:
    with hooks(free_port(), KEY) as found:
        telling.channels = [{"name": "hook", "type": "webhook", "url": found.url, "key": KEY}]
        yield found


def told(hook: Hooks) -> list[list[str]]:
    return [[event["kind"] for event in each["events"]] for each in hook.taken]


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_run_that_ended_is_told_once_and_that_is_in_its_journal(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    telling.close(opened)
    for _again in range(2):
        values = telling.tell(run=telling.run(opened), stage="ended")
    assert told(hook) == [["done"]]
    assert (values["untold"], telling.states()) == (0, [["sent"]])
    (event,) = [each for each in telling.store.read_events("shop-1") if each.step == outbox.STEP]
    assert event.state is EventState.NOTE
    assert event.seen["deliveries"][0]["state"] == "sent"


def test_beside_a_run_it_returns_at_once_and_people_are_told_all_the_same(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    with socket.create_server(("127.0.0.1", free_port())) as silent:
        slow = {
            "host": "127.0.0.1",
            "port": silent.getsockname()[1],
            "sender": "a@example.com",
            "to": ["b@example.com"],
        }
        telling.channels.append({"name": "mail", "type": "mail", **slow})
        began = time.monotonic()
        values = telling.tell(run=telling.run(opened), stage="promoting", wait=False)
        assert time.monotonic() - began < 1
        assert values["sending"]
        eventually(lambda: bool(hook.taken))
    eventually(lambda: telling.states() == [["sent", "pending"]])
    assert told(hook) == [["start", "point_of_no_return"]]


def test_what_is_told_beside_a_run_takes_no_turn_away_from_it(
    telling: Telling, hook: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, turns = list[Callable[[], Any]](), list[int]()
    monkeypatch.setattr(notify_main, "detached", jobs.append)
    monkeypatch.setattr(notify_main.os, "nice", turns.append)
    telling.tell(run=telling.run(telling.on.open()), stage="promoting", wait=False)
    assert (turns, hook.taken) == ([], [])
    jobs[0]()
    assert turns == [notify_main.POLITE] and len(hook.taken) == 1


def test_a_channel_that_is_down_fails_nothing_and_is_tried_again_later(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    telling.close(opened)
    telling.channels.append({"name": "mail", "type": "mail", "host": "127.0.0.1", "port": free_port()})
    telling.channels[1] |= {"sender": "dr@example.com", "to": ["ops@example.com"]}
    values = telling.tell(run=telling.run(opened), stage="ended")
    assert values["untold"] == 1
    assert any(line.startswith("NOT TOLD mail: done") for line in values["lines"])
    assert telling.states() == [["sent", "pending"]]
    telling.tell()  # too soon
    assert telling.outbox()[0].deliveries[1].attempts == 1
    with mailbox(telling.channels[1]["port"]) as box:
        telling.clock.ahead = plan.AGAIN_AFTER[0] + 1
        assert telling.tell()["untold"] == 0
        assert len(box.mails) == 1
    assert telling.states() == [["sent", "sent"]]
    assert len(hook.taken) == 1


def test_one_that_hangs_holds_up_no_other_and_ends_with_the_deadline(telling: Telling, hook: Hooks) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as silent:
        slow = {
            "host": "127.0.0.1",
            "port": silent.getsockname()[1],
            "sender": "a@example.com",
            "to": ["b@example.com"],
        }
        telling.channels.append({"name": "mail", "type": "mail", **slow})
        opened = telling.on.open()
        telling.close(opened)
        began = time.monotonic()
        values = telling.tell(run=telling.run(opened), stage="ended", seconds=3.0)
    assert time.monotonic() - began < 4
    assert len(hook.taken) == 1
    assert telling.states() == [["sent", "pending"]]
    assert "no answer within" in values["lines"][1]


def test_what_a_killed_run_claimed_is_sent_by_the_next_once_the_claim_has_run_out(
    telling: Telling, hook: Hooks
) -> None:
    opened = telling.on.open()
    telling.close(opened)
    fresh = outbox.of_record(telling.store, "shop-1", notify_main.Stage.ENDED, "", telling.clock.wall())
    assert fresh is not None
    known = notify_main.channels(telling.channels)
    outbox.take(telling.store, [fresh], [], known, 3600, telling.clock.wall())  # and there it was killed
    telling.tell()
    assert hook.taken == []
    telling.clock.ahead = plan.CLAIM
    telling.tell()
    if not hook.taken:  # on a busy machine one try may not come through: the next one's turn is what it was promised
        telling.clock.ahead += plan.AGAIN_AFTER[0] + plan.CLAIM
        telling.tell()
    assert told(hook) == [["done"]]


def test_a_run_that_was_killed_before_it_told_anything_is_told_by_the_next(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    telling.close(opened)
    values = telling.tell()
    assert told(hook) == [["done"]]
    assert values["lines"] == ["told hook: done"]
    telling.tell()
    assert len(hook.taken) == 1


def test_an_open_run_that_somebody_may_be_at_is_not_called_dead(telling: Telling, hook: Hooks) -> None:
    telling.on.open()
    telling.tell()
    assert hook.taken == []


def test_of_an_open_run_the_promotion_is_told_where_the_run_was_killed_beside_it(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    telling.store.add_event(Event("shop-1", opened.lock.fence, 1.0, "promote_database", EventState.STARTED))
    telling.tell()
    assert told(hook) == [["start", "point_of_no_return"]]


def test_a_failed_run_that_is_left_for_its_next_attempt_is_told_with_its_last_words(
    telling: Telling, hook: Hooks
) -> None:
    opened = telling.on.open()
    telling.store.add_event(Event("shop-1", opened.lock.fence, 1.0, "promote_database", EventState.STARTED))
    said = {"failed_task": "Wait for the writer", "error": "no answer", "way_back": ["finish it: ..."]}
    lease.suspend("shop-1", "shop", opened.lock.fence, said, telling.store, telling.clock)
    telling.tell(run=telling.run(opened), stage="failed")
    assert told(hook) == [["failed"]]
    assert hook.taken[0]["happened"] == ["It stopped at: Wait for the writer.", "no answer"]


def test_without_its_record_people_are_told_all_the_same(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    telling.dead = True
    values = telling.tell(run=telling.run(opened), stage="failed", happened=["no answer of the table"])
    assert told(hook) == [["failed"]]
    assert "no answer of the table" in hook.taken[0]["happened"]
    assert any("the outbox can't be read" in line for line in values["lines"])


def test_a_refusal_is_told_once_an_hour(telling: Telling, hook: Hooks) -> None:
    finding = {"code": "no_standby", "observed": "It isn't in sync.", "remedy": "Wait."}
    given: dict[str, Any] = {"event": "refusal", "target": "eu-west-1", "findings": [finding]}
    lines = []
    for minute in range(5):
        telling.clock.ahead = 60.0 * minute
        lines += telling.tell(**given)["lines"]
    assert told(hook) == [["refusal"]]
    telling.tell(**given, kind="drill")  # another cause
    assert told(hook) == [["refusal"]] * 2
    assert "a drill to eu-west-1 was refused" in hook.taken[1]["title"]
    assert "the same was told 60 s ago" in lines[1]


def test_a_test_reaches_everybody_and_is_not_kept(telling: Telling, hook: Hooks) -> None:
    telling.channels[0]["events"] = ["drill_result"]
    telling.channels.append({"name": "broken", "type": "pigeon"})
    values = telling.tell(event="test")
    assert told(hook) == [["test"]]
    assert (values["untold"], telling.outbox()) == (1, ())
    assert "'pigeon' is not a valid ChannelType" in values["lines"][1]


def test_check_mode_tells_nobody_and_neither_does_a_run_that_was_not_opened(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    telling.close(opened)
    telling.tell(check_mode=True, run=telling.run(opened), stage="ended")
    telling.tell(run={**telling.run(opened), "fence": 0}, stage="ended")
    assert (hook.taken, telling.outbox()) == ([], ())


def test_two_at_once_send_one_message(telling: Telling, hook: Hooks) -> None:
    opened = telling.on.open()
    telling.close(opened)
    for _sender in range(3):
        telling.tell(run=telling.run(opened), stage="ended", wait=False)
    eventually(lambda: telling.states() == [["sent"]])
    time.sleep(1)
    assert len(hook.taken) == 1


def test_no_secret_is_in_what_is_kept_or_said(telling: Telling, hook: Hooks) -> None:
    hook.key = "quite another key"
    opened = telling.on.open()
    telling.close(opened)
    values = telling.tell(run=telling.run(opened), stage="ended")
    kept = Path(telling.journal).read_text(encoding="utf-8")
    assert telling.outbox()[0].deliveries[0].state is DeliveryState.PENDING
    for secret in (KEY, hook.url):
        assert secret not in kept
        assert secret not in str(values)
