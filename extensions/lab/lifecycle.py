# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab's beginning and end as seen from outside its processes."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from lab.claim import claim, claimed
from lab.client import Admin, LabError, proxy_answers
from lab.data.processes import PidRecords, wait_for, wait_gone
from lab.data.shared_memory import release
from lab.settings import MEMORY, REGIONS, Instance, client_environment, state_root

STATUS_TIMEOUT = 5.0
DOWN_TIMEOUT = 5.0
PACKAGES = str(Path(__file__).resolve().parent.parent)

Say = Callable[[str], None]


def up(instance: Instance, scale: float, say: Say) -> None:
    """Make the lab run, whatever state it is in. Raises LabError."""
    with _alone(instance):
        if _heals(instance, scale, say):
            return
        left = PidRecords(instance.pid_dir).alive()
        if left:
            say(f"ending what is left of a lab: {', '.join(record.name for record in left)}")
        _end(instance)
        _start(instance, scale, say)


def _heals(instance: Instance, scale: float, say: Say) -> bool:
    """Whether a lab of that scale runs, or does once what it lacks is started again."""
    try:
        admin = Admin(instance)
        status = admin.status(STATUS_TIMEOUT)
        if status["scale"] != scale:
            say(f"it runs at scale {status['scale']}, not {scale}: starting afresh")
            return False
        missing = [name for name in status["missing"] if not status["regions"][_region_of(name)]["lost"]]
        if missing:
            say(f"starting again: {', '.join(missing)}")
            for region in status["regions"]:
                admin.heal({"kind": "process", "region": region})
        healed = proxy_answers(instance)
    except LabError:
        return False
    if healed:
        say("it runs")
    return healed


def _region_of(process: str) -> str:
    return process.partition("-")[2]


def _start(instance: Instance, scale: float, say: Say) -> None:
    instance.log_dir.mkdir(parents=True, exist_ok=True)
    arguments = [sys.executable, "-m", "lab.control.main", "--instance", str(instance.id), "--scale", str(scale)]
    with (instance.log_dir / "control.log").open("wb") as log:
        control = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=process_environment(instance, os.environ),
            start_new_session=True,
            cwd="/",
        )
    failure = f"the control process ended: see {instance.log_dir}/control.log"
    for line in control.stdout or ():
        word, _space, text = line.rstrip("\n").partition(": ")
        if word == "ready":
            return
        if word == "failed":
            failure = text
        else:
            say(text)
    control.wait()
    _end(instance)
    raise LabError(f"the lab doesn't start: {failure}")


def process_environment(instance: Instance, base: Mapping[str, str]) -> dict[str, str]:
    """The environment of the lab's own processes: a client's, and where this package is."""
    environment = client_environment(instance, base)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (PACKAGES, base.get("PYTHONPATH"))))
    return environment


def down(instance: Instance, say: Say) -> None:
    """End every process of the lab, also when its control process is dead. Raises LabError when one can't be ended."""
    with _alone(instance):
        running = PidRecords(instance.pid_dir).alive()
        _end(instance)
        say(f"ended {len(running)} processes" if running else "nothing runs")


@contextmanager
def running(scale: float = 0.0) -> Iterator[Instance]:
    """A lab of one's own: claimed, up, and down when the block ends. Raises LabError."""

    def nobody(_line: str) -> None:
        """Nobody waits for progress."""

    with claimed() as instance:
        try:
            up(instance, scale, nobody)
            yield instance
        finally:
            down(instance, nobody)


def clean(say: Say) -> None:
    """Remove what labs that are down have left: logs, CA, and with the last of them the databases' binaries."""
    root = state_root()
    left = [Instance(int(path.name)) for path in sorted(root.glob("[0-9]*")) if path.name.isdigit()]
    running = [instance for instance in left if not _removed(instance)]
    if running:
        say(f"still running, and left as it is: {', '.join(str(instance.id) for instance in running)}")
    elif root.exists():
        shutil.rmtree(root)
        shutil.rmtree(MEMORY / root.name, ignore_errors=True)
        say(f"removed {root}")


def _removed(instance: Instance) -> bool:
    """Remove the directory of a lab that is down; False where it runs, or is just starting or ending."""
    with (instance.state_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        ours = claim(instance)
        if ours is None:
            return False
        with ours:
            if PidRecords(instance.pid_dir).alive() or proxy_answers(instance):
                return False
            shutil.rmtree(instance.state_dir)
    return True


def _end(instance: Instance) -> None:
    records = PidRecords(instance.pid_dir)
    control = [record for record in records.alive() if record.name == "control"]
    if control:
        with suppress(LabError):
            Admin(instance).down()
        wait_gone([record.pid for record in control], DOWN_TIMEOUT)
    left = records.end_all()
    if left:
        named = ", ".join(f"{record.name} (pid {record.pid})" for record in left)
        raise LabError(f"these processes can't be ended: {named}")
    for region in REGIONS:
        release(instance.data_dir / region)
    for directory in (instance.data_dir, *(instance.state_dir / name for name in ("data", "load", "pids"))):
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _alone(instance: Instance) -> Iterator[None]:
    """One start or end at a time."""
    instance.state_dir.mkdir(parents=True, exist_ok=True)
    for directory in (state_root(), instance.state_dir):
        directory.chmod(0o755)  # PostgreSQL may run as another user
    with (instance.state_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start_load(instance: Instance, rate: float, clients: int, seconds: float) -> None:
    """Start the load's process. Raises LabError when one runs."""
    records = PidRecords(instance.pid_dir)
    if any(record.name == "load" for record in records.alive()):
        raise LabError("a load runs already: stop it with 'lab load stop'")
    log = load_log(instance)
    log.parent.mkdir(parents=True, exist_ok=True)
    options = ["--instance", instance.id, "--log", log, "--rate", rate, "--clients", clients, "--seconds", seconds]
    instance.log_dir.mkdir(parents=True, exist_ok=True)
    with (instance.log_dir / "load.log").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "lab.load.writer", *map(str, options)],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            env=process_environment(instance, os.environ),
            start_new_session=True,
            cwd="/",
        )
    records.add("load", process.pid)
    wait_for(lambda: process.poll() is not None or (log.exists() and log.stat().st_size > 0), DOWN_TIMEOUT)
    if process.poll() is not None:
        records.remove("load")
        raise LabError(f"the load doesn't start: see {instance.log_dir}/load.log")


def stop_load(instance: Instance) -> bool:
    """Let the load finish what it has sent, and end; False when none ran."""
    records = PidRecords(instance.pid_dir)
    running = [record for record in records.alive() if record.name == "load"]
    for record in running:
        os.kill(record.pid, signal.SIGTERM)
        if wait_gone([record.pid], DOWN_TIMEOUT):
            os.kill(record.pid, signal.SIGKILL)
    records.remove("load")
    return bool(running)


def load_log(instance: Instance) -> Path:
    return instance.state_dir / "load" / "writes.log"


def reset(instance: Instance) -> None:
    """Back to the seeded state, without a load. Raises LabError."""
    stop_load(instance)
    load_log(instance).unlink(missing_ok=True)
    Admin(instance).reset()
