# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls on items of the state table: one each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

CONDITION_FAILED = "ConditionalCheckFailedException"
# Met by a write that another Region's write overtook, or by a transient limit: none had an effect.
TRY_AGAIN = ("ReplicatedWriteConflictException", "ThrottlingException", "ProvisionedThroughputExceededException")


def get_item(client: Any, table: str, key: Mapping[str, Any]) -> dict[str, Any] | None:
    """The item, by a strongly consistent read; ``None`` where there is none."""
    return client.get_item(TableName=table, Key=dict(key), ConsistentRead=True).get("Item")


def put_item(client: Any, table: str, item: Mapping[str, Any], condition: Mapping[str, Any]) -> bool:
    """Write the item if ``condition`` (its expression, names and values; may be empty) holds; say whether it did."""
    return _conditional(client.put_item, TableName=table, Item=dict(item), **condition)


def update_item(client: Any, table: str, key: Mapping[str, Any], update: Mapping[str, Any]) -> bool:
    """Change the item if the condition in ``update`` holds; say whether it did."""
    return _conditional(client.update_item, TableName=table, Key=dict(key), **update)


def delete_item(client: Any, table: str, key: Mapping[str, Any]) -> None:
    """Remove the item, if there is one."""
    client.delete_item(TableName=table, Key=dict(key))


def _conditional(call: Any, **arguments: Any) -> bool:
    try:
        call(**arguments)
    except AWS_ERRORS as exc:
        if error_code(exc) == CONDITION_FAILED:
            return False
        raise
    return True


def query(client: Any, table: str, pk: str, prefix: str, newest: int | None = None) -> list[dict[str, Any]]:
    """The items of a partition whose sort key begins so: all of them, or the ``newest`` few, newest first.

    An empty ``prefix`` is no condition: DynamoDB takes no empty string for a key.
    """
    begins = " AND begins_with(sk, :prefix)" if prefix else ""
    arguments: dict[str, Any] = {
        "TableName": table,
        "ConsistentRead": True,
        "KeyConditionExpression": f"pk = :pk{begins}",
        "ExpressionAttributeValues": {":pk": {"S": pk}, **({":prefix": {"S": prefix}} if prefix else {})},
    }
    if newest is not None:
        return client.query(**arguments, ScanIndexForward=False, Limit=newest)["Items"]
    pages = client.get_paginator("query").paginate(**arguments)
    return [item for page in pages for item in page["Items"]]
