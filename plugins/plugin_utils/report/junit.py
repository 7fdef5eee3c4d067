# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as JUnit's XML, for what collects tests: a missed objective is a failure, an unknown one is skipped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Case:
    """``state`` is passed, failed or skipped; ``told`` says what it is known by."""

    group: str
    name: str
    state: str
    told: str
    seconds: float = 0.0


STATES = {"met": "passed", "missed": "failed", "not proved": "skipped", "unknown": "skipped"}
STEP_STATES = {"done": "passed", "already": "passed", "failed": "failed", "started": "failed"}
OUTCOMES = {
    **dict.fromkeys(("succeeded", "degraded"), "passed"),
    **dict.fromkeys(("split", "failed", "aborted"), "failed"),
    "preempted": "skipped",
}
DUE = {"done": "passed", "due soon": "passed", "overdue": "failed", "never done": "failed"}


def run_junit(report: Mapping[str, Any]) -> str:
    """A case for the outcome, for each objective and for each step."""
    run = report["run"]
    told = "; ".join(report["owed"]) or "; ".join(report["lines"][:1])
    cases = [Case("run", "outcome", OUTCOMES.get(run["outcome"] or "", "skipped"), told or "it is open")]
    cases += [_objective("run", name, report[name]) for name in ("rto", "rpo")]
    for each in report["steps"]:
        error = each["error"] or ("no end of it is on record" if each["state"] == "started" else each["state"])
        cases.append(Case("steps", each["name"], STEP_STATES[each["state"]], error, each["seconds"] or 0.0))
    return _suite(
        f"{run['kind']} {run['id']}", run["opened_at"], cases, {"workload": run["workload"], "target": run["target"]}
    )


def series_junit(report: Mapping[str, Any]) -> str:
    """A case for each run's outcome and objectives, and one for each rehearsal of the calendar."""
    cases = [
        Case("calendar", each["type"], DUE[each["state"]], f"{each['state']}; every {each['every_days']:g} days")
        for each in report["calendar"]
    ]
    for run in report["runs"]:
        cases.append(
            Case(run["id"], "outcome", OUTCOMES.get(run["outcome"] or "", "skipped"), run["outcome"] or "open")
        )
        cases += [_objective(run["id"], name, run[name]) for name in ("rto", "rpo")]
    return _suite(f"runs of {report['workload']}", report["as_of"], cases, {"workload": report["workload"]})


def _objective(group: str, name: str, figure: Mapping[str, Any]) -> Case:
    value = "unknown" if figure["seconds"] is None else f"{figure['seconds']:.3f} s"
    told = f"{value}, objective {figure['objective']} s: {figure['verdict']} ({figure['known_as']}: {figure['basis']})"
    return Case(group, name, STATES[figure["verdict"]], told, figure["seconds"] or 0.0)


def _suite(name: str, at: float, cases: Iterable[Case], properties: Mapping[str, str]) -> str:
    listed = list(cases)
    counts = {
        "tests": len(listed),
        "failures": sum(case.state == "failed" for case in listed),
        "errors": 0,
        "skipped": sum(case.state == "skipped" for case in listed),
    }
    when = datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    suites = ET.Element("testsuites")
    suite = ET.SubElement(suites, "testsuite", name=_text(name), timestamp=when)
    suite.attrib.update({key: str(count) for key, count in counts.items()})
    kept = ET.SubElement(suite, "properties")
    for key, value in properties.items():
        ET.SubElement(kept, "property", name=key, value=_text(value))
    for case in listed:
        _add(suite, case)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _add(suite: ET.Element, case: Case) -> None:
    found = ET.SubElement(suite, "testcase", classname=_text(case.group), name=_text(case.name))
    found.set("time", f"{case.seconds:.3f}")
    if case.state == "passed":
        ET.SubElement(found, "system-out").text = _text(case.told)
    else:
        ET.SubElement(found, "failure" if case.state == "failed" else "skipped", message=_text(case.told))


def _text(value: str) -> str:
    """Without what XML can't hold."""
    return NOT_XML.sub("?", value)
