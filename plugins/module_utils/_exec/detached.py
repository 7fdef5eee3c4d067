# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process of its own beside whoever started it, with nothing of theirs held open."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def detached(job: Callable[[], Any]) -> None:
    """Run ``job`` in a process that nobody waits for, and that outlives whoever started it. Returns at once."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        os.setsid()
        if os.fork() == 0:
            alone()
            job()
    finally:
        os._exit(0)


def alone(keep: int = -1) -> None:
    """Let go of everything open: whoever reads what we print would else wait for us, too.

    Nothing is closed but replaced: an object of whom we were forked from may yet close its number, and with it what
    of ours had that number by then.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/dev/fd"):
        if int(name) not in (keep, nothing):
            with contextlib.suppress(OSError):  # that of the listing itself
                os.fstat(int(name))
                os.dup2(nothing, int(name))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
