# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole failbacks through the real gates, in a world that changes meanwhile, killed anywhere and started again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import (
    FailbackSeen,
    Losses,
    Side,
    Step,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import GlobalCluster, Member
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback import gate
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.way_home import (
    ARNS,
    CONNECTED,
    HOME,
    PENDING,
    STANDBY,
    cluster,
    ran,
    side,
)

ORDER = (Step.LOSSES, Step.RESYNC, Step.LIFT_FENCE, Step.LIFTED, Step.SWITCH_OVER, Step.CLEAR_LATCH, Step.REVERSE)
LOST, STALE, RESYNC, REPLICA, WRITER = "lost", "stale", "resync", "replica", "writer"


@dataclass(frozen=True)
class World:
    """What is really so. A stale home is the old primary as it was: it would take writes, if nothing fenced it."""

    home: str
    standby: str = WRITER
    fenced: bool = True
    recorded: str = "fenced"
    latch: bool = True
    moving: bool = False
    lossy: bool = False

    @property
    def acknowledging(self) -> int:
        home = self.home in (STALE, WRITER) and not self.fenced
        return home + (self.standby == WRITER)


def observed(world: World) -> FailbackSeen:
    told = _told(world)
    asked = {LOST: None, STALE: True, RESYNC: None, REPLICA: False, WRITER: True}
    home = Side(HOME, why="no answer")
    if world.home == STALE:  # it knows of no other primary
        alone = GlobalCluster("shop", "available", (Member(ARNS[HOME], HOME, True),))
        home = side(HOME, alone, None if world.fenced else True)
    elif world.home != LOST:
        home = side(HOME, told, None if world.fenced else asked[world.home])
    standby = Side(STANDBY, why="no answer") if world.standby == LOST else side(STANDBY, told, asked[world.standby])
    return FailbackSeen(
        HOME,
        STANDBY,
        {HOME: home, STANDBY: standby},
        FenceRecord("shop", HOME, world.recorded, snapshot_state="kept"),
        Losses(history=(ran(1),) if world.lossy else ()),
    )


def _told(world: World) -> GlobalCluster:
    writer = HOME if world.home == WRITER else STANDBY
    behind = RESYNC in (world.home, world.standby)
    told = cluster(writer, PENDING if behind else CONNECTED, "switching-over" if world.moving else "")
    return replace(told, detached=world.home == STALE)


def happened(world: World, event: str) -> World:
    """What the world does by itself, as far as it may."""
    rules = {
        "home dies": replace(world, home=LOST, moving=False) if world.home != WRITER else world,
        "home is back": replace(world, home=RESYNC) if world.home == LOST else world,
        "home is back stale": replace(world, home=STALE) if world.home == LOST and world.fenced else world,
        "in step": replace(world, home=REPLICA) if world.home == RESYNC else world,
        "out of step": replace(world, home=RESYNC) if world.home == REPLICA and not world.moving else world,
        "moved": replace(world, home=WRITER, standby=REPLICA, moving=False) if world.moving else world,
        "not moved": replace(world, moving=False),
        "reconciled": replace(world, lossy=False),
    }
    return rules[event]


def effect(step: Step, world: World) -> World:
    """What a step's module does, once its gate is open. A switchover isn't asked for twice."""
    if step is Step.LIFT_FENCE:
        return replace(world, fenced=False, recorded="unfenced")
    if step is Step.SWITCH_OVER and world.home == REPLICA:
        return replace(world, moving=True)
    if step is Step.CLEAR_LATCH:
        return replace(world, latch=False)
    return world


def attempt(world: World, kill_at: int, events: list[str]) -> World:
    """One attempt: gate and effect of each step, the world's own event after each; killed right before an effect."""
    for number, step in enumerate(ORDER):
        if gate(step, observed(world)):
            return world
        if number == kill_at:
            return world
        after = effect(step, world)
        check(step, world, after)
        world = happened(after, events[number]) if number < len(events) else after
    return world


def check(step: Step, before: World, after: World) -> None:
    assert after.acknowledging <= max(1, before.acknowledging), f"{step} made a second writer"
    if before.latch and not after.latch:
        assert before.home == WRITER and not before.moving, "clients were sent home before home was the writer"
    if before.fenced and not after.fenced:
        assert before.home == REPLICA or (before.home == WRITER and before.standby != WRITER), (
            f"the fence was lifted from a database that was {before.home}"
        )
    if after.moving and not before.moving:
        assert before.home == REPLICA and not before.fenced and not before.lossy


EVENTS = st.sampled_from(
    [
        "home dies",
        "home is back",
        "home is back stale",
        "in step",
        "out of step",
        "moved",
        "not moved",
        "reconciled",
    ]
)
WORLDS = st.builds(
    World,
    home=st.sampled_from([LOST, STALE, RESYNC, REPLICA]),
    lossy=st.booleans(),
    recorded=st.sampled_from(["fenced", "owed", "partial"]),
)
ATTEMPTS = st.lists(
    st.tuples(st.integers(0, len(ORDER)), st.lists(EVENTS, max_size=len(ORDER)), st.lists(EVENTS, max_size=3)),
    max_size=6,
)


@given(WORLDS, ATTEMPTS)
def test_no_interruption_makes_two_writers_or_sends_clients_home_early(
    world: World, attempts: list[tuple[int, list[str], list[str]]]
) -> None:
    for kill_at, during, between in attempts:
        world = attempt(world, kill_at, during)
        for event in between:
            world = happened(world, event)
        assert world.latch or world.home == WRITER


@given(WORLDS, ATTEMPTS)
def test_once_all_is_well_it_ends_at_home_whatever_came_before(
    world: World, attempts: list[tuple[int, list[str], list[str]]]
) -> None:
    for kill_at, during, between in attempts:
        world = attempt(world, kill_at, during)
        for event in between:
            world = happened(world, event)
    if world.home == STALE:
        assert attempt(world, len(ORDER), []) == world
        return
    for event in ("home is back", "in step", "reconciled", "moved"):
        world = happened(world, event)
    world = replace(world, recorded="fenced" if world.fenced else "unfenced")  # its return has been dealt with
    world = happened(attempt(world, len(ORDER), []), "moved")
    world = attempt(world, len(ORDER), [])
    assert (world.home, world.standby, world.latch, world.fenced) == (WRITER, REPLICA, False, False)
