# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit: a bare script that makes only the calls on a failover's critical path.

No check, no refusal, no plan: what is left is what AWS takes. It promotes, polls every 0.2 s, proves the writer by a
write through the target's cluster endpoint, sets both latch objects, watches the DNS, and asks for the same stable
stretch as the playbook. Everything it needs to know it was told: the workload `shop` of the lab.

AWS calls: FailoverGlobalCluster, DescribeGlobalClusters (polled), DescribeDBClusters, GetSecretValue, PutObject x 2.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import dns.message
import dns.query
import dns.rdatatype
import psycopg
import urllib3
from botocore.config import Config

NETWORK = f"127.{os.environ['AWS_DR_LAB_INSTANCE']}"
RESOLVER, RESOLVER_PORT = f"{NETWORK}.60.53", 25353
TARGET = "eu-west-1"
TARGET_ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:shop-eu-west-1"
TARGET_ADDRESS = f"{NETWORK}.62.1"
LATCHES = (("shop-latch-eu-west-1", "eu-west-1"), ("shop-latch-eu-west-3", "eu-west-3"))
LATCH_KEY, LATCH_TOKEN = "latch/shop", b"aws-dr-latch:shop"
POLL = 0.2
CONFIG = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 3})


def address(name: str) -> str | None:
    answer = dns.query.udp(dns.message.make_query(name, "A"), RESOLVER, port=RESOLVER_PORT, timeout=2)
    found = [item.address for rrset in answer.answer for item in rrset if item.rdtype == dns.rdatatype.A]
    return found[0] if found else None


def writer_moved(rds: Any) -> bool:
    cluster = rds.describe_global_clusters(GlobalClusterIdentifier="shop")["GlobalClusters"][0]
    writer = [member["DBClusterArn"] for member in cluster["GlobalClusterMembers"] if member["IsWriter"]]
    return writer == [TARGET_ARN] and not cluster.get("FailoverState")


def prove_writer(endpoint: str, port: int, secret: dict[str, str], region: str = TARGET) -> None:
    with psycopg.connect(
        host=endpoint,
        hostaddr=address(endpoint),
        port=port,
        dbname="shop",
        user=secret["username"],
        password=secret["password"],
        sslmode="prefer",
        connect_timeout=2,
    ) as connection:
        row = connection.execute(
            "INSERT INTO aws_dr_writer_proof (workload, nonce, written_at) VALUES ('limit', %s, now())"
            " ON CONFLICT (workload) DO UPDATE SET nonce = excluded.nonce, written_at = excluded.written_at"
            " RETURNING aurora_server_id(), pg_is_in_recovery()",
            (str(time.time_ns()),),
        ).fetchone()
        if row != (f"shop-{region}-1", False):
            raise SystemExit(f"not the writer: {row}")


def in_parallel(*calls: Callable[[], Any]) -> list[Any]:
    """The calls' results in their order; whatever one raises is raised here."""
    done: dict[int, Any] = {}

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            done[number] = call()
        except Exception as exc:
            done[number] = exc

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outcome in done.values():
        if isinstance(outcome, Exception):
            raise outcome
    return [done[number] for number in range(len(calls))]


def set_latches(clients: list[tuple[str, Any]]) -> None:
    puts = [partial(client.put_object, Bucket=bucket, Key=LATCH_KEY, Body=LATCH_TOKEN) for bucket, client in clients]
    in_parallel(*puts)


def serve_stably(stable_for: float) -> None:
    """Good samples through the DNS, every POLL seconds, for ``stable_for`` seconds in a row."""
    pool, good_since = urllib3.PoolManager(retries=False, timeout=2), None
    while True:
        began = time.monotonic()
        good, ended = sample(pool), time.monotonic()
        good_since = (good_since or ended) if good else None
        if good_since is not None and ended - good_since >= stable_for:
            return
        due = began + POLL if good_since is None else min(began + POLL, good_since + stable_for)
        time.sleep(max(0.0, due - time.monotonic()))


def sample(pool: urllib3.PoolManager) -> bool:
    """Whether an order is taken where the name leads, and that is the target."""
    where = address("api.shop.example")
    body = json.dumps({"id": time.time_ns()})
    headers = {"Host": "api.shop.example", "Content-Type": "application/json"}
    try:
        return where == TARGET_ADDRESS and (
            pool.request("POST", f"http://{where}:28080/orders", body=body, headers=headers).status == 200
        )
    except (urllib3.exceptions.HTTPError, OSError):
        return False


def main() -> int:
    session = boto3.Session(region_name=TARGET)
    rds = session.client("rds", config=CONFIG)
    rds.failover_global_cluster(
        GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=TARGET_ARN, AllowDataLoss=True
    )
    # What is needed later is fetched and made while the promotion runs.
    secrets = session.client("secretsmanager", config=CONFIG)
    clusters, value = in_parallel(
        partial(rds.describe_db_clusters, DBClusterIdentifier="shop-eu-west-1"),
        partial(secrets.get_secret_value, SecretId="shop/db"),
    )
    cluster, secret = clusters["DBClusters"][0], json.loads(value["SecretString"])
    buckets = [(bucket, session.client("s3", region_name=region, config=CONFIG)) for bucket, region in LATCHES]
    while not writer_moved(rds):
        time.sleep(POLL)
    prove_writer(cluster["Endpoint"], cluster["Port"], secret)
    set_latches(buckets)
    while address("api.shop.example") != TARGET_ADDRESS:
        time.sleep(POLL)
    serve_stably(float(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
