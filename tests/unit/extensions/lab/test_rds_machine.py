# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state machine of a global database over time, against the reference's sections 1, 9 and 11."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lab.aws.rds_events import EventLog
from lab.aws.rds_machine import GlobalDatabase
from lab.aws.rds_records import Phase, Sync
from lab.aws.timing import SWITCHOVER_GIVE_UP, WRITE_BLOCK, Timing
from lab.settings import LATENCY

from .conftest import HOME, STANDBY, FakeClock, FakePlane, Spawner

A = f"arn:aws:rds:{HOME}:123456789012:cluster:shop-{HOME}"
B = f"arn:aws:rds:{STANDBY}:123456789012:cluster:shop-{STANDBY}"


@dataclass
class Scene:
    """A global database with A as its writer."""

    database: GlobalDatabase
    clock: FakeClock
    plane: FakePlane
    spawner: Spawner
    log: EventLog

    def after(self, seconds: float) -> None:
        self.clock.pass_time(seconds)
        for _unused in range(4):
            self.database.advance()

    def numbers(self, region: str = STANDBY) -> list[str]:
        return self.log.numbers(region)

    def phase(self) -> Phase | None:
        return self.database.operation.phase if self.database.operation else None

    def sync(self, arn: str) -> Sync:
        member = self.database.member(arn)
        assert member is not None
        return member.sync


@pytest.fixture
def scene() -> Scene:
    clock, plane, spawner, log = FakeClock(), FakePlane(), Spawner(), EventLog()
    database = GlobalDatabase(plane, clock, Timing.scaled(LATENCY, 1.0), log.record, spawner)
    database.join(A)
    database.join(B)
    return Scene(database, clock, plane, spawner, log)


FAILED_OVER = LATENCY["failover_start"] + LATENCY["failover_promote"]


def test_a_failover_is_pending_then_failing_over_then_idle(scene: Scene) -> None:
    scene.database.failover(B)
    phases = [scene.phase()]
    for seconds in (LATENCY["failover_start"], LATENCY["failover_promote"]):
        scene.after(seconds)
        phases.append(scene.phase())

    assert phases == [Phase.PENDING, Phase.FAILING_OVER, None]


def test_the_target_is_no_writer_a_moment_before_a_failover_ends(scene: Scene) -> None:
    scene.database.failover(B)
    scene.after(FAILED_OVER - 0.1)

    assert (scene.database.writer, ("promote", STANDBY) in scene.plane.done) == (A, False)


def test_a_failover_blocks_the_old_writer_before_it_promotes(scene: Scene) -> None:
    scene.database.failover(B)
    scene.after(LATENCY["failover_start"])
    scene.after(LATENCY["failover_promote"])

    assert scene.plane.done[:2] == [("block_writes", HOME), ("promote", STANDBY)]
    assert scene.numbers()[:2] == ["0390", "0238"]


def test_a_failover_from_a_lost_region_says_that_blocking_timed_out(scene: Scene) -> None:
    scene.plane.lost.add(HOME)
    scene.database.failover(B)
    scene.after(FAILED_OVER)

    assert (scene.numbers()[:1], scene.database.writer) == (["0391"], B)
    assert ("block_writes", HOME) not in scene.plane.done


def test_a_failover_across_a_cut_wan_leaves_the_old_writer_alive(scene: Scene) -> None:
    scene.plane.cut = True
    scene.database.failover(B)
    scene.after(FAILED_OVER)

    assert (scene.numbers()[:1], scene.plane.done) == (["0391"], [("promote", STANDBY)])


def test_a_block_that_hangs_is_given_up(scene: Scene) -> None:
    scene.spawner.held = True
    scene.database.failover(B)
    scene.after(LATENCY["failover_start"])
    before = scene.numbers()
    scene.after(WRITE_BLOCK)

    assert (before, scene.numbers()) == ([], ["0391"])


def test_a_promotion_that_takes_its_time_keeps_the_failover_going(scene: Scene) -> None:
    scene.plane.lost.add(HOME)
    scene.database.failover(B)
    scene.after(LATENCY["failover_start"])
    scene.spawner.held = True
    scene.after(LATENCY["failover_promote"] + 100)
    before = scene.phase()
    scene.spawner.release()
    scene.after(0)

    assert (before, scene.phase(), scene.database.writer) == (Phase.FAILING_OVER, None, B)


def test_a_promotion_that_fails_leaves_the_writer(scene: Scene) -> None:
    scene.plane.failing.add("promote")
    scene.database.failover(B)
    scene.after(LATENCY["failover_start"])
    scene.after(LATENCY["failover_promote"])

    assert (scene.numbers()[-1], scene.database.writer, scene.phase()) == ("0239", A, None)


def test_the_old_primary_waits_for_its_region(scene: Scene) -> None:
    scene.plane.lost.add(HOME)
    scene.database.failover(B)
    scene.after(FAILED_OVER)
    scene.after(10_000)

    assert (scene.sync(A), "0240" in scene.numbers()) == (Sync.PENDING_RESYNC, False)


def test_the_old_primary_rejoins_once_its_region_is_back(scene: Scene) -> None:
    scene.plane.lost.add(HOME)
    scene.database.failover(B)
    scene.after(FAILED_OVER)
    scene.plane.lost.clear()
    scene.after(1)
    halfway = (scene.sync(A), scene.numbers()[-1])
    scene.after(LATENCY["failover_resync"])

    assert ("follow", HOME, STANDBY) in scene.plane.done
    assert halfway == (Sync.PENDING_RESYNC, "0397" if "0397" in halfway[1] else "0240")
    assert (scene.sync(A), "0241" in scene.numbers()) == (Sync.CONNECTED, True)


def test_a_rebuild_that_fails_is_tried_again(scene: Scene) -> None:
    scene.plane.failing.add("follow")
    scene.database.failover(B)
    scene.after(FAILED_OVER)
    scene.after(1)
    scene.plane.failing.clear()
    scene.after(1)
    scene.after(LATENCY["failover_resync"])

    assert scene.sync(A) is Sync.CONNECTED
    assert scene.numbers().count("0240") == scene.numbers().count("0241") == 1


def test_the_global_endpoints_dns_follows_later(scene: Scene) -> None:
    scene.database.failover(B)
    scene.after(FAILED_OVER)
    before = "0397" in scene.numbers()
    scene.after(LATENCY["global_endpoint_dns"])

    assert (before, "0397" in scene.numbers()) == (False, True)


def switch_over(scene: Scene) -> None:
    scene.database.switchover(B)
    for step in ("switchover_start", "switchover_write_gap", "switchover_finish"):
        scene.after(LATENCY[step])


def test_a_switchover_loses_nothing_and_turns_the_replication(scene: Scene) -> None:
    switch_over(scene)

    assert scene.plane.done == [("block_writes", HOME), ("promote", STANDBY), ("follow", HOME, STANDBY)]
    assert (scene.database.writer, scene.sync(A), scene.phase()) == (B, Sync.CONNECTED, None)


def test_a_switchover_tells_its_story(scene: Scene) -> None:
    switch_over(scene)

    told = [number for number in scene.numbers() if number != "0397"]
    assert told == ["0181", "0183", "0182", "0184", "0185"]


def test_events_are_listed_in_both_regions(scene: Scene) -> None:
    switch_over(scene)

    assert scene.numbers(HOME) == scene.numbers(STANDBY)


def test_a_switchover_has_a_write_gap(scene: Scene) -> None:
    scene.database.switchover(B)
    scene.after(LATENCY["switchover_start"])
    scene.after(LATENCY["switchover_write_gap"] - 0.1)

    assert (scene.plane.done, scene.database.writer) == ([("block_writes", HOME)], A)


def test_a_switchover_without_its_source_fails_slowly(scene: Scene) -> None:
    scene.plane.cut = True
    scene.database.switchover(B)
    scene.after(LATENCY["switchover_start"])
    scene.after(SWITCHOVER_GIVE_UP - 1)
    before = scene.phase()
    scene.after(1)

    assert (before, scene.phase(), scene.numbers()[-1]) == (Phase.SWITCHING_OVER, None, "0187")
    assert (scene.database.writer, scene.plane.done) == (A, [])


def test_a_switchover_waits_for_a_link_that_comes_back(scene: Scene) -> None:
    scene.plane.cut = True
    scene.database.switchover(B)
    scene.after(LATENCY["switchover_start"])
    scene.plane.cut = False
    scene.after(1)
    scene.after(LATENCY["switchover_write_gap"])

    assert scene.database.writer == B


def test_a_switchover_whose_source_cannot_be_stopped_fails(scene: Scene) -> None:
    scene.plane.blockable = False
    switch_over(scene)
    scene.after(SWITCHOVER_GIVE_UP)

    assert (scene.database.writer, scene.numbers()[-1]) == (A, "0187")


def test_a_switchover_that_cannot_promote_gives_the_source_back(scene: Scene) -> None:
    scene.plane.failing.add("promote")
    switch_over(scene)

    assert scene.plane.done[-1] == ("promote", HOME)
    assert (scene.database.writer, scene.numbers()[-2:], scene.phase()) == (A, ["0186", "0187"], None)


def test_both_clusters_show_that_they_are_switching_over(scene: Scene) -> None:
    scene.database.switchover(B)
    pending = scene.database.cluster_status(B)
    scene.after(LATENCY["switchover_start"])

    assert (pending, scene.database.cluster_status(A), scene.database.cluster_status(B)) == (
        "available",
        "switching-over",
        "switching-over",
    )


def test_a_detached_secondary_becomes_a_writer_of_its_own(scene: Scene) -> None:
    scene.database.detach(B)
    scene.after(LATENCY["detach"] - 0.1)
    before = len(scene.database.members)
    scene.after(0.1)

    assert (before, [member.arn for member in scene.database.members]) == (2, [A])
    assert scene.plane.done == [("promote", STANDBY, "alone")]


def test_a_detach_leaves_the_old_primary_the_writer_of_the_global_database(scene: Scene) -> None:
    scene.plane.lost.add(HOME)
    scene.database.detach(B)
    scene.after(LATENCY["detach"])
    scene.plane.lost.discard(HOME)
    scene.after(LATENCY["failover_resync"])

    assert (scene.database.writer, scene.sync(A), scene.numbers()) == (A, Sync.CONNECTED, [])
    assert "follow" not in [act[0] for act in scene.plane.done]


def test_at_scale_0_all_is_over_at_once() -> None:
    clock, plane, log = FakeClock(), FakePlane(), EventLog()
    database = GlobalDatabase(plane, clock, Timing.scaled(LATENCY, 0.0), log.record, Spawner())
    database.join(A)
    database.join(B)
    database.failover(B)
    for _unused in range(3):
        database.advance()

    assert (database.writer, database.operation, [member.sync for member in database.members]) == (
        B,
        None,
        [Sync.CONNECTED, Sync.CONNECTED],
    )


@pytest.mark.parametrize("scale", [-0.1, 1.1])
def test_the_scale_is_from_0_to_1(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        Timing.scaled(LATENCY, scale)
