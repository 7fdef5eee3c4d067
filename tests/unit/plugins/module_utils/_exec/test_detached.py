# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.detached import detached


def test_a_detached_job_outlives_whoever_started_it_and_holds_nothing_of_it_open(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = f"""
import sys, time
from pathlib import Path
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.detached import detached

def job():
    time.sleep(1.5)
    print("nobody hears this")
    Path({str(mark)!r}).write_text("done")

detached(job)
print("returned", flush=True)
"""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script], text=True, capture_output=True, check=True, timeout=60)
    took = time.monotonic() - began
    assert (done.stdout, mark.exists()) == ("returned\n", False), took
    until = time.monotonic() + 15
    while not mark.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert mark.read_text() == "done"


def test_a_detached_job_returns_here_once() -> None:
    before = os.getpid()
    detached(lambda: None)
    assert os.getpid() == before
