# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The datastore and its members: made, added, let go and deleted, once each, whatever the answers are."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import elasticache_global_replication_group as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.elasticache.fake_elasticache import (
    HOME,
    STANDBY,
    Bench,
    refused,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import codes

CREATE, ASSOCIATE = ("create_global_replication_group", HOME), ("create_replication_group", STANDBY)
DISASSOCIATE, DELETE = ("disassociate_global_replication_group", HOME), ("delete_global_replication_group", HOME)


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def empty(bench: Bench) -> Bench:
    bench.cache.exists = False
    return bench


def run(bench: Bench, check_mode: bool = False, regions: tuple[str, ...] = (HOME, STANDBY), **options: Any) -> Result:
    optional = dict.fromkeys(module.NAMES)
    members = [{**optional, "region": region, "replication_group_id": f"shop-{region}"} for region in regions]
    given = {
        "name": "shop",
        "state": "present",
        "members": members,
        "purge_members": False,
        "description": "shop's",
        "wait": True,
        "run": None,
        "timeout": 600.0,
        **options,
    }
    return module.execute(given, bench.context(check_mode, given["timeout"]))


def test_a_datastore_is_made_with_its_members_and_waited_for(empty: Bench) -> None:
    result = run(empty)
    assert result.changed
    assert empty.cache.changes() == [CREATE, ASSOCIATE]
    assert [call.action for call in result.calls] == ["CreateGlobalReplicationGroup", "CreateReplicationGroup"]
    assert result.values["cache"]["status"] == "available"
    assert {member["status"] for member in result.values["cache"]["members"]} == {"associated"}
    assert (result.before, result.after) == (
        {"members": {}},
        {"members": {HOME: f"shop-{HOME}", STANDBY: f"shop-{STANDBY}"}},
    )


def test_a_second_run_changes_nothing(bench: Bench) -> None:
    result = run(bench)
    assert (result.changed, result.calls, result.before) == (False, (), result.after)
    assert bench.cache.changes() == []


def test_check_mode_lists_every_call_and_makes_none(empty: Bench) -> None:
    result = run(empty, check_mode=True)
    assert [call.action for call in result.calls] == ["CreateGlobalReplicationGroup", "CreateReplicationGroup"]
    assert empty.cache.changes() == []


def test_a_missing_secondary_is_made_as_it_was_asked_for(bench: Bench) -> None:
    del bench.cache.members[STANDBY]
    bench.cache.status = "primary-only"
    assert run(bench).changed
    assert bench.cache.changes() == [ASSOCIATE]
    (asked,) = [each for each in bench.cache.asked if "ReplicationGroupDescription" in each]
    assert asked == {
        "GlobalReplicationGroupId": "abcde-shop",
        "ReplicationGroupId": f"shop-{STANDBY}",
        "ReplicationGroupDescription": "shop's",
    }


def test_absent_lets_the_secondaries_go_and_deletes_and_a_second_run_changes_nothing(bench: Bench) -> None:
    result = run(bench, state="absent")
    assert bench.cache.changes() == [DISASSOCIATE, DELETE]
    assert result.values["cache"] is None
    assert not run(bench, state="absent").changed


def test_a_member_that_is_not_named_stays_unless_it_is_purged(bench: Bench) -> None:
    assert not run(bench, regions=(HOME,)).changed
    assert run(bench, regions=(HOME,), purge_members=True).changed
    assert bench.cache.changes() == [DISASSOCIATE]


def test_without_wait_the_last_change_is_not_waited_for(bench: Bench) -> None:
    result = run(bench, regions=(HOME,), purge_members=True, wait=False)
    assert result.values["cache"]["status"] == "modifying"


def test_a_change_whose_answer_was_lost_is_not_made_twice(empty: Bench) -> None:
    empty.cache.effect_in_spite = True
    for change in (CREATE, ASSOCIATE):
        empty.cache.faults[change] = [ReadTimeoutError(endpoint_url="https://elasticache")]
    assert run(empty).changed
    assert empty.cache.changes() == [CREATE, ASSOCIATE]


def test_a_throttled_change_is_tried_again(bench: Bench) -> None:
    bench.cache.faults[DISASSOCIATE] = [refused("Throttling")]
    assert run(bench, state="absent").changed
    assert bench.cache.changes() == [DISASSOCIATE, DISASSOCIATE, DELETE]


def test_a_missing_permission_ends_the_task_at_once(empty: Bench) -> None:
    empty.cache.faults[CREATE] = [refused("AccessDenied")]
    with pytest.raises(DrError, match="AccessDenied"):
        run(empty)
    assert empty.cache.changes() == [CREATE]


def test_a_silent_region_is_not_taken_for_one_that_knows_no_datastore(empty: Bench) -> None:
    empty.cache.dead = {STANDBY}
    with pytest.raises(DrError, match=f"Listing global datastores in {STANDBY}"):
        run(empty)
    assert empty.cache.changes() == []


def test_another_group_in_a_members_region_is_refused(bench: Bench) -> None:
    with pytest.raises(Refused) as caught:
        run(bench, members=[{"region": HOME, "replication_group_id": "other"}])
    assert codes(caught) == ["other_group"]
