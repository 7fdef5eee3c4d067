# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as files: a page, JSON, JUnit, Markdown. What people wrote is text in each of them, never markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.report import RUN_SCHEMA
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report import charts
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.junit import run_junit, series_junit

TEMPLATES = Path(__file__).resolve().parents[3] / "roles" / "dr_report" / "templates"
MOODS = {
    "good": {"met", "succeeded", "done", "already"},
    "bad": {"missed", "failed", "refuse", "overdue", "never done", "point of no return"},
    "unsure": {"not proved", "degraded", "started", "open", "aborted", "preempted", "warn", "due soon"},
}
MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#"} | {"\n": " ", "\r": " "})


def report_files(report: Mapping[str, Any]) -> dict[str, str]:
    """The report's files, by name. The same report gives the same bytes."""
    if report["schema"] == RUN_SCHEMA:
        drawn = {"timeline": charts.timeline(report), "probe": charts.probe(report["probe"])}
        page, ticket, junit = render("run.html.j2", report, **drawn), render("run.md.j2", report), run_junit(report)
    else:
        drawn = {"trends": {name: charts.trend(report["runs"], name) for name in ("rto", "rpo")}}
        page, ticket, junit = render("series.html.j2", report, **drawn), render("series.md.j2", report), ""
        junit = series_junit(report)
    data = json.dumps(report, indent=2, sort_keys=True) + "\n"
    return {"report.html": page, "report.json": data, "report.md": ticket, "junit.xml": junit}


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
        seconds=seconds, moment=moment, clock=clock, percent=percent, plain=plain, mood=mood, md=markdown
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


def percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.0f} %"


def plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def mood(word: str) -> str:
    return next((name for name, words in MOODS.items() if word in words), "muted")


def markdown(text: Any) -> str:
    """Text as a line of Markdown shows it: none of it is taken for markup, nor ends a table's cell."""
    return str(text).translate(MARKDOWN)
