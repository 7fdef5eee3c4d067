# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Witness
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_stability import (
    Watch,
    after,
    is_stable,
    obstacle,
    wrong_with,
)

GOOD = (Witness("api", True), Witness("control plane", True))
BAD = (Witness("api", False, "refused"), Witness("control plane", True), Witness("state table", True))


def watched(*samples: tuple[Witness, ...]) -> Watch:
    watch = Watch()
    for at, sample in enumerate(samples):
        watch = after(watch, sample, float(at))
    return watch


@pytest.mark.parametrize(
    ("witnesses", "said"),
    [
        (GOOD, ""),
        (BAD, "api: refused"),
        ((Witness("api", True),), "only 1 of 1"),
        ((Witness("api", None, "fenced"), Witness("control plane", True)), "api (fenced)"),
        ((*GOOD, Witness("object store", None)), ""),
        ((), "only 0 of 0"),
    ],
)
def test_two_witnesses_must_say_good_and_none_bad(witnesses: tuple[Witness, ...], said: str) -> None:
    found = wrong_with(witnesses)
    assert said in found if said else found == ""


def test_it_is_stable_once_every_sample_was_good_for_that_long() -> None:
    assert not is_stable(watched(GOOD), 1.0)
    assert is_stable(watched(GOOD, GOOD), 1.0)
    assert not is_stable(watched(GOOD, GOOD, BAD, GOOD), 1.0)


def test_one_fall_starts_the_count_again_and_the_second_one_is_flapping() -> None:
    once = obstacle(watched(GOOD, BAD), "a", 1.0)
    assert once is not None and (once.finding.code, once.passes) == ("home_not_stable", True)
    twice = obstacle(watched(GOOD, BAD, GOOD, BAD), "a", 1.0)
    assert twice is not None and (twice.finding.code, twice.passes) == ("home_flaps", False)
    assert "api: refused" in twice.finding.observed


def test_a_region_that_is_bad_from_the_start_has_not_fallen() -> None:
    assert watched(BAD, BAD, GOOD, GOOD).falls == 0
    assert obstacle(watched(BAD, BAD, GOOD, GOOD), "a", 1.0) is None


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 10))
def test_stable_means_that_the_last_samples_were_all_good(samples: list[bool], seconds: int) -> None:
    watch = watched(*(GOOD if good else BAD for good in samples))
    last = samples[-(seconds + 1) :]
    assert is_stable(watch, float(seconds)) == (len(last) == seconds + 1 and all(last))
