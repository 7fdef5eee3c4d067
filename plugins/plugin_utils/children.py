# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of our own for what may hang: each can be killed, and none can delay whoever started it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.detached import alone

Told = Iterable[tuple[str, str]]
CHUNK = 65536


@dataclass
class _Child:
    pid: int
    pipe: int
    read: bytearray = field(default_factory=bytearray)


def in_children(jobs: Mapping[str, Callable[[], Told]], deadline: Deadline, clock: Clock) -> dict[str, dict[str, str]]:
    """Run each job in a process of its own; what it gave, by name, until it ended or ``deadline`` passed.

    A job gives pairs of texts, each as soon as it is known. Whatever has not ended by then is killed.
    """
    with selectors.DefaultSelector() as selector:
        children = {name: _forked(job) for name, job in jobs.items()}
        for child in children.values():
            selector.register(child.pipe, selectors.EVENT_READ, child)
        while selector.get_map() and not deadline.passed(clock):
            for key, _events in selector.select(deadline.remaining(clock)):
                chunk = os.read(key.fd, CHUNK)
                key.data.read += chunk
                if not chunk:
                    selector.unregister(key.fd)
        for child in children.values():
            _end(child)
    return {name: _told(child.read) for name, child in children.items()}


def _end(child: _Child) -> None:
    os.close(child.pipe)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)  # ours, and not waited for yet: the number is still its own
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child.pid, 0)


def _told(read: bytearray) -> dict[str, str]:
    """The whole lines; a child that was killed may have left a part of one."""
    whole, _newline, _part = bytes(read).rpartition(b"\n")
    return dict(json.loads(line) for line in whole.splitlines())


def _forked(job: Callable[[], Told]) -> _Child:
    sys.stdout.flush()
    sys.stderr.flush()
    out, into = os.pipe()
    pid = os.fork()
    if pid:
        os.close(into)
        return _Child(pid, out)
    status = 1
    try:
        alone(keep=into)
        for pair in job():
            os.write(into, json.dumps(pair).encode() + b"\n")
        status = 0
    finally:
        os._exit(status)  # nothing of whom it was forked from is to be run here
