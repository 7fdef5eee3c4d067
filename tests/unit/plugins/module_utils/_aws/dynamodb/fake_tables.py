# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small DynamoDB whose tables take a while, on a clock that nobody waits for, and the module on both of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.modules import dynamodb_global_table as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import FakeClock

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
NAME = "aws-dr-state"
TAKES = 20.0
WANTED: dict[str, Any] = {"name": NAME, "replicas": [HOME, STANDBY], "witness_region": THIRD}


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "call")


class FakeDynamoDB:
    """Tables by Region. ``faults`` come before an answer, ``lost`` after an effect."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.tables: dict[str, dict[str, Any]] = {}
        self.ready: dict[str, float] = {}
        self.calls: list[tuple[str, str]] = []
        self.faults: dict[str, list[Exception]] = {}
        self.lost: dict[str, list[Exception]] = {}
        self.dead: set[str] = set()
        self.lists_itself = False

    def get(self, service: str, region: str) -> FakeClient:
        assert service == "dynamodb"
        return FakeClient(self, region)

    def changes(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if not call[0].startswith(("describe", "list", "scan"))]

    def put(self, region: str, **values: Any) -> dict[str, Any]:
        """Lay a table down in a Region, active."""
        keys = [("pk", "HASH"), ("sk", "RANGE")]
        self.tables[region] = {
            "TableName": NAME,
            "TableArn": f"arn:aws:dynamodb:{region}:123456789012:table/{NAME}",
            "KeySchema": [{"AttributeName": name, "KeyType": role} for name, role in keys],
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name, _role in keys],
            "tags": {},
            "recovery": False,
            "ttl": "DISABLED",
            "items": [],
            **values,
        }
        return self.tables[region]

    def put_strong(self, **values: Any) -> None:
        """Lay a strongly consistent one down, with replicas in both Regions."""
        for region in (HOME, STANDBY):
            self.put(region, members=[HOME, STANDBY], witness=THIRD, strong=True, **copy.deepcopy(values))

    def under_way(self, region: str) -> bool:
        return self.clock.now < self.ready.get(region, 0.0)


class FakeClient:
    def __init__(self, aws: FakeDynamoDB, region: str) -> None:
        self.aws, self.region = aws, region

    def _call(self, action: str, answer: Callable[[], Any]) -> Any:
        self.aws.calls.append((action, self.region))
        if self.region in self.aws.dead:
            raise EndpointConnectionError(endpoint_url=f"https://dynamodb.{self.region}")
        waiting = self.aws.faults.get(action, [])
        if waiting:
            raise waiting.pop(0)
        given = answer()
        lost = self.aws.lost.get(action, [])
        if lost:
            raise lost.pop(0)
        return given

    def _table(self) -> dict[str, Any]:
        if self.region not in self.aws.tables:
            raise error("ResourceNotFoundException")
        return self.aws.tables[self.region]

    def describe_table(self, **_given: Any) -> dict[str, Any]:
        return {"Table": self._call("describe_table", self._described)}

    def _described(self) -> dict[str, Any]:
        table, busy = self._table(), self.aws.under_way(self.region)
        members = [
            {"RegionName": region, "ReplicaStatus": "CREATING" if self.aws.under_way(region) else "ACTIVE"}
            for region in table.get("members", [])
            if region != self.region or self.aws.lists_itself
        ]
        witness = [{"RegionName": table["witness"], "WitnessStatus": "ACTIVE"}] if table.get("witness") else []
        return {
            **table,
            "TableStatus": "CREATING" if busy else "ACTIVE",
            **({"Replicas": members} if members else {}),
            **({"GlobalTableWitnesses": witness} if witness else {}),
            **({"MultiRegionConsistency": "STRONG"} if table.get("strong") else {}),
        }

    def describe_continuous_backups(self, **_given: Any) -> dict[str, Any]:
        status = "ENABLED" if self._call("describe_continuous_backups", self._table)["recovery"] else "DISABLED"
        recovery = {"PointInTimeRecoveryStatus": status}
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": recovery}}

    def describe_time_to_live(self, **_given: Any) -> dict[str, Any]:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": self._table()["ttl"]}}

    def scan(self, **given: Any) -> dict[str, Any]:
        return {"Items": self._table()["items"][: given["Limit"]]}

    def get_paginator(self, name: str) -> FakeClient:
        assert name == "list_tags_of_resource"
        return self

    def paginate(self, **_given: Any) -> list[dict[str, Any]]:
        tags = self._call("list_tags_of_resource", self._table)["tags"]
        return [{"Tags": [{"Key": key, "Value": value}]} for key, value in tags.items()]

    def create_table(self, **given: Any) -> None:
        def act() -> None:
            if self.region in self.aws.tables:
                raise error("ResourceInUseException")
            self.aws.put(self.region, KeySchema=given["KeySchema"], AttributeDefinitions=given["AttributeDefinitions"])
            self.aws.ready[self.region] = self.aws.clock.now + TAKES

        self._call("create_table", act)

    def update_table(self, **given: Any) -> None:
        def act() -> None:
            table = self._table()
            if self.aws.under_way(self.region):
                raise error("ResourceInUseException")
            if "DeletionProtectionEnabled" in given:
                table["DeletionProtectionEnabled"] = given["DeletionProtectionEnabled"]
            elif "MultiRegionConsistency" in given:
                self._make_strong(given)
            else:
                self._reduce(given)

        self._call("update_table", act)

    def _make_strong(self, given: dict[str, Any]) -> None:
        others = [update["Create"]["RegionName"] for update in given["ReplicaUpdates"]]
        witness = next((each["Create"]["RegionName"] for each in given.get("GlobalTableWitnessUpdates", ())), None)
        for region in (self.region, *others):
            values = {"members": [self.region, *others], "witness": witness, "strong": True}
            self.aws.tables.get(region, self.aws.put(region) if region in others else {}).update(values)
            self.aws.ready[region] = self.aws.clock.now + TAKES

    def _reduce(self, given: dict[str, Any]) -> None:
        for update in given["ReplicaUpdates"]:
            if self.aws.tables.pop(update["Delete"]["RegionName"]).get("DeletionProtectionEnabled"):
                raise error("ValidationException")
        self._table().update(members=[], witness=None, strong=False)

    def update_continuous_backups(self, **given: Any) -> None:
        on = given["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        self._call("update_continuous_backups", lambda: self._table().update(recovery=on))

    def tag_resource(self, **given: Any) -> None:
        assert given["ResourceArn"] == self._table()["TableArn"]
        tags = {tag["Key"]: tag["Value"] for tag in given["Tags"]}
        self._call("tag_resource", lambda: self._table()["tags"].update(tags))

    def untag_resource(self, **given: Any) -> None:
        self._call("untag_resource", lambda: [self._table()["tags"].pop(key) for key in given["TagKeys"]])

    def delete_table(self, **_given: Any) -> None:
        def act() -> None:
            if self._table().get("DeletionProtectionEnabled") or self._table().get("members"):
                raise error("ValidationException")
            del self.aws.tables[self.region]

        self._call("delete_table", act)


class Stage:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.aws = FakeDynamoDB(self.clock)
        self.warnings: list[str] = []

    def run(self, check_mode: bool = False, timeout: float = 900.0, **options: Any) -> Result:
        spec = module.argument_spec()
        given = {name: options.pop(name, spec[name].get("default")) for name in spec}
        assert not options, "an option that the module doesn't have"
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.clock,
            deadline=Deadline.after(self.clock, timeout),
            clients=self.aws,  # type: ignore[arg-type]  # stands for Clients
            progress=silent,
            warn=self.warnings.append,
        )
        return module.execute(given, context)
