# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills of workloads whose clients aren't switched by the latch; and what a drill's report has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drilling import drill, left, outside, sync_parameters, untouched, verdicts
from jsonschema import Draft202012Validator
from playing import LabUnderTest
from test_layers import SWITCHES, WAYS, given

from lab.load.report import writers
from lab.settings import HOME

SCHEMA = Path("docs/report/run-report-1.schema.json")


@pytest.mark.parametrize("way", WAYS)
def test_every_drill_passes_whatever_switches_the_clients(lab: LabUnderTest, way: str) -> None:
    sync_parameters(lab)
    extra, action = WAYS[way][0](lab), WAYS[way][1]
    played = drill(lab, *extra)
    assert played.status == 0, played.output
    assert set(verdicts(played).values()) == {"passed"} and len(verdicts(played)) == 4
    assert f":{action} in " in played.output, "the switch is among what a failover would call"
    assert untouched(lab, played), played.writes
    assert outside(played, "drill") == set()
    assert left(lab) == []


def test_a_live_drill_goes_there_and_back_by_routing_controls(lab: LabUnderTest) -> None:
    played = drill(lab, "-e", "type=live", "-e", "approved_by=Ada", *WAYS["routing_control"][0](lab))
    assert played.status == 0, played.output
    assert verdicts(played) == {"live": "passed"}
    switched = [call["action"] for call in played.writes if call["action"] in SWITCHES]
    assert switched.count("UpdateRoutingControlStates") == 2
    assert writers(lab.instance) == [HOME]


def test_a_way_that_is_not_described_is_refused(lab: LabUnderTest) -> None:
    played = drill(lab, *given(aws_dr_traffic="records"))
    assert played.status != 0 and "[traffic_not_configured]" in played.output
    assert [call for call in played.writes if call["service"] not in ("sts",)] == []


def test_a_drill_s_report_shows_what_it_found_and_rehearsed(lab: LabUnderTest, tmp_path: Path) -> None:
    assert drill(lab, "-e", "type=failover_simulation").status == 0
    command = ("ansible-playbook", "multiregion.aws_dr.report", "-i", "inventories/lab", "-e", f"path={tmp_path}")
    made = lab.play(*command)
    assert made.status == 0, made.output
    (place,) = (tmp_path / "shop").iterdir()
    report = json.loads((place / "report.json").read_text(encoding="utf-8"))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [each.message for each in Draft202012Validator(schema).iter_errors(report)] == []
    assert report["run"]["type"] == "failover_simulation"
    assert {"promote_database", "switch_traffic"} <= {each["name"] for each in report["plan"]}
    assert {"copy promoted and proved", "production watched", "copy removed"} <= {
        each["name"] for each in report["waits"]
    }
    assert report["probe"]["samples"] > 0
    assert "failover_simulation: PASSED" in (place / "report.md").read_text(encoding="utf-8").replace("\\", "")
