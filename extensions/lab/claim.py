# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lab numbers are taken: tests and benches claim theirs, for another checkout may be tested at the same time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from lab.client import LabError, proxy_answers
from lab.data.processes import PidRecords
from lab.settings import Instance

FIRST, LAST = 10, 239


@contextmanager
def claimed() -> Iterator[Instance]:
    """A lab that nobody else on this machine has, until the block or the process ends. Raises LabError."""
    for number in range(FIRST, LAST + 1):
        instance = Instance(number)
        lock = claim(instance)
        if lock is None:
            continue
        try:
            if not PidRecords(instance.pid_dir).alive() and not proxy_answers(instance):
                yield instance
                return
        finally:
            lock.close()
    raise LabError(f"no lab from {FIRST} to {LAST} is free: end some with 'lab --instance N down'")


def claim(instance: Instance) -> TextIO | None:
    """The lab's lock, ours until it is closed; None where somebody else has claimed it."""
    instance.state_dir.mkdir(parents=True, exist_ok=True)
    lock = (instance.state_dir / "claim").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock
