# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run's report says, against what its clients went through; and the manual runbook, run as it is printed."""

from __future__ import annotations

import json
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from playing import LabUnderTest, Played, lab_under_test
from test_database_canary import canary

from lab.load.probe import OutsideProbe
from lab.settings import API_PORT, DNS_PORT, HOME, STANDBY

RATE = 200.0  # requests a second
CLOSE = 1 / RATE + 0.5  # seconds: one request's interval, and half a second
UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada", "-e", "reason=burns")
SCHEMAS = Path("docs/report")


@dataclass(frozen=True)
class Reported:
    """A failover under load, its report as it was written, and what the meter read."""

    path: Path
    report: dict[str, Any]
    meter: dict[str, Any]


def reports(lab: LabUnderTest, path: Path, *extra: str) -> Played:
    command = ("ansible-playbook", "multiregion.aws_dr.report", "-i", "inventories/lab", "-e", f"path={path}", *extra)
    return lab.play(*command)


def failed_over(lab: LabUnderTest, path: Path, lost: bool) -> Reported:
    """Under load and beside the canary: a planned move, or the home Region lost and seen by an outside probe."""
    with canary(lab, path / "canary"):
        moved, meter = _moved(lab, lost)
    assert moved.status == 0, moved.output
    made = reports(lab, path)
    assert made.status == 0, made.output
    there = next((path / "shop").iterdir())
    return Reported(there, json.loads((there / "report.json").read_text(encoding="utf-8")), meter)


def _moved(lab: LabUnderTest, lost: bool) -> tuple[Played, dict[str, Any]]:
    probe = OutsideProbe("api.shop.example", lab.instance.dns_address, DNS_PORT, API_PORT)
    lab.run("load", "start", "--rate", str(RATE))
    probe.start()
    time.sleep(2.0)
    extra: tuple[str, ...] = ()
    if lost:
        lab.run("fault", "region", HOME)
        assert probe.alarm.wait(15.0) and probe.first_failure
        extra = (*UNPLANNED, "-e", f"first_failure={probe.first_failure:.3f}")
    moved = lab.failover(*extra)
    time.sleep(2.0)
    probe.stop()
    lab.run("load", "stop")
    return moved, lab.report()


@pytest.fixture(scope="module")
def module_lab() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture(scope="module")
def lost(module_lab: LabUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """First of all here: every other test finds the lab as this leaves it, or resets it."""
    return failed_over(module_lab, tmp_path_factory.mktemp("reports"), lost=True)


def test_the_recovery_time_is_what_clients_went_through(lost: Reported) -> None:
    assert lost.meter["served_again"] and lost.report["rto"]["known_as"] == "measured"
    assert abs(lost.report["rto"]["seconds"] - lost.meter["outage_seconds"]) <= CLOSE, (lost.report["rto"], lost.meter)


def test_the_loss_is_what_clients_lost(lost: Reported) -> None:
    said, seen = lost.report["rpo"], lost.meter["lost_seconds"]
    assert said["known_as"] == "measured", said
    assert abs(said["seconds"] - seen) <= CLOSE, (said, lost.meter)


def test_the_report_keeps_its_schema_and_has_all_its_parts(lost: Reported) -> None:
    schema = json.loads((SCHEMAS / "run-report-1.schema.json").read_text(encoding="utf-8"))
    assert [each.message for each in Draft202012Validator(schema).iter_errors(lost.report)] == []
    for part in ("phases", "steps", "waits", "findings", "plan", "way_back", "owed", "lines"):
        assert lost.report[part], part
    assert lost.report["probe"]["series"]["slots"] and lost.report["ledger"]["lines"]
    assert lost.report["run"]["approved_by"] == "Ada" and lost.report["run"]["reason"] == "burns"
    assert sum(each["seconds"] for each in lost.report["phases"]) == pytest.approx(
        lost.report["rto"]["seconds"], abs=0.01
    )
    ET.fromstring((lost.path / "junit.xml").read_text(encoding="utf-8"))


def test_it_is_the_same_again_and_reaches_the_lost_regions_bucket_once_it_is_back(
    module_lab: LabUnderTest, lost: Reported
) -> None:
    path = lost.path.parents[1]
    again = reports(module_lab, path)
    assert (again.status, again.changed) == (0, 0), again.output
    assert f"s3://shop-evidence-{HOME}" in again.output and "UNKNOWN" in again.output
    module_lab.run("heal", "region", HOME)
    late = reports(module_lab, path)
    assert {call["region"] for call in late.writes if call["service"] == "s3"} == {HOME}, late.output
    verified = reports(module_lab, path, "-e", "verify=true")
    assert verified.status == 0 and verified.summary["intact"], verified.output


def test_an_altered_report_is_told_from_the_real_one(module_lab: LabUnderTest, lost: Reported) -> None:
    page = lost.path / "report.html"
    whole = page.read_bytes()
    page.write_bytes(whole.replace(b"degraded", b"succeeded"))
    told = reports(module_lab, lost.path.parents[1], "-e", "verify=true", "-e", f"run_id={lost.report['run']['id']}")
    page.write_bytes(whole)
    assert told.status != 0 and "[evidence_altered] report.html" in told.output


def test_a_series_says_which_drill_is_due(module_lab: LabUnderTest, lost: Reported) -> None:
    made = reports(module_lab, lost.path.parents[1], "-e", "kind=series")
    assert made.status == 0, made.output
    series = json.loads((lost.path.parent / "series" / "report.json").read_text(encoding="utf-8"))
    assert {each["type"]: each["state"] for each in series["calendar"]} == {
        "failover_simulation": "never done",
        "live": "never done",
    }
    assert [each["id"] for each in series["runs"]] == [lost.report["run"]["id"]]


def test_a_planned_move_loses_nothing_by_its_report_and_by_the_meter(lab: LabUnderTest, tmp_path: Path) -> None:
    moved = failed_over(lab, tmp_path, lost=False)
    assert (moved.report["rpo"]["seconds"], moved.meter["lost_rows"]) == (0.0, 0)
    assert moved.report["rto"]["seconds"] is None, "nobody says when users were cut off"


def by_hand(lab: LabUnderTest, book: Path) -> str:
    """A manual runbook's commands, as they are printed."""
    commands = "\n".join(re.findall(r"```bash\n(.*?)```", book.read_text(encoding="utf-8"), re.DOTALL))
    done = lab.run("exec", "--", "bash", "-c", f"cd {book.parent}\n{commands}", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def books(lab: LabUnderTest, tmp_path: Path) -> Path:
    command = ("ansible-playbook", "multiregion.aws_dr.manual_runbook", "-i", "inventories/lab")
    first = lab.play(*command, "-e", f"path={tmp_path}")
    assert first.status == 0, first.output
    return tmp_path / "shop" / "manual-runbook"


def test_the_manual_runbook_completes_a_failover_as_it_is_printed(lab: LabUnderTest, books: Path) -> None:
    lab.run("load", "start")
    time.sleep(1.0)
    lab.run("fault", "region", HOME)
    said = by_hand(lab, books / "failover-unplanned.md")
    time.sleep(2.0)
    lab.run("load", "stop")
    meter = lab.report()
    assert meter["served_again"] and (meter["writers"], meter["stale_acks"]) == (1, 0)
    assert "stays unfenced" in said
    assert "come back to it" not in said, said


def test_the_manual_runbook_moves_it_there_and_back_by_plan(lab: LabUnderTest, books: Path) -> None:
    lab.run("load", "start")
    by_hand(lab, books / "failover-planned.md")
    lab.wait_for_replica(HOME)
    by_hand(lab, books / "way-back-planned.md")
    lab.wait_for_replica(STANDBY)
    time.sleep(2.0)
    lab.run("load", "stop")
    meter = lab.report()
    assert meter["served_again"] and (meter["lost_rows"], meter["writers"]) == (0, 1)
    assert lab.failover("-e", f"target={HOME}").changed == 0
