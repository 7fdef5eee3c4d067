# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source as ansible-rulebook runs it, without Java: its file is run, and its main gets a queue."""

from __future__ import annotations

import asyncio
import json
import runpy
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import News, WatchEvent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Reading
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import watch_looks
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import watch_inventory
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.test_watch_config import VARIABLES
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.watched_world import (
    HOME,
    STANDBY,
    World,
)

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "region_witness.py"
SCHEMA = json.loads((ROOT / "docs" / "watching" / "event-1.schema.json").read_text(encoding="utf-8"))
Main = Callable[["asyncio.Queue[Any]", dict[str, Any]], Coroutine[Any, Any, None]]
EVENT = WatchEvent(News.ERRANDS, "shop", HOME, STANDBY, 1.0, why="started")


@pytest.fixture
def main() -> Main:
    """As ansible-rulebook takes it."""
    entry: Main = runpy.run_path(str(SOURCE))["main"]
    return entry


class Watcher:
    """In the place of a workload's watcher: says what it was given, then ends as it was told."""

    def __init__(self, tell: Callable[[WatchEvent], None], events: list[WatchEvent], error: Exception | None) -> None:
        self._tell, self._events, self._error = tell, events, error

    def run(self, over: Callable[[], bool]) -> None:
        for event in self._events:
            self._tell(event)
        if self._error:
            raise self._error
        while not over():
            pass


@pytest.fixture
def watchers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the inventory has, what the watchers say, and how they end."""
    world: dict[str, Any] = {"hosts": {"shop": VARIABLES}, "events": [EVENT], "error": None, "asked": []}

    async def variables(inventory: str, hosts: str) -> Any:
        world["asked"].append((inventory, hosts))
        return world["hosts"]

    def start(_watched: Any, _clients: Any, _clock: Any, tell: Callable[[WatchEvent], None]) -> Watcher:
        return Watcher(tell, world["events"], world["error"])

    monkeypatch.setattr(watch_inventory, "inventory_variables", variables)
    monkeypatch.setattr(watch_looks, "start", start)
    return world


def run_for(main: Main, args: dict[str, Any], take: int, room: int = 1) -> list[dict[str, Any]]:
    """Let it run until it has said so much, and cancel it, as ansible-rulebook does at its end."""

    async def run() -> list[dict[str, Any]]:
        queue: asyncio.Queue[Any] = asyncio.Queue(room)
        task = asyncio.create_task(main(queue, args))
        said: list[dict[str, Any]] = []
        while len(said) < take:
            getting = asyncio.create_task(queue.get())
            await asyncio.wait({task, getting}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            said.append(getting.result())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return said

    return asyncio.run(run())


def test_what_the_watchers_say_arrives_in_order_and_as_published(main: Main, watchers: dict[str, Any]) -> None:
    watchers["events"] = [replace(EVENT, at=float(n)) for n in range(5)]
    said = run_for(main, {"inventory": "inventories/lab"}, 5)
    assert [each["at"] for each in said] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert watchers["asked"] == [("inventories/lab", "all")]


def test_every_workload_of_the_inventory_has_a_watcher(main: Main, watchers: dict[str, Any]) -> None:
    watchers["hosts"] = {"shop": VARIABLES, "till": VARIABLES}
    assert len(run_for(main, {}, 2)) == 2


def test_a_watcher_that_ends_ends_the_source(main: Main, watchers: dict[str, Any]) -> None:
    """A watch that has stopped must not look like a quiet one: ansible-rulebook then ends with an error."""
    watchers["error"], watchers["events"] = RuntimeError("a bug"), []
    with pytest.raises(RuntimeError, match="a bug"):
        run_for(main, {}, 1)


def test_an_inventory_that_can_not_be_watched_ends_the_source(main: Main, watchers: dict[str, Any]) -> None:
    watchers["hosts"] = {"shop": {**VARIABLES, "aws_dr_watch": None}}
    with pytest.raises(ValueError, match="aws_dr_watch"):
        run_for(main, {}, 1)


def test_an_argument_that_nothing_reads_is_refused(main: Main, watchers: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="workload"):
        run_for(main, {"workload": "shop"}, 1)


def test_while_nobody_takes_them_events_do_not_pile_up() -> None:
    outlet_class = runpy.run_path(str(SOURCE))["Outlet"]

    async def run() -> list[Any]:
        outlet = outlet_class()
        for number in range(500):
            outlet.put({"at": number})
        await asyncio.sleep(0.01)
        return [await outlet.get() for _each in range(outlet._waiting.qsize())]

    kept = asyncio.run(run())
    assert [each["at"] for each in kept] == list(range(400, 500))


def every_event() -> list[dict[str, Any]]:
    """All that a watcher says in a lost Region, a bad release, and its own isolation."""
    lost, released = World(), World()
    lost.lose_home(1100.0, 1400.0)
    released.sees["probe", HOME] = lambda _now: Reading.BAD
    return [event.as_dict() for world in (lost, released) for event in world.run(900.0)]


def test_events_are_as_the_schema_says() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    events = every_event()
    for event in events:
        validator.validate(json.loads(json.dumps(event, allow_nan=False)))
    rulings = {event.get("ruling") for event in events}
    assert {"healthy", "suspected", "region_lost", "application", None} <= rulings
    assert {event.get("why") for event in events} == {"started", "contact", "schedule", None}


@pytest.mark.parametrize(
    "change", [{"ruling": "gone"}, {"news": "gossip"}, {"verdict": {}}, {"first_failure": -1.0}, {"schema": 2}]
)
def test_what_the_schema_does_not_say_is_found(change: dict[str, Any]) -> None:
    event = next(each for each in every_event() if each["news"] == "verdict")
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMA).validate({**event, **change})
