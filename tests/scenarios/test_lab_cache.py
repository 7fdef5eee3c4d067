# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's caches do what is said of them, asked by a client of somebody else's making."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import valkey
from playing import LabUnderTest

from lab.client import Admin
from lab.data.processes import wait_for
from lab.settings import CACHE_TOKEN, HOME, STANDBY, VALKEY_PORT

PROMOTE = f"""
import boto3
cache = boto3.client("elasticache", "{STANDBY}")
(store,) = cache.describe_global_replication_groups()["GlobalReplicationGroups"]
cache.failover_global_replication_group(
    GlobalReplicationGroupId=store["GlobalReplicationGroupId"],
    PrimaryRegion="{STANDBY}",
    PrimaryReplicationGroupId="shop-{STANDBY}",
)
"""


def client(lab: LabUnderTest, region: str) -> valkey.Valkey:
    address = lab.instance.address(region)
    return valkey.Valkey(address, VALKEY_PORT, password=CACHE_TOKEN, socket_timeout=2, decode_responses=True)


def read(lab: LabUnderTest, region: str, key: str) -> Any:
    return client(lab, region).get(key)


def role(lab: LabUnderTest, region: str) -> str:
    return str(Admin(lab.instance).status()["regions"][region]["valkey"]["role"])


def soon(seen: Callable[[], bool]) -> bool:
    return wait_for(seen, 15, 0.1)


def promote(lab: LabUnderTest) -> None:
    lab.run("exec", "--", "python", "-c", PROMOTE)
    assert soon(lambda: role(lab, STANDBY) == "primary")
    assert client(lab, STANDBY).set("after", "1")


def test_what_home_writes_is_replicated_and_the_standby_takes_no_writes(lab: LabUnderTest) -> None:
    client(lab, HOME).set("a", "1")
    assert soon(lambda: read(lab, STANDBY, "a") == "1")
    with pytest.raises(valkey.exceptions.ReadOnlyError):
        client(lab, STANDBY).set("b", "1")


def test_after_a_lost_region_the_standby_is_promoted_and_the_old_primary_follows_when_it_is_back(
    lab: LabUnderTest,
) -> None:
    client(lab, HOME).set("before", "1")
    assert soon(lambda: read(lab, STANDBY, "before") == "1")
    lab.run("fault", "region", HOME)
    promote(lab)
    assert (read(lab, STANDBY, "before"), role(lab, HOME)) == ("1", "superseded")
    lab.run("heal", "region", HOME)
    assert soon(lambda: role(lab, HOME) == "replica")
    assert read(lab, HOME, "after") == "1"


def test_what_the_old_primary_takes_during_a_partition_is_gone_after_it(lab: LabUnderTest) -> None:
    lab.run("fault", "partition")
    promote(lab)
    assert client(lab, HOME).set("stale", "1")
    lab.run("heal", "partition")
    assert soon(lambda: role(lab, HOME) == "replica")
    assert (read(lab, HOME, "stale"), read(lab, HOME, "after")) == (None, "1")


def test_a_slow_wan_shows_as_lag(lab: LabUnderTest) -> None:
    lab.run("fault", "wan", "--delay", "0.5")
    assert soon(lambda: (Admin(lab.instance).status()["regions"][STANDBY]["valkey"]["lag_seconds"] or 0) > 0.4)


def test_a_killed_cache_is_missed_and_comes_back_empty(lab: LabUnderTest) -> None:
    client(lab, HOME).set("a", "1")
    lab.run("fault", "kill", "valkey", HOME)
    assert Admin(lab.instance).status()["missing"] == [f"valkey-{HOME}"]
    lab.run("heal", "process", HOME)
    assert (Admin(lab.instance).status()["missing"], read(lab, HOME, "a")) == ([], None)


def test_a_reset_forgets_all_of_it(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME)
    promote(lab)
    lab.run("reset")
    assert (read(lab, STANDBY, "after"), role(lab, HOME), role(lab, STANDBY)) == (None, "primary", "replica")
    client(lab, HOME).set("a", "1")
    assert soon(lambda: read(lab, STANDBY, "a") == "1")
