# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the grants are said with: roles, Regions, ARNs, conditions."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import (
    HOME,
    STANDBY,
    THIRD,
    IamRole,
)

US_EAST_1 = "us-east-1"
ARC_REGIONS = (US_EAST_1, "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")

OPERATOR, PREFLIGHT, DRILL, SETUP, CANARY = (
    frozenset({role}) for role in (IamRole.OPERATOR, IamRole.PREFLIGHT, IamRole.DRILL, IamRole.SETUP, IamRole.CANARY)
)
LOOKS = OPERATOR | PREFLIGHT | DRILL
WATCHES = LOOKS | {IamRole.TRIGGER}
TRIGGER = frozenset({IamRole.TRIGGER})
TELLS = OPERATOR | TRIGGER | DRILL
REPORTER = frozenset({IamRole.REPORTER})

GLOBAL = (US_EAST_1,)
IN_THREE = (HOME, STANDBY, THIRD)


def arn(service: str, resource: str, region: str = "${LegRegion}") -> str:
    return f"arn:${{Partition}}:{service}:{region}:${{AccountId}}:{resource}"


def bucket(name: str) -> str:
    return f"arn:${{Partition}}:s3:::{name}"


def zone(resource: str) -> str:
    return f"arn:${{Partition}}:route53:::{resource}"


GLOBAL_CLUSTER = arn("rds", "global-cluster:${GlobalCluster}", "")
CLUSTERS = tuple(arn("rds", f"cluster:${{{leg}Cluster}}", f"${{{leg}Region}}") for leg in (HOME, STANDBY))
DATASTORE = arn("elasticache", "globalreplicationgroup:${GlobalReplicationGroup}", "")
CACHES = tuple(
    arn("elasticache", f"replicationgroup:${{{leg}ReplicationGroup}}", f"${{{leg}Region}}") for leg in (HOME, STANDBY)
)
TABLE = arn("dynamodb", "table/${StateTable}")
SECRET_ARNS = (
    arn("secretsmanager", "secret:${DatabaseSecret}-??????"),
    arn("secretsmanager", "secret:${CacheSecret}-??????"),
)
EVERY_SECRET = (arn("secretsmanager", "secret:${Secret}-??????"),)
KEY = (arn("kms", "key/${MultiRegionKey}"),)
PARAMETER_ARNS = (arn("ssm", "parameter/${ParameterPath}"), arn("ssm", "parameter/${ParameterPath}/*"))
FUNCTION = arn("lambda", "function:${Function}")
SERVICE = arn("ecs", "service/${EcsCluster}/${EcsService}")
DATA = "${LegDataBucket}"
EVIDENCE = "${LegEvidenceBucket}"
HEALTH_CHECK = (zone("healthcheck/${HealthCheck}"),)

LOCK_AND_RUNS = ("lock#${Lock}", "run#${Workload}-*", "history#${Workload}")
FENCES, BASELINES, CANARY_LOG = ("fence#${Workload}#*",), ("baseline#${Workload}",), ("canary#${Workload}",)
OUTBOX = ("outbox#${Workload}",)
AUTOMATION = ("switch#automatic", "decision#${Workload}")


def keys(*keys: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


def via(*services: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    through = tuple(
        f"{service}.{leg}.amazonaws.com" for service in services for leg in ("${HomeRegion}", "${StandbyRegion}")
    )
    return {"StringEquals": {"kms:ViaService": through}}


def same(service: str, *actions: str, iam: str = "") -> Mapping[str, tuple[str, ...]]:
    """Calls that need the IAM action of their own name, and no other; ``iam`` where that's another prefix."""
    return {f"{iam or service}:{action}": (f"{service}:{action}",) for action in actions}


PASS_BACKFILL_ROLE = {"StringEquals": {"iam:PassedToService": ("batchoperations.s3.amazonaws.com",)}}
PASS_ROLE = {"StringEquals": {"iam:PassedToService": ("s3.amazonaws.com",)}}
OF_FUNCTION = {"ArnLike": {"lambda:FunctionArn": (FUNCTION,)}}
NAMES = {
    "ForAllValues:StringEquals": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ("${RecordName}",),
        "route53:ChangeResourceRecordSetsRecordTypes": ("A", "AAAA", "CNAME"),
        "route53:ChangeResourceRecordSetsActions": ("CREATE", "DELETE", "UPSERT"),
    }
}
