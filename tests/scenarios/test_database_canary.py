# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canary of the database beside the meter: what a failover lost, as the product says it and as clients saw it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playing import LabUnderTest, Played

from lab.data.postgres import conninfo
from lab.settings import DATABASE, HOME, STANDBY

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
CANARY = ("ansible-playbook", "multiregion.aws_dr.canary", "-i", "inventories/lab", "-e", "seconds=300")
INFO = (
    *("ansible", "shop", "-i", "inventories/lab", "-c", "local"),
    *("-e", "ansible_python_interpreter={{ ansible_playbook_python }}"),
    *("-m", "multiregion.aws_dr.database_canary_info", "-a"),
)
INTERVAL = 0.25
FAST = ("-e", json.dumps({"aws_dr_database_canary": {"interval": INTERVAL, "flush": 1}}))
RATE = 25.0  # few: on a busy machine both are to keep their rhythm


@contextmanager
def canary(lab: LabUnderTest, log: Path, *extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """The canary's playbook as systemd would keep it, until it is told to end."""
    lab_exec = (sys.executable, "-m", "lab", "--instance", str(lab.instance.id), "exec", "--")
    with log.open("wb") as output:
        running = subprocess.Popen(
            [*lab_exec, *CANARY, "-e", "create=true", *FAST, *extra],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            until = time.monotonic() + 30
            while "rows acknowledged" not in log.read_text(encoding="utf-8"):
                assert time.monotonic() < until and running.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.2)
            yield running
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGTERM)
            running.wait(30)


def lose_home(lab: LabUnderTest, *wan: str) -> tuple[Played, dict[str, Any]]:
    """Home is lost under load, and the workload failed over; what the product says, and the meter."""
    lab.run("load", "start", "--rate", str(RATE))
    time.sleep(1.5)
    if wan:
        lab.run("fault", "wan", *wan)
        time.sleep(6.0)
    lab.run("fault", "region", HOME)
    played = lab.failover(*UNPLANNED)
    lab.run("load", "stop")
    assert played.status == 0, played.output
    assert played.summary["writer"] == STANDBY
    return played, lab.report()


@pytest.mark.parametrize("wan", [(), ("--rate", "2000")], ids=["a good WAN", "a slow WAN"])
def test_the_canarys_loss_agrees_with_what_clients_lost(
    lab: LabUnderTest, tmp_path: Path, wan: tuple[str, ...]
) -> None:
    with canary(lab, tmp_path / "canary"):
        played, report = lose_home(lab, *wan)
    found = played.summary["rpo_canary"]
    assert found["known_as"] == "measured", played.output
    tolerance = INTERVAL + 1 / RATE
    lost_seconds = report["lost_rows"] / RATE
    assert found["at_least"] - tolerance <= lost_seconds <= found["at_most"] + tolerance, (found, report)
    assert abs(found["rows"] * INTERVAL - lost_seconds) <= INTERVAL + tolerance, (found, report)
    assert found["old_writer"]["region"] == HOME and found["last_writer"]["region"] == STANDBY
    assert found["stale_rows"] == report["stale_acks"] == 0
    assert not wan or found["rows"] > 3, "a slow WAN loses many rows"
    assert "RPO canary" in played.output and played.summary["rpo_known_as"] in ("bounded", "unknown")


def test_without_a_canary_the_loss_stays_unknown(lab: LabUnderTest) -> None:
    played, _report = lose_home(lab)
    assert played.summary["rpo_canary"]["known_as"] == "unknown"
    assert played.summary["rpo_canary"]["rows"] is None
    assert "RPO canary unknown (no acknowledgement of a canary is logged)" in " ".join(played.output.split())


def test_a_canary_that_died_with_the_region_leaves_it_unknown(lab: LabUnderTest, tmp_path: Path) -> None:
    with canary(lab, tmp_path / "canary") as running:
        time.sleep(2.0)
        os.killpg(running.pid, signal.SIGKILL)
        played, _report = lose_home(lab)
    assert played.summary["rpo_canary"]["known_as"] == "unknown", played.output
    assert "went on on the new writer" in played.summary["rpo_canary"]["basis"]


def test_a_log_that_cant_be_written_leaves_it_unknown_and_holds_nobody_up(lab: LabUnderTest, tmp_path: Path) -> None:
    with canary(lab, tmp_path / "canary", "-e", "aws_dr_state_table=no-such-table"):
        began = time.monotonic()
        played, _report = lose_home(lab)
    assert played.summary["rpo_canary"]["known_as"] == "unknown", played.output
    assert time.monotonic() - began < 60


def test_a_planned_failover_is_measured_to_lose_nothing(lab: LabUnderTest, tmp_path: Path) -> None:
    with canary(lab, tmp_path / "canary"):
        time.sleep(1.0)
        played = lab.failover()
    found = played.summary["rpo_canary"]
    assert (found["known_as"], found["rows"]) == ("measured", 0), played.output


def last_number(lab: LabUnderTest) -> int:
    """Of the rows that home's database has."""
    with psycopg.connect(conninfo(lab.instance.address(HOME), DATABASE)) as connection:
        row = connection.execute("SELECT max(number) FROM aws_dr_canary").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_canary_ends_with_its_playbook_and_all_of_its_rows_are_logged(
    lab: LabUnderTest, tmp_path: Path, how: signal.Signals
) -> None:
    with canary(lab, tmp_path / "canary") as running:
        time.sleep(2.0)
        os.killpg(running.pid, how)
        running.wait(30)
        time.sleep(3.0)  # a worker lives on and sees it
        last = last_number(lab)
        time.sleep(1.0)
    assert last_number(lab) == last
    options = {"workload": "shop", "target": STANDBY, "table": "aws-dr-state", "timeout": 5}
    options |= {"database": "{{ aws_dr_database }}", "resolvers": "{{ aws_dr_resolvers }}"}
    played = lab.play(*INFO, json.dumps(options))
    assert f"was number {last})" in played.output, played.output
