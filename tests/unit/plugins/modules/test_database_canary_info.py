# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a canary's log and rows: waited for while the canary lives, unknown where they can't be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import Ack, Rows, Segment
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import Unreachable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import canary_loss
from ansible_collections.multiregion.aws_dr.plugins.modules.database_canary_info import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock, context, refused

OLD, NEW = "eu-central-1", "eu-west-1"
T = SteppedClock().wall() - 30
OPTIONS: dict[str, Any] = {
    "workload": "shop",
    "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"},
    "target": NEW,
    "table": "state",
    "run_started": 0.0,
    "promoted_at": 0.0,
    "first_failure": 0.0,
    "resolvers": [],
}


def segment(index: int, region: str, first: int, last: int, logged_at: float = 0.0) -> Segment:
    acks = tuple(Ack(number, T + number, T + number + 0.01) for number in range(first, last + 1))
    return Segment("s", index, region, f"shop-{region}-1", acks, logged_at=logged_at or T + last)


class World:
    """The log as each look finds it, the rows, and what fails."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.log: Callable[[], tuple[Segment, ...]] = lambda: (segment(0, OLD, 1, 20), segment(1, NEW, 25, 29))
        self.rows: Callable[[], Rows] = lambda: Rows(frozenset(("s", number) for number in [*range(1, 18), 25]))
        self.reads = 0
        self.through: list[str] = []

    def read(self, _workload: str) -> tuple[Segment, ...]:
        self.reads += 1
        return self.log()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()

    class Log:
        def __init__(self, _clients: Any, region: str, *_rest: Any) -> None:
            made.through.append(region)
            self.read = made.read

    def rows(question: Any, _context: Any, _deadline: Any) -> Rows:
        made.through.append(question.asked.target)
        return made.rows()

    monkeypatch.setattr(canary_loss, "CanaryLog", Log)
    monkeypatch.setattr(canary_loss, "_rows", rows)
    return made


def ask(world: World, timeout: float = 15.0, **changed: Any) -> dict[str, Any]:
    result = execute({**OPTIONS, **changed}, context(world.clock, None, [], False, timeout))
    assert not result.changed
    found = result.values["lost"]
    assert isinstance(found, dict)
    return found


def raising(error: Exception) -> Callable[[], Any]:
    def do() -> Any:
        raise error

    return do


def test_a_loss_is_counted_through_the_target_alone(world: World) -> None:
    found = ask(world)
    assert (found["known_as"], found["rows"]) == ("measured", 3)
    assert set(world.through) == {NEW}
    assert world.reads == 1


def test_a_canary_that_lives_is_waited_for_until_it_is_seen_on_the_new_writer(world: World) -> None:
    went_on = world.log()
    world.log = lambda: went_on if world.reads > 4 else went_on[:1]
    assert ask(world)["known_as"] == "measured"
    assert (world.reads, world.clock.now) == (5, 4.0)


def test_one_that_never_comes_is_given_up_at_the_deadline(world: World) -> None:
    world.log = lambda: (segment(0, OLD, 1, 20, logged_at=world.clock.wall()),)
    found = ask(world)
    assert (found["known_as"], found["rows"]) == ("unknown", 3)
    assert world.clock.now <= 15


def test_one_that_died_long_ago_is_not_waited_for(world: World) -> None:
    world.log = lambda: (segment(0, OLD, 1, 20, logged_at=world.clock.wall() - 60),)
    assert ask(world)["known_as"] == "unknown"
    assert (world.reads, world.clock.now) == (1, 0.0)


@pytest.mark.parametrize(
    ("failing", "error", "said"),
    [
        ("log", DrError("dynamodb:Query", "no answer", "Wait."), "the canary's log can't be read: dynamodb:Query"),
        ("log", refused("AccessDenied"), "the canary's log can't be read"),
        ("rows", Unreachable("Asking", "no answer", "Wait."), "rows can't be read in eu-west-1: Asking"),
        ("rows", refused("AccessDenied"), "rows can't be read in eu-west-1"),
    ],
)
def test_what_cant_be_read_is_unknown_and_no_error(world: World, failing: str, error: Exception, said: str) -> None:
    setattr(world, failing, raising(error))
    found = ask(world)
    assert (found["known_as"], found["rows"], found["at_least"]) == ("unknown", None, None)
    assert said in found["basis"]


def test_who_wrote_last_is_known_though_the_rows_cant_be_read(world: World) -> None:
    world.rows = raising(Unreachable("Asking", "no answer", "Wait."))
    found = ask(world)
    assert (found["last_writer"]["region"], found["last_writer"]["number"]) == (NEW, 29)
    assert found["logged_at"] == T + 29


def test_without_a_log_no_database_is_asked(world: World) -> None:
    world.log, world.rows = tuple, raising(AssertionError("asked"))
    assert "no acknowledgement of a canary is logged" in ask(world)["basis"]


def test_a_look_that_fails_leaves_what_was_read_before(world: World) -> None:
    went_on = world.log()
    lost = raising(DrError("dynamodb:Query", "no answer", "Wait."))
    looks = iter([lambda: went_on[:1], lost, lambda: went_on])

    def look() -> Any:
        return next(looks)()

    world.log = look
    assert ask(world)["known_as"] == "measured"
