# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report's files."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.run import run_report
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.series import series_report
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.charts import ticks_of_span
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.pages import manual_files, report_files
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.report.recorded import (
    EVENTS,
    T,
    record,
)

SCHEMAS = Path(__file__).resolve().parents[5] / "docs" / "report"
VOID = {"meta", "link", "br"}
RUNS = {
    "closed": record(),
    "open": record(outcome=None, closed_at=0.0, summary={}),
    "failed": record(outcome=Outcome.FAILED, summary={"error": "it broke", "way_back": ["finish it: x"]}),
    "bare": record(details={}, summary={}),
}


def run_of(name: str) -> dict[str, Any]:
    return run_report(RUNS[name], () if name == "bare" else EVENTS, "the state table").as_dict()


def series(runs: int = 3) -> dict[str, Any]:
    listed = [record(id=f"shop-{n}", opened_at=T + n * 86400) for n in range(runs)]
    return series_report("shop", listed, {"live": 30, "failover": 9999}, T + 1e6, "the state table").as_dict()


REPORTS = {**{name: run_of(name) for name in RUNS}, "series": series(), "no runs": series(0), "many": series(60)}


def schema_of(report: dict[str, Any]) -> Draft202012Validator:
    name = report["schema"].rpartition("aws_dr/")[2].replace("/", "-")
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


class Strict(HTMLParser):
    """Each tag closed in its turn, each id once, nothing loaded or linked from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []
        self.wanted: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.wanted += [value for name, value in attrs if name == "aria-labelledby" and value]
        self.outside += [value for name, value in attrs if name in ("src", "href") and value and value != "data:,"]
        assert len(given) == len(attrs), f"an attribute twice in {tag}"
        assert tag not in ("script", "iframe", "object", "img", "base")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open, f"{tag} can't close itself in HTML"

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"{tag} isn't what is open"

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(page: str) -> Strict:
    found = Strict()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_the_json_keeps_the_published_schema(name: str) -> None:
    report = json.loads(report_files(REPORTS[name])["report.json"])
    assert [each.message for each in schema_of(report).iter_errors(report)] == []


@pytest.mark.parametrize(
    "path", [("rto", "verdict"), ("steps", 0, "state"), ("run", "id"), ("probe", "series", "slots", 0), ("way_back",)]
)
def test_the_schema_notices_what_is_missing_or_wrong(path: tuple[str | int, ...]) -> None:
    report: Any = json.loads(json.dumps(REPORTS["closed"]))
    where = report
    for key in path[:-1]:
        where = where[key]
    where[path[-1]] = None
    assert not schema_of(report).is_valid(report)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("kind", RunKind)
def test_every_kind_and_every_outcome_has_its_place(kind: RunKind, outcome: Outcome) -> None:
    run = record(kind=kind, outcome=outcome)
    for report in (
        run_report(run, EVENTS, "x").as_dict(),
        series_report("shop", [run], {"live": 1.0}, T, "x").as_dict(),
    ):
        files = report_files(report)
        assert [each.message for each in schema_of(report).iter_errors(json.loads(files["report.json"]))] == []
        case = ET.fromstring(files["junit.xml"]).find(".//testcase[@name='outcome']")
        assert case is not None
        good = outcome in (Outcome.SUCCEEDED, Outcome.DEGRADED)
        assert [child.tag for child in case] == [
            "system-out" if good else "skipped" if outcome is Outcome.PREEMPTED else "failure"
        ]


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_is_well_formed_and_loads_nothing(name: str) -> None:
    page = report_files(REPORTS[name])["report.html"]
    found = parsed(page)
    assert len(found.ids) == len(set(found.ids))
    assert set(found.wanted) <= set(found.ids)
    assert found.outside == []
    assert not re.search(r"url\(|@import|https?:", page)
    assert "prefers-color-scheme: dark" in page


def test_the_page_has_its_charts_and_says_all_there_is() -> None:
    found = parsed(report_files(REPORTS["closed"])["report.html"])
    text = " ".join("".join(found.text).split())
    assert {"timeline", "probe"} <= set(found.ids)
    for wanted in (
        *("11.60 s", "at most 100.69 s", "it <b>burns</b> & {{ 7 * 7 }}", "grace | root", "ada"),
        *("region_unreadable", "point of no return", "eu-central-1 is no standby yet", "writer proved"),
        *("DrError: </table> no answer", "no end on record", "9 requests, 1 of them failed"),
    ):
        assert wanted in text, wanted


def test_a_run_without_samples_says_so_and_has_no_chart() -> None:
    found = parsed(report_files(REPORTS["bare"])["report.html"])
    assert found.ids == []
    assert "No client's samples are on record." in "".join(found.text)


def test_a_series_has_its_trends_and_its_calendar() -> None:
    found = parsed(report_files(REPORTS["series"])["report.html"])
    assert {"trend-rto", "trend-rpo"} <= set(found.ids)
    assert "never done" in "".join(found.text)


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert report_files(REPORTS[name]) == report_files(json.loads(json.dumps(REPORTS[name])))


@pytest.mark.parametrize("name", REPORTS)
def test_a_table_in_markdown_has_as_many_cells_in_each_row(name: str) -> None:
    text = report_files(REPORTS[name])["report.md"]
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()]
        assert len(set(rows)) == 1, table
        assert len(rows) >= 2 and set(table.splitlines()[1]) <= set("|-"), table


def test_what_people_wrote_is_no_markup_in_markdown() -> None:
    text = report_files(REPORTS["closed"])["report.md"]
    assert "grace \\| root" in text
    assert "\\<b\\>burns" in text


def test_junit_counts_what_it_has() -> None:
    suite = ET.fromstring(report_files(REPORTS["closed"])["junit.xml"]).find("testsuite")
    assert suite is not None
    cases = {f"{case.get('classname')}.{case.get('name')}": case for case in suite.findall("testcase")}
    states = {name: [child.tag for child in case] for name, case in cases.items()}
    assert states["run.outcome"] == ["system-out"] and states["run.rto"] == ["system-out"]
    assert states["run.rpo"] == ["skipped"]
    assert states["steps.promote_cache"] == ["failure"]
    tests = suite.findall("testcase")
    assert suite.get("tests") == str(len(tests))
    assert suite.get("failures") == str(sum(case.find("failure") is not None for case in tests)) == "2"
    assert suite.get("skipped") == "1"


def test_a_rehearsal_that_is_due_fails_in_junit() -> None:
    suite = ET.fromstring(report_files(REPORTS["series"])["junit.xml"]).find("testsuite")
    assert suite is not None
    due = {case.get("name"): case.find("failure") for case in suite.findall("testcase[@classname='calendar']")}
    assert due["live"] is not None and due["failover"] is None


def test_junit_drops_what_xml_cannot_hold() -> None:
    run = run_report(record(summary={"lines": ["bell \x07 and \ud800"], "owed": []}), EVENTS, "x").as_dict()
    ET.fromstring(report_files(run)["junit.xml"])


@pytest.mark.parametrize(("span", "step"), [(0.4, 0.05), (9.0, 2.0), (53.0, 10.0), (7200.0, 1000.0)])
def test_ticks_are_round_and_few(span: float, step: float) -> None:
    assert ticks_of_span(span) == pytest.approx(step)
    assert span / ticks_of_span(span) <= 8


def test_a_page_to_print_is_well_formed_and_loads_nothing() -> None:
    layers = {
        "state_table": "t",
        "database": {"global_cluster_id": "a & <b>", "secret_id": "s"},
        "latch": {"key": "k", "token": "it's", "forward": [], "reverse": []},
        "record": {"name": "n", "addresses": {"eu-central-1": [], "eu-west-1": []}},
        "client": {"url": "u"},
    }
    for name, text in manual_files("shop", "eu-central-1", "eu-west-1", layers).items():
        if name.endswith(".html"):
            found = parsed(text)
            assert found.outside == [] and "a & <b>" in "".join(found.text)
