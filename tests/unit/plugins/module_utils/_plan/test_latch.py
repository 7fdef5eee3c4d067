# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import (
    Landing,
    LatchObject,
    LatchState,
    ObjectState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.latch import (
    Act,
    act_for,
    after,
    check_request,
    moves,
    overall,
    planned,
)

SET, CLEAR, OTHER, UNKNOWN = ObjectState.SET, ObjectState.CLEAR, ObjectState.OTHER, ObjectState.UNKNOWN
HERE, THERE = LatchObject("one", "eu-west-1"), LatchObject("two", "eu-west-3")
GOALS = st.sampled_from([LatchState.SET, LatchState.CLEAR])


@pytest.mark.parametrize(
    ("wanted", "seen", "act"),
    [
        (LatchState.SET, SET, None),
        (LatchState.SET, CLEAR, Act.PUT),
        (LatchState.SET, OTHER, Act.PUT),
        (LatchState.SET, UNKNOWN, Act.PUT),
        (LatchState.CLEAR, CLEAR, None),
        (LatchState.CLEAR, SET, Act.DELETE),
        (LatchState.CLEAR, OTHER, Act.DELETE),
        (LatchState.CLEAR, UNKNOWN, Act.DELETE),
    ],
)
def test_an_object_is_changed_only_where_it_is_not_known_to_be_as_asked_for(
    wanted: LatchState, seen: ObjectState, act: Act | None
) -> None:
    assert act_for(wanted, seen) is act


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([SET, SET], LatchState.SET),
        ([CLEAR, CLEAR], LatchState.CLEAR),
        ([CLEAR, OTHER], LatchState.CLEAR),
        ([SET, CLEAR], LatchState.PARTIAL),
        ([SET, UNKNOWN], LatchState.PARTIAL),
        ([CLEAR, UNKNOWN], LatchState.UNKNOWN),
        ([UNKNOWN], LatchState.UNKNOWN),
        ([], LatchState.UNKNOWN),
    ],
)
def test_a_latch_is_set_or_clear_only_if_all_of_it_is_known_to_be(states: list[ObjectState], whole: LatchState) -> None:
    assert overall(states) is whole


@pytest.mark.parametrize(
    ("wanted", "states", "does"),
    [
        (LatchState.SET, [SET, UNKNOWN], True),
        (LatchState.SET, [CLEAR, UNKNOWN], False),
        (LatchState.CLEAR, [CLEAR, CLEAR], True),
        (LatchState.CLEAR, [CLEAR, UNKNOWN], False),
        (LatchState.CLEAR, [CLEAR, SET], False),
    ],
)
def test_one_object_moves_traffic_and_only_none_brings_it_back(
    wanted: LatchState, states: list[ObjectState], does: bool
) -> None:
    assert moves(wanted, states) is does


@given(GOALS, st.lists(st.sampled_from(ObjectState), min_size=1))
def test_when_every_call_has_succeeded_the_latch_is_as_asked_for_and_a_second_run_has_nothing_to_do(
    wanted: LatchState, states: list[ObjectState]
) -> None:
    acts = [act_for(wanted, state) for state in states]
    then = [after(act) if act else state for act, state in zip(acts, states, strict=True)]
    assert overall(then) is wanted
    assert moves(wanted, then)
    assert [act_for(wanted, state) for state in then] == [None] * len(then)


def test_what_would_become_of_an_object_is_told_from_what_was_read() -> None:
    assert planned(LatchState.SET, Landing(HERE, SET, SET)) == Landing(HERE, SET, SET)
    assert planned(LatchState.SET, Landing(HERE, CLEAR, CLEAR)) == Landing(HERE, CLEAR, SET, changed=True)


@pytest.mark.parametrize(
    ("objects", "token", "verified", "target", "allowed", "codes"),
    [
        ([HERE, THERE], "token", True, "eu-west-1", False, []),
        ([HERE], "token", False, None, True, []),
        ([HERE], "token", False, "eu-west-1", False, ["writer_unverified"]),
        ([HERE], "token", True, None, True, ["no_target"]),
        ([], "token", False, None, True, ["no_objects"]),
        ([HERE, LatchObject("one", "eu-west-3")], "token", False, None, True, ["same_bucket_twice"]),
        ([HERE], "", False, None, False, ["no_token", "writer_unverified"]),
    ],
)
def test_a_wrong_request_is_refused_with_its_code(
    objects: list[LatchObject], token: str, verified: bool, target: str | None, allowed: bool, codes: list[str]
) -> None:
    assert [finding.code for finding in check_request(objects, token, verified, target, allowed)] == codes
