# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab whose workload was failed over to the standby Region, and what must hold of a failback from there."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from typing import Any

import boto3
import psycopg
from stage import Attempt, Stage

from lab.client import Admin
from lab.data.postgres import conninfo
from lab.settings import DATABASE, HOME, REGIONS, STANDBY, THIRD, client_environment

CAREFUL = ("multiregion.aws_dr.failback", "-i", "inventories/lab", "-e", "reason=matrix")
FAILBACK = (*CAREFUL, "-e", "accept_unreconciled=true")
LATCHES = (STANDBY, THIRD)
HASH = "SELECT count(*), coalesce(bit_xor(hash_record_extended(t, 0)), 0) FROM writes t"
SETTLED = 60.0  # seconds that a resynchronisation may take here


def aws(stage: Stage, service: str, region: str) -> Any:
    os.environ.update(client_environment(stage.instance, {}))
    session: Any = boto3.Session(region_name=region)
    return session.client(service)


def until(what: str, holds: Callable[[], bool], timeout: float = SETTLED) -> None:
    end = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"not so within {timeout:.0f} s: {what}")
        time.sleep(0.2)


def member(stage: Stage, region: str) -> dict[str, Any]:
    """The Region's member of the global cluster, with the operation that is under way, if any."""
    (found,) = aws(stage, "rds", STANDBY).describe_global_clusters(GlobalClusterIdentifier="shop")["GlobalClusters"]
    (own,) = (each for each in found["GlobalClusterMembers"] if f":{region}:" in each["DBClusterArn"])
    return {**own, "operation": found.get("FailoverState")}


def in_step(stage: Stage, region: str) -> bool:
    found = member(stage, region)
    return found.get("SynchronizationStatus") == "connected" and not found["operation"] and not found["IsWriter"]


def send_away(stage: Stage) -> None:
    """The standby Region writes and has the clients, home follows behind its fence: made by calls, as it is quicker."""
    stage.lab("reset")
    target = member(stage, STANDBY)["DBClusterArn"]
    aws(stage, "rds", HOME).switchover_global_cluster(GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=target)
    aws(stage, "elasticache", STANDBY).failover_global_replication_group(
        GlobalReplicationGroupId="jcfjl-shop",
        PrimaryRegion=STANDBY,
        PrimaryReplicationGroupId=f"shop-{STANDBY}",
    )
    until("home follows", lambda: in_step(stage, HOME))
    for region in LATCHES:
        aws(stage, "s3", region).put_object(Bucket=f"shop-latch-{region}", Key="latch/shop", Body=b"aws-dr-latch:shop")
    fence(stage)


def fence(stage: Stage) -> None:
    given = {
        "state": "fenced",
        "region": HOME,
        "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "prefer"},
        "resolvers": [f"{stage.instance.dns_address}:25353"],
    }
    command = ("ansible", "localhost", "-c", "local", "-m", "multiregion.aws_dr.region_fence", "-a", json.dumps(given))
    subprocess.run(
        [*command, "-e", "ansible_python_interpreter={{ ansible_playbook_python }}"],
        env=client_environment(stage.instance, os.environ),
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=120,
    )


def failback(stage: Stage, *extra: str) -> Attempt:
    """A failback that leaves no lost writes behind."""
    return stage.attempt(*extra, playbook=CAREFUL)


def wrongs_at_home(stage: Stage, last: Attempt, since: float) -> list[str]:
    """What doesn't hold after a failback begun then: home writes alone, the latch was cleared, and not early."""
    found = [*stage.ended_badly(last), *stage.other_writers(HOME), *early_clearing(stage, since)]
    for region in LATCHES:
        objects = aws(stage, "s3", region).list_objects_v2(Bucket=f"shop-latch-{region}", Prefix="latch/shop")
        found += [f"the latch in {region} is still set"] if objects["KeyCount"] else []
    if not found and not in_step(stage, STANDBY):
        found.append(f"{STANDBY} doesn't follow")
    return found


def early_clearing(stage: Stage, since: float) -> list[str]:
    """Calls that sent clients home before its database took writes."""
    promoted = [
        event["at"]
        for event in stage.admin.events()
        if event["event"] == "promoted" and event["region"] == HOME and event["at"] > since
    ]
    cleared = [
        call["started"]
        for call in stage.admin.calls(since=since)
        if (call["service"], call["action"]) == ("s3", "DeleteObject") and "latch" in call["params"].get("Bucket", "")
    ]
    if cleared and (not promoted or min(cleared) < min(promoted)):
        return ["clients were sent home before its database was the writer"]
    return []


def hashes(stage: Stage) -> dict[str, tuple[int, int]]:
    """Count and hash of the orders, as each Region's database has them."""
    found = {}
    for region in REGIONS:
        with psycopg.connect(conninfo(stage.instance.address(region), DATABASE)) as connection:
            row = connection.execute(HASH).fetchone()
            assert row is not None
            found[region] = (int(row[0]), int(row[1]))
    return found


def differing(stage: Stage, timeout: float = 10.0) -> list[str]:
    """How the two databases differ, once what is on its way has had time to arrive."""
    end = time.monotonic() + timeout
    while len(set((seen := hashes(stage)).values())) != 1:
        if time.monotonic() > end:
            return [f"the databases differ: {seen}"]
        time.sleep(0.2)
    return []


def nothing_missing(stage: Stage) -> bool:
    return Admin(stage.instance).status()["missing"] == []


def wait_until_back(stage: Stage) -> None:
    """Home has been healed: wait until its processes run, and its database follows."""
    until("all processes run", lambda: nothing_missing(stage))
    until("home follows", lambda: in_step(stage, HOME))
