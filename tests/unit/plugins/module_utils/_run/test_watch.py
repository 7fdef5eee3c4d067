# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The watcher's loop on a clock of its own: what it says, when, and what it keeps meanwhile."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Heard, News
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Quorum, Reading, Ruling
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.watched_world import (
    EPOCH,
    HOME,
    STANDBY,
    WATCHED,
    World,
    errands,
    rulings,
)

DAY = 86_400.0


def test_a_quiet_workload_is_told_once() -> None:
    world = World()
    assert rulings(world.run(3600.0)) == ["healthy"]


def test_a_lost_region_is_told_after_the_policys_time_and_with_its_first_failure() -> None:
    world = World()
    world.run(100.0)
    world.lose_home(since := world.now + 1.0)
    told = [each for each in world.run(60.0) if each.news is News.VERDICT]
    assert rulings(told) == ["suspected", "region_lost"]
    lost = told[-1].verdict
    assert lost is not None
    first_look = lost.first_failure - EPOCH
    assert since <= first_look <= since + WATCHED.interval
    assert told[-1].at - lost.first_failure == pytest.approx(WATCHED.policy.sustained, abs=0.1)


@settings(max_examples=30, deadline=None)
@given(phase=st.floats(0.0, 5.0), takes=st.floats(0.01, 2.0))
def test_the_verdict_comes_within_sustained_and_an_interval_whatever_the_phase_and_though_looks_hang(
    phase: float, takes: float
) -> None:
    world = World(takes=takes)
    world.run(100.0)
    world.lose_home(fault := world.now + phase)
    told = [each for each in world.run(60.0) if each.verdict and each.verdict.ruling is Ruling.REGION_LOST]
    assert told[0].at - EPOCH - fault <= WATCHED.policy.sustained + WATCHED.interval + 0.1


def test_looks_begin_in_time_though_what_they_look_at_hangs() -> None:
    world = World(takes=4.9)
    world.lose_home(0.0)
    world.run(500.0)
    assert world.begun >= 100 * 6


def test_a_lost_region_is_told_again_until_somebody_has_failed_over() -> None:
    world = World()
    world.lose_home(0.0)
    world.run(40.0)
    assert rulings(world.run(200.0)) == ["region_lost"] * 3
    world.heard = lambda _now: Heard.FAILED_OVER
    assert rulings(world.run(600.0)) == []


def test_a_verdict_of_which_nothing_came_is_counted_and_one_that_was_answered_is_not() -> None:
    world = World(heard=lambda now: Heard.NOTHING if now < 1170.0 else Heard.DECISION)
    world.lose_home(0.0)
    told = [each for each in world.run(300.0) if each.verdict and each.verdict.ruling is Ruling.REGION_LOST]
    assert [each.unheard for each in told][:4] == [0, 1, 2, 0]


def test_where_the_state_table_does_not_answer_a_verdict_is_told_again_and_nobody_is_blamed() -> None:
    world = World(heard=lambda _now: Heard.UNKNOWN)
    world.lose_home(0.0)
    told = [each for each in world.run(300.0) if each.verdict and each.verdict.ruling is Ruling.REGION_LOST]
    assert len(told) > 2 and {each.unheard for each in told} == {0}


def test_errands_are_run_at_the_start_on_a_schedule_and_at_the_first_contact_with_a_lost_region() -> None:
    world = World()
    assert errands(world.run(10.0)) == ["started"]
    assert errands(world.run(650.0)) == ["schedule", "schedule"]
    back = world.now + 100.0
    world.lose_home(world.now, back)
    told = world.run(120.0)
    assert errands(told) == ["contact"]
    contact = next(each for each in told if each.why == "contact")
    assert back <= contact.at - EPOCH <= back + WATCHED.interval + 0.1


def test_contact_is_when_the_platform_answers_though_the_workload_does_not() -> None:
    world = World()
    world.run(10.0)
    back = world.now + 100.0
    world.lose_home(world.now)
    world.sees["platform", HOME] = lambda now: Reading.BAD if now < back else Reading.GOOD
    assert "contact" in errands(world.run(120.0))


def test_a_restart_in_an_outage_counts_its_own_looks_only() -> None:
    world = World()
    world.lose_home(0.0)
    world.run(100.0)
    world.watch, began = world.new_watch(), world.now
    told = [each for each in world.run(60.0) if each.verdict and each.verdict.ruling is Ruling.REGION_LOST]
    assert told[0].at - EPOCH - began >= WATCHED.policy.sustained


def test_a_machine_that_slept_takes_nothing_from_before_for_granted() -> None:
    world = World()
    world.lose_home(0.0)
    world.run(20.0)
    world.now += 3600.0
    assert Ruling.REGION_LOST.value not in rulings(world.run(25.0))
    assert Ruling.REGION_LOST.value in rulings(world.run(20.0))


def test_ones_own_isolation_is_no_loss() -> None:
    world = World(quorum=lambda now: Quorum.OK if now < 1100.0 else Quorum.REFUSED)
    for name in ("probe", "platform", "alarm"):
        for region in (HOME, STANDBY):
            world.sees[name, region] = lambda now: Reading.GOOD if now < 1100.0 else Reading.BAD
    told = rulings(world.run(600.0))
    assert "isolated" in told and "region_lost" not in told


def test_a_bad_release_is_no_loss() -> None:
    world = World()
    for name in ("probe", "alarm"):
        world.sees[name, HOME] = lambda _now: Reading.BAD
    told = rulings(world.run(600.0))
    assert "application" in told and "region_lost" not in told


def test_a_throttled_api_of_its_own_is_no_loss_and_does_not_stop_it() -> None:
    world = World(quorum=lambda _now: Quorum.UNKNOWN)
    world.sees["platform", HOME] = world.sees["platform", STANDBY] = lambda _now: Reading.UNKNOWN
    world.sees["alarm", HOME] = lambda _now: Reading.UNKNOWN
    before = world.begun
    assert "region_lost" not in rulings(world.run(600.0))
    assert world.begun - before >= 100 * 6


def test_what_it_keeps_does_not_grow_in_a_day_of_flapping() -> None:
    world = World(watched=replace(WATCHED, interval=20.0))
    world.sees["probe", HOME] = lambda now: Reading.BAD if int(now / 60) % 7 == 0 else Reading.GOOD

    def kept() -> int:
        return sum(map(sys.getsizeof, (vars(world.watch), world.watch._known, *world.watch._known.values())))

    world.run(3600.0)
    early = kept()
    told = world.run(DAY - 3600.0)
    assert kept() <= early
    assert "region_lost" not in rulings(told)
    assert len(world._coming) < 20


def test_the_standbys_trouble_is_told_in_the_evidence_only() -> None:
    world = World()
    world.sees["probe", STANDBY] = lambda _now: Reading.BAD
    told = world.run(600.0)
    assert rulings(told) == ["healthy"]
