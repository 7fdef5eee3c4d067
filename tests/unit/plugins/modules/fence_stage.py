# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Region with a database, its network ACLs and an ECS service, as boto3's clients would answer; and its journal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import Attempt
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Step
from ansible_collections.multiregion.aws_dr.plugins.modules import region_fence as module

REGION = "eu-central-1"
ARN = f"arn:aws:rds:{REGION}:123456789012:cluster:shop"
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "require"}
CHANGES = ("create_", "delete_", "update_", "put_")
REFUSED, ACCEPTED = Attempt(False, "refused"), Attempt(True, "a write was accepted")


def allow(egress: bool) -> dict[str, Any]:
    entry = {"RuleNumber": 100, "Egress": egress, "RuleAction": "allow", "Protocol": "-1"}
    return {**entry, "CidrBlock": "0.0.0.0/0"}


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


class FakeRegion:
    """``failing`` maps an action to what it raises, once each; ``lost`` is raised after the action took effect."""

    def __init__(self) -> None:
        self.acls = {"acl-1": [allow(False), allow(True)]}
        self.subnets = {"db-a": "acl-1", "db-b": "acl-1"}
        self.elsewhere: dict[str, str] = {}
        self.desired = 3
        self.dead: set[str] = set()
        self.slow = 0.0  # seconds that each call takes
        self.failing: dict[str, list[Exception]] = {}
        self.lost: dict[str, list[Exception]] = {}
        self.calls: list[str] = []
        self.connect_timeouts: list[float] = []

    def get(self, service: str, region: str) -> Any:
        assert region == REGION, "only the fenced Region is asked"
        return _Client(self, service)

    def hasty(self, connect_timeout: float) -> FakeRegion:
        self.connect_timeouts.append(connect_timeout)
        return self

    @property
    def changes(self) -> list[str]:
        return [call for call in self.calls if call.startswith(CHANGES)]

    def numbers(self, acl: str = "acl-1") -> list[tuple[int, bool]]:
        return [(entry["RuleNumber"], entry["Egress"]) for entry in self.acls[acl] if entry["RuleAction"] == "deny"]


class _Client:
    def __init__(self, region: FakeRegion, service: str) -> None:
        self._region, self._service = region, service

    def __getattr__(self, action: str) -> Any:
        def call(**given: Any) -> Any:
            region = self._region
            region.calls.append(action)
            time.sleep(region.slow)
            if self._service in region.dead:
                raise EndpointConnectionError(endpoint_url=f"https://{self._service}")
            if region.failing.get(action):
                raise region.failing[action].pop(0)
            answer = getattr(self, f"_{action}")(**given)
            if region.lost.get(action):
                raise region.lost[action].pop(0)
            return answer

        return call

    def get_paginator(self, action: str) -> Any:
        class Pages:
            @staticmethod
            def paginate(**given: Any) -> list[Any]:
                return [getattr(self, action)(**given)]

        return Pages()

    def _describe_global_clusters(self, **_given: Any) -> Any:
        member = {"DBClusterArn": ARN, "IsWriter": True}
        return {"GlobalClusters": [{"GlobalClusterIdentifier": "shop", "GlobalClusterMembers": [member]}]}

    def _describe_db_clusters(self, **_given: Any) -> Any:
        cluster = {"DBClusterArn": ARN, "Endpoint": "shop.example", "Port": 5432, "DBSubnetGroup": "shop"}
        return {"DBClusters": [cluster]}

    def _describe_db_subnet_groups(self, **_given: Any) -> Any:
        subnets = [{"SubnetIdentifier": name} for name in self._region.subnets]
        return {"DBSubnetGroups": [{"Subnets": subnets}]}

    def _get_secret_value(self, **_given: Any) -> Any:
        return {"SecretString": '{"username": "app", "password": "hunter2"}'}

    def _describe_network_acls(self, **given: Any) -> Any:
        (asked,) = given["Filters"]
        governed = {**self._region.subnets, **self._region.elsewhere}
        wanted = {governed[subnet] for subnet in asked["Values"]}
        return {
            "NetworkAcls": [
                {
                    "NetworkAclId": name,
                    "Entries": list(entries),
                    "Associations": [{"SubnetId": subnet} for subnet, acl in governed.items() if acl == name],
                }
                for name, entries in self._region.acls.items()
                if name in wanted
            ]
        }

    def _create_network_acl_entry(self, **entry: Any) -> None:
        there = self._region.acls[entry.pop("NetworkAclId")]
        if any((each["RuleNumber"], each["Egress"]) == (entry["RuleNumber"], entry["Egress"]) for each in there):
            raise client_error("NetworkAclEntryAlreadyExists")
        there.append(entry)

    def _delete_network_acl_entry(self, **given: Any) -> None:
        name, which = given["NetworkAclId"], (given["RuleNumber"], given["Egress"])
        there = self._region.acls[name]
        left = [each for each in there if (each["RuleNumber"], each["Egress"]) != which]
        if len(left) == len(there):
            raise client_error("InvalidNetworkAclEntry.NotFound")
        self._region.acls[name] = left

    def _describe_services(self, **_given: Any) -> Any:
        return {"services": [{"desiredCount": self._region.desired}]}

    def _update_service(self, **given: Any) -> None:
        self._region.desired = given["desiredCount"]


class Journal:
    """A guard that notes what it is told; a step's ``changes`` are those made before it was begun."""

    def __init__(self, context: Context, region: FakeRegion) -> None:
        self.context, self._region = context, region
        self.steps: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str, calls: Sequence[Call] = (), before: Mapping[str, Any] | None = None) -> Iterator[Step]:
        step = Step()
        noted = {"name": name, "calls": len(calls), "before": before, "changes": list(self._region.changes)}
        self.steps.append(noted)
        yield step
        noted["seen"] = step.seen

    def already(self, name: str, **_seen: Any) -> None:
        self.steps.append({"name": f"already {name}"})


class Stage:
    """Runs the module on the fake Region. ``writes`` is what a write over any connection comes to after the fence."""

    def __init__(self) -> None:
        self.region = FakeRegion()
        self.warnings: list[str] = []
        self.journals: list[Journal] = []
        self.reached = True
        self.write, self.api = REFUSED, Attempt(False, "the API answers 503")
        self.sessions: list[int] = [0]

    def ask(self, state: str = "fenced", check_mode: bool = False, **options: Any) -> Result:
        clock = SystemClock()
        given = {
            "state": state,
            "region": REGION,
            "database": DATABASE,
            "methods": ["network_acl"],
            "first_rule": 1,
            "allow_shared_acl": False,
            "compute": None,
            "hook": None,
            "api_url": None,
            "allow_unfenced": False,
            "before": {},
            "resolvers": [],
            "run": None,
            "timeout": 10.0,
            **options,
        }
        stand_in: Any = self.region
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=clock,
            deadline=Deadline.after(clock, given["timeout"]),
            clients=stand_in,
            progress=lambda line: None,
            warn=self.warnings.append,
        )
        return module.execute(given, context)

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [step for journal in self.journals for step in journal.steps]


def timed_out() -> Exception:
    return ReadTimeoutError(endpoint_url="https://ec2")
