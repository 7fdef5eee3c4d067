# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's processes: started, recorded on disk, killed or frozen with all their children.

A record is a pid with the start time the kernel gave it, so that a recycled pid is never taken for one of ours.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

POLL = 0.01
PROC = Path("/proc")


@dataclass(frozen=True)
class Pid:
    """A process as the records name it. ``started`` is opaque: what the kernel, or ps, says."""

    name: str
    pid: int
    started: str

    @property
    def alive(self) -> bool:
        return start_time(self.pid) == self.started


def start_time(pid: int) -> str | None:
    """When the process began; None when there is none, or only its zombie."""
    if PROC.is_dir():
        try:
            fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return None if not shown or shown[0].startswith("Z") else " ".join(shown[1:])


def family(pid: int) -> list[int]:
    """The process and all its descendants, ancestors first."""
    found = [pid]
    for member in found:
        found.extend(_children(member))
    return found


def _children(pid: int) -> list[int]:
    if not PROC.is_dir():
        shown = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
        return [int(word) for word in shown.split()]
    children: list[int] = []
    for listing in (PROC / str(pid) / "task").glob("*/children"):
        try:
            children.extend(int(word) for word in listing.read_text().split())
        except OSError:  # a thread that has just ended
            continue
    return children


def signal_families(pids: Iterable[int], number: int) -> list[int]:
    """Send a signal to processes and their descendants, as nearly at once as can be; return whom it was meant for.

    A family is stopped before it is counted, or a server could fork a child that nobody counted.
    """
    roots = list(pids)
    if number == signal.SIGKILL:
        _signal(roots, signal.SIGSTOP)
    members = [member for root in roots for member in family(root)]
    _signal(members, number)
    return members


def _signal(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def wait_gone(pids: Iterable[int], timeout: float) -> list[int]:
    """Wait until the processes are gone, and return those that still are there after ``timeout`` seconds."""
    left = list(pids)
    wait_for(lambda: not any(start_time(pid) for pid in left), timeout)
    return [pid for pid in left if start_time(pid)]


def wait_for(done: Callable[[], bool], timeout: float, interval: float = POLL) -> bool:
    """Ask until ``done`` or ``timeout`` seconds are over; say whether it is."""
    until = time.monotonic() + timeout
    while not done():
        if time.monotonic() >= until:
            return False
        time.sleep(interval)
    return True


class PidRecords:
    """The records of one lab: a small file each, written when a process starts and removed when it ended."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def add(self, name: str, pid: int) -> Pid:
        record = Pid(name, pid, start_time(pid) or "gone")
        self.directory.mkdir(parents=True, exist_ok=True)
        scratch = self.directory / f".{name}"
        scratch.write_text(json.dumps(asdict(record)))
        scratch.replace(self.directory / f"{name}.json")
        return record

    def remove(self, name: str) -> None:
        (self.directory / f"{name}.json").unlink(missing_ok=True)

    def all(self) -> list[Pid]:
        """The records, readable ones; the processes may have ended since."""
        found = []
        for path in sorted(self.directory.glob("*.json")):
            try:
                found.append(Pid(**json.loads(path.read_text())))
            except (OSError, ValueError, TypeError):
                continue
        return found

    def alive(self) -> list[Pid]:
        return [record for record in self.all() if record.alive]

    def end_all(self, timeout: float = 5.0) -> list[Pid]:
        """Kill every recorded process that still lives, with its children; return what could not be killed."""
        ours = self.alive()
        members = signal_families([record.pid for record in ours], signal.SIGKILL)
        wait_gone(members, timeout)
        left = [record for record in ours if record.alive]
        for record in self.all():
            if not record.alive:
                self.remove(record.name)
        return left


@dataclass(frozen=True)
class Command:
    """How a process is started. ``user`` is who it runs as: None is whoever we are."""

    name: str
    arguments: Sequence[str]
    log: Path
    user: str | None = None
    environment: dict[str, str] | None = None


class Processes:
    """The children of the control process, by name."""

    def __init__(self, records: PidRecords) -> None:
        self.records = records
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._frozen: set[str] = set()
        self._starting = threading.RLock()

    def start(self, command: Command) -> int:
        """Start it, detached from our terminal, and record it; return its pid. One of that name is killed first."""
        with self._starting:
            self.kill([command.name])
            return self._spawn(command)

    def _spawn(self, command: Command) -> int:
        command.log.parent.mkdir(parents=True, exist_ok=True)
        identity: dict[str, Any] = {}
        if command.user is not None:
            identity = {"user": command.user, "group": group_of(command.user), "extra_groups": []}
        with command.log.open("ab") as log:
            child = subprocess.Popen(
                command.arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                env=command.environment,
                **identity,
            )
        self._running[command.name] = child
        self._frozen.discard(command.name)
        self.records.add(command.name, child.pid)
        return child.pid

    def running(self, name: str) -> bool:
        """Whether it lives; a frozen process does."""
        child = self._running.get(name)
        return child is not None and child.poll() is None

    def frozen(self, name: str) -> bool:
        return name in self._frozen and self.running(name)

    def names(self) -> list[str]:
        return [name for name in list(self._running) if self.running(name)]

    def kill(self, names: Iterable[str]) -> list[str]:
        """kill -9 them with all their children, together; return those that were running."""
        there = [name for name in names if self.running(name)]
        members = signal_families([self._running[name].pid for name in there], signal.SIGKILL)
        for name in there:
            self._running[name].wait()
            self._forget(name)
        wait_gone(members, 5.0)
        return there

    def freeze(self, name: str) -> bool:
        """SIGSTOP it with all its children; False when it isn't running."""
        if not self.running(name):
            return False
        signal_families([self._running[name].pid], signal.SIGSTOP)
        self._frozen.add(name)
        return True

    def thaw(self, name: str) -> bool:
        """Let a frozen process go on; False when it wasn't frozen."""
        if not self.frozen(name):
            return False
        signal_families([self._running[name].pid], signal.SIGCONT)
        self._frozen.discard(name)
        return True

    def stop(self, name: str, number: int = signal.SIGTERM, timeout: float = 5.0) -> bool:
        """End it by a signal; False when it did not end in time (it goes on ending)."""
        child = self._running.get(name)
        if child is None:
            return True
        child.send_signal(number)
        try:
            child.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        self._forget(name)
        return True

    def run(self, command: Command, timeout: float) -> bool:
        """Start it and wait for its end; False when it failed, was killed, or is killed now because time is over."""
        self.start(command)
        child = self._running[command.name]
        try:
            succeeded = child.wait(timeout) == 0
        except subprocess.TimeoutExpired:
            succeeded = False
            self.kill([command.name])
        self._forget(command.name)
        return succeeded

    def _forget(self, name: str) -> None:
        self._frozen.discard(name)
        self.records.remove(name)


def group_of(user: str) -> int:
    """The primary group of a user."""
    import pwd

    return pwd.getpwnam(user).pw_gid
