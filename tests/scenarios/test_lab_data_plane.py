# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's databases, WAN and APIs do what is said of them: nothing here is faked."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import dns.message
import dns.query
import psycopg
import pytest
from playing import LabUnderTest, lab_under_test

from lab.client import Admin
from lab.data.postgres import conninfo
from lab.data.processes import wait_for
from lab.settings import API_PORT, DATABASE, DNS_PORT, HOME, STANDBY, THIRD

PROMOTE = f"""
import boto3, sys
name = sys.argv[1]
rds = boto3.client("rds", sys.argv[2])
arn = "arn:aws:rds:{STANDBY}:123456789012:cluster:shop-{STANDBY}"
asked = {{"AllowDataLoss": True}} if name == "failover" else {{}}
getattr(rds, name + "_global_cluster")(GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=arn, **asked)
for latch in sys.argv[3:]:
    s3 = boto3.client("s3", latch)
    s3.put_object(Bucket="shop-latch-" + latch, Key="latch/shop", Body=b"aws-dr-latch:shop")
"""


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lab7(started: LabUnderTest) -> LabUnderTest:
    started.run("reset")
    return started


def order(lab: LabUnderTest, region: str, number: int) -> int:
    """The status with which a Region's API answers an order; 0 where nobody answers."""
    body = json.dumps({"id": number}).encode()
    return _status(urllib.request.Request(f"http://{lab.instance.address(region)}:{API_PORT}/orders", body))


def health(lab: LabUnderTest, region: str) -> int:
    return _status(urllib.request.Request(f"http://{lab.instance.address(region)}:{API_PORT}/healthz"))


def _status(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=3) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def ids(lab: LabUnderTest, region: str) -> list[int]:
    with psycopg.connect(conninfo(lab.instance.address(region), DATABASE)) as connection:
        return [number for (number,) in connection.execute("SELECT id FROM writes ORDER BY id")]


def where(lab: LabUnderTest) -> str:
    """The address that clients are sent to."""
    query = dns.message.make_query("api.shop.example", "A")
    answer = dns.query.udp(query, lab.instance.dns_address, port=DNS_PORT, timeout=2)
    return str(answer.answer[0][0])


def promote(lab: LabUnderTest, how: str = "failover", through: str = STANDBY, latches: tuple[str, ...] = ()) -> None:
    lab.run("exec", "--", "python", "-c", PROMOTE, how, through, *latches)
    assert wait_for(lambda: health(lab, STANDBY) == 200, 10)


def load(lab: LabUnderTest) -> None:
    """Half the usual load: the tests may share the machine with others."""
    lab.run("load", "start", "--rate", "100")
    assert soon(lambda: len(ids(lab, STANDBY)) > 50)


def region(lab: LabUnderTest, name: str) -> dict[str, Any]:
    return dict(Admin(lab.instance).status()["regions"][name])


def soon(seen: Callable[[], bool]) -> bool:
    return wait_for(seen, 15, 0.1)


def served_for(lab: LabUnderTest, seconds: float) -> bool:
    """No write failed for so long. Less is no end: other clients may still know the old address."""
    served_at = lab.report()["served_at"]
    return served_at is not None and time.time() - served_at > seconds


def test_what_home_commits_is_replicated_and_the_standby_takes_no_orders(lab7: LabUnderTest) -> None:
    assert (order(lab7, HOME, 1), order(lab7, STANDBY, 2)) == (200, 503)
    assert (health(lab7, HOME), health(lab7, STANDBY)) == (200, 503)
    assert soon(lambda: ids(lab7, STANDBY) == [1])
    assert where(lab7) == lab7.instance.address(HOME)


def test_a_lost_region_loses_what_was_in_flight_and_comes_back_as_a_rebuilt_replica(lab7: LabUnderTest) -> None:
    load(lab7)
    # So much is under way that some is lost, also where a busy machine has written nothing for some seconds.
    lab7.run("fault", "wan", "--delay", "5")
    assert soon(lambda: len(ids(lab7, HOME)) - len(ids(lab7, STANDBY)) > 50)
    lab7.run("fault", "region", HOME)
    assert (order(lab7, HOME, 10**9), region(lab7, HOME)["postgres"]["state"]) == (0, "stopped")
    promote(lab7, latches=(STANDBY, THIRD))
    assert soon(lambda: where(lab7) == lab7.instance.address(STANDBY))
    assert soon(lambda: served_for(lab7, 3))
    lab7.run("load", "stop")
    report = lab7.report()
    assert 1 <= report["lost_rows"] <= 1000  # 5 s of 100 writes a second, and what was queued on the way
    assert (report["writers"], report["stale_acks"], report["duplicates"]) == (1, 0, 0)
    assert 0.5 < report["outage_seconds"] < 30
    lab7.run("heal", "wan")
    lab7.run("heal", "region", HOME)
    assert soon(lambda: region(lab7, HOME)["role"] == "replica" and ids(lab7, HOME) == ids(lab7, STANDBY))
    assert soon(lambda: health(lab7, HOME) == 503)
    assert "rebuilt" in [event["event"] for event in Admin(lab7.instance).events()]


def test_a_partition_strands_what_the_old_writer_goes_on_to_acknowledge(lab7: LabUnderTest) -> None:
    load(lab7)
    lab7.run("fault", "partition")
    promote(lab7)
    assert soon(lambda: lab7.report()["stale_acks"] > 30)
    lab7.run("load", "stop")
    report = lab7.report()
    assert report["writers"] == 2
    assert report["lost_rows"] > report["stale_acks"]
    lab7.run("heal", "partition")
    assert soon(lambda: region(lab7, HOME)["role"] == "replica" and lab7.report()["writers"] == 1)


def test_a_switchover_loses_nothing_and_the_old_writer_follows_at_once(lab7: LabUnderTest) -> None:
    load(lab7)
    promote(lab7, "switchover", through=HOME)
    lab7.run("load", "stop")
    assert lab7.report()["lost_rows"] == 0
    assert soon(lambda: region(lab7, HOME)["role"] == "replica" and ids(lab7, HOME) == ids(lab7, STANDBY))


def test_a_frozen_database_is_answered_with_an_error_and_goes_on_when_thawed(lab7: LabUnderTest) -> None:
    lab7.run("fault", "freeze", "postgres", HOME)
    assert (order(lab7, HOME, 1), health(lab7, HOME)) == (503, 503)
    lab7.run("heal", "process", HOME)
    assert soon(lambda: order(lab7, HOME, 2) == 200)


def test_a_killed_database_starts_again_as_the_writer_it_was(lab7: LabUnderTest) -> None:
    assert order(lab7, HOME, 1) == 200
    lab7.run("fault", "kill", "postgres", HOME)
    assert order(lab7, HOME, 2) == 503
    lab7.run("heal", "process", HOME)
    assert soon(lambda: order(lab7, HOME, 3) == 200)
    assert ids(lab7, HOME) == [1, 3]


def test_a_slow_wan_shows_as_lag_and_as_lost_rows(lab7: LabUnderTest) -> None:
    load(lab7)
    lab7.run("fault", "wan", "--rate", "5000")
    assert soon(lambda: (region(lab7, STANDBY)["lag_ms"] or 0) > 500)
    lab7.run("fault", "region", HOME)
    lab7.run("load", "stop")
    promote(lab7)
    assert lab7.report()["lost_rows"] > 20


def test_a_reset_forgets_all_of_it(lab7: LabUnderTest) -> None:
    order(lab7, HOME, 1)
    lab7.run("fault", "region", HOME)
    promote(lab7)
    lab7.run("reset")
    assert (ids(lab7, HOME), ids(lab7, STANDBY)) == ([], [])
    assert (order(lab7, HOME, 1), order(lab7, STANDBY, 2), where(lab7)) == (200, 503, lab7.instance.address(HOME))
    assert Admin(lab7.instance).calls() == []
