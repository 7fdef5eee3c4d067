# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workload `shop`: what a lab holds when it is fresh, made through boto3 as anybody would make it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from lab.seeds import cache as cache_seed
from lab.seeds import compute, parameters, storage, witness
from lab.seeds.canary import CANARY_KEY, seed_canary
from lab.seeds.network import network
from lab.seeds.state_table import seed_state_table
from lab.settings import (
    DATABASE,
    DATABASE_PASSWORD,
    DATABASE_USER,
    HOME,
    POSTGRES_PORT,
    REGIONS,
    STANDBY,
    THIRD,
    Instance,
)

WORKLOAD = "shop"
ZONE = "shop.example."
ENGINE = {"Engine": "aurora-postgresql", "EngineVersion": "16.4"}
MASTER = {"MasterUsername": DATABASE_USER, "MasterUserPassword": DATABASE_PASSWORD, "DatabaseName": DATABASE}
LATCH_KEY = "latch/shop"
LATCH_TOKEN = "aws-dr-latch:shop"
FORWARD_LATCHES = (STANDBY, THIRD)
REVERSE_LATCHES = (HOME,)
NAMES = ("api", "www")
TTL = 1


@cache
def client(service: str, region: str) -> Any:
    """A client that reaches the lab by the environment of its process (``settings.client_environment``)."""
    # Route 53 takes no change of a zone while it is at another: two in a row come sooner than that here.
    config = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 5})
    return _session().client(service, region_name=region, config=config)


@cache
def _session() -> Any:
    """One for all: it parses each service's model once, which takes longer than many calls."""
    return boto3.session.Session(region_name=HOME)


def seed(instance: Instance, finish: Callable[[], None]) -> None:
    """Make it all; ``finish`` lets what takes time be done at once. Raises botocore's errors if the lab isn't empty."""
    _databases()
    _secret()
    parameters.seed(client, finish)
    for region in (*FORWARD_LATCHES, *REVERSE_LATCHES):
        _latch_bucket(region)
    _names(instance)
    seed_state_table(client)
    compute.seed(client, instance)
    storage.seed(client)
    cache_seed.seed(client)
    witness.seed(client)


def _databases() -> None:
    client("rds", HOME).create_global_cluster(GlobalClusterIdentifier=WORKLOAD, **ENGINE)
    for region in REGIONS:
        rds, cluster = client("rds", region), f"{WORKLOAD}-{region}"
        rds.create_db_cluster(
            DBClusterIdentifier=cluster,
            GlobalClusterIdentifier=WORKLOAD,
            Port=POSTGRES_PORT,
            **network(client("ec2", region), rds, region, WORKLOAD),
            **ENGINE,
            **(MASTER if region == HOME else {}),
        )
        rds.create_db_instance(
            DBInstanceIdentifier=f"{cluster}-1",
            DBClusterIdentifier=cluster,
            DBInstanceClass="db.r6g.large",
            Engine=ENGINE["Engine"],
        )


def _secret() -> None:
    value = json.dumps({"username": DATABASE_USER, "password": DATABASE_PASSWORD})
    client("secretsmanager", HOME).create_secret(
        Name=f"{WORKLOAD}/db", SecretString=value, AddReplicaRegions=[{"Region": STANDBY}]
    )


def latch_bucket(region: str) -> str:
    return f"{WORKLOAD}-latch-{region}"


def latch_host(region: str) -> str:
    return f"{latch_bucket(region)}.s3.{region}.amazonaws.com"


def _latch_bucket(region: str) -> None:
    """A bucket whose latches anybody may read: Route 53's checkers come anonymously."""
    s3, bucket = client("s3", region), latch_bucket(region)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": [f"arn:aws:s3:::{bucket}/{key}" for key in (LATCH_KEY, CANARY_KEY)],
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def _names(instance: Instance) -> None:
    route53 = client("route53", HOME)
    zone = route53.create_hosted_zone(Name=ZONE, CallerReference=WORKLOAD)["HostedZone"]["Id"]
    forward = [_health_check(f"latch-{region}", _latch_check(region)) for region in FORWARD_LATCHES]
    # One object moves traffic and both hold it: one bucket's loss neither moves it nor brings it back.
    primary = _health_check("primary", {"Type": "CALCULATED", "HealthThreshold": 2, "ChildHealthChecks": forward})
    (reverse,) = (_health_check(f"latch-{region}", _latch_check(region)) for region in REVERSE_LATCHES)
    records = list(_records(instance, {HOME: primary, STANDBY: reverse}))
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in records]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    seed_canary(client, instance, {"Id": zone, "Name": ZONE}, [latch_host(region) for region in FORWARD_LATCHES])


def _latch_check(region: str) -> dict[str, Any]:
    """Healthy while the object is absent."""
    return {
        "Type": "HTTPS_STR_MATCH",
        "FullyQualifiedDomainName": latch_host(region),
        "Port": 443,
        "ResourcePath": f"/{LATCH_KEY}",
        "SearchString": LATCH_TOKEN,
        "RequestInterval": 10,
        "FailureThreshold": 1,
        "Inverted": True,
    }


def _health_check(name: str, config: dict[str, Any]) -> str:
    made = client("route53", HOME).create_health_check(CallerReference=f"{WORKLOAD}-{name}", HealthCheckConfig=config)
    return str(made["HealthCheck"]["Id"])


def _records(instance: Instance, checks: dict[str, str]) -> Iterator[dict[str, Any]]:
    for region, role in zip(REGIONS, ("PRIMARY", "SECONDARY"), strict=True):
        address = {"Type": "A", "TTL": TTL, "ResourceRecords": [{"Value": instance.address(region)}]}
        for name in NAMES:
            yield {
                "Name": f"{name}.{ZONE}",
                "SetIdentifier": region,
                "Failover": role,
                "HealthCheckId": checks[region],
                **address,
            }
        yield {"Name": f"api.{region}.{ZONE}", **address}
