# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Region that is cut off refuses writes and strong reads; eventually consistent ones get what it knew."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from lab.settings import LATENCY

from .conftest import HOME, STANDBY, THIRD, Lab
from .state_table import NAME, fence_of, item, key, ready, write


def lost_quorum(lab: Lab, region: str) -> bool:
    """Whether every write and strong read through a Region is refused as without a quorum; none of them, if not."""
    dynamodb = lab.client("dynamodb", region)
    by_key = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "lock#shop"}}}
    outcomes = set()
    for call in (
        lambda: dynamodb.get_item(TableName=NAME, Key=key(), ConsistentRead=True),
        lambda: dynamodb.query(TableName=NAME, ConsistentRead=True, **by_key),
        lambda: dynamodb.batch_get_item(RequestItems={NAME: {"Keys": [key()], "ConsistentRead": True}}),
        lambda: dynamodb.put_item(TableName=NAME, Item=item("probe")),
        lambda: dynamodb.update_item(TableName=NAME, Key=key("probe"), UpdateExpression="REMOVE a"),
        lambda: dynamodb.delete_item(TableName=NAME, Key=key("probe")),
        lambda: dynamodb.batch_write_item(RequestItems={NAME: [{"PutRequest": {"Item": item("probe")}}]}),
        lambda: dynamodb.update_table(TableName=NAME, DeletionProtectionEnabled=False),
    ):
        try:
            call()
            outcomes.add("ok")
        except ClientError as error:
            response = error.response
            outcomes.add(f"{response['ResponseMetadata']['HTTPStatusCode']} {response['Error']['Code']}")
    assert len(outcomes) == 1
    assert outcomes <= {"ok", "500 InternalServerError"}
    return "ok" not in outcomes


@pytest.fixture
def strong(lab: Lab) -> Lab:
    ready(lab)
    write(lab, HOME, fence=1)
    return lab


def test_all_regions_go_on_while_they_see_each_other(strong: Lab) -> None:
    assert not lost_quorum(strong, HOME)
    assert not lost_quorum(strong, STANDBY)


def test_the_others_go_on_without_a_lost_region(strong: Lab) -> None:
    strong.plane.lost.add(HOME)
    assert lost_quorum(strong, HOME)
    assert not lost_quorum(strong, STANDBY)


@pytest.mark.parametrize(("side", "other"), [(HOME, STANDBY), (STANDBY, HOME)])
def test_in_a_partition_the_side_with_the_witness_goes_on(strong: Lab, side: str, other: str) -> None:
    strong.plane.cut = True
    strong.state.tables.quorum.witness_side = side
    assert not lost_quorum(strong, side)
    assert lost_quorum(strong, other)


def test_nobody_goes_on_without_the_witness_in_a_partition(strong: Lab) -> None:
    strong.plane.cut = True
    strong.state.tables.quorum.isolated.add(THIRD)
    assert lost_quorum(strong, HOME)
    assert lost_quorum(strong, STANDBY)


def test_the_loss_of_the_witness_alone_hurts_nobody(strong: Lab) -> None:
    strong.state.tables.quorum.isolated.add(THIRD)
    assert not lost_quorum(strong, HOME)
    assert not lost_quorum(strong, STANDBY)


def test_a_cut_off_region_still_answers_eventually_consistent_reads_with_what_it_knew(strong: Lab) -> None:
    strong.state.tables.quorum.isolated.add(HOME)
    write(strong, STANDBY, fence=2)
    assert fence_of(strong, HOME, consistent=False) == "1"
    assert fence_of(strong, STANDBY, consistent=False) == "2"


def test_a_region_that_is_back_has_to_catch_up_first(strong: Lab) -> None:
    quorum = strong.state.tables.quorum
    quorum.isolated.add(HOME)
    write(strong, STANDBY, fence=2)
    quorum.isolated.clear()
    assert lost_quorum(strong, HOME)

    strong.look(LATENCY["table_catch_up"])

    assert not lost_quorum(strong, HOME)
    assert fence_of(strong, HOME, consistent=True) == "2"


def test_a_region_that_is_cut_off_again_starts_again(strong: Lab) -> None:
    quorum = strong.state.tables.quorum
    quorum.isolated.add(HOME)
    strong.look(60)
    quorum.isolated.clear()
    strong.look(LATENCY["table_catch_up"] / 2)
    quorum.isolated.add(HOME)
    strong.look(60)
    quorum.isolated.clear()
    strong.look(0)
    assert lost_quorum(strong, HOME)


def test_a_reset_heals_it(strong: Lab) -> None:
    strong.state.tables.quorum.isolated.add(HOME)
    strong.look(0)
    strong.state.reset()
    ready(strong)
    assert not lost_quorum(strong, HOME)
