# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays run on a lab, and what came of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lab.client import Admin
from lab.lifecycle import running
from lab.load.report import writers
from lab.settings import Instance

FAILOVER = ("ansible-playbook", "multiregion.aws_dr.failover", "-i", "inventories/lab")
FAILBACK = ("ansible-playbook", "multiregion.aws_dr.failback", "-i", "inventories/lab")
STATS_MARK = "CUSTOM STATS:"


@dataclass(frozen=True)
class Played:
    """A finished ansible-playbook: its status, all it printed, the summary it gave, and the AWS calls it made."""

    status: int
    output: str
    summary: dict[str, Any]
    calls: list[dict[str, Any]]

    @property
    def changed(self) -> int:
        """Tasks that changed something, from the recap."""
        return sum(int(word.split("=")[1]) for word in self.output.split() if word.startswith("changed="))

    @property
    def writes(self) -> list[dict[str, Any]]:
        return [call for call in self.calls if call["write"]]


@contextmanager
def lab_under_test() -> Iterator[LabUnderTest]:
    """A lab that no other test has, up, and down afterwards."""
    with running() as instance:
        yield LabUnderTest(instance)


class LabUnderTest:
    """One lab instance, driven by its command as a user would."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lab", "--instance", str(self.instance.id), *words]
        environment = {**os.environ, "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
        return subprocess.run(command, text=True, capture_output=True, check=check, timeout=300, env=environment)

    def play(self, *command: str) -> Played:
        """Run a command under ``lab exec``; a playbook's custom stats are taken as its summary."""
        began = time.time()
        done = self.run("exec", "--", *command, check=False)
        output = done.stdout + done.stderr
        return Played(done.returncode, output, _summary(output), Admin(self.instance).calls(since=began))

    def failover(self, *extra: str) -> Played:
        return self.play(*FAILOVER, *extra)

    def failback(self, *extra: str) -> Played:
        return self.play(*FAILBACK, *extra)

    def report_writers(self) -> list[str]:
        """The Regions whose database would take a write now, asked by SQL."""
        return writers(self.instance)

    def wait_for_replica(self, region: str, timeout: float = 30.0) -> None:
        """Wait until the Region's database follows the writer again, by AWS's word."""
        query = f"GlobalClusters[0].GlobalClusterMembers[?contains(DBClusterArn, ':{region}:')].SynchronizationStatus"
        command = ("aws", "rds", "describe-global-clusters", "--region", region, "--query", query, "--output", "text")
        until = time.monotonic() + timeout
        while self.run("exec", "--", *command).stdout.strip() != "connected":
            assert time.monotonic() < until, f"{region} did not come back within {timeout} s"

    def report(self) -> dict[str, Any]:
        return dict(json.loads(self.run("load", "report").stdout))


def _summary(output: str) -> dict[str, Any]:
    for line in output.partition(STATS_MARK)[2].splitlines():
        values = line.strip().partition(": ")[2]
        if values.startswith("{"):
            kept = json.loads(values)
            told = kept.pop("dr_notify_summary", {})  # stands beside the summary of what they were told of
            return dict(next(iter(kept.values()), told))
    return {}
