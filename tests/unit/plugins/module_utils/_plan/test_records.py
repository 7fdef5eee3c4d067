# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a switch of record sets: what is refused, and what no plan may ever do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import (
    Action,
    Alias,
    Batch,
    Policy,
    RecordName,
    RecordSet,
    Role,
    Zone,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.records import (
    MAX_CHARACTERS,
    MAX_RECORDS,
    SwitchPlan,
    check_request,
    plan_switch,
    size_of,
)

ZONE = Zone("Z1", "shop.example.")
API = RecordName("api.shop.example.", "A")
HOME, STANDBY = "eu-central-1", "eu-west-1"


def record(leg: str | None, role: Role | None = None, key: RecordName = API, **more: Any) -> RecordSet:
    fields: dict[str, Any] = {"ttl": 1, "values": ("192.0.2.1",), "health_check_id": f"check-{leg}"} | more
    return RecordSet(key, key.name, set_identifier=leg, role=role, **fields)


PAIR = (record(HOME, Role.PRIMARY), record(STANDBY, Role.SECONDARY))
SIMPLE = record(None, health_check_id=None)
ALIAS = Alias("Z2", "lb.example.", True)


def planned(observed: Iterable[RecordSet], names: Sequence[RecordName] = (API,), target: str = STANDBY) -> SwitchPlan:
    plan, refusals = plan_switch(observed, names, target, ZONE)
    assert plan is not None, refusals
    return plan


def refused(observed: Iterable[RecordSet], names: Sequence[RecordName] = (API,), target: str = STANDBY) -> list[str]:
    plan, refusals = plan_switch(observed, names, target, ZONE)
    assert plan is None
    assert all(each.observed and each.remedy for each in refusals)
    return [each.code for each in refusals]


def test_the_role_moves_and_all_else_stays_with_its_leg() -> None:
    plan = planned(PAIR)
    assert plan.after == (replace(PAIR[0], role=Role.SECONDARY), replace(PAIR[1], role=Role.PRIMARY))
    assert plan.before == PAIR


def test_a_swap_deletes_both_as_they_were_before_it_creates_both() -> None:
    (batch,) = planned(PAIR).batches
    assert [change.action for change in batch.changes] == [Action.DELETE] * 2 + [Action.CREATE] * 2
    assert tuple(change.record_set for change in batch.changes[:2]) == PAIR


def test_the_target_of_a_weighted_pair_gets_all_the_weight() -> None:
    observed = [record(HOME, weight=30, health_check_id=None), record(STANDBY, weight=70, health_check_id=None)]
    plan = planned(observed)
    assert [each.weight for each in plan.after] == [0, 100]
    assert not plan.warnings


def test_a_weighted_record_set_that_is_right_already_is_left_alone() -> None:
    (batch,) = planned([record(HOME, weight=1), record(STANDBY, weight=100)]).batches
    assert {change.record_set.set_identifier for change in batch.changes} == {HOME}


def test_a_weighted_target_that_can_turn_unhealthy_is_warned_about() -> None:
    plan = planned([record(HOME, weight=0), record(STANDBY, weight=100)])
    assert [each.code for each in plan.warnings] == ["weight_zero_is_a_standby"]


def test_names_that_are_as_asked_for_are_not_touched() -> None:
    www = RecordName("www.shop.example.", "A")
    moved = [replace(each, key=www) for each in planned(PAIR).after]
    (batch,) = planned([*PAIR, *moved], (API, www)).batches
    assert batch.names == (API,)


def test_a_failover_alias_needs_no_health_check() -> None:
    pair = [replace(each, alias=ALIAS, values=(), ttl=None, health_check_id=None) for each in PAIR]
    assert planned(pair).after[1].role is Role.PRIMARY


@pytest.mark.parametrize(
    ("observed", "code"),
    [
        ([], "no_records"),
        ([record(STANDBY, Role.SECONDARY, RecordName(API.name, "AAAA"))], "no_records"),
        ([SIMPLE], "simple_record"),
        ([*PAIR, SIMPLE], "simple_record"),
        ([PAIR[1]], "half_pair"),
        ([record(STANDBY, weight=1)], "half_pair"),
        ([*PAIR, record("third", weight=1)], "mixed_policies"),
        ([PAIR[0], record(STANDBY, weight=1)], "mixed_policies"),
        ([record(leg, weight=1) for leg in (HOME, STANDBY, "third")], "too_many_records"),
        ([PAIR[0], replace(PAIR[1], role=Role.PRIMARY)], "same_role"),
        ([PAIR[0], record("eu-north-1", Role.SECONDARY)], "unknown_set_identifier"),
        ([record(STANDBY, Role.PRIMARY), record(STANDBY, Role.SECONDARY)], "unknown_set_identifier"),
        ([PAIR[0], replace(PAIR[1], health_check_id=None)], "primary_without_health_check"),
        (
            [replace(each, alias=replace(ALIAS, evaluate_target_health=False)) for each in PAIR[:1]] + [PAIR[1]],
            "alias_without_target_health",
        ),
        ([replace(each, other_policy="latency") for each in PAIR], "policy_not_supported"),
        ([replace(each, values=("192.0.2.1",) * 300) for each in PAIR], "pair_too_large"),
        ([replace(each, values=("x" * 9000,)) for each in PAIR], "pair_too_large"),
    ],
)
def test_a_name_that_cannot_be_switched_is_refused(observed: list[RecordSet], code: str) -> None:
    assert refused(observed) == [code]


def test_a_name_of_another_zone_is_refused() -> None:
    assert refused([], [RecordName("api.notshop.example.", "A")]) == ["name_outside_zone"]


def test_every_broken_name_is_told_at_once_and_none_is_switched() -> None:
    broken = [RecordName(f"n{at}.shop.example.", "A") for at in range(3)]
    assert refused(PAIR, [API, *broken]) == ["no_records"] * 3


def test_the_zones_own_name_can_be_switched() -> None:
    apex = RecordName("shop.example.", "A")
    assert planned([replace(each, key=apex) for each in PAIR], [apex]).batches


def test_a_request_without_a_database_must_say_so() -> None:
    assert [each.code for each in check_request([API], False, False)] == ["writer_unverified"]
    assert [each.code for each in check_request([], True, False)] == ["no_names"]
    assert check_request([API], False, True) == check_request([API], True, False) == ()


# The same examples in every run, and no time limit on a shared machine: a failure is always the code's.
repeatable = settings(derandomize=True, deadline=None, max_examples=60, database=None)


@st.composite
def zones(draw: st.DrawFn) -> tuple[list[RecordSet], list[RecordName]]:
    """Any number of sound names, each with its own policy, size and place."""
    names = [RecordName(f"n{at}.shop.example.", "A") for at in range(draw(st.integers(1, 12)))]
    observed = []
    for name in names:
        values = draw(st.sampled_from(VALUES))
        legs = draw(st.permutations([HOME, STANDBY]))
        if draw(st.booleans()):
            observed += [record(leg, role, name, values=values) for leg, role in zip(legs, Role, strict=True)]
        else:
            weights = draw(st.tuples(st.integers(0, 255), st.integers(0, 255)))
            observed += [record(leg, None, name, values=values, weight=w) for leg, w in zip(legs, weights, strict=True)]
    return draw(st.permutations(observed)), names


# From one short value to sets of which few fit into a batch, by their number or by their length.
VALUES = [
    tuple(f"{at:0{length}d}" for at in range(count)) for count, length in ((1, 4), (120, 15), (60, 130), (250, 4))
]


def applied(observed: Iterable[RecordSet], batch: Batch) -> list[RecordSet]:
    """The batch as Route 53 makes it, change by change, with its rules checked after every one."""
    records = list(observed)
    for change in batch.changes:
        if change.action is Action.DELETE:
            records.remove(change.record_set)
        else:
            records.append(change.record_set)
        identities = Counter((each.key, each.set_identifier) for each in records)
        roles = Counter((each.key, each.role) for each in records if each.policy is Policy.FAILOVER)
        assert max(identities.values(), default=1) == 1
        assert max(roles.values(), default=1) == 1, "two record sets with one role"
    return records


@repeatable
@given(zones(), st.sampled_from([HOME, STANDBY]))
def test_no_batch_makes_two_primaries_breaks_a_limit_or_splits_a_pair(
    zone: tuple[list[RecordSet], list[RecordName]], target: str
) -> None:
    observed, names = zone
    plan = planned(observed, names, target)
    state: list[RecordSet] = list(observed)
    for batch in plan.batches:
        records, characters = size_of(batch.changes)
        assert records <= MAX_RECORDS
        assert characters <= MAX_CHARACTERS
        state = applied(state, batch)
        for name in batch.names:
            assert _answers(state, name) == target
    assert all(_answers(state, name) == target for name in names)
    batches_of = Counter(name for batch in plan.batches for name in batch.names)
    assert not batches_of or max(batches_of.values()) == 1
    assert sorted(state, key=str) == sorted(plan.after, key=str)


def _answers(records: Iterable[RecordSet], name: RecordName) -> str | None:
    chosen = [each for each in records if each.key == name and (each.role is Role.PRIMARY or each.weight == 100)]
    others = [each for each in records if each.key == name and (each.role is Role.SECONDARY or each.weight == 0)]
    assert (len(chosen), len(others)) == (1, 1)
    return chosen[0].set_identifier


@repeatable
@given(zones(), st.sampled_from([HOME, STANDBY]))
def test_a_plan_applied_twice_changes_nothing_more_and_its_reverse_goes_back(
    zone: tuple[list[RecordSet], list[RecordName]], target: str
) -> None:
    observed, names = zone
    plan = planned(observed, names, target)
    assert planned(plan.after, names, target).batches == ()
    other = HOME if target == STANDBY else STANDBY
    back = planned(plan.after, names, other)
    assert {name for batch in back.batches for name in batch.names} == set(names)


@repeatable
@given(zones(), st.integers(0, 40))
def test_a_plan_interrupted_between_two_batches_is_finished_by_the_next(
    zone: tuple[list[RecordSet], list[RecordName]], stop: int
) -> None:
    observed, names = zone
    plan = planned(observed, names)
    state: list[RecordSet] = list(observed)
    for batch in plan.batches[:stop]:
        state = applied(state, batch)
    rest = planned(state, names)
    for batch in rest.batches:
        state = applied(state, batch)
    assert sorted(state, key=str) == sorted(plan.after, key=str)


def test_batches_are_filled_up_to_the_limit_of_records() -> None:
    names = [RecordName(f"n{at:03d}.shop.example.", "A") for at in range(251)]
    observed = [replace(each, key=name) for name in names for each in PAIR]
    plan = planned(observed, names)
    assert [len(batch.names) for batch in plan.batches] == [250, 1]
