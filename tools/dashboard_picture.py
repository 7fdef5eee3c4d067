# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CloudWatch dashboard as a picture, from the JSON that CloudWatch gets: an SVG that needs nothing from outside."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.charts import Axis

COLUMN, ROW, GAP = 44, 44, 5
COLOURS = ("#1f6fb2", "#d9822b", "#2f855a", "#b83280", "#6b46c1", "#4a5568")
STATES = {"OK": "#2f855a", "ALARM": "#c53030", "INSUFFICIENT_DATA": "#718096"}
TOLD, UNTOLD = ("OK", "ALARM"), "?"
ALARM_COLUMNS = 3
MISSING = "-"

Line = Sequence[Any]
Points = Sequence[float | None]
Data = Callable[[Line], Points]
"""What a line's metric holds over the time that is shown, evenly; ``None`` where nothing was published."""


def picture(body: Mapping[str, Any], data: Data, states: Mapping[str, str], note: str) -> str:
    """The dashboard with this data; ``states`` are those of alarms by ARN, ``note`` stands below it."""
    widgets = body["widgets"]
    width = max(each["x"] + each["width"] for each in widgets) * COLUMN
    height = max(each["y"] + each["height"] for each in widgets) * ROW + 30
    drawn = [part for widget in widgets for part in _widget(widget, data, states)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            ' font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>',
            *drawn,
            _text(GAP + 4, height - 10, note, fill="#4a5568"),
            "</svg>\n",
        ]
    )


def _text(x: float, y: float, text: str, **look: Any) -> str:
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in look.items())
    return f'<text x="{x:g}" y="{y:g}"{attributes}>{escape(text)}</text>'


def _widget(widget: Mapping[str, Any], data: Data, states: Mapping[str, str]) -> Iterator[str]:
    x, y = widget["x"] * COLUMN + GAP, widget["y"] * ROW + GAP
    width, height = widget["width"] * COLUMN - 2 * GAP, widget["height"] * ROW - 2 * GAP
    properties = widget["properties"]
    yield f'<g transform="translate({x} {y})">'
    yield f'<rect width="{width}" height="{height}" rx="4" fill="#ffffff" stroke="#d5dbdb"/>'
    if "title" in properties:
        yield _text(10, 18, properties["title"], font_weight="bold", fill="#16191f")
    if widget["type"] == "text":
        yield from _words(properties["markdown"], width)
    elif widget["type"] == "alarm":
        yield from _alarms(properties["alarms"], states, width)
    elif properties["view"] == "singleValue":
        yield from _numbers(properties["metrics"], data, width)
    else:
        yield from _graph(properties, data, width, height)
    yield "</g>"


def _words(markdown: str, width: float) -> Iterator[str]:
    y = 26.0
    for line in markdown.splitlines():
        heading = line.startswith("# ")
        plain = re.sub(r"\[([^]]*)]\([^)]*\)", r"\1", line.removeprefix("# ").replace("`", ""))
        for part in textwrap.wrap(plain, int(width / (9 if heading else 5.6))):
            size, weight = (17, "bold") if heading else (12, "normal")
            yield _text(12, y, part, font_size=size, font_weight=weight, fill="#16191f")
            y += 24 if heading else 17


def _alarms(arns: Sequence[str], states: Mapping[str, str], width: float) -> Iterator[str]:
    wide = (width - 20) / ALARM_COLUMNS
    for number, arn in enumerate(arns):
        x, y = 10 + number % ALARM_COLUMNS * wide, 28 + number // ALARM_COLUMNS * 22
        state = states.get(arn, "INSUFFICIENT_DATA")
        yield f'<rect x="{x:g}" y="{y:g}" width="{wide - 6:g}" height="18" rx="3" fill="{STATES[state]}"/>'
        name = arn.partition(":alarm:aws-dr/")[2]
        yield _text(
            x + 6,
            y + 13,
            f"{state if state in TOLD else UNTOLD}: {name}"[: int(wide / 5.9)],
            fill="#ffffff",
            font_size=10,
        )


def _label(line: Line) -> str:
    return str(line[-1]["label"])


def _numbers(lines: Sequence[Line], data: Data, width: float) -> Iterator[str]:
    wide = width / max(1, len(lines))
    for number, line in enumerate(lines):
        known = [each for each in data(line) if each is not None]
        shown = f"{known[-1]:.3g}" if known else MISSING
        yield _text(number * wide + 14, 70, shown, font_size=30, fill=COLOURS[number % len(COLOURS)])
        yield _text(number * wide + 14, 90, _label(line), fill="#4a5568")


def _graph(properties: Mapping[str, Any], data: Data, width: float, height: float) -> Iterator[str]:
    lines = properties["metrics"]
    legend = (len(lines) + 2) // 3
    bottom = height - 16 - 15 * legend
    limits = properties.get("annotations", {}).get("horizontal", [])
    series = [data(line) for line in lines]
    known = [each for points in series for each in points if each is not None]
    most = max([*known, *(each["value"] for each in limits), 0.0])
    wanted = properties.get("yAxis", {}).get("left", {}).get("max")
    up = Axis(0.0, max(most * 1.1, wanted or 0.0) or 1.0, bottom, 30.0)
    yield from _scale(up, width, bottom)
    for limit in limits:
        y = up.at(limit["value"])
        yield f'<path d="M46 {y}H{width - 12}" stroke="#c53030" stroke-dasharray="5 3" fill="none"/>'
        yield _text(50, y - 4, f"{limit['label']} {limit['value']:g}", fill="#c53030")
    for number, points in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        yield from _curve(points, up, Axis(0, max(1, len(points) - 1), 46, width - 12), colour)
        x, y = 46 + number % 3 * (width - 58) / 3, bottom + 20 + number // 3 * 15
        yield f'<rect x="{x:g}" y="{y - 8:g}" width="10" height="8" fill="{colour}"/>'
        yield _text(x + 14, y, _label(lines[number]), fill="#4a5568")


def _scale(up: Axis, width: float, bottom: float) -> Iterator[str]:
    for value in (0.0, up.high / 2, up.high):
        y = up.at(value)
        yield f'<path d="M46 {y}H{width - 12}" stroke="#eaeded" fill="none"/>'
        yield _text(42, y + 4, f"{value:.3g}", text_anchor="end", fill="#4a5568")
    yield f'<path d="M46 {bottom:g}V30" stroke="#aab7b8" fill="none"/>'


def _curve(points: Points, up: Axis, across: Axis, colour: str) -> Iterator[str]:
    """A line for each stretch without a gap; a value alone is a dot."""
    stretch: list[tuple[float, float]] = []
    for number, value in enumerate([*points, None]):
        if value is not None:
            stretch.append((across.at(number), up.at(value)))
        elif stretch:
            if len(stretch) == 1:
                yield f'<circle cx="{stretch[0][0]}" cy="{stretch[0][1]}" r="3.5" fill="{colour}"/>'
            else:
                path = "L".join(f"{x} {y}" for x, y in stretch)
                yield f'<path d="M{path}" stroke="{colour}" stroke-width="1.6" fill="none"/>'
            stretch = []
