# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import (
    holder,
    is_alive,
    is_dead,
    is_stopped,
)


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def soon(stopped: bool, pid: int) -> bool:
    until = time.monotonic() + 5
    while is_stopped(pid) is not stopped and time.monotonic() < until:
        time.sleep(0.01)
    return is_stopped(pid) is stopped


def test_a_process_that_is_stopped_is_told_from_one_that_runs_and_from_none(child: subprocess.Popen[bytes]) -> None:
    assert soon(False, child.pid)
    os.kill(child.pid, signal.SIGSTOP)
    assert soon(True, child.pid)
    assert is_alive(child.pid, holder(child.pid).pid_started), "it lives all the same"
    os.kill(child.pid, signal.SIGCONT)
    assert soon(False, child.pid)
    assert not is_stopped(2**22 - 1)


def test_a_process_that_has_ended_is_dead_to_who_shares_its_machine(child: subprocess.Popen[bytes]) -> None:
    seen = holder(child.pid)
    assert not is_dead(seen)
    child.kill()
    child.wait()
    assert is_dead(seen)
