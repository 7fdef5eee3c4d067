# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/iam filled in for the lab's workload, and what it says of calls that the lab recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.permissions import iam_actions
from lab.aws.iam_policy import ALLOWED, decide
from lab.settings import HOME, STANDBY, THIRD

DOCS = Path(__file__).resolve().parents[2] / "docs" / "iam"
ACCOUNT = "123456789012"
RECORDED = Mapping[str, Any]


class Filled(dict[str, str]):
    """What the lab's workload fills in; what it has nothing of is filled so that nothing matches it."""

    def __missing__(self, name: str) -> str:
        return f"no-{name}"


SHOP = Filled(
    Partition="aws",
    AccountId=ACCOUNT,
    HomeRegion=HOME,
    StandbyRegion=STANDBY,
    ThirdRegion=THIRD,
    Workload="shop",
    Lock="shop",
    GlobalCluster="shop",
    HomeCluster=f"shop-{HOME}",
    StandbyCluster=f"shop-{STANDBY}",
    HomeSubnetGroup="shop",
    StandbySubnetGroup="shop",
    LostSubnetGroup="apart",
    DatabaseSecret="shop/db",
    CacheSecret="shop/cache",
    Secret="shop/db",
    StateTable="aws-dr-state",
    HomeLatchBucket=f"shop-latch-{HOME}",
    StandbyLatchBucket=f"shop-latch-{STANDBY}",
    ThirdLatchBucket=f"shop-latch-{THIRD}",
    LatchKey="latch/shop",
    CanaryKey="latch/canary",
    HomeNetworkAcl="acl-*",  # this id, and the others that are patterns, are other ones in every lab
    StandbyNetworkAcl="acl-*",
    AutoScalingGroup="shop-web",
    HomeWitnessBucket=f"shop-assets-{HOME}",
    StandbyWitnessBucket=f"shop-assets-{STANDBY}",
    WitnessKey="aws-dr/canary",
    WitnessQueue="shop-witness",
    EcsCluster="shop",
    EcsService="api",
    Function="shop-orders",
    GlobalReplicationGroup="jcfjl-shop",
    HomeReplicationGroup=f"shop-{HOME}",
    StandbyReplicationGroup=f"shop-{STANDBY}",
    ParameterPath="shop",
    MultiRegionKey="mrk-*",
    HomeDataBucket=f"shop-assets-{HOME}",
    StandbyDataBucket=f"shop-assets-{STANDBY}",
    BackfillRole="shop-backfill",
    SentinelKey="aws-dr/sentinel",
    HealthCanaryKey="aws-dr/health",
    HomeEvidenceBucket=f"shop-evidence-{HOME}",
    StandbyEvidenceBucket=f"shop-evidence-{STANDBY}",
    HostedZone="*",
    RecordName="api.shop.example",
    OperatorRole="operator",
)


def documents(role: str) -> list[dict[str, Any]]:
    """A role's policies, filled in."""
    paths = sorted(DOCS.glob(f"{role}*.json"))
    return [json.loads(Template(path.read_text(encoding="utf-8")).substitute(SHOP)) for path in paths]


def statements(role: str) -> list[dict[str, Any]]:
    return [each for document in documents(role) for each in document["Statement"]]


def allowing(call: RECORDED, role: str) -> dict[str, set[tuple[str, str]]]:
    """For each IAM action that the call needs, the statements (their Sid, and the action) that allow it."""
    context = {
        "aws:RequestedRegion": [call["region"]],
        **_keys(call),
        **_function(call),
        **_passed(call),
        **_metrics(call),
    }
    actions = iam_actions(Call(call["service"], call["action"], call["region"]))
    # An object's head is asked for with its version or without: each needs but one of the two.
    not_needed = f"s3:GetObject{'' if 'VersionId' in call['params'] else 'Version'}"
    needed = [action for action in actions if (call["action"], action) != ("HeadObject", not_needed)]
    return {action: set(_allowing(statements(role), call, action, context)) for action in needed}


def _allowing(
    granted: Iterable[dict[str, Any]], call: RECORDED, action: str, context: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    for statement in granted:
        asked = _resources(call, action) or _own(statement)
        verdicts = {decide([{"Statement": statement}], action, each, context).decision for each in asked}
        if verdicts == {ALLOWED}:
            yield statement["Sid"], action


def _keys(call: RECORDED) -> dict[str, list[str]]:
    """The partition key of a call that is about items."""
    given = call["params"]
    found = given.get("Item", given.get("Key", {}))
    keys = [found["pk"]] if isinstance(found, dict) and "pk" in found else []
    keys += [given["ExpressionAttributeValues"][":pk"]] if call["action"] == "Query" else []
    return {"dynamodb:LeadingKeys": [key["S"] for key in keys]} if keys else {}


def _function(call: RECORDED) -> dict[str, list[str]]:
    """Whose event source mapping a call is about: AWS knows, the call names the mapping alone."""
    arn = f"arn:aws:lambda:{call['region']}:{ACCOUNT}:function:{SHOP['Function']}"
    return {"lambda:FunctionArn": [arn]} if "EventSourceMapping" in call["action"] else {}


def _metrics(call: RECORDED) -> dict[str, list[str]]:
    """The namespace of metrics that a call publishes."""
    return {"cloudwatch:namespace": [call["params"]["Namespace"]]} if call["action"] == "PutMetricData" else {}


def _passed(call: RECORDED) -> dict[str, list[str]]:
    """To whom a call passes a role, if to anybody."""
    return {"iam:PassedToService": ["batchoperations.s3.amazonaws.com"]} if call["action"] == "CreateJob" else {}


def _resources(call: RECORDED, action: str) -> list[str]:
    """The ARNs that a call is about; none where only its action and its Region are looked at."""
    found = _ABOUT.get(call["service"])
    return found(call["params"], call["region"], action) if found else []


def _own(statement: Mapping[str, Any]) -> list[str]:
    named = statement["Resource"]
    return [each.replace("*", "x").replace("?", "x") for each in ([named] if isinstance(named, str) else named)]


def _rds(params: RECORDED, region: str, _action: str) -> list[str]:
    clusters = [f"arn:aws:rds:{each}:{ACCOUNT}:cluster:shop-{each}" for each in (HOME, STANDBY)]
    if "TargetDbClusterIdentifier" in params:
        return [f"arn:aws:rds::{ACCOUNT}:global-cluster:{params['GlobalClusterIdentifier']}", *clusters]
    if "GlobalClusterIdentifier" in params:
        return [f"arn:aws:rds::{ACCOUNT}:global-cluster:{params['GlobalClusterIdentifier']}"]
    if "SourceDBClusterSnapshotIdentifier" in params:
        names = (params["SourceDBClusterSnapshotIdentifier"], params["TargetDBClusterSnapshotIdentifier"])
        return [f"arn:aws:rds:{region}:{ACCOUNT}:cluster-snapshot:{name}" for name in names]
    if "DBInstanceIdentifier" in params:
        kinds = {"DBInstanceIdentifier": "db:{}", "DBClusterIdentifier": "cluster:{}"}
        return _named("rds", params, region, **kinds)
    if "SnapshotIdentifier" in params:
        kinds = {"SnapshotIdentifier": "cluster-snapshot:{}", "DBClusterIdentifier": "cluster:{}"}
        return _named("rds", params, region, **kinds, DBSubnetGroupName="subgrp:{}")
    if "SourceDBClusterIdentifier" in params:
        kinds = {"SourceDBClusterIdentifier": "cluster:{}", "DBClusterIdentifier": "cluster:{}"}
        return _named("rds", params, region, **kinds, DBSubnetGroupName="subgrp:{}")
    if "DBClusterIdentifier" in params:
        name = params["DBClusterIdentifier"].split(":")[-1]
        return [f"arn:aws:rds:{region}:{ACCOUNT}:cluster:{name}"]
    return _named("rds", params, region, DBSubnetGroupName="subgrp:{}")


def _elasticache(params: RECORDED, region: str, _action: str) -> list[str]:
    """A promotion needs the datastore and both of its members."""
    datastore = _named("elasticache", params, "", GlobalReplicationGroupId="globalreplicationgroup:{}")
    if "PrimaryRegion" in params:
        members = [f"arn:aws:elasticache:{each}:{ACCOUNT}:replicationgroup:shop-{each}" for each in (HOME, STANDBY)]
        return [*datastore, *members]
    kinds = {"ReplicationGroupId": "replicationgroup:{}", "CacheClusterId": "cluster:{}"}
    return datastore or _named("elasticache", params, region, **kinds)


def _autoscaling(params: RECORDED, region: str, action: str) -> list[str]:
    """Groups are described by their action alone."""
    if action == "autoscaling:DescribeAutoScalingGroups":
        return []
    return _named("autoscaling", params, region, AutoScalingGroupName="autoScalingGroup:x:autoScalingGroupName/{}")


def _ecs(params: RECORDED, region: str, _action: str) -> list[str]:
    names = params["services"] if "services" in params else [params["service"]]
    return [f"arn:aws:ecs:{region}:{ACCOUNT}:service/{params['cluster']}/{name}" for name in names]


def _named(service: str, params: RECORDED, region: str, **kinds: str) -> list[str]:
    """The ARN of each parameter of ``kinds`` that the call has."""
    return [f"arn:aws:{service}:{region}:{ACCOUNT}:{kinds[key].format(params[key])}" for key in kinds if key in params]


def _s3(params: RECORDED, _region: str, action: str) -> list[str]:
    key = f"/{params['Key']}" if "Key" in params and action != "s3:ListBucket" else ""
    return [f"arn:aws:s3:::{params['Bucket']}{key}"]


_ABOUT: Mapping[str, Callable[[RECORDED, str, str], list[str]]] = {
    "rds": _rds,
    "s3": _s3,
    "dynamodb": lambda params, region, _action: [f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{params['TableName']}"],
    "secretsmanager": lambda params, region, _action: [
        f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:{params['SecretId']}-AbCdEf"
    ],
    "elasticache": _elasticache,
    "autoscaling": _autoscaling,
    "ecs": _ecs,
    "ec2": lambda params, region, _action: _named("ec2", params, region, NetworkAclId="network-acl/{}"),
    "lambda": lambda params, region, _action: _named("lambda", params, region, UUID="event-source-mapping:{}"),
    "ssm": lambda params, region, _action: _named("ssm", params, region, Path="parameter{}", Name="parameter{}"),
    "iam": lambda params, _region, _action: [params.get("PolicySourceArn", "")],
}
