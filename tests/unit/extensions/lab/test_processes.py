# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.data.processes import Command, PidRecords, Processes, family, start_time, wait_for, wait_gone

SLEEP = "import time; time.sleep(60)"
CHILD = f"print('child', flush=True); {SLEEP}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {CHILD!r}]); {SLEEP}"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(PidRecords(tmp_path / "pids"))
    yield made
    made.kill(made.names())


def start(processes: Processes, tmp_path: Path, program: str = SLEEP, name: str = "one") -> int:
    return processes.start(Command(name, [sys.executable, "-c", program], tmp_path / "log"))


def start_family(processes: Processes, tmp_path: Path) -> int:
    """A process with a child that runs its own program: stopped before that, a vfork would keep the parent waiting."""
    pid = start(processes, tmp_path, PARENT)
    assert wait_for(lambda: "child" in (tmp_path / "log").read_text(), 30)
    return pid


def state(pid: int) -> str:
    return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]


def test_a_record_outlives_whoever_wrote_it(processes: Processes, tmp_path: Path) -> None:
    pid = start(processes, tmp_path)
    (found,) = PidRecords(tmp_path / "pids").alive()
    assert (found.name, found.pid) == ("one", pid)


def test_a_recycled_pid_is_not_taken_for_ours(tmp_path: Path) -> None:
    records = PidRecords(tmp_path)
    records.add("one", os.getpid())
    path = tmp_path / "one.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "started": "another time"}))
    assert records.alive() == []
    assert records.end_all() == []  # and this process goes on
    assert records.all() == []


def test_a_torn_record_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"name": "on')
    assert PidRecords(tmp_path).all() == []


def test_ending_all_takes_the_children_too(processes: Processes, tmp_path: Path) -> None:
    pid = start_family(processes, tmp_path)
    members = family(pid)
    assert processes.records.end_all() == []
    assert not processes.running("one")
    assert wait_gone(members, 5) == []


def test_killing_takes_the_children_and_the_record(processes: Processes, tmp_path: Path) -> None:
    pid = start_family(processes, tmp_path)
    members = family(pid)
    assert processes.kill(["one", "absent"]) == ["one"]
    assert wait_gone(members, 5) == []
    assert processes.records.all() == []


def test_freezing_stops_the_family_and_thawing_lets_it_go_on(processes: Processes, tmp_path: Path) -> None:
    pid = start_family(processes, tmp_path)
    assert processes.freeze("one")
    assert processes.frozen("one")
    assert wait_for(lambda: all(state(member) == "T" for member in family(pid)), 30)
    assert processes.thaw("one")
    assert wait_for(lambda: all(state(member) != "T" for member in family(pid)), 30)
    assert not processes.thaw("one")


def test_there_is_one_process_of_a_name(processes: Processes, tmp_path: Path) -> None:
    first = start(processes, tmp_path)
    second = start(processes, tmp_path)
    assert start_time(first) is None
    assert [record.pid for record in processes.records.alive()] == [second]


def test_a_process_that_ignores_its_signal_is_not_said_to_have_stopped(processes: Processes, tmp_path: Path) -> None:
    start(processes, tmp_path, DEAF)
    assert wait_for(lambda: "deaf" in (tmp_path / "log").read_text(), 10)
    assert not processes.stop("one", signal.SIGTERM, timeout=0.1)


@pytest.mark.parametrize(("program", "succeeds"), [("", True), ("raise SystemExit(1)", False), (SLEEP, False)])
def test_a_run_tells_whether_it_succeeded_in_time(
    processes: Processes, tmp_path: Path, program: str, succeeds: bool
) -> None:
    command = Command("one", [sys.executable, "-c", program], tmp_path / "log")
    assert processes.run(command, timeout=5 if program != SLEEP else 0.2) is succeeds
    assert not processes.running("one")
