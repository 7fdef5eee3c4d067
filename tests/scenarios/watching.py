# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-rulebook with our rulebooks on a lab, a process of its own, as it would stand in the standby Region."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord
from lab.settings import STANDBY, Instance, client_environment

INVENTORY = Path("inventories/lab")
AUTOMATIC, RECOMMEND = (f"multiregion.aws_dr.{name}_failover" for name in ("automatic", "recommend"))
INTERVAL, SUSTAINED = 1.0, 3.0
POLICY = {"mode": "automatic", "sustained": SUSTAINED, "cooldown": 0}
STARTS = 240.0  # seconds until a watcher looks and its first errands are done: a dozen, on a machine that is free
QUIET = 1.0
PLAYS = ("ansible-playbook", "sabotage.py")  # how a playbook is seen, and one that a matrix's control broke
NEEDED_JAVA = 17


def no_java() -> str:
    """Why ansible-rulebook can't be run on this machine; empty where it can."""
    program = shutil.which("java")
    if program is None:
        return f"no Java on this machine: ansible-rulebook needs Java {NEEDED_JAVA}"
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < NEEDED_JAVA:
        return f"no Java {NEEDED_JAVA} on this machine, which ansible-rulebook needs: {told.splitlines()[0]}"
    return ""


def inventory(directory: Path, variables: Mapping[str, Any]) -> Path:
    """The lab's inventory with more said of the workload."""
    made = directory / "inventory"
    shutil.copytree(INVENTORY, made)
    of_shop = made / "host_vars" / "shop"
    of_shop.mkdir()
    (made / "host_vars" / "shop.yml").rename(of_shop / "as-shipped.yml")
    (of_shop / "more.json").write_text(json.dumps(variables), encoding="utf-8")
    return made


def shipped_watch() -> dict[str, Any]:
    """What the lab's inventory says of the watch."""
    shop = yaml.safe_load((INVENTORY / "host_vars" / "shop.yml").read_text(encoding="utf-8"))
    return dict(shop["aws_dr_watch"])


def state_table(instance: Instance) -> TableStore:
    os.environ.update(client_environment(instance, {}))
    return TableStore(Clients({}), STANDBY, "aws-dr-state", SystemClock())


def runs(table: TableStore) -> list[RunRecord]:
    """Every run of the workload: the one that is open, and those that have ended."""
    lock = table.read_lock("shop")
    held = table.read_run(lock.run_id) if lock is not None and lock.run_id else None
    return [*([held] if held is not None and held.open else []), *table.read_history("shop", 10)]


@dataclass
class Rulebook:
    """A running ansible-rulebook, and all that it has printed."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def playing(self) -> list[psutil.Process]:
        """What it has started."""
        return psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []

    def wait_until_quiet(self) -> None:
        """Until its first errands are done: in life they were long ago."""
        until, quiet_since, played = time.monotonic() + STARTS, time.monotonic(), False
        while not played or time.monotonic() - quiet_since < QUIET:
            assert self.process.poll() is None, self.output[-2000:]
            assert time.monotonic() < until, f"it doesn't become quiet: {self.output[-2000:]}"
            # The inventory is read by a child as well, which is gone before anything is looked at.
            playing = [each for each in self.playing if any(name in _command(each) for name in PLAYS)]
            played = played or bool(playing)
            quiet_since = time.monotonic() if playing else quiet_since
            time.sleep(0.05)

    def end(self) -> None:
        """End it with all that it has started, by their numbers."""
        left = self.playing
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        for each in left:
            if each.is_running():
                each.kill()


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextmanager
def rulebook(
    instance: Instance, directory: Path, variables: Mapping[str, Any], name: str = AUTOMATIC, path: Sequence[Path] = ()
) -> Iterator[Rulebook]:
    """One that watches the lab's workload, and has nothing left to do. ``path`` comes before the programs' own."""
    directory.mkdir(parents=True, exist_ok=True)
    made = inventory(directory, variables)
    log = directory / "rulebook.log"
    environment = client_environment(instance, os.environ) | {
        "ANSIBLE_INVENTORY": str(made),
        "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
    }
    with log.open("wb") as printed:
        process = subprocess.Popen(
            ["ansible-rulebook", "--rulebook", name, "--print-events", "--verbose"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    running = Rulebook(process, log)
    try:
        running.wait_until_quiet()
        yield running
    finally:
        running.end()
