# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source on the lab, without Java: real probes, a real queue, a real quorum, and what it then says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playing import LabUnderTest
from watching import POLICY, SUSTAINED, inventory

from lab.client import Admin
from lab.settings import HOME, STANDBY, THIRD, client_environment

HERE = Path(__file__).resolve().parent
PATIENCE = 45.0  # of which reading the inventory takes most, on a busy machine
EVERYTHING = [{"kind": "black_hole", "region": each} for each in (HOME, STANDBY, THIRD)]


class Said:
    """What a source has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.events.append(json.loads(line))

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool], since: int = 0) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for event in self.events[since:]:
                if wanted(event):
                    return event
            assert self.process.poll() is None, "the source ended"
            time.sleep(0.05)
        raise AssertionError(f"not said within {PATIENCE:.0f} s: {[self.short(each) for each in self.events]}")

    def ruling(self, ruling: str, since: int = 0) -> dict[str, Any]:
        return self.wait_for(lambda event: event.get("ruling") == ruling, since)

    @staticmethod
    def short(event: dict[str, Any]) -> str:
        return f"{event.get('ruling') or event['why']}: {event.get('verdict', {}).get('reasons', '')}"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return inventory(tmp_path, {"aws_dr_automatic": POLICY})


@contextmanager
def source(lab: LabUnderTest, directory: Path) -> Iterator[Said]:
    process = subprocess.Popen(
        [sys.executable, str(HERE / "witness.py"), str(directory)],
        env=client_environment(lab.instance, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Said(process)
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.parametrize("mode", ["refuse", "hang"])
def test_a_lost_region_is_told_with_its_evidence_and_its_return(lab: LabUnderTest, directory: Path, mode: str) -> None:
    with source(lab, directory) as said:
        said.ruling("healthy")
        time.sleep(3.0)
        lost_at = time.time()
        Admin(lab.instance).fault({"kind": "region", "region": HOME, "mode": mode})
        event = said.ruling("region_lost")
        took = event["at"] - lost_at
        assert SUSTAINED < took < SUSTAINED + 2.0, took
        assert lost_at - 0.05 <= event["first_failure"] <= lost_at + 1.1
        bad = {(each["kind"], each["place"]) for each in event["verdict"]["evidence"] if each["reading"] == "bad"}
        assert bad >= {("probe", STANDBY), ("canary", STANDBY), ("alarm", THIRD)}
        lab.run("heal", "region", HOME)
        assert said.wait_for(lambda each: each.get("why") == "contact")
        # A restart in the middle of it all begins anew.
        assert [each["ruling"] for each in said.events if each["news"] == "verdict"][:1] == ["healthy"]


def test_while_a_region_hangs_looks_go_on_in_time(lab: LabUnderTest, directory: Path) -> None:
    with source(lab, directory) as said:
        said.ruling("healthy")
        Admin(lab.instance).fault({"kind": "region", "region": HOME, "mode": "hang"})
        said.ruling("region_lost")
        began = time.time()
        time.sleep(6.0)
        calls = Admin(lab.instance).calls(since=began)
        beats = [each for each in calls if (each["service"], each["action"]) == ("dynamodb", "PutItem")]
        assert 4 <= len(beats) <= 8


def test_a_bad_release_in_both_regions_is_no_loss(lab: LabUnderTest, directory: Path) -> None:
    with source(lab, directory) as said:
        said.ruling("healthy")
        for region in (HOME, STANDBY):
            lab.run("fault", "kill", "api", region)
        event = said.ruling("application")
        time.sleep(SUSTAINED + 2.0)
        assert "region_lost" not in [each.get("ruling") for each in said.events]
        assert any("its Region well" in each for each in event["verdict"]["reasons"])


def test_its_own_isolation_is_no_loss_and_it_comes_back(lab: LabUnderTest, directory: Path) -> None:
    """The control planes of all Regions hang: nothing of AWS can be seen from here."""
    with source(lab, directory) as said:
        said.ruling("healthy")
        for fault in EVERYTHING:
            Admin(lab.instance).fault({"kind": "api", "fault": fault})
        said.ruling("isolated")
        time.sleep(SUSTAINED + 2.0)
        assert "region_lost" not in [each.get("ruling") for each in said.events]
        since = len(said.events)
        lab.run("heal", "api")
        said.ruling("healthy", since)


def test_throttled_by_aws_it_says_nothing_wrong_and_goes_on(lab: LabUnderTest, directory: Path) -> None:
    with source(lab, directory) as said:
        said.ruling("healthy")
        since = len(said.events)
        for service in ("s3", "sts", "dynamodb", "sqs", "cloudwatch"):
            Admin(lab.instance).fault({"kind": "api", "fault": {"kind": "throttle", "service": service}})
        time.sleep(SUSTAINED + 4.0)
        assert {each.get("ruling") for each in said.events[since:]} <= {"unclear", "healthy", None}
        lab.run("heal", "api")
        lab.run("fault", "region", HOME)
        said.ruling("region_lost", since)
