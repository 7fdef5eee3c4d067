# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A global table with multi-Region strong consistency: made, described, removed; one store behind every replica."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models.table import Table

from lab.control.faults import Fault, Kind
from lab.settings import LATENCY

from .conftest import HOME, STANDBY, THIRD, Lab
from .state_table import NAME, create, item, key, make_strong, ready, table_of, write

LONDON = "eu-west-2"


def refusal(call: Callable[[], Any]) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


# Its life


def test_a_new_table_takes_a_while_to_be_active(lab: Lab) -> None:
    create(lab)
    assert table_of(lab)["TableStatus"] == "CREATING"
    assert refusal(lambda: make_strong(lab)) == ("ResourceInUseException", 400)
    assert refusal(lambda: write(lab, HOME)) == ("ResourceNotFoundException", 400)

    lab.look(LATENCY["table_create"])

    assert table_of(lab)["TableStatus"] == "ACTIVE"


def test_it_becomes_global_region_by_region(lab: Lab) -> None:
    create(lab)
    lab.look(LATENCY["table_create"])
    make_strong(lab)

    home, standby = table_of(lab), table_of(lab, STANDBY)
    assert (home["TableStatus"], standby["TableStatus"]) == ("UPDATING", "CREATING")
    assert [(each["RegionName"], each["ReplicaStatus"]) for each in home["Replicas"]] == [(STANDBY, "CREATING")]
    assert home["GlobalTableWitnesses"] == [{"RegionName": THIRD, "WitnessStatus": "CREATING"}]
    assert refusal(lambda: write(lab, STANDBY)) == ("ResourceNotFoundException", 400)

    lab.look(LATENCY["table_replicate"])

    home, standby = table_of(lab), table_of(lab, STANDBY)
    assert (home["TableStatus"], standby["TableStatus"]) == ("ACTIVE", "ACTIVE")
    assert [(each["RegionName"], each["ReplicaStatus"]) for each in standby["Replicas"]] == [(HOME, "ACTIVE")]
    assert standby["GlobalTableWitnesses"] == [{"RegionName": THIRD, "WitnessStatus": "ACTIVE"}]
    assert {home["MultiRegionConsistency"], standby["MultiRegionConsistency"]} == {"STRONG"}
    assert standby["TableArn"] == f"arn:aws:dynamodb:{STANDBY}:123456789012:table/{NAME}"


def test_three_replicas_need_no_witness(lab: Lab) -> None:
    create(lab)
    lab.look(LATENCY["table_create"])
    make_strong(lab, replicas=(STANDBY, THIRD), witness=None)
    lab.look(LATENCY["table_replicate"])

    assert [each["RegionName"] for each in table_of(lab, THIRD)["Replicas"]] == [HOME, STANDBY]
    assert "GlobalTableWitnesses" not in table_of(lab, THIRD)


@pytest.mark.parametrize(
    ("replicas", "witness"),
    [
        ((STANDBY,), None),
        ((STANDBY, THIRD), LONDON),
        ((), THIRD),
        ((STANDBY,), STANDBY),
        ((STANDBY,), HOME),
        ((HOME,), THIRD),
        ((STANDBY,), "us-east-1"),
    ],
)
def test_exactly_three_regions_of_one_set_are_taken(lab: Lab, replicas: tuple[str, ...], witness: str | None) -> None:
    create(lab)
    lab.look(LATENCY["table_create"])
    assert refusal(lambda: make_strong(lab, replicas, witness))[0] in ("ValidationException", "ParamValidationError")


def test_a_table_with_items_does_not_become_strong(lab: Lab) -> None:
    create(lab)
    lab.look(LATENCY["table_create"])
    write(lab, HOME)
    assert refusal(lambda: make_strong(lab)) == ("ValidationException", 400)


def test_a_table_with_time_to_live_does_not_become_strong(lab: Lab) -> None:
    create(lab)
    lab.look(LATENCY["table_create"])
    time_to_live = {"Enabled": True, "AttributeName": "expires"}
    lab.client("dynamodb", HOME).update_time_to_live(TableName=NAME, TimeToLiveSpecification=time_to_live)
    assert refusal(lambda: make_strong(lab)) == ("ValidationException", 400)


def test_its_mode_and_regions_stay(lab: Lab) -> None:
    ready(lab)
    assert refusal(lambda: make_strong(lab)) == ("ValidationException", 400)
    assert refusal(lambda: make_strong(lab, (LONDON,), None)) == ("ValidationException", 400)
    dynamodb = lab.client("dynamodb", HOME)
    alone = [{"Delete": {"RegionName": STANDBY}}]
    assert refusal(lambda: dynamodb.update_table(TableName=NAME, ReplicaUpdates=alone)) == ("ValidationException", 400)
    assert refusal(lambda: dynamodb.delete_table(TableName=NAME)) == ("ValidationException", 400)


def test_it_is_reduced_to_one_region_and_then_deleted(lab: Lab) -> None:
    ready(lab)
    dynamodb = lab.client("dynamodb", HOME)
    dynamodb.update_table(
        TableName=NAME,
        ReplicaUpdates=[{"Delete": {"RegionName": STANDBY}}],
        GlobalTableWitnessUpdates=[{"Delete": {"RegionName": THIRD}}],
    )
    assert table_of(lab)["Replicas"][0]["ReplicaStatus"] == "DELETING"
    lab.look(LATENCY["table_replicate"])
    assert not {"Replicas", "GlobalTableWitnesses", "MultiRegionConsistency"} & set(table_of(lab))
    assert refusal(lambda: table_of(lab, STANDBY)) == ("ResourceNotFoundException", 400)

    dynamodb.delete_table(TableName=NAME)
    assert refusal(lambda: table_of(lab)) == ("ResourceNotFoundException", 400)


def test_deletion_protection_tags_and_recovery_are_each_regions_own(lab: Lab) -> None:
    ready(lab)
    home, standby = lab.client("dynamodb", HOME), lab.client("dynamodb", STANDBY)
    standby.update_table(TableName=NAME, DeletionProtectionEnabled=True)
    standby.tag_resource(ResourceArn=table_of(lab, STANDBY)["TableArn"], Tags=[{"Key": "a", "Value": "b"}])
    recovery = {"PointInTimeRecoveryEnabled": True}
    standby.update_continuous_backups(TableName=NAME, PointInTimeRecoverySpecification=recovery)

    assert (table_of(lab)["DeletionProtectionEnabled"], table_of(lab, STANDBY)["DeletionProtectionEnabled"]) == (
        False,
        True,
    )
    assert home.list_tags_of_resource(ResourceArn=table_of(lab)["TableArn"])["Tags"] == []
    statuses = [
        client.describe_continuous_backups(TableName=NAME)["ContinuousBackupsDescription"][
            "PointInTimeRecoveryDescription"
        ]["PointInTimeRecoveryStatus"]
        for client in (home, standby)
    ]
    assert statuses == ["DISABLED", "ENABLED"]
    gone = {
        "ReplicaUpdates": [{"Delete": {"RegionName": STANDBY}}],
        "GlobalTableWitnessUpdates": [{"Delete": {"RegionName": THIRD}}],
    }
    assert refusal(lambda: home.update_table(TableName=NAME, **gone)) == ("ValidationException", 400)


# Its items


def test_a_write_through_one_region_is_read_strongly_through_the_other(lab: Lab) -> None:
    ready(lab)
    home, standby = lab.client("dynamodb", HOME), lab.client("dynamodb", STANDBY)
    write(lab, HOME, fence=1)
    standby.update_item(
        TableName=NAME,
        Key=key(),
        UpdateExpression="SET holder = :me ADD fence :one",
        ConditionExpression="fence = :one",
        ExpressionAttributeValues={":me": {"S": "b"}, ":one": {"N": "1"}},
    )
    found = home.get_item(TableName=NAME, Key=key(), ConsistentRead=True)["Item"]
    assert (found["fence"], found["holder"]) == ({"N": "2"}, {"S": "b"})
    home.delete_item(TableName=NAME, Key=key())
    assert "Item" not in standby.get_item(TableName=NAME, Key=key(), ConsistentRead=True)


def test_the_witness_region_has_no_table(lab: Lab) -> None:
    ready(lab)
    dynamodb = lab.client("dynamodb", THIRD)
    assert dynamodb.list_tables()["TableNames"] == []
    assert refusal(lambda: table_of(lab, THIRD)) == ("ResourceNotFoundException", 400)
    assert refusal(lambda: write(lab, THIRD)) == ("ResourceNotFoundException", 400)
    assert refusal(lambda: dynamodb.get_item(TableName=NAME, Key=key())) == ("ResourceNotFoundException", 400)


def test_a_failed_condition_tells_the_item(lab: Lab) -> None:
    ready(lab)
    write(lab, HOME, fence=7)
    standby = lab.client("dynamodb", STANDBY)
    condition = {
        "TableName": NAME,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    for call in (
        lambda: standby.put_item(Item=item(), **condition),
        lambda: standby.update_item(Key=key(), UpdateExpression="REMOVE fence", **condition),
        lambda: standby.delete_item(Key=key(), **condition),
    ):
        with pytest.raises(standby.exceptions.ConditionalCheckFailedException) as caught:
            call()
        assert caught.value.response["Item"] == item(fence=7)


def test_a_query_by_prefix_comes_in_pages_both_ways(lab: Lab) -> None:
    ready(lab)
    home, standby = lab.client("dynamodb", HOME), lab.client("dynamodb", STANDBY)
    for number in range(12):
        home.put_item(TableName=NAME, Item=item("run#1", f"event#{number:04}"))
    home.put_item(TableName=NAME, Item=item("run#1", "run"))
    home.put_item(TableName=NAME, Item=item("run#2", "event#0000"))
    request = {
        "TableName": NAME,
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
        "ExpressionAttributeValues": {":pk": {"S": "run#1"}, ":sk": {"S": "event#"}},
        "ConsistentRead": True,
        "Limit": 5,
    }

    def all_pages(forward: bool) -> list[str]:
        pages = standby.get_paginator("query").paginate(**request, ScanIndexForward=forward)
        return [found["sk"]["S"] for page in pages for found in page["Items"]]

    expected = [f"event#{number:04}" for number in range(12)]
    assert all_pages(True) == expected
    assert all_pages(False) == expected[::-1]


def test_transactions_and_time_to_live_are_refused(lab: Lab) -> None:
    ready(lab)
    dynamodb = lab.client("dynamodb", STANDBY)
    put = {"Put": {"TableName": NAME, "Item": item()}}
    get = {"Get": {"TableName": NAME, "Key": key()}}
    time_to_live = {"Enabled": True, "AttributeName": "expires"}
    for call in (
        lambda: dynamodb.transact_write_items(TransactItems=[put]),
        lambda: dynamodb.transact_get_items(TransactItems=[get]),
        lambda: dynamodb.update_time_to_live(TableName=NAME, TimeToLiveSpecification=time_to_live),
    ):
        assert refusal(call) == ("ValidationException", 400)


def test_an_ordinary_table_stays_in_its_region(lab: Lab) -> None:
    create(lab)
    lab.look(LATENCY["table_create"])
    write(lab, HOME)
    assert refusal(lambda: table_of(lab, STANDBY)) == ("ResourceNotFoundException", 400)
    lab.client("dynamodb", HOME).transact_write_items(TransactItems=[{"Put": {"TableName": NAME, "Item": item()}}])


def test_a_conflict_can_be_injected_once(lab: Lab) -> None:
    ready(lab)
    code = "ReplicatedWriteConflictException"
    lab.faults.add(Fault(Kind.ERROR, "dynamodb", "PutItem", STANDBY, status=400, code=code, times=1))
    assert refusal(lambda: write(lab, STANDBY)) == (code, 400)
    write(lab, STANDBY)


def test_a_write_meets_another_regions_write_of_that_item(lab: Lab) -> None:
    ready(lab)
    table = lab.state.tables.find("123456789012", HOME, NAME)
    assert table is not None
    with table.claimed(HOME, key()):
        assert refusal(lambda: write(lab, STANDBY)) == ("ReplicatedWriteConflictException", 400)
        write(lab, HOME)
        lab.client("dynamodb", STANDBY).put_item(TableName=NAME, Item=item("another"))
    write(lab, STANDBY)


def take(dynamodb: Any, number: int, turn: int) -> None:
    values = {":me": number, ":one": 1, ":fence": turn}
    dynamodb.update_item(
        TableName=NAME,
        Key=key(),
        UpdateExpression="SET holder = :me ADD fence :one",
        ConditionExpression="attribute_not_exists(pk) OR fence = :fence",
        ExpressionAttributeValues={name: {"N": str(value)} for name, value in values.items()},
    )


def test_a_lock_raced_for_through_both_regions_has_one_winner_each_round(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(lab)
    rounds, racers = 10, 6
    look = Table.get_item

    def slowly(*arguments: Any, **options: Any) -> Any:
        found = look(*arguments, **options)
        time.sleep(0.002)  # between the condition's check and the write: without a lock, others come in here
        return found

    monkeypatch.setattr(Table, "get_item", slowly)
    winners: list[list[int]] = [[] for _round in range(rounds)]
    others: list[str] = []

    def race(number: int) -> None:
        dynamodb = lab.client("dynamodb", (HOME, STANDBY)[number % 2])
        for turn, won in enumerate(winners):
            start.wait(60)
            try:
                take(dynamodb, number, turn)
                won.append(number)
            except ClientError as error:
                others.append(error.response["Error"]["Code"])

    start = threading.Barrier(racers)
    threads = [threading.Thread(target=race, args=(number,), daemon=True) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert [len(won) for won in winners] == [1] * rounds
    assert set(others) <= {"ConditionalCheckFailedException", "ReplicatedWriteConflictException"}
