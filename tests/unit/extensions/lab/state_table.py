# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A state table to test with, made through the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.settings import LATENCY

from .conftest import HOME, STANDBY, THIRD, Lab

NAME = "state"


def create(lab: Lab) -> None:
    lab.client("dynamodb", HOME).create_table(
        TableName=NAME,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )


def make_strong(lab: Lab, replicas: Sequence[str] = (STANDBY,), witness: str | None = THIRD) -> None:
    given: dict[str, Any] = {"ReplicaUpdates": [{"Create": {"RegionName": region}} for region in replicas]}
    if witness:
        given["GlobalTableWitnessUpdates"] = [{"Create": {"RegionName": witness}}]
    given = {name: value for name, value in given.items() if value}
    lab.client("dynamodb", HOME).update_table(TableName=NAME, MultiRegionConsistency="STRONG", **given)


def ready(lab: Lab) -> None:
    """An active one."""
    create(lab)
    lab.look(LATENCY["table_create"])
    make_strong(lab)
    lab.look(LATENCY["table_replicate"])


def table_of(lab: Lab, region: str = HOME) -> dict[str, Any]:
    return dict(lab.client("dynamodb", region).describe_table(TableName=NAME)["Table"])


def key(pk: str = "lock#shop", sk: str = "lock") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def item(pk: str = "lock#shop", sk: str = "lock", fence: int = 1) -> dict[str, Any]:
    return key(pk, sk) | {"fence": {"N": str(fence)}}


def write(lab: Lab, region: str, fence: int = 1) -> None:
    lab.client("dynamodb", region).put_item(TableName=NAME, Item=item(fence=fence))


def fence_of(lab: Lab, region: str, consistent: bool) -> str | None:
    found = lab.client("dynamodb", region).get_item(TableName=NAME, Key=key(), ConsistentRead=consistent)
    return str(found["Item"]["fence"]["N"]) if "Item" in found else None
