# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who we are as a process, so that another attempt on the same machine can tell whether we still live."""

from __future__ import annotations

import getpass
import os
import secrets
import socket
from pathlib import Path

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Holder

_PROC = Path("/proc")


def holder(pid: int) -> Holder:
    """This machine and user, with the controller's process ``pid`` (0: not known)."""
    started = _started(pid) if pid else 0
    return Holder(
        nonce=secrets.token_hex(8),
        host=socket.gethostname(),
        place=_place(),
        pid=pid if started else 0,
        pid_started=started,
        user=_user(),
    )


def is_dead(seen: Holder) -> bool:
    """Whether that process is surely gone: it ran in this very place. Elsewhere nobody can tell."""
    return bool(seen.pid and seen.place) and seen.place == _place() and not is_alive(seen.pid, seen.pid_started)


def is_alive(pid: int, started: int) -> bool:
    """Whether the process of that number is still the one that started then."""
    return _started(pid) == started


def is_stopped(pid: int) -> bool:
    """Whether the process is stopped, as by SIGSTOP: it is there, and does nothing."""
    return _stat(pid)[:1] in (["T"], ["t"])


def _started(pid: int) -> int:
    """When a process started, in clock ticks since the machine's start; 0 if there is none, or no /proc."""
    fields = _stat(pid)
    return 0 if not fields or fields[0] == "Z" else int(fields[19])


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on; nothing if there is none."""
    try:
        # The second field is the command in parentheses, and may hold anything.
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _place() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{socket.gethostname()}/{boot}/{os.readlink(_PROC / 'self/ns/pid')}"
    except OSError:
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return str(os.getuid())
