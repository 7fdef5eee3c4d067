# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a client of the lab in the middle of its work."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

import psutil


def kill(pid: int, tree: bool) -> None:
    """kill -9 a process, with everything that it started if ``tree``. One that is gone already is no error."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.suspend()  # it starts nothing more meanwhile
        for each in process.children(recursive=True) if tree else []:
            _end(each.pid)
        _end(pid)


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
