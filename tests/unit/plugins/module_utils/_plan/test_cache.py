# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import (
    CacheMember,
    CacheRole,
    Datastore,
    ReplicationGroup,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cache import (
    Already,
    Follow,
    Observed,
    Refuse,
    Start,
    Wanted,
    check_request,
    decide,
)

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
WANTED = Wanted("abcde-shop", STANDBY, (HOME, STANDBY))
GROUP = ReplicationGroup("shop-2", "available", "endpoint", 6379, "cache.r7g.large", "8.1", 1)


def member(region: str, role: CacheRole | None, status: str = "associated") -> CacheMember:
    return CacheMember(region, f"shop-{region}", role, status)


PRIMARY, SECONDARY = member(HOME, CacheRole.PRIMARY), member(STANDBY, CacheRole.SECONDARY)
STORE = Datastore("abcde-shop", "available", (PRIMARY, SECONDARY), "8.1", "cache.r7g.large", 1)
SEEN = Observed(STORE, GROUP)


def seen(group: ReplicationGroup | None = GROUP, **changes: Any) -> Observed:
    return Observed(replace(STORE, **changes), group)


def codes(decision: object) -> set[str]:
    assert isinstance(decision, Refuse), decision
    return {finding.code for finding in decision.findings}


def test_an_associated_secondary_is_promoted() -> None:
    assert decide(SEEN, WANTED) == Start(SECONDARY, HOME)


def test_a_datastore_without_a_primary_has_its_secondary_promoted() -> None:
    lost = (member(HOME, None), SECONDARY)
    assert decide(seen(members=lost), WANTED) == Start(SECONDARY, "")


def test_a_third_member_does_not_matter() -> None:
    third = member(THIRD, CacheRole.SECONDARY, "associating")
    assert isinstance(decide(seen(members=(PRIMARY, SECONDARY, third)), WANTED), Start)


@pytest.mark.parametrize("status", ["available", "modifying", "deleting", ""])
def test_a_target_that_is_the_primary_needs_nothing_whatever_the_status(status: str) -> None:
    turned = (member(HOME, CacheRole.SECONDARY, "associating"), member(STANDBY, CacheRole.PRIMARY))
    assert decide(seen(None, members=turned, status=status), WANTED) == Already(turned[1])


def test_a_datastore_that_is_being_modified_is_followed_and_its_group_not_looked_at() -> None:
    assert decide(seen(None, status="modifying"), WANTED) == Follow(SECONDARY)


@pytest.mark.parametrize("status", ["creating", "deleting"])
def test_a_datastore_that_comes_or_goes_is_refused(status: str) -> None:
    assert codes(decide(seen(status=status), WANTED)) == {"busy"}


def test_a_status_that_nobody_has_published_warns_and_lets_aws_decide() -> None:
    decision = decide(seen(status="impaired"), WANTED)
    assert isinstance(decision, Start)
    assert [finding.code for finding in decision.warnings] == ["datastore_not_available"]


@pytest.mark.parametrize("status", ["associating", "disassociating", "disassociated", ""])
def test_a_member_without_a_copy_is_refused(status: str) -> None:
    members = (PRIMARY, replace(SECONDARY, status=status))
    assert codes(decide(seen(members=members), WANTED)) == {"member_not_associated"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"node_type": "cache.r7g.xlarge"}, "node_type_mismatch"),
        ({"engine_version": "7.2"}, "version_mismatch"),
        ({"shards": 2}, "shards_mismatch"),
        ({"status": "create-failed"}, "target_not_available"),
    ],
)
def test_a_group_that_differs_is_refused(changes: dict[str, Any], code: str) -> None:
    assert codes(decide(seen(replace(GROUP, **changes)), WANTED)) == {code}


@pytest.mark.parametrize("unsaid", [{"node_type": ""}, {"engine_version": ""}, {"shards": 0}])
def test_what_aws_does_not_say_refuses_nothing(unsaid: dict[str, Any]) -> None:
    assert isinstance(decide(seen(replace(GROUP, **unsaid)), WANTED), Start)
    assert isinstance(decide(seen(**unsaid), WANTED), Start)


def test_a_group_that_was_not_described_is_refused() -> None:
    assert codes(decide(seen(None), WANTED)) == {"target_unreachable"}


def test_a_primary_outside_of_the_two_regions_is_refused() -> None:
    assert codes(decide(SEEN, replace(WANTED, regions=(STANDBY, THIRD)))) == {"primary_elsewhere"}


def test_a_region_without_a_member_is_refused() -> None:
    assert codes(decide(SEEN, Wanted("abcde-shop", THIRD, (HOME, THIRD)))) == {"target_not_member"}


@pytest.mark.parametrize(
    ("regions", "target", "code"),
    [
        ((HOME,), HOME, "same_region_twice"),
        ((), HOME, "same_region_twice"),
        ((HOME, HOME), HOME, "same_region_twice"),
        ((HOME, STANDBY), THIRD, "target_outside_regions"),
        ((HOME, STANDBY), "", "target_outside_regions"),
    ],
)
def test_a_request_that_cannot_be_right_is_refused(regions: tuple[str, ...], target: str, code: str) -> None:
    assert [finding.code for finding in check_request(Wanted("abcde-shop", target, regions))] == [code]


def test_in_no_state_at_all_is_anything_started_but_an_associated_secondary_of_an_idle_datastore() -> None:
    """Every combination: a start is only ever towards the target, and never while AWS says that it is busy."""
    statuses = ("available", "primary-only", "modifying", "creating", "deleting", "impaired", "")
    roles = (CacheRole.PRIMARY, CacheRole.SECONDARY, None)
    places = ("associated", "associating", "disassociating", "disassociated", "")
    groups = (None, GROUP, replace(GROUP, status="deleting"), replace(GROUP, engine_version="7.2"))
    tried = 0
    for status, home, standby, place, group, target in product(statuses, roles, roles, places, groups, (HOME, STANDBY)):
        members = (member(HOME, home), member(STANDBY, standby, place))
        wanted = replace(WANTED, target=target)
        decision = decide(seen(group, status=status, members=members), wanted)
        own = next(each for each in members if each.region == target)
        tried += 1
        if own.role is CacheRole.PRIMARY:
            assert decision == Already(own)
        elif isinstance(decision, Start):
            assert (decision.member, own.status) == (own, "associated")
            assert status not in ("modifying", "creating", "deleting")
            assert group == GROUP
        elif isinstance(decision, Follow):
            assert (decision.member, status) == (own, "modifying")
        else:
            assert isinstance(decision, Refuse)
            assert all(finding.code and finding.observed and finding.remedy for finding in decision.findings)
    assert tried == 2520
