# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging a series of samples."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample, Sighting
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.stability import (
    TailBasis,
    Verdict,
    after,
    is_stable,
    next_start,
    ttl_tail,
)

OLD, NEW = ("192.0.2.1",), ("192.0.2.2",)


def sample(
    at: float, good: bool = True, addresses: tuple[str, ...] = NEW, ttl: int | None = 5, took: float = 0.1
) -> Sample:
    sighting = Sighting("system", addresses, ttl, at)
    return Sample(at, at + took, "" if good else f"refused at {at}", (sighting,))


def judge(*samples: Sample) -> Verdict:
    return reduce(after, samples, Verdict())


@st.composite
def series(draw: st.DrawFn) -> list[Sample]:
    """Samples that don't overlap, as a probe takes them, on a grid of 1/64 s so that sums are exact."""
    clock, found = 1024.0, []
    for _each in range(draw(st.integers(1, 30))):
        clock += draw(st.integers(0, 64)) / 64
        took = draw(st.integers(1, 64)) / 64
        addresses = draw(st.sampled_from([OLD, NEW]))
        found.append(sample(clock, draw(st.booleans()), addresses, draw(st.sampled_from([1, 5, 60])), took))
        clock += took
    return found


def good_tail(samples: list[Sample]) -> list[Sample]:
    """The samples after the last bad one, found the slow way."""
    bad = [index for index, each in enumerate(samples) if not each.good]
    return samples[bad[-1] + 1 :] if bad else samples


@given(series())
def test_stretch_is_what_follows_the_last_failure(samples: list[Sample]) -> None:
    verdict, stretch = judge(*samples), good_tail(samples)
    assert verdict.first_success == (stretch[0].ended if stretch else None)
    assert verdict.stable_seconds == (stretch[-1].ended - stretch[0].ended if stretch else 0.0)


@given(series())
def test_failures_are_counted_and_placed_when_their_request_was_sent(samples: list[Sample]) -> None:
    verdict, bad = judge(*samples), [each for each in samples if not each.good]
    assert (verdict.samples, verdict.failures) == (len(samples), len(bad))
    assert verdict.first_failure == (bad[0].started if bad else None)
    assert verdict.last_failure == (bad[-1].started if bad else None)
    assert verdict.last_error == (bad[-1].error if bad else "")


@given(series(), st.integers(0, 640))
def test_never_stable_while_a_failure_lies_within_the_time_asked_for(samples: list[Sample], ticks: int) -> None:
    wanted = ticks / 64
    if is_stable(judge(*samples), wanted):
        end = samples[-1].ended
        assert all(each.good for each in samples if each.ended >= end - wanted)


@given(series())
def test_tail_outlasts_every_old_answer_and_is_no_longer_than_needed(samples: list[Sample]) -> None:
    stretch = good_tail(samples)
    current = {each.sightings[0].addresses for each in stretch}
    kept = [
        each.sightings[0].at + (each.sightings[0].ttl or 0)
        for each in samples
        if each.sightings[0].addresses not in current
    ]
    tail = ttl_tail(judge(*samples))
    if kept:
        assert tail == (max(kept), TailBasis.SEEN)
    else:
        largest = max(each.sightings[0].ttl or 0 for each in samples)
        assert tail == (samples[0].started + largest, TailBasis.ASSUMED)


@given(series(), st.integers(1, 64), st.integers(0, 640))
def test_next_sample_is_later_than_the_last_and_no_later_than_the_interval(
    samples: list[Sample], ticks: int, stable_ticks: int
) -> None:
    verdict, last, stable_for = judge(*samples), samples[-1].started, stable_ticks / 64
    due = next_start(verdict, last, ticks / 64, stable_for)
    assert last < due <= last + ticks / 64


def test_sample_that_ends_the_stretch_is_sent_when_it_is_due() -> None:
    verdict = judge(sample(10.0), sample(10.9))
    assert next_start(verdict, 10.9, interval=0.5, stable_for=1.0) == pytest.approx(11.1)


def test_first_good_sample_is_enough_for_no_stretch() -> None:
    assert is_stable(judge(sample(10.0)), 0.0)


def test_no_sample_is_not_stable() -> None:
    assert not is_stable(Verdict(), 0.0)


def test_single_failure_starts_the_stretch_anew() -> None:
    verdict = judge(sample(10.0), sample(11.0), sample(12.0, good=False), sample(13.0))
    assert verdict.first_success == pytest.approx(13.1)
    assert not is_stable(verdict, 0.5)


def test_tail_counts_from_the_last_old_answer_with_its_own_ttl() -> None:
    verdict = judge(sample(10.0, False, OLD, ttl=60), sample(11.0, False, OLD, ttl=2), sample(12.0, True, NEW, ttl=5))
    assert ttl_tail(verdict) == (70.0, TailBasis.SEEN)


def test_address_that_is_still_given_is_not_old() -> None:
    verdict = judge(sample(10.0, False, NEW), sample(11.0, True, NEW))
    assert ttl_tail(verdict) == (15.0, TailBasis.ASSUMED)


def test_address_given_as_such_has_no_tail() -> None:
    assert ttl_tail(judge(sample(10.0, ttl=None))) is None


def test_answers_of_resolvers_are_kept_apart() -> None:
    sightings = (Sighting("a", OLD, 30, 10.0), Sighting("b", NEW, 5, 10.0))
    verdict = judge(Sample(10.0, 10.1, "through a: old", sightings), sample(11.0))
    assert [(each.resolver, each.addresses) for each in verdict.seen] == [("a", OLD), ("b", NEW), ("system", NEW)]
    assert verdict.ttl == 30
