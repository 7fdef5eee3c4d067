# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebook in ansible-rulebook itself, between a source and an ansible-playbook that are stood in for: no lab."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from watching import no_java

from ansible_collections.multiregion.aws_dr.tests.unit.extensions.eda.test_region_witness import every_event

pytestmark = pytest.mark.skipif(bool(no_java()), reason=no_java() or "there is Java")

PATIENCE = 120.0
# Says what it is given, once something has looked at all that came before it.
SOURCE = """
import asyncio, json, pathlib
async def main(queue, args):
    for event in json.loads(pathlib.Path({events!r}).read_text()):
        await queue.put(event)
    await asyncio.Event().wait()
"""
# Notes when it was started and with what, and ends as it is told: errands take long, and a failover fails.
PLAYBOOK = """#!{python}
import json, pathlib, sys, time, yaml
began = time.time()
name = next(each for each in sys.argv if each.startswith("multiregion.aws_dr."))
given = yaml.safe_load(pathlib.Path("../env/extravars").read_text())
time.sleep({seconds}.get(name.split(".")[-1], 0))
with open({log!r}, "a") as log:
    log.write(json.dumps(dict(name=name, began=began, ended=time.time(), given=given)) + "\\n")
sys.exit({statuses}.get(name.split(".")[-1], 0))
"""


@dataclass
class Played:
    """What was started, in the order in which it ended."""

    log: Path

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        until = time.monotonic() + PATIENCE
        while len(self.all) < count:
            assert time.monotonic() < until, self.all
            time.sleep(0.1)
        return self.all


@contextmanager
def rulebook(
    directory: Path, events: list[dict[str, Any]], seconds: dict[str, float], **statuses: int
) -> Iterator[Played]:
    sources, programs, log = directory / "sources", directory / "bin", directory / "played.log"
    for each in (sources, programs):
        each.mkdir()
    (directory / "events.json").write_text(json.dumps(events))
    source = SOURCE.format(events=str(directory / "events.json"))
    (sources / "multiregion.aws_dr.region_witness.py").write_text(source)
    program = programs / "ansible-playbook"
    program.write_text(PLAYBOOK.format(python=sys.executable, seconds=seconds, log=str(log), statuses=statuses))
    program.chmod(0o755)
    command = ("ansible-rulebook", "--rulebook", "multiregion.aws_dr.automatic_failover", "-i", "inventories/lab")
    environment = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ["PATH"]])}
    with (directory / "rulebook.log").open("wb") as printed:
        process = subprocess.Popen(
            [*command, "--source-dir", str(sources)], env=environment, stdout=printed, stderr=printed
        )
    try:
        yield Played(log)
    finally:
        process.terminate()
        process.wait(30)


def said(**wanted: Any) -> dict[str, Any]:
    return next(each for each in every_event() if all(each.get(name) == value for name, value in wanted.items()))


LOST, ERRANDS = said(ruling="region_lost"), said(news="errands")
QUIET = [said(ruling=ruling) for ruling in ("healthy", "suspected", "application")]


def test_a_loss_starts_the_failover_at_once_beside_errands_that_take_long(tmp_path: Path) -> None:
    with rulebook(tmp_path, [*QUIET, ERRANDS, LOST], {"region_return": 5.0}) as played:
        ended = played.wait_for(3)
        names = [each["name"].split(".")[-1] for each in ended]
        assert names == ["automatic_failover", "region_return", "notify"]
        assert ended[0]["given"]["verdict"] == LOST["verdict"]
        assert ended[0]["ended"] < ended[1]["ended"] and ended[1]["given"]["workloads"] == "shop"
        time.sleep(2.0)
        assert len(played.all) == 3  # other rulings start nothing


def test_where_nothing_came_of_it_people_are_told_though_it_fails_again(tmp_path: Path) -> None:
    with rulebook(tmp_path, [{**LOST, "unheard": 1}], {}, automatic_failover=4) as played:
        failed, told = played.wait_for(2)
        assert failed["name"].endswith("automatic_failover") and told["name"].endswith("notify")
        assert "failed before it could decide" in told["given"]["found"][0]
        assert f"first_failure={LOST['first_failure']}" in told["given"]["found"][1]


def test_failovers_of_a_workload_are_one_after_the_other(tmp_path: Path) -> None:
    other = {**LOST, "workload": "till"}
    with rulebook(tmp_path, [LOST, LOST | {"at": 1.0}, other], {"automatic_failover": 2.0}) as played:
        ended = sorted(played.wait_for(3), key=lambda each: float(each["began"]))
        of_shop = [each for each in ended if each["given"]["ansible_eda"]["event"]["workload"] == "shop"]
        till = next(each for each in ended if each not in of_shop)
        assert of_shop[0]["ended"] <= of_shop[1]["began"]
        assert till["began"] < of_shop[0]["ended"]
