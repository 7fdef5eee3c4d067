# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state table from end to end: made, set, removed, while answers are lost and Regions are away."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.dynamodb.fake_tables import (
    HOME,
    STANDBY,
    THIRD,
    WANTED,
    Stage,
    error,
)

LOST = ReadTimeoutError(endpoint_url="https://dynamodb.eu-central-1.amazonaws.com")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def without_arns(table: dict[str, Any]) -> dict[str, Any]:
    replicas = [{**replica, "arn": ""} for replica in table["replicas"]]
    return {**table, "arn": "", "replicas": replicas}


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def test_it_is_made_once_as_foretold(stage: Stage) -> None:
    foretold = stage.run(check_mode=True, **WANTED, tags={"service": "aws-dr"})
    assert stage.aws.changes() == []
    made = stage.run(**WANTED, tags={"service": "aws-dr"})
    again = stage.run(**WANTED, tags={"service": "aws-dr"})

    assert (foretold.changed, made.changed, again.changed) == (True, True, False)
    assert made.calls == foretold.calls
    assert without_arns(foretold.after) == without_arns(made.after)
    assert again.before == again.after == made.after
    assert made.before == {}
    assert [(call.action, call.region) for call in made.calls][:2] == [("CreateTable", HOME), ("UpdateTable", HOME)]


def test_what_is_returned_says_where_it_is(stage: Stage) -> None:
    table = stage.run(**WANTED, tags={"a": "b"}).values["table"]
    assert (table["status"], table["consistency"]) == ("ACTIVE", "strong")
    assert table["witness"] == {"region": THIRD, "status": "ACTIVE"}
    assert [replica["region"] for replica in table["replicas"]] == [HOME, STANDBY]
    for replica in table["replicas"]:
        assert replica["arn"].startswith(f"arn:aws:dynamodb:{replica['region']}:")
        assert (replica["deletion_protection"], replica["point_in_time_recovery"]) == (True, True)
        assert replica["tags"] == {"a": "b"}


def test_three_replicas_have_no_witness(stage: Stage) -> None:
    table = stage.run(name="aws-dr-state", replicas=[HOME, STANDBY, THIRD]).values["table"]
    assert [replica["region"] for replica in table["replicas"]] == [HOME, STANDBY, THIRD]
    assert table["witness"] is None


@pytest.mark.parametrize("lists_itself", [True, False])
def test_an_existing_one_is_left_alone_whether_or_not_a_region_lists_itself(stage: Stage, lists_itself: bool) -> None:
    stage.run(**WANTED)
    stage.aws.lists_itself = lists_itself
    assert not stage.run(**WANTED).changed


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"deletion_protection": False}, ["UpdateTable"]),
        ({"point_in_time_recovery": False}, ["UpdateContinuousBackups"]),
        ({"tags": {"a": "c"}}, ["TagResource"]),
        ({"tags": {}}, ["UntagResource"]),
        ({"tags": {"b": "c"}, "purge_tags": False}, ["TagResource"]),
    ],
    ids=str,
)
def test_each_setting_is_changed_once_in_each_region(stage: Stage, change: dict[str, Any], calls: list[str]) -> None:
    stage.run(**WANTED, tags={"a": "b"})
    wanted = {**WANTED, "tags": {"a": "b"}, **change}
    foretold, changed = stage.run(check_mode=True, **wanted), stage.run(**wanted)
    assert [(call.action, call.region) for call in changed.calls] == [
        (call, region) for region in (HOME, STANDBY) for call in calls
    ]
    assert (foretold.calls, foretold.after) == (changed.calls, changed.after)
    assert not stage.run(**wanted).changed


def test_tags_that_are_not_given_are_left(stage: Stage) -> None:
    stage.run(**WANTED, tags={"a": "b"})
    assert not stage.run(**WANTED).changed


def test_an_empty_table_in_one_region_becomes_it(stage: Stage) -> None:
    stage.aws.put(HOME)
    assert stage.run(**WANTED).changed
    assert ("create_table", HOME) not in stage.aws.calls


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"witness_region": None}, "not_three_regions"),
        ({"replicas": [HOME, STANDBY, THIRD], "witness_region": "eu-west-2"}, "not_three_regions"),
        ({"replicas": [HOME], "witness_region": THIRD}, "not_three_regions"),
        ({"replicas": [HOME, HOME]}, "not_three_regions"),
        ({"witness_region": STANDBY}, "not_three_regions"),
        ({"witness_region": "us-east-1"}, "not_one_region_set"),
        ({"replicas": [HOME, "eu-north-1"]}, "not_one_region_set"),
    ],
)
def test_regions_that_cannot_be_are_refused_before_anything_is_asked(
    stage: Stage, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        stage.run(**WANTED | options)
    assert codes(caught) == [code]
    assert stage.aws.calls == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"items": [{"pk": {"S": "x"}}]}, "not_empty"),
        ({"ttl": "ENABLED"}, "time_to_live_on"),
        ({"LocalSecondaryIndexes": [{"IndexName": "x"}]}, "local_indexes"),
        ({"KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}, "wrong_keys"),
        ({"members": [HOME, STANDBY]}, "not_strong"),
        ({"members": [HOME, THIRD], "witness": STANDBY, "strong": True}, "regions_differ"),
        ({"members": [HOME, STANDBY], "witness": "eu-west-2", "strong": True}, "regions_differ"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_table_that_cannot_become_it_is_refused(
    stage: Stage, values: dict[str, Any], code: str, check_mode: bool
) -> None:
    stage.aws.put(HOME, **values)
    with pytest.raises(Refused) as caught:
        stage.run(check_mode=check_mode, **WANTED)
    assert codes(caught) == [code]
    assert stage.aws.changes() == []


@pytest.mark.parametrize("options", [WANTED, WANTED | {"state": "absent", "force": True}], ids=["present", "absent"])
def test_another_table_of_that_name_is_refused(stage: Stage, options: dict[str, Any]) -> None:
    stage.aws.put(HOME)
    stage.aws.put(STANDBY)
    with pytest.raises(Refused, match="name_in_use"):
        stage.run(**options)
    assert set(stage.aws.tables) == {HOME, STANDBY}


def test_a_witness_outside_the_union_is_warned_about(stage: Stage) -> None:
    assert stage.run(**WANTED | {"witness_region": "eu-west-2"}).changed
    assert "eu-west-2 is outside the European Union" in stage.warnings[0]
    stage.warnings.clear()
    with pytest.raises(Refused):
        stage.run(**WANTED)
    assert stage.warnings == []


# Interrupted and disturbed

ACTIONS = ["create_table", "update_table", "update_continuous_backups", "tag_resource"]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("code", ["ThrottlingException", "LimitExceededException", "InternalServerError"])
def test_a_call_that_is_refused_for_a_while_is_made_again(stage: Stage, action: str, code: str) -> None:
    foretold = stage.run(check_mode=True, **WANTED, tags={"a": "b"})
    stage.aws.faults[action] = [error(code), error(code)]
    assert stage.run(**WANTED, tags={"a": "b"}).calls == foretold.calls
    assert not stage.run(**WANTED, tags={"a": "b"}).changed


@pytest.mark.parametrize("action", ACTIONS)
def test_an_answer_that_is_lost_is_found_again(stage: Stage, action: str) -> None:
    foretold = stage.run(check_mode=True, **WANTED, tags={"a": "b"})
    stage.aws.lost[action] = [LOST]
    result = stage.run(**WANTED, tags={"a": "b"})
    assert (result.calls, len(stage.aws.changes())) == (foretold.calls, len(foretold.calls))


@pytest.mark.parametrize("nth", range(8))
def test_a_run_that_ended_anywhere_is_finished_by_the_next(stage: Stage, nth: int) -> None:
    whole = Stage()
    whole.run(**WANTED, tags={"a": "b"})
    action = whole.aws.changes()[nth][0]
    before = [call for call, _region in whole.aws.changes()[:nth]].count(action)
    calls = 0

    class Killed(Exception):
        pass

    original = type(stage.aws).get

    def get(service: str, region: str) -> Any:
        client = original(stage.aws, service, region)
        made = getattr(client, action)

        def dying(**given: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == before + 1:
                made(**given)
                raise Killed
            return made(**given)

        setattr(client, action, dying)
        return client

    stage.aws.get = get  # type: ignore[method-assign]  # dies after the nth change
    with pytest.raises(Killed):
        stage.run(**WANTED, tags={"a": "b"})
    del stage.aws.get
    after = stage.run(**WANTED, tags={"a": "b"}).after
    assert after == whole.run(**WANTED, tags={"a": "b"}).after
    assert sorted(stage.aws.changes()) == sorted(whole.aws.changes())


def test_a_protection_that_is_refused_for_a_while_is_in_the_calls(stage: Stage) -> None:
    stage.run(**WANTED)
    stage.aws.faults["update_table"] = [error("ThrottlingException")]
    calls = stage.run(**WANTED | {"deletion_protection": False}).calls
    assert [(call.action, call.region) for call in calls] == [("UpdateTable", HOME), ("UpdateTable", STANDBY)]


def test_a_missing_permission_is_said_at_once(stage: Stage) -> None:
    stage.aws.faults["create_table"] = [error("AccessDeniedException")]
    with pytest.raises(DrError, match="CreateTable of aws-dr-state in eu-central-1: AccessDenied"):
        stage.run(**WANTED)
    assert len(stage.aws.changes()) == 1


def test_a_change_that_never_shows_is_not_made_for_ever(stage: Stage) -> None:
    stage.aws.faults["update_continuous_backups"] = [error("ContinuousBackupsUnavailableException")] * 20
    with pytest.raises(DrError, match="ContinuousBackupsUnavailableException"):
        stage.run(**WANTED)
    assert stage.aws.changes().count(("update_continuous_backups", HOME)) == 5


def test_a_region_that_does_not_answer_is_an_error(stage: Stage) -> None:
    stage.aws.dead.add(STANDBY)
    with pytest.raises((DrError, TimedOut), match="eu-west-1"):
        stage.run(**WANTED, timeout=1.0)
    assert stage.aws.changes() == []


def test_a_table_that_is_not_active_in_time_is_said(stage: Stage) -> None:
    with pytest.raises(TimedOut, match="to be active"):
        stage.run(**WANTED, timeout=5.0)
    assert stage.run(**WANTED).changed


# Removed


def test_a_protected_one_is_not_deleted(stage: Stage) -> None:
    stage.run(**WANTED)
    with pytest.raises(Refused) as caught:
        stage.run(**WANTED | {"state": "absent"})
    assert codes(caught) == ["deletion_protected"]


def test_one_that_holds_items_is_not_deleted(stage: Stage) -> None:
    stage.aws.put_strong(items=[{"pk": {"S": "x"}}])
    with pytest.raises(Refused) as caught:
        stage.run(**WANTED | {"state": "absent"})
    assert codes(caught) == ["not_empty"]


def test_it_is_deleted_once_as_foretold_when_it_is_forced(stage: Stage) -> None:
    stage.run(**WANTED)
    gone = WANTED | {"state": "absent", "force": True}
    kept = copy.deepcopy(stage.aws.tables)
    foretold = stage.run(check_mode=True, **gone)
    assert stage.aws.tables == kept
    result = stage.run(**gone)
    assert (result.calls, result.values["table"], stage.aws.tables) == (foretold.calls, None, {})
    assert [call.action for call in result.calls] == ["UpdateTable", "UpdateTable", "UpdateTable", "DeleteTable"]
    assert not stage.run(**gone).changed


def test_an_empty_unprotected_one_is_deleted(stage: Stage) -> None:
    stage.aws.put_strong()
    assert stage.run(**WANTED | {"state": "absent"}).changed
    assert stage.aws.tables == {}


def test_a_deletion_whose_answer_was_lost_is_found(stage: Stage) -> None:
    stage.aws.put_strong()
    stage.aws.lost["delete_table"] = [LOST]
    stage.aws.lost["update_table"] = [LOST]
    assert stage.run(**WANTED | {"state": "absent"}).changed
    assert stage.aws.changes() == [("update_table", HOME), ("delete_table", HOME)]
