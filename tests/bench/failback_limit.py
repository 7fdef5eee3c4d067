# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit of a failback: a bare script that promotes home and sends clients there, with no gate before and after.

It asks for the switchover through the Region that writes, looks every 0.2 s whether home has taken over, proves it by
a write through home's cluster endpoint, and clears both objects of the latch. It doesn't wait for the old writer to be
brought in as a replica, as no client has to. Everything it needs to know it was told: the workload `shop` of the lab.

AWS calls: SwitchoverGlobalCluster, DescribeGlobalClusters (polled), DescribeDBClusters, GetSecretValue,
DeleteObject x 2.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from typing import Any

import boto3
from limit import CONFIG, LATCH_KEY, LATCHES, NETWORK, POLL, address, in_parallel, prove_writer

HOME, STANDBY = "eu-central-1", "eu-west-1"
HOME_ARN = f"arn:aws:rds:{HOME}:123456789012:cluster:shop-{HOME}"
HOME_ADDRESS = f"{NETWORK}.61.1"


def has_taken_over(rds: Any) -> bool:
    (cluster,) = rds.describe_global_clusters(GlobalClusterIdentifier="shop")["GlobalClusters"]
    return [each["DBClusterArn"] for each in cluster["GlobalClusterMembers"] if each["IsWriter"]] == [HOME_ARN]


def main() -> int:
    session = boto3.Session(region_name=HOME)
    session.client("rds", region_name=STANDBY, config=CONFIG).switchover_global_cluster(
        GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=HOME_ARN
    )
    # What is needed later is fetched and made while the switchover runs.
    rds, secrets = session.client("rds", config=CONFIG), session.client("secretsmanager", config=CONFIG)
    clusters, value = in_parallel(
        partial(rds.describe_db_clusters, DBClusterIdentifier=f"shop-{HOME}"),
        partial(secrets.get_secret_value, SecretId="shop/db"),
    )
    cluster, secret = clusters["DBClusters"][0], json.loads(value["SecretString"])
    buckets = [(bucket, session.client("s3", region_name=region, config=CONFIG)) for bucket, region in LATCHES]
    while not has_taken_over(rds):
        time.sleep(POLL)
    prove_writer(cluster["Endpoint"], cluster["Port"], secret, HOME)
    in_parallel(*(partial(client.delete_object, Bucket=bucket, Key=LATCH_KEY) for bucket, client in buckets))
    while address("api.shop.example") != HOME_ADDRESS:
        time.sleep(POLL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
