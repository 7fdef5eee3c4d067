# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A notice as each channel shows it. Bounded, whatever came in: what is refused for its length tells nobody."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import Level, Notice

LINE, TITLE, LINES, SUBJECT = 500, 150, 12, 100  # characters, and lines of a section. SNS takes 100 of a subject
COLOURS = {Level.INFO: "good", Level.WARNING: "warning", Level.CRITICAL: "danger"}
HEX = {Level.INFO: "#2e7d32", Level.WARNING: "#b26a00", Level.CRITICAL: "#b00020"}


def sections(notice: Notice) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The notice's parts with their headings, each bounded; those without a line are left out."""
    found = (
        ("What happened", notice.happened),
        ("So far", notice.figures),
        ("What to do next", notice.next_steps),
        ("Runbook", (notice.runbook,) if notice.runbook else ()),
    )
    return tuple((name, _bounded(lines)) for name, lines in found if lines)


def bounded(notice: Notice) -> Notice:
    """The notice as it is kept: no longer than any channel shows it."""
    return replace(
        notice,
        title=clipped(notice.title, TITLE),
        happened=_bounded(notice.happened),
        figures=_bounded(notice.figures),
        next_steps=_bounded(notice.next_steps),
        runbook=clipped(notice.runbook, LINE),
    )


def title(notice: Notice) -> str:
    """On one line, with how urgent it is."""
    return clipped(f"[{notice.level.value}] {notice.title}", TITLE)


def subject(notice: Notice) -> str:
    """As SNS takes it, and good for a mail's header: printable ASCII on one line."""
    ascii_only = title(notice).encode("ascii", "replace").decode()
    return clipped("".join(each if " " <= each <= "~" else " " for each in ascii_only), SUBJECT, "...")


def plain(notice: Notice) -> str:
    """For a mail, and for SNS."""
    parts = [title(notice)]
    for name, lines in sections(notice):
        parts += ["", f"{name}:", *(f"  {line}" for line in lines)]
    return "\n".join([*parts, "", _footer(notice)])


def as_html(notice: Notice) -> str:
    """For a mail. All that comes from elsewhere is escaped, and nothing is loaded."""
    colour = HEX[notice.level]
    parts = [f'<h2 style="color:{colour}">{html.escape(title(notice))}</h2>']
    for name, lines in sections(notice):
        items = "".join(f"<li>{_linked(line)}</li>" for line in lines)
        parts.append(f"<h3>{name}</h3><ul>{items}</ul>")
    parts.append(f"<p><small>{html.escape(_footer(notice))}</small></p>")
    return f"<html><body>{''.join(parts)}</body></html>"


def slack(notice: Notice) -> str:
    """In Slack's own markup. What comes from elsewhere can't mention anybody, nor link."""
    parts = [f"*{_slack_escaped(title(notice))}*"]
    for name, lines in sections(notice):
        parts += [f"*{name}*", *(f"• {_slack_escaped(line)}" for line in lines)]
    return "\n".join([*parts, f"_{_slack_escaped(_footer(notice))}_"])


def payload(notice: Notice) -> str:
    """The body of a webhook: JSON, always written the same way."""
    values: dict[str, Any] = {
        "id": notice.id,
        "workload": notice.workload,
        "run": notice.run_id,
        "at": notice.at,
        "level": notice.level.value,
        "events": [event.as_dict() for event in notice.events],
        "title": clipped(notice.title, TITLE),
        "happened": list(_bounded(notice.happened)),
        "figures": list(_bounded(notice.figures)),
        "next_steps": list(_bounded(notice.next_steps)),
        "runbook": clipped(notice.runbook, LINE),
    }
    return json.dumps(values, sort_keys=True)


def clipped(text: str, length: int, end: str = "…") -> str:
    """On one line, and no longer than that."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - len(end)] + end


def _bounded(lines: Iterable[str]) -> tuple[str, ...]:
    found = [clipped(line, LINE) for line in lines]
    return tuple(found if len(found) <= LINES else [*found[: LINES - 1], f"... and {len(found) - LINES + 1} more"])


def _footer(notice: Notice) -> str:
    return clipped(f"workload {notice.workload}{f', run {notice.run_id}' if notice.run_id else ''}", LINE)


def _slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _linked(line: str) -> str:
    safe = html.escape(line)
    is_link = line.startswith(("https://", "http://")) and " " not in line
    return f'<a href="{safe}">{safe}</a>' if is_link else safe
