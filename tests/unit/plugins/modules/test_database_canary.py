# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop that writes rows, on two databases and a log that are the test's own."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import Asked, Rows, Segment
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.database_canary import compare
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.canary_sql import no_table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter, Unreachable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import database_canary as loop
from ansible_collections.multiregion.aws_dr.plugins.modules import database_canary as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock, context

HOME, STANDBY = "eu-central-1", "eu-west-1"
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"}


class World:
    """Two databases, AWS's API, and the state table behind both Regions' endpoints."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.writer = HOME
        self.down: set[str] = set()
        self.api_down = False
        self.asked_aws = 0
        self.table = True
        self.rows: set[tuple[str, int]] = set()
        self.items: dict[str, Segment] = {}
        self.log_down: set[str] = set()
        self.log_through: list[str] = []
        self.pruned = 0
        self.warnings: list[str] = []
        self.at: dict[float, Callable[[], None]] = {}
        self.clock.tick = self.tick

    def tick(self) -> None:
        for when in [when for when in self.at if when <= self.clock.now]:
            self.at.pop(when)()
        for thread in threading.enumerate():  # what runs beside the loop takes no time here
            if thread.name.startswith("aws-dr canary"):
                thread.join(5)

    def prepare(self, _clients: Any, database: Database, region: str, *_rest: Any) -> DatabaseTarget:
        self.asked_aws += 1
        if self.api_down or region in self.down:
            raise DrError(f"Asking RDS in {region}", "Throttling", "Wait.")
        login = Credentials("app", "secret")
        return DatabaseTarget(region, database, f"shop-{region}", region, 5432, (f"shop-{region}-1",), login)

    def open_writer(self, target: DatabaseTarget, *_rest: Any) -> Connection:
        self.reach(target.region)
        if target.region != self.writer:
            raise NotWriter("Asking", "it is in recovery", "Wait.")
        return Connection(self, target)

    def reach(self, region: str) -> None:
        if region in self.down:
            raise Unreachable(f"Asking the database in {region}", "no answer", "Wait.")


class Connection:
    """To the writer, as long as that is one."""

    def __init__(self, world: World, target: DatabaseTarget) -> None:
        self.world, self.target, self.server_id = world, target, target.instances[0]

    def exists(self) -> bool:
        return self.world.table

    def create(self) -> None:
        self.world.table = True

    def write(self, _workload: str, session: str, number: int, _sent_at: float) -> None:
        self.world.reach(self.target.region)
        if not self.world.table:
            raise no_table(self.target)
        self.world.rows.add((session, number))

    def prune(self, _workload: str, _keep: int) -> None:
        self.world.pruned += 1

    def close(self) -> None:
        """Nothing is held."""


class Log:
    """The state table behind one Region's endpoint."""

    def __init__(self, world: World, region: str) -> None:
        self.world, self.region = world, region

    def write(self, _workload: str, key: str, segment: Segment) -> None:
        if self.region in self.world.log_down:
            raise DrError(f"dynamodb:PutItem in {self.region}", "no answer", "Wait.")
        self.world.log_through.append(self.region)
        self.world.items[key] = segment

    def keys(self, _workload: str) -> list[str]:
        return sorted(self.world.items)

    def remove(self, _workload: str, key: str) -> None:
        self.world.items.pop(key, None)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(loop, "prepare", made.prepare)
    monkeypatch.setattr(loop, "open_writer", made.open_writer)
    monkeypatch.setattr(module, "CanaryLog", lambda _clients, region, _table, _clock: Log(made, region))
    return made


def execute(world: World, check_mode: bool = False, timeout: float = 30.0, **changed: Any) -> Result:
    options = {
        "state": "written",
        "workload": "shop",
        "database": DATABASE,
        "regions": [STANDBY, HOME],
        "table": "state",
        "interval": 1.0,
        "flush": 5.0,
        "keep": 7200,
        "seconds": 20.0,
        "resolvers": [],
        **changed,
    }
    return module.execute(options, context(world.clock, None, world.warnings, check_mode, timeout))


def canary(result: Result) -> dict[str, Any]:
    found = result.values["canary"]
    assert isinstance(found, dict)
    return found


def logged(world: World) -> list[int]:
    return [ack.number for segment in world.items.values() for ack in segment.acks]


def test_a_row_an_interval_is_written_and_logged(world: World) -> None:
    found = canary(execute(world))
    assert (found["attempted"], found["acknowledged"], found["logged_number"]) == (20, 20, 20)
    assert logged(world) == list(range(1, 21))
    assert {number for _session, number in world.rows} == set(range(1, 21))
    assert (found["gaps"], found["log_error"], found["stopped_by"]) == ([], "", "time")


def test_it_reports_no_change(world: World) -> None:
    assert not execute(world).changed


def test_check_mode_writes_nothing(world: World) -> None:
    result = execute(world, check_mode=True)
    assert (result.changed, result.values["canary"]) == (False, None)
    assert (world.rows, world.items) == (set(), {})


def test_the_table_is_made_on_request_only_and_once(world: World) -> None:
    world.table = False
    assert execute(world, check_mode=True, state="present").changed
    assert not world.table
    first, second = execute(world, state="present"), execute(world, state="present")
    assert (first.changed, second.changed, world.table) == (True, False, True)
    assert (first.before, first.after) == ({"table": "absent"}, {"table": "present"})
    assert second.before == second.after == {}


def test_without_its_table_it_ends_at_once_and_says_how_to_make_it(world: World) -> None:
    world.table = False
    with pytest.raises(DrError, match="state=present"):
        execute(world)
    assert not world.table
    assert world.clock.now < 2


def test_a_failover_is_followed_without_aws_and_its_loss_is_in_the_log(world: World) -> None:
    def lost() -> None:
        world.down.add(HOME)
        world.api_down = True
        world.rows = {row for row in world.rows if row[1] <= 7}

    def promoted() -> None:
        world.writer = STANDBY

    world.at = {10.0: lost, 15.0: promoted}
    found = canary(execute(world, seconds=40.0))
    assert found["last_acknowledged"]["region"] == STANDBY
    assert found["gap_count"] == 1
    assert 5 <= found["gaps"][0]["seconds"] <= 7
    result = compare(list(world.items.values()), Rows(frozenset(world.rows)), Asked(STANDBY))
    assert (result.known_as, result.rows) == ("measured", 3)


def test_a_throttled_api_is_asked_seldom_and_stops_nothing(world: World) -> None:
    def trouble() -> None:
        world.down.add(HOME)
        world.api_down = True

    world.at = {10.0: trouble, 100.0: world.down.clear}
    found = canary(execute(world, seconds=120.0))
    assert found["acknowledged"] >= 25
    assert world.asked_aws <= 2 * (1 + 90 / 30 + 1)


def test_numbers_that_were_not_acknowledged_are_never_sent_again(world: World) -> None:
    world.at = {5.0: lambda: world.down.add(HOME), 9.0: world.down.clear}
    found = canary(execute(world))
    assert found["unacknowledged"] == found["attempted"] - found["acknowledged"] > 0
    assert len(logged(world)) == len(set(logged(world))) == found["acknowledged"]


def test_a_log_that_cant_be_written_is_written_later(world: World) -> None:
    world.log_down = {HOME, STANDBY}
    world.at = {150.0: world.log_down.clear}
    found = canary(execute(world, seconds=170.0))
    assert logged(world) == list(range(1, 171))
    assert found["log_error"] == ""


def test_a_log_that_is_never_written_is_a_warning_and_the_rows_go_on(world: World) -> None:
    world.log_down = {HOME, STANDBY}
    found = canary(execute(world))
    assert (found["acknowledged"], found["logged_number"], found["logged_at"]) == (20, 0, None)
    assert "no answer" in found["log_error"]
    assert any("aren't logged" in warning for warning in world.warnings)


def test_the_log_goes_through_the_other_region_when_the_first_does_not_answer(world: World) -> None:
    world.at = {8.0: lambda: world.log_down.add(STANDBY)}
    execute(world)
    assert world.log_through[0] == STANDBY
    assert world.log_through[-1] == HOME
    assert logged(world) == list(range(1, 21))


def test_an_endless_outage_of_the_log_takes_no_more_memory_than_the_rows_that_are_kept(world: World) -> None:
    world.log_down = {HOME, STANDBY}
    world.at = {2500.0: world.log_down.clear}
    execute(world, seconds=2520.0, keep=600)
    assert len(world.items) <= 21
    assert logged(world)[-1] == 2520
    indexes = sorted(segment.index for segment in world.items.values())
    assert indexes == list(range(indexes[0], indexes[-1] + 1)), "what was dropped is the oldest"


def test_old_rows_and_their_log_are_removed(world: World) -> None:
    execute(world, seconds=1500.0, keep=600)
    assert world.pruned == 25
    assert len(world.items) == 600 // 60 + 10


def test_a_session_begins_afresh_beside_what_an_earlier_one_logged(world: World) -> None:
    sessions = {canary(execute(world))["session"] for _turn in range(2)}
    assert len(sessions) == 2
    assert {segment.session for segment in world.items.values()} == sessions


def test_where_nothing_is_acknowledged_it_fails_with_the_reason(world: World) -> None:
    world.down = {HOME, STANDBY}
    with pytest.raises(DrError, match="Throttling"):
        execute(world, seconds=0.0)
    assert world.clock.now >= 30


def test_a_signal_ends_it_and_all_is_logged(world: World) -> None:
    world.at = {12.5: lambda: os.kill(os.getpid(), signal.SIGTERM)}
    found = canary(execute(world, seconds=0.0))
    assert found["stopped_by"] == "signal"
    assert logged(world)[-1] == found["acknowledged"] == 13


def test_it_ends_with_its_controller(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alive = [True]
    monkeypatch.setattr(loop, "holder", lambda _pid: SimpleNamespace(pid=4711, pid_started=1))
    monkeypatch.setattr(loop, "is_alive", lambda _pid, _started: bool(alive))
    world.at = {5.0: alive.clear}
    assert canary(execute(world, seconds=0.0))["stopped_by"] == "its controller has ended"


@pytest.mark.parametrize("changed", [{"interval": 0.0}, {"flush": 0.1}, {"keep": 1}, {"regions": [HOME, HOME]}])
def test_senseless_figures_are_refused(world: World, changed: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="bad_canary"):
        execute(world, **changed)
