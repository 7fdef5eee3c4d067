# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab comes up from any state, and nothing of it outlives its end."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playing import LabUnderTest, lab_under_test

from lab.claim import claimed
from lab.client import Admin
from lab.data.processes import Pid, PidRecords, family, wait_gone
from lab.settings import ADMIN_PORT, HOME, REGIONS


@pytest.fixture
def lab7() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def unused() -> Iterator[LabUnderTest]:
    """A lab that isn't up."""
    with claimed() as instance:
        yield LabUnderTest(instance)


def alive(lab: LabUnderTest) -> list[Pid]:
    return PidRecords(lab.instance.pid_dir).alive()


def record(lab: LabUnderTest, name: str) -> Pid:
    return next(found for found in alive(lab) if found.name == name)


def test_down_leaves_no_process_even_when_control_was_killed(lab7: LabUnderTest) -> None:
    lab7.run("load", "start")
    members = [pid for found in alive(lab7) for pid in family(found.pid)]
    assert {found.name for found in alive(lab7)} >= {"control", "load", *(f"postgres-{name}" for name in REGIONS)}
    os.kill(record(lab7, "control").pid, signal.SIGKILL)
    lab7.run("down")
    assert wait_gone(members, 1) == []
    assert lab7.run("down").returncode == 0
    assert lab7.run("status", check=False).returncode == 1


def test_up_starts_what_a_half_dead_lab_lacks(lab7: LabUnderTest) -> None:
    os.kill(record(lab7, f"api-{HOME}").pid, signal.SIGKILL)
    os.kill(record(lab7, f"postgres-{HOME}").pid, signal.SIGKILL)
    lab7.run("up")
    assert Admin(lab7.instance).status()["missing"] == []


def test_up_replaces_a_lab_whose_control_was_killed(lab7: LabUnderTest) -> None:
    before = record(lab7, "control").pid
    os.kill(before, signal.SIGKILL)
    assert "ending what is left" in lab7.run("up").stdout
    assert Admin(lab7.instance).status()["missing"] == []


def test_up_again_changes_nothing(lab7: LabUnderTest) -> None:
    before = alive(lab7)
    lab7.run("up")
    assert alive(lab7) == before


def test_exec_refuses_where_no_lab_runs(unused: LabUnderTest) -> None:
    done = unused.run("exec", "--", "true", check=False)
    assert done.returncode == 1
    assert "lab up" in done.stderr


def test_exec_reaches_the_lab_and_hides_the_users_own_aws(lab7: LabUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AWS_PROFILE", "mine"), ("NO_PROXY", "*"), ("AWS_SESSION_TOKEN", "mine")):
        monkeypatch.setenv(name, value)
    environment = lab7.run("exec", "--", "env").stdout.splitlines()
    assert not [line for line in environment if line.endswith(("mine", "=*"))]
    found = lab7.run("exec", "--", "aws", "rds", "describe-global-clusters", "--query", "GlobalClusters[].Status")
    assert "available" in found.stdout


def test_a_port_in_use_is_named(unused: LabUnderTest) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # an earlier lab's connections may linger
        taken.bind((unused.instance.aws_address, ADMIN_PORT))
        taken.listen()
        done = unused.run("up", check=False)
    assert done.returncode == 1
    assert f"{unused.instance.aws_address}:{ADMIN_PORT} is in use" in done.stderr
    assert alive(unused) == []


def test_state_is_kept_out_of_the_checkout(lab7: LabUnderTest) -> None:
    assert Path.cwd() not in lab7.instance.state_dir.parents
