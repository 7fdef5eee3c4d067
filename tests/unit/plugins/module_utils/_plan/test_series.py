# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A series of samples that stays small."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.series import SLOTS, Series, counted


def series_of(*samples: Sample) -> Series:
    return reduce(counted, samples, Series())


def sample(at: float, good: bool = True, took: float = 0.05) -> Sample:
    return Sample(at, at + took, "" if good else "refused", ())


@given(st.lists(st.tuples(st.floats(0, 400), st.booleans(), st.floats(0, 9)), min_size=1, max_size=80))
def test_none_is_lost_however_coarse_it_gets(steps: list[tuple[float, bool, float]]) -> None:
    at, samples = 1000.0, []
    for wait, good, took in steps:
        at += wait
        samples.append(sample(at, good, took))
    found = series_of(*samples)
    assert sum(each.good for each in found.slots) == sum(each.good for each in samples)
    assert sum(each.failed for each in found.slots) == sum(not each.good for each in samples)
    assert abs(max(each.slowest for each in found.slots) - max(took for _wait, _good, took in steps)) < 1e-6
    assert [each.index for each in found.slots] == sorted({each.index for each in found.slots})
    assert found.slots[-1].index < SLOTS


def test_an_hour_takes_no_more_room_than_a_minute() -> None:
    found = series_of(*(sample(1000.0 + n / 5, good=n % 100 != 0) for n in range(5 * 3600)))
    assert len(found.slots) <= SLOTS
    assert len(repr(found.as_dict())) < 10_000


def test_each_sample_has_its_own_slot_while_there_is_room() -> None:
    found = series_of(sample(1000.0), sample(1000.2, good=False, took=2.0), sample(1002.4))
    assert (found.began, found.width) == (1000.0, 0.1)
    assert [each[1:] for each in found.as_dict()["slots"]] == [[1, 0, 0.05], [0, 1, 2.0], [1, 0, 0.05]]
