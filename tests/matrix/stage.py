# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab that a matrix runs on: failovers started, killed, carried on, and what must hold afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.client import Admin
from lab.load.report import writers
from lab.settings import HOME, STANDBY, Instance, client_environment

HERE = Path(__file__).resolve().parent
PLAYBOOK = ("multiregion.aws_dr.failover", "-i", "inventories/lab", "-e", "reason=matrix")
UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=matrix")
SCALE = 0.05
LONGEST = 400.0  # seconds that one attempt may take


@dataclass(frozen=True)
class Attempt:
    """One ansible-playbook: its status (negative: the signal that ended it), what it printed, how long it took."""

    status: int
    output: str
    seconds: float


@dataclass
class Stage:
    """``sabotage`` names what is broken on purpose in the product, for a control; empty for the real thing."""

    instance: Instance
    sabotage: str = ""
    admin: Admin = field(init=False)

    def __post_init__(self) -> None:
        self.admin = Admin(self.instance)

    def lab(self, *words: str) -> str:
        command = [sys.executable, "-m", "lab", "--instance", str(self.instance.id), *words]
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, timeout=120).stdout

    def begin(self, *extra: str, playbook: Sequence[str] = PLAYBOOK) -> subprocess.Popen[str]:
        """Start a failover, or another playbook; its own pid is ansible-playbook's."""
        program = [sys.executable, str(HERE / "sabotage.py"), self.sabotage] if self.sabotage else ["ansible-playbook"]
        return subprocess.Popen(
            [*program, *playbook, *extra],
            env=client_environment(self.instance, os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def attempt(self, *extra: str, playbook: Sequence[str] = PLAYBOOK) -> Attempt:
        return self.end(self.begin(*extra, playbook=playbook))

    def end(self, process: subprocess.Popen[str]) -> Attempt:
        began = time.monotonic()
        try:
            output = process.communicate(timeout=LONGEST)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            output = process.communicate()[0]
            output += f"\nstill running after {LONGEST} s"
        return Attempt(process.returncode, output, time.monotonic() - began)

    def wrongs(self, last: Attempt) -> list[str]:
        """What doesn't hold after the last attempt: it ended well, one writer, and no traffic before the promotion."""
        return [*self.ended_badly(last), *self.other_writers(STANDBY), *self.early_traffic()]

    def ended_badly(self, last: Attempt) -> list[str]:
        return [] if last.status == 0 else [f"the last attempt ended with {last.status}: {gist(last.output)}"]

    def other_writers(self, wanted: str) -> list[str]:
        writing = writers(self.instance)
        return [] if writing == [wanted] else [f"the writers are {writing}, not {wanted}"]

    def early_traffic(self) -> list[str]:
        """Calls that sent clients to the standby Region before its database took writes."""
        promoted = [event["at"] for event in self.admin.events() if event["event"] == "promoted"]
        calls = self.admin.calls()
        latched = [call for call in calls if "latch" in str(call["params"].get("Bucket", ""))]  # no bucket's sentinel
        sent = [call["started"] for call in latched if (call["service"], call["action"]) == ("s3", "PutObject")]
        if sent and (not promoted or min(sent) < min(promoted)):
            return ["clients were sent to a Region whose database was not the writer"]
        return []

    def late_orphans(self) -> list[str]:
        """Steps that an attempt began after it had been taken over, by the journal."""
        from journal import events  # it needs the lab's environment, which is set by now

        found = []
        seen = events(self.instance)
        for event in seen:
            later = [each for each in seen if each.fence > event.fence and each.at < event.at]
            if event.state.value == "started" and later:
                found.append(f"{event.step} was begun under fence {event.fence}, after {later[0].fence}")
        return found


def gist(output: str) -> str:
    """The line that tells most of how it ended."""
    lines = [line for line in output.splitlines() if "ERROR" in line or "fatal" in line or "still running" in line]
    return (lines or output.splitlines()[-3:] or ["nothing printed"])[0][:400]


def lose_home(stage: Stage, mode: str = "refuse") -> None:
    stage.lab("fault", "region", HOME, "--mode", mode)


def calls_of(stage: Stage, since: float) -> Sequence[dict[str, Any]]:
    """The AWS calls since then, in their order."""
    return sorted(stage.admin.calls(since=since), key=lambda call: float(call["started"]))
