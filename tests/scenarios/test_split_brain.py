# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who takes writes: one Region where all is well, two after an unfenced partition, and unknown where one is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playing import LabUnderTest, lab_under_test

from lab.data.postgres import conninfo
from lab.load.report import writers
from lab.settings import DATABASE, HOME, STANDBY

DATABASE_OPTION = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "prefer"}
UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
PREFLIGHT = (
    "ansible-playbook",
    "multiregion.aws_dr.preflight",
    "-i",
    "inventories/lab",
    "-e",
    "dr_preflight_timeout=30",
)
NO_FENCE = ("--service", "ec2", "--action", "CreateNetworkAclEntry", "--status", "403", "--code", "AccessDenied")


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lab16(started: LabUnderTest) -> LabUnderTest:
    started.run("reset")
    return started


def module(lab: LabUnderTest, name: str, **options: Any) -> dict[str, Any]:
    """Run a module of ours on the lab; what it returned."""
    resolvers = [f"{lab.instance.dns_address}:25353"]
    given = json.dumps({"database": DATABASE_OPTION, "resolvers": resolvers, **options})
    command = ("ansible", "localhost", "-c", "local", "-m", f"multiregion.aws_dr.{name}", "-a", given)
    played = lab.play(*command, "-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
    assert played.status == 0, played.output
    return dict(json.JSONDecoder().raw_decode(played.output.partition("=> ")[2])[0])


def ask(lab: LabUnderTest, **options: Any) -> dict[str, Any]:
    addresses = {region: [lab.instance.address(region)] for region in (HOME, STANDBY)}
    record = {"name": "api.shop.example", "addresses": addresses}
    return module(lab, "split_brain_info", regions=[HOME, STANDBY], record=record, **options)


def accepts(values: dict[str, Any]) -> list[str]:
    return [region["accepts"] for region in values["regions"]]


def promote(lab: LabUnderTest) -> None:
    wanted = {"global_cluster_id": "shop", "regions": [HOME, STANDBY], "target": STANDBY, "mode": "unplanned"}
    module(lab, "rds_global_cluster_failover", **wanted, accept_data_loss=True, timeout=120)


def in_database(lab: LabUnderTest, region: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo(lab.instance.address(region), DATABASE)) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_a_healthy_workload_has_one_writer_and_the_test_leaves_nothing(lab16: LabUnderTest) -> None:
    tables = "SELECT relname, reltuples >= 0 FROM pg_class ORDER BY relname"
    before = in_database(lab16, HOME, tables)
    values = ask(lab16)
    assert (values["state"], values["writers"], values["findings"]) == ("one", [HOME], [])
    assert accepts(values) == ["yes", "no"]
    assert [region["server_id"] for region in values["regions"]] == [f"shop-{HOME}-1", f"shop-{STANDBY}-1"]
    assert [each["regions"] for each in values["clients"]] == [[HOME]]
    assert in_database(lab16, HOME, tables) == before
    assert in_database(lab16, HOME, "SELECT * FROM aws_dr_writer_proof") == []


def test_where_the_proofs_table_is_missing_it_is_missing_afterwards(lab16: LabUnderTest) -> None:
    with psycopg.connect(conninfo(lab16.instance.address(HOME), DATABASE)) as connection:
        connection.execute("DROP TABLE aws_dr_writer_proof")
    assert ask(lab16)["writers"] == [HOME]
    assert in_database(lab16, HOME, "SELECT 1 FROM pg_class WHERE relname = 'aws_dr_writer_proof'") == []


def test_an_unfenced_partition_makes_two_writers_with_the_way_out(lab16: LabUnderTest) -> None:
    lab16.run("fault", "partition")
    promote(lab16)
    assert writers(lab16.instance) == [HOME, STANDBY]
    values = ask(lab16)
    assert (values["state"], values["writers"], values["keep"]) == ("split", [HOME, STANDBY], STANDBY)
    found = {each["code"]: each for each in values["findings"]}
    assert found["two_writers"]["severity"] == "refuse"
    assert f"region={HOME}" in found["two_writers"]["remedy"]
    assert (
        f"shop-{HOME}-1" in found["two_writers"]["observed"] and f"shop-{STANDBY}-1" in found["two_writers"]["observed"]
    )
    played = lab16.play(*PREFLIGHT)
    assert played.status != 0 and "two_writers" in [each["code"] for each in played.summary["refusals"]], played.output


@pytest.mark.parametrize("mode", ["refuse", "hang"])
def test_a_lost_region_is_unknown_and_never_a_no(lab16: LabUnderTest, mode: str) -> None:
    lab16.run("fault", "region", HOME, "--mode", mode)
    promote(lab16)
    values = ask(lab16, required=[STANDBY])
    assert (values["state"], values["writers"], values["unknown"]) == ("unknown", [STANDBY], [HOME])
    assert accepts(values) == ["unknown", "yes"]
    assert "writer_unknown" in [each["code"] for each in values["findings"]]


def test_a_failover_that_leaves_two_writers_serves_users_and_ends_badly(lab16: LabUnderTest) -> None:
    lab16.run("fault", "partition")
    lab16.run("fault", "api", "error", *NO_FENCE)
    played = lab16.failover(*UNPLANNED)
    assert played.status != 0, played.output
    assert played.summary["outcome"] == "split" and "SPLIT BRAIN" in played.summary["lines"][0], played.output
    assert "[two_writers]" in played.output
    assert ask(lab16)["clients"][0]["regions"] == [STANDBY], "users are served by the target"
    status = lab16.play("ansible-playbook", "multiregion.aws_dr.status", "-i", "inventories/lab")
    assert "SPLIT since run" in status.output, status.output
