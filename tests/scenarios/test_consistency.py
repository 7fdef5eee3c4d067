# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Are both Regions the same: under load they are, and each thing that is made to differ is named."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playing import LabUnderTest, Played, lab_under_test

from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.resp import Conversation
from lab.data.postgres import conninfo
from lab.settings import CACHE_TOKEN, DATABASE, DATABASE_USER, HOME, STANDBY

CONSISTENCY = ("ansible-playbook", "multiregion.aws_dr.consistency", "-i", "inventories/lab")
MAKE = f"""
CREATE TABLE many (id bigint PRIMARY KEY, body text, at timestamptz DEFAULT now());
INSERT INTO many SELECT n, md5(n::text) FROM generate_series(1, 20000) n;
CREATE TABLE composite (a int, "b c" text, PRIMARY KEY ("b c", a));
INSERT INTO composite SELECT n, 'ä' || n FROM generate_series(1, 500) n;
CREATE TABLE keyless (a int, b json);
INSERT INTO keyless SELECT n % 7, '{{"x": 1}}' FROM generate_series(1, 700) n;
CREATE UNLOGGED TABLE scratch (a int);
GRANT ALL ON many, composite, keyless, scratch TO {DATABASE_USER};
"""
APART = """
UPDATE many SET body = 'changed' WHERE id = 12345;
DELETE FROM many WHERE id = 777;
INSERT INTO many VALUES (20001, 'new');
UPDATE composite SET a = -1 WHERE a = 33;
INSERT INTO keyless VALUES (3, '{"x": 1}');
"""
DIFFER = """
import boto3, json, sys
standby, home = "eu-west-1", "eu-central-1"
s3 = boto3.client("s3", standby)
s3.put_object(Bucket="shop-assets-eu-west-1", Key="only/there", Body=b"x")
boto3.client("ssm", standby).put_parameter(Name="/shop/extra", Value="a-value-nobody-may-see", Type="String")
secret = boto3.client("secretsmanager", home)
secret.put_secret_value(SecretId="shop/db", SecretString=secret.get_secret_value(SecretId="shop/db")["SecretString"])
"""


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lab17(started: LabUnderTest) -> LabUnderTest:
    started.run("reset")
    return started


def tell(lab: LabUnderTest, region: str, script: str) -> None:
    with psycopg.connect(conninfo(lab.instance.address(region), DATABASE)) as connection:
        connection.execute(script.encode())


def say(lab: LabUnderTest, region: str, *commands: tuple[str, ...]) -> list[Any]:
    """The replies of a Region's cache."""
    with (
        socket.create_connection((lab.instance.address(region), 26379), 5) as connection,
        Conversation(connection) as conversation,
    ):
        conversation.ask("AUTH", CACHE_TOKEN)
        return [conversation.ask_value(*command) for command in commands]


def fill_cache(lab: LabUnderTest) -> None:
    """Values of each type, and wait until the other Region has them."""
    for number in map(str, range(20)):
        values = [("SET", f"text-{number}", number), ("HSET", f"hash-{number}", "a", number, "b", "x")]
        values += [("SADD", f"set-{number}", "a", number), ("RPUSH", f"list-{number}", "b", "a", number)]
        say(lab, HOME, *values)
    until = time.monotonic() + 20
    while say(lab, STANDBY, ("DBSIZE",)) != [80]:
        assert time.monotonic() < until
        time.sleep(0.1)


def compare(lab: LabUnderTest, *extra: str) -> tuple[Played, dict[str, Any]]:
    played = lab.play(*CONSISTENCY, *extra)
    assert played.summary, played.output
    return played, played.summary


def of_table(summary: dict[str, Any], name: str) -> dict[str, Any]:
    [line] = [line for line in summary["layers"]["database"]["lines"] if line["what"] == f"public.{name}"]
    return dict(line)


def test_under_load_with_a_slow_wan_both_regions_are_the_same(lab17: LabUnderTest) -> None:
    tell(lab17, HOME, MAKE)
    lab17.run("fault", "wan", "--delay", "0.2")
    lab17.run("load", "start", "--rate", "100")
    time.sleep(3.0)
    fill_cache(lab17)
    played, summary = compare(lab17, "-e", "layers=database,buckets,secrets,cache")
    lab17.run("load", "stop")
    assert (played.status, summary["status"]) == (0, "same"), played.output
    assert of_table(summary, "writes")["counts"][0] > 50
    assert of_table(summary, "many")["counts"] == [20000, 20000]
    [cache] = summary["layers"]["cache"]["lines"]
    assert cache["counts"] == [80, 80] and int(cache["note"].split()[0]) > 40
    assert "scratch" in summary["layers"]["database"]["point"]
    assert {call["service"] for call in played.writes} == set()


def test_by_a_marker_too(lab17: LabUnderTest) -> None:
    tell(lab17, HOME, MAKE)
    _played, summary = compare(lab17, "-e", "layers=database", "-e", "dr_consistency_marker=true")
    assert (summary["status"], summary["layers"]["database"]["point"][:12]) == ("same", "a marker row")


def test_each_row_that_differs_is_named(lab17: LabUnderTest) -> None:
    tell(lab17, HOME, MAKE)
    time.sleep(1.0)
    lab17.run("fault", "partition")
    promoted = {
        "global_cluster_id": "shop",
        "regions": [HOME, STANDBY],
        "target": STANDBY,
        "mode": "unplanned",
        "accept_data_loss": True,
        "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "prefer"},
        "resolvers": [f"{lab17.instance.dns_address}:25353"],
    }
    command = ("ansible", "localhost", "-c", "local", "-m", "multiregion.aws_dr.rds_global_cluster_failover", "-a")
    python = ("-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
    assert lab17.play(*command, json.dumps(promoted), *python).status == 0
    tell(lab17, STANDBY, APART)
    played, summary = compare(lab17, "-e", "layers=database")
    assert played.status != 0 and summary["status"] == "differs", played.output
    keys = {each["key"]["id"]: each["kind"] for each in of_table(summary, "many")["details"]["keys"]}
    assert keys == {"12345": "changed", "777": "only_first", "20001": "only_second"}
    found = {(each["key"]["a"], each["kind"]) for each in of_table(summary, "composite")["details"]["keys"]}
    assert found == {("33", "only_first"), ("-1", "only_second")}
    [row] = of_table(summary, "keyless")["details"]["keys"]
    assert (row["kind"], row["count"]) == ("only_second", 1)
    assert of_table(summary, "writes")["status"] == "same"


def test_other_layers_are_named_too_and_no_value_is_told(lab17: LabUnderTest) -> None:
    lab17.run("fault", "partition")
    lab17.run("exec", "--", "python", "-c", DIFFER)
    tell(lab17, HOME, "SELECT 1")
    played, summary = compare(lab17, "-e", "layers=buckets,secrets,parameters,cache")
    layers = summary["layers"]
    assert played.status != 0
    assert {name: layer["status"] for name, layer in layers.items()} == {
        "buckets": "differs",
        "secrets": "differs",
        "parameters": "differs",
        "cache": "same",
    }, played.output
    assert layers["buckets"]["lines"][0]["examples"] == ["only/there (only_second, pending)"]
    # The lab's standby lacks a parameter from the start.
    assert layers["parameters"]["lines"][0]["examples"] == [
        "/shop/extra (only_second)",
        "/shop/payment/limit (only_first)",
    ]
    assert "a-value-nobody-may-see" not in played.output
