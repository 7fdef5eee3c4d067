# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DynamoDB as AWS has it where tables are global: what moto lacks or gets wrong, laid over its responses.

Only multi-Region strong consistency: other tables are each Region's own, as in moto. Which error a Region without a
quorum gives is not published; it counts as a system error, so it is InternalServerError (500) here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoHandler

from lab.aws import dynamodb_rules as rules
from lab.aws.dynamodb_tables import StrongTable, Tables
from lab.aws.errors import AwsError

Original = Callable[[DynamoHandler], ActionResult]

WRITES = frozenset({"put_item", "update_item", "delete_item", "batch_write_item"})
READS = frozenset({"get_item", "query", "scan", "batch_get_item"})
TRANSACTIONS = frozenset({"transact_get_items", "transact_write_items"})
VERSION = "2019.11.21"


class NoQuorum(JsonRESTError):
    """What a Region without a quorum answers. Not an AwsError: the model doesn't say the status, and 400 would come."""

    code = 500

    def __init__(self) -> None:
        super().__init__("com.amazonaws.dynamodb.v20120810#InternalServerError", "Internal server error")


class Actions:
    """The API actions. Each takes moto's response object and moto's own action."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def install(self) -> None:
        """Put the actions in place of moto's."""
        for name in (*WRITES, *READS):
            _install(name, partial(self.data, name))
        for name in TRANSACTIONS:
            _install(name, self.transact)
        for name, action in (
            ("create_table", self.create),
            ("update_table", self.update),
            ("describe_table", self.describe),
            ("delete_table", self.delete),
            ("update_time_to_live", self.time_to_live),
        ):
            _install(name, action)

    # Items

    def data(self, name: str, response: DynamoHandler, original: Original) -> ActionResult:
        """A read or write of items: through any replica, on the one store, while there is a quorum."""
        body = response.body
        for table_name, request in _requests(body).items():
            self._refuse_creating(response, table_name)
            table = self._find(response, table_name)
            if table is not None:
                need = name in WRITES or bool(request.get("ConsistentRead"))
                return self._on_store(table, name, response, original, need=need)
        return original(response)

    def _on_store(
        self, table: StrongTable, name: str, response: DynamoHandler, original: Original, *, need: bool
    ) -> ActionResult:
        if table.changing and response.region != table.home and not table.leaving:
            raise _no_table()
        with _claim(table, name, response), self._tables.lock:
            self._tables.advance()
            if need and not table.current(response.region):
                raise NoQuorum
            return original(response)

    def transact(self, response: DynamoHandler, original: Original) -> ActionResult:
        """TransactGetItems, TransactWriteItems: not on such tables."""
        for item in response.body["TransactItems"]:
            for operation in item.values():
                if self._find(response, operation["TableName"]) is not None:
                    raise rules.invalid("transactions are not supported with multi-Region strong consistency")
        return original(response)

    # Tables

    def create(self, response: DynamoHandler, original: Original) -> ActionResult:
        """CreateTable: it takes a while."""
        result = original(response)
        self._tables.created(response.current_account, response.region, response.body["TableName"])
        return self._shown(response, result)

    def update(self, response: DynamoHandler, original: Original) -> ActionResult:
        """UpdateTable, with its replicas and its witness."""
        name, update = response.body["TableName"], rules.Update.of(response.body)
        account, region = response.current_account, response.region
        local = response.dynamodb_backend.get_table(name)
        table = self._find(response, name)
        if self._tables.creating(account, region, name) or (table is not None and table.changing):
            raise AwsError(
                "ResourceInUseException", f"Attempt to change a resource which is still in use: Table: {name}"
            )
        if table is not None and not table.current(region):
            raise NoQuorum
        if not update.empty:
            if table is not None:
                self._tables.reduce(table, update)
            elif update.consistency == rules.STRONG:
                self._tables.make_strong(account, region, local, update)
            elif update.creates:
                raise NotImplementedError("global tables with eventual consistency")
            else:
                raise rules.invalid("the table is not a global one")
        return self._shown(response, original(response))

    def describe(self, response: DynamoHandler, original: Original) -> ActionResult:
        """DescribeTable, with the table's Regions."""
        self._find(response, response.body["TableName"])
        return self._shown(response, original(response))

    def delete(self, response: DynamoHandler, original: Original) -> ActionResult:
        """DeleteTable: not while it is global."""
        name = response.body["TableName"]
        if self._find(response, name) is not None:
            raise rules.invalid("a replica of a strongly consistent global table can't be deleted by itself")
        if self._tables.creating(response.current_account, response.region, name):
            raise AwsError(
                "ResourceInUseException", f"Attempt to change a resource which is still in use: Table: {name}"
            )
        result = original(response)
        self._tables.deleted(response.current_account, response.region, name)
        return result

    def time_to_live(self, response: DynamoHandler, original: Original) -> ActionResult:
        """UpdateTimeToLive: not on such tables."""
        if self._find(response, response.body["TableName"]) is not None:
            raise rules.invalid("Time to Live is not supported with multi-Region strong consistency")
        return original(response)

    def _find(self, response: DynamoHandler, name: str) -> StrongTable | None:
        return self._tables.find(response.current_account, response.region, name)

    def _refuse_creating(self, response: DynamoHandler, name: str) -> None:
        if self._tables.creating(response.current_account, response.region, name):
            raise _no_table()

    def _shown(self, response: DynamoHandler, result: ActionResult) -> ActionResult:
        """Let a description say what moto doesn't know."""
        described: dict[str, Any] = next(iter(result.result.values()))  # type: ignore[attr-defined]  # its one table
        name, region = described["TableName"], response.region
        table = self._find(response, name)
        if self._tables.creating(response.current_account, region, name):
            described["TableStatus"] = "CREATING"
        if table is not None:
            described |= _global_view(table, region)
        return result


def _global_view(table: StrongTable, region: str) -> dict[str, Any]:
    """What DescribeTable says of a table's Regions. Whether AWS lists the asked Region itself too is not published."""

    def status(of: str) -> str:
        if not table.changing:
            return "ACTIVE"
        if table.leaving:
            return "DELETING" if of in table.leaving or of == table.witness else "UPDATING"
        return "UPDATING" if of == table.home else "CREATING"

    others = [other for other in table.replicas if other != region]
    witness = {"RegionName": table.witness, "WitnessStatus": status(table.witness)} if table.witness else None
    return {
        "TableStatus": status(region),
        "GlobalTableVersion": VERSION,
        "MultiRegionConsistency": rules.STRONG,
        "Replicas": [
            {"RegionName": other, "ReplicaStatus": status(other), "ReplicaArn": table.table(other).table_arn}
            for other in others
        ],
        **({"GlobalTableWitnesses": [witness]} if witness else {}),
    }


def _requests(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The tables that a call asks for, with what it asks of each."""
    items: Mapping[str, Any] | None = body.get("RequestItems")
    if items is None:
        return {body["TableName"]: body}
    return {name: request if isinstance(request, Mapping) else {} for name, request in items.items()}


def _claim(table: StrongTable, name: str, response: DynamoHandler) -> AbstractContextManager[None]:
    """Hold the one item that a call writes."""
    if name not in WRITES or name == "batch_write_item":
        return nullcontext()
    given = response.body.get("Key") or response.body["Item"]
    keys = table.table(table.home).table_key_attrs
    return table.claimed(response.region, {key: given.get(key) for key in keys})


def _no_table() -> AwsError:
    return AwsError("ResourceNotFoundException", "Requested resource not found")


ORIGINALS: dict[str, Original] = {}


def _install(name: str, action: Callable[[DynamoHandler, Original], ActionResult]) -> None:
    """Hand moto's own action, as it was before the first installation, to ours. Moto lists only plain functions."""
    original = ORIGINALS.setdefault(name, getattr(DynamoHandler, name))

    def method(self: DynamoHandler) -> ActionResult:
        return action(self, original)

    setattr(DynamoHandler, name, method)
