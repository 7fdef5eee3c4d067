# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Policy
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Quorum,
    QuorumSeen,
    Reading,
    Ruling,
    Sample,
    Subject,
    Verdict,
    Witness,
    WitnessKind,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.witness import (
    DETAIL,
    MOST,
    current,
    fold,
    folded,
    quorum_folded,
    rule,
)

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
GOOD, BAD, UNKNOWN = Reading.GOOD, Reading.BAD, Reading.UNKNOWN
PROBE = Witness("probe", WitnessKind.PROBE, STANDBY)
OTHER_PROBE = Witness("other probe", WitnessKind.PROBE, THIRD)
CANARY = Witness("canary", WitnessKind.CANARY, THIRD, Subject.PLATFORM)
ALARM = Witness("alarm", WitnessKind.ALARM, THIRD)
ALL = (PROBE, OTHER_PROBE, CANARY, ALARM)
WALL = 1_790_000_000.0


class Watcher:
    """Looks every five seconds, all at once, unless told otherwise."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.now = 1000.0
        self.policy = policy or Policy()
        self.known: dict[tuple[str, str], Any] = {}
        self.quorum: QuorumSeen | None = None

    def see(
        self,
        home: dict[Witness, Reading],
        standby: Reading = GOOD,
        quorum: Quorum = Quorum.OK,
        seconds: float = 5.0,
    ) -> Verdict:
        """For so long."""
        until = self.now + seconds
        while self.now < until:
            for witness, reading in home.items():
                self.take(witness, HOME, reading)
                self.take(witness, STANDBY, standby)
            self.quorum = quorum_folded(self.quorum, QuorumSeen(quorum, self.now))
            self.now += 5.0
        return self.ruled()

    def take(self, witness: Witness, region: str, reading: Reading) -> None:
        self.known = fold(self.known, Sample(witness, region, reading, self.now, WALL + self.now))

    def ruled(self) -> Verdict:
        return rule("shop", HOME, STANDBY, self.known.values(), self.quorum, self.policy, self.now, WALL + self.now)


def all_(reading: Reading, *others: Witness) -> dict[Witness, Reading]:
    return dict.fromkeys(others or ALL, reading)


def test_a_region_that_all_see_fail_for_long_enough_is_lost() -> None:
    watcher = Watcher()
    watcher.see(all_(GOOD), seconds=20)
    failed = watcher.now
    assert watcher.see(all_(BAD), seconds=25).ruling is Ruling.SUSPECTED
    verdict = watcher.see(all_(BAD))
    assert (verdict.ruling, verdict.first_failure) == (Ruling.REGION_LOST, WALL + failed)
    assert verdict.sustained == pytest.approx(30)
    assert verdict.ruled_at == WALL + watcher.now


def test_nothing_seen_is_unclear() -> None:
    assert Watcher().ruled().ruling is Ruling.UNCLEAR


def test_a_watcher_that_has_just_begun_knows_of_no_long_failure() -> None:
    assert Watcher().see(all_(BAD), seconds=20).ruling is Ruling.SUSPECTED


def test_one_good_look_begins_the_time_anew() -> None:
    watcher = Watcher()
    watcher.see(all_(BAD), seconds=25)
    watcher.see(all_(GOOD))
    assert watcher.see(all_(BAD), seconds=25).ruling is Ruling.SUSPECTED


def test_a_gap_in_the_watchers_own_life_begins_the_time_anew() -> None:
    watcher = Watcher()
    watcher.see(all_(BAD), seconds=25)
    watcher.now += 60
    assert watcher.ruled().ruling is Ruling.UNCLEAR
    assert watcher.see(all_(BAD), seconds=25).ruling is Ruling.SUSPECTED
    assert watcher.see(all_(BAD), seconds=5).ruling is Ruling.REGION_LOST


@pytest.mark.parametrize("failing", [(PROBE,), (PROBE, OTHER_PROBE), (CANARY,), (ALARM,)])
def test_a_lone_witness_and_one_kind_alone_are_a_suspicion(failing: tuple[Witness, ...]) -> None:
    watcher = Watcher()
    mute = [each for each in ALL if each not in failing]
    verdict = watcher.see({**all_(BAD, *failing), **all_(UNKNOWN, *mute)}, seconds=120)
    assert verdict.ruling is Ruling.SUSPECTED


def test_from_one_place_alone_a_lost_path_looks_like_a_lost_region() -> None:
    near = replace(CANARY, place=STANDBY)
    verdict = Watcher().see(all_(BAD, PROBE, near), seconds=120)
    assert verdict.ruling is Ruling.SUSPECTED and "1 of 2 places" in verdict.reasons[0]


def test_a_witness_within_the_region_doesn_t_count_against_it() -> None:
    inside = replace(CANARY, place=HOME)
    assert Watcher().see(all_(BAD, PROBE, OTHER_PROBE, inside), seconds=120).ruling is Ruling.SUSPECTED


def test_witnesses_that_contradict_each_other_tell_nothing() -> None:
    watcher = Watcher()
    verdict = watcher.see({**all_(BAD), OTHER_PROBE: GOOD}, seconds=120)
    assert verdict.ruling is Ruling.UNCLEAR and "other probe" in verdict.reasons[0]


def test_a_quiet_alarm_contradicts_nobody() -> None:
    assert Watcher().see({**all_(BAD), ALARM: GOOD}, seconds=40).ruling is Ruling.REGION_LOST


def test_who_hasn_t_looked_since_contradicts_nobody() -> None:
    watcher = Watcher()
    slow = replace(OTHER_PROBE, every=60.0)
    watcher.take(slow, HOME, GOOD)
    watcher.now += 5
    assert watcher.see(all_(BAD, PROBE, CANARY), seconds=35).ruling is Ruling.REGION_LOST


def test_a_bad_release_is_the_application() -> None:
    verdict = Watcher().see({**all_(BAD), CANARY: GOOD}, seconds=120)
    assert verdict.ruling is Ruling.APPLICATION


def test_a_bad_release_in_both_regions_is_the_application_too() -> None:
    watcher = Watcher()
    for _look in range(20):
        for witness in ALL:
            reading = GOOD if witness is CANARY else BAD
            watcher.take(witness, HOME, reading)
            watcher.take(witness, STANDBY, reading)
        watcher.quorum = quorum_folded(watcher.quorum, QuorumSeen(Quorum.OK, watcher.now))
        watcher.now += 5
    assert watcher.ruled().ruling is Ruling.APPLICATION


def test_without_a_word_on_the_platform_a_bad_release_and_a_lost_region_look_alike() -> None:
    verdict = Watcher().see({**all_(BAD), CANARY: UNKNOWN}, seconds=120)
    assert verdict.ruling is Ruling.SUSPECTED and "Region itself" in " ".join(verdict.reasons)


def test_where_the_state_table_takes_no_write_the_watcher_is_isolated() -> None:
    assert Watcher().see(all_(BAD), quorum=Quorum.REFUSED, seconds=60).ruling is Ruling.ISOLATED


def test_where_both_regions_look_bad_the_watcher_is_isolated() -> None:
    assert Watcher().see(all_(BAD), standby=BAD, seconds=60).ruling is Ruling.ISOLATED


def test_a_refused_write_alone_is_no_failure_of_the_region() -> None:
    assert Watcher().see(all_(GOOD), quorum=Quorum.REFUSED, seconds=60).ruling is Ruling.HEALTHY


def test_a_throttled_write_doesn_t_tell_whether_the_watcher_is_isolated() -> None:
    assert Watcher().see(all_(BAD), quorum=Quorum.UNKNOWN, seconds=60).ruling is Ruling.UNCLEAR


def test_without_a_word_on_the_standby_it_isn_t_told_from_isolation() -> None:
    assert Watcher().see(all_(BAD), standby=UNKNOWN, seconds=60).ruling is Ruling.UNCLEAR


def test_what_was_seen_while_cut_off_doesn_t_count_once_that_is_over() -> None:
    watcher = Watcher()
    watcher.see(all_(BAD), standby=BAD, quorum=Quorum.REFUSED, seconds=120)
    for witness in ALL:  # the first looks afterwards are those at the standby Region
        watcher.take(witness, STANDBY, GOOD)
    watcher.quorum = quorum_folded(watcher.quorum, QuorumSeen(Quorum.OK, watcher.now))
    assert watcher.ruled().ruling is Ruling.SUSPECTED


@pytest.mark.parametrize("broken", ["standby", "quorum"])
def test_a_moment_of_isolation_begins_the_time_anew(broken: str) -> None:
    watcher = Watcher()
    watcher.see(all_(BAD), seconds=25)
    if broken == "standby":
        watcher.see(all_(BAD), standby=BAD)
    else:
        watcher.see(all_(BAD), quorum=Quorum.REFUSED)
    assert watcher.see(all_(BAD), seconds=25).ruling is Ruling.SUSPECTED
    assert watcher.see(all_(BAD), seconds=5).ruling is Ruling.REGION_LOST


def test_a_step_of_the_wall_clock_changes_nothing_but_what_is_shown() -> None:
    watcher = Watcher()
    watcher.see(all_(BAD), seconds=15)
    skewed = [replace(each, failing_since_wall=each.failing_since_wall - 7200) for each in watcher.known.values()]
    watcher.known = {(each.witness.name, each.region): each for each in skewed}
    assert watcher.see(all_(BAD), seconds=10).ruling is Ruling.SUSPECTED
    assert watcher.see(all_(BAD), seconds=5).ruling is Ruling.REGION_LOST


def sample(reading: Reading, at: float) -> Sample:
    return Sample(PROBE, HOME, reading, at, WALL + at, "x" * 1000)


def test_a_look_that_says_nothing_leaves_the_last_one_to_stand_for_a_while() -> None:
    bad = folded(None, sample(BAD, 10))
    assert folded(bad, sample(UNKNOWN, 15)) == bad
    assert folded(bad, sample(UNKNOWN, 23)).reading is UNKNOWN
    assert folded(folded(bad, sample(UNKNOWN, 15)), sample(BAD, 20)).failing_since == 10


def test_a_look_from_before_the_last_one_is_passed_over() -> None:
    good = folded(None, sample(GOOD, 10))
    assert folded(good, sample(BAD, 9)) == good


def test_who_has_missed_two_looks_says_nothing_any_more() -> None:
    bad = folded(None, sample(BAD, 10))
    assert current(bad, 22).reading is BAD
    assert (current(bad, 23).reading, current(bad, 23).failing_since) == (UNKNOWN, None)


def test_one_bad_look_is_none() -> None:
    watcher = Watcher(Policy(sustained=0))
    watcher.see(all_(GOOD))
    assert watcher.see(all_(BAD)).ruling is Ruling.SUSPECTED
    assert watcher.see(all_(BAD)).ruling is Ruling.REGION_LOST


def test_what_is_kept_is_bounded_whatever_comes() -> None:
    known: dict[tuple[str, str], Any] = {}
    for number in range(2 * MOST):
        known = fold(known, replace(sample(BAD, number), witness=replace(PROBE, name=f"probe {number}")))
    assert len(known) == MOST and (f"probe {2 * MOST - 1}", HOME) in known
    assert all(len(each.detail) == DETAIL for each in known.values())


def test_a_verdict_is_the_same_after_being_published_but_for_the_monotonic_clock() -> None:
    watcher = Watcher()
    verdict = watcher.see(all_(BAD), seconds=40)
    again = Verdict.from_dict(verdict.as_dict())
    assert again.as_dict() == verdict.as_dict() and again.ruling is Ruling.REGION_LOST
    assert {each.failing_since for each in again.evidence} == {None}
