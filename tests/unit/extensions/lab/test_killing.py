# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

from lab.control.killing import kill

PARENT = """
import subprocess, time
child = subprocess.Popen(["sleep", "60"], start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("tree", [True, False])
def test_a_process_is_ended_with_or_without_what_it_started(tree: bool) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        kill(parent.pid, tree)
        assert parent.wait(5) == -9
        until = time.monotonic() + 5
        while tree and _runs(child) and time.monotonic() < until:
            time.sleep(0.01)
        assert _runs(child) is not tree
        kill(child.pid, tree=False)


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_what_is_gone_already_is_no_error() -> None:
    with subprocess.Popen(["true"]) as done:
        done.wait()
    kill(done.pid, tree=True)
