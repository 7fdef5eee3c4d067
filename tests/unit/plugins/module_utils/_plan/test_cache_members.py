# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheMember, CacheRole, Datastore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cache_members import (
    Act,
    Change,
    Place,
    WantedMembers,
    check_members,
    member_changes,
    member_findings,
)

REGIONS = ("eu-central-1", "eu-west-1", "eu-west-3")
HOME, STANDBY, THIRD = (Place(region, f"shop-{region}") for region in REGIONS)


def store(*places: Place) -> Datastore:
    """The first is the primary."""
    roles = (CacheRole.PRIMARY, *[CacheRole.SECONDARY] * len(places))
    members = tuple(
        CacheMember(place.region, place.group, role, "associated") for place, role in zip(places, roles, strict=False)
    )
    return Datastore("abcde-shop", "available", members)


def applied(seen: Datastore | None, change: Change) -> Datastore | None:
    """The datastore after one change."""
    place = change.place
    if change.act is Act.CREATE:
        assert seen is None
        return store(place)
    assert seen is not None
    if change.act is Act.DELETE:
        assert len(seen.members) == 1
        return None
    if change.act is Act.ASSOCIATE:
        assert seen.member(place.region) is None
        joined = CacheMember(place.region, place.group, CacheRole.SECONDARY, "associated")
        return replace(seen, members=(*seen.members, joined))
    member = seen.member(place.region)
    assert member is not None and member.role is CacheRole.SECONDARY
    return replace(seen, members=tuple(each for each in seen.members if each != member))


def subsets() -> list[tuple[Place, ...]]:
    return [each for size in range(1, 4) for each in combinations((HOME, STANDBY, THIRD), size)]


def test_from_every_state_every_plan_interrupted_anywhere_ends_in_what_is_wanted() -> None:
    states = [None, *(store(*places) for places in subsets())]
    tried = 0
    for seen, places, present, purge in product(states, subsets(), (True, False), (True, False)):
        wanted = WantedMembers(places, present, purge)
        if member_findings(seen, wanted):
            continue
        now = seen
        while changes := member_changes(now, wanted):  # one at a time, planned afresh: as if interrupted after each
            now = applied(now, changes[0])
            assert member_changes(now, wanted) == changes[1:]
        tried += 1
        regions = {member.region for member in now.members} if now else set()
        if not present:
            assert now is None
        else:
            asked = {place.region for place in places}
            assert regions == asked if purge or seen is None else regions >= asked
    assert tried > 150


def test_each_call_goes_through_the_region_that_takes_it() -> None:
    made = member_changes(None, WantedMembers((HOME, STANDBY)))
    gone = member_changes(store(STANDBY, HOME), WantedMembers((HOME, STANDBY), present=False))
    assert [(change.call.action, change.call.region) for change in (*made, *gone)] == [
        ("CreateGlobalReplicationGroup", HOME.region),
        ("CreateReplicationGroup", STANDBY.region),
        ("DisassociateGlobalReplicationGroup", STANDBY.region),
        ("DeleteGlobalReplicationGroup", STANDBY.region),
    ]


@pytest.mark.parametrize(
    ("members", "code"), [((), "no_members"), ((HOME, replace(STANDBY, region=HOME.region)), "same_region_twice")]
)
def test_a_request_that_cannot_be_right_is_refused(members: tuple[Place, ...], code: str) -> None:
    assert [finding.code for finding in check_members(WantedMembers(members))] == [code]


def test_another_group_in_a_members_region_is_refused() -> None:
    wanted = WantedMembers((HOME, replace(STANDBY, group="other")))
    assert [finding.code for finding in member_findings(store(HOME, STANDBY), wanted)] == ["other_group"]


def test_a_primary_is_not_purged() -> None:
    wanted = WantedMembers((STANDBY,), purge=True)
    assert [finding.code for finding in member_findings(store(HOME, STANDBY), wanted)] == ["primary_not_wanted"]
