# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as files: a page, JSON, JUnit, Markdown. What people wrote is text in each of them, never markup."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.report import RUN_SCHEMA
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.book import moves, sections
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.case import Case
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report import charts
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.junit import run_junit, series_junit

TEMPLATES = Path(__file__).resolve().parents[3] / "roles" / "dr_report" / "templates"
MOODS = {
    "good": {"met", "succeeded", "done", "already"},
    "bad": {"missed", "failed", "split", "refuse", "overdue", "never done", "point of no return"},
    "unsure": {"not proved", "degraded", "started", "open", "aborted", "preempted", "warn", "due soon"},
}
INTRO = (
    "For the day when Ansible itself is gone. It needs bash, the aws CLI and the operator's credentials, and does what"
    " the collection does, in the same order, but without its proofs: read what each step prints before the next one."
)
MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#"} | {"\n": " ", "\r": " "})


def report_files(report: Mapping[str, Any]) -> dict[str, str]:
    """The report's files, by name. The same report gives the same bytes."""
    if report["schema"] == RUN_SCHEMA:
        drawn: dict[str, Any] = {"timeline": charts.timeline(report), "probe": charts.probe(report["probe"])}
        kind, junit = "run", run_junit(report)
    else:
        drawn = {"trends": {name: charts.trend(report["runs"], name) for name in ("rto", "rpo")}}
        kind, junit = "series", series_junit(report)
    return {
        "report.html": render(f"{kind}.html.j2", report, **drawn),
        "report.json": json.dumps(report, indent=2, sort_keys=True) + "\n",
        "report.md": render(f"{kind}.md.j2", report),
        "junit.xml": junit,
    }


def manual_files(workload: str, home: str, standby: str, layers: Mapping[str, Any]) -> dict[str, str]:
    """The manual runbooks of a workload, by name: as Markdown, and as a page to print. Nothing is asked of AWS."""
    found = {}
    for mode, target in moves(home, standby):
        case = Case(workload, home, standby, mode, target, layers)
        book = {"title": _title(case), "intro": INTRO, "sections": sections(case)}
        for kind in ("md", "html"):
            found[f"{case.name}.{kind}"] = render(f"manual.{kind}.j2", {}, book=book)
    return found


def _title(case: Case) -> str:
    way = "loses no row, needs both Regions" if case.planned else "loses what was not replicated yet"
    return f"{case.workload} to {case.target} by hand ({case.mode.value}: {way})"


def render(template: str, report: Mapping[str, Any], **values: Any) -> str:
    """A template filled in. In HTML everything is escaped."""
    return environment(template.endswith(".html.j2")).get_template(template).render(report=report, **values)


def environment(escapes: bool) -> Environment:
    """Strict: a name that isn't there is an error, not an empty place in somebody's evidence."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters.update(
        seconds=seconds,
        moment=moment,
        clock=clock,
        unbroken=unbroken,
        percent=percent,
        plain=plain,
        mood=mood,
        md=markdown,
    )
    return found


def seconds(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f} s"


def moment(at: float | None) -> str:
    """In UTC, to the millisecond."""
    if at is None:
        return "unknown"
    return datetime.fromtimestamp(at, UTC).isoformat(sep=" ", timespec="milliseconds").replace("+00:00", "Z")


def clock(at: float | None) -> str:
    """The time of the day alone."""
    return moment(at).partition(" ")[2] or "unknown"


def unbroken(line: str) -> Markup:
    """A command's words, none of which is broken in two: on paper nobody could tell where one ends."""
    return Markup(re.sub(r"\S+", lambda word: Markup("<span>{}</span>").format(word[0]), line))


def percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.0f} %"


def plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def mood(word: str) -> str:
    return next((name for name, words in MOODS.items() if word in words), "muted")


def markdown(text: Any) -> str:
    """Text as a line of Markdown shows it: none of it is taken for markup, nor ends a table's cell."""
    return str(text).translate(MARKDOWN)
