# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of what `make matrix NAME=false-failover` and `missed-failover` try, and a day of watching."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Quorum,
    QuorumSeen,
    Reading,
    Ruling,
    Sample,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.witness import fold, quorum_folded, rule
from ansible_collections.multiregion.aws_dr.tests.matrix import trials

EACH = 3
DAY = 86_400.0


@pytest.mark.parametrize("kind", trials.HARMLESS)
def test_nothing_harmless_is_failed_over(kind: str) -> None:
    for seed in range(EACH):
        seen = trials.watch(trials.Trial(kind, 5000 + seed))
        assert seen.failed_over_at is None, seed
        # In maintenance it is the Region that fails; and there it is the policy that holds.
        assert (Ruling.REGION_LOST in seen.rulings) == (kind == "maintenance"), seed


@pytest.mark.parametrize("seed", range(8))
def test_a_loss_is_failed_over_in_time(seed: int) -> None:
    assert trials.MissedFailover().try_case(trials.Simulated(), trials.Trial("loss", 5000 + seed)) == []


@pytest.mark.parametrize("kind", ["flapping", "bad release", "bad release in both"])
def test_a_careless_policy_fails_over_what_is_harmless(kind: str) -> None:
    broken = trials.Simulated("policy")
    fell = [trials.FalseFailover().try_case(broken, trials.Trial(kind, seed)) for seed in range(EACH)]
    assert any(fell)


def test_a_policy_that_wants_too_many_misses_every_loss() -> None:
    broken = trials.Simulated("policy")
    assert trials.MissedFailover().try_case(broken, trials.Trial("loss", 1)) == ["never failed over"]


def test_the_matrices_have_as_many_trials_as_was_promised() -> None:
    assert len(set(trials.harmless_trials())) == 200
    assert len(set(trials.losses())) == 50


def test_a_day_of_watching_takes_no_more_memory_than_an_hour() -> None:
    """Watched at a look a minute, with a failure of an hour in it."""
    witnesses = [replace(each, every=60.0) for each in trials.WITNESSES]
    known: dict[tuple[str, str], Any] = {}
    quorum: QuorumSeen | None = None
    sizes, rulings, at = [], set(), 0.0
    tracemalloc.start()
    try:
        while at < DAY:
            bad = 40_000 < at < 43_600
            for witness in witnesses:
                for region in (trials.HOME, trials.STANDBY):
                    reading = Reading.BAD if bad and region == trials.HOME else Reading.GOOD
                    known = fold(known, Sample(witness, region, reading, at, trials.SUNDAY + at, f"look at {at}"))
            quorum = quorum_folded(quorum, QuorumSeen(Quorum.OK, at, 60.0))
            seen = rule("shop", trials.HOME, trials.STANDBY, known.values(), quorum, trials.POLICY, at, at)
            rulings.add(seen.ruling)
            at += 60.0
            if at % 3600 == 0:
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert rulings == {Ruling.HEALTHY, Ruling.SUSPECTED, Ruling.REGION_LOST}
    assert len(known) == 2 * len(witnesses)
    assert max(sizes[1:]) - sizes[0] < 64_000
