# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn where in a report's charts; the templates draw it, as SVG in the page itself.

Our own, as it is little: bars and points on an axis. The charting libraries would be one more thing to install on a
controller, and what they draw brings its own colours, where these follow the page's, light or dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

WIDTH, LEFT, RIGHT = 960, 190, 16  # of a chart, and of the room for its labels; in the SVG's own units
ROW = 22
TOP = 8
NICE = (1, 2, 5)


@dataclass(frozen=True)
class Bar:
    """``look`` is the class that gives it its colour, ``told`` what it says when pointed at, or read out."""

    x: float
    y: float
    width: float
    height: float
    look: str
    told: str
    label: str = ""


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """``told`` is the chart in words, for who can't see it."""

    height: float
    told: str
    bars: tuple[Bar, ...] = ()
    labels: tuple[Tick, ...] = ()  # beside the rows
    ticks: tuple[Tick, ...] = ()  # along the bottom
    levels: tuple[Tick, ...] = ()  # up the side
    marks: tuple[Tick, ...] = ()  # vertical lines
    lines: tuple[str, ...] = ()  # paths


@dataclass(frozen=True)
class Axis:
    """From ``low`` to ``high`` onto ``start`` to ``end``."""

    low: float
    high: float
    start: float = LEFT
    end: float = WIDTH - RIGHT

    def at(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return round(self.start + (min(max(value, self.low), self.high) - self.low) / span * (self.end - self.start), 1)


def ticks_of_span(span: float, wanted: int = 8) -> float:
    """A round distance between ticks, for about as many as ``wanted``."""
    rough = max(span, 1e-3) / wanted
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else _below_one(rough)
    return next((power * nice for nice in (*NICE, 10) if power * nice >= rough), power * 10)


def _below_one(rough: float) -> float:
    power = 1.0
    while power > rough:
        power /= 10
    return power


def ticks(axis: Axis, origin: float, wanted: int = 8) -> tuple[Tick, ...]:
    """Seconds since ``origin`` along an axis of time."""
    step = ticks_of_span(axis.high - axis.low, wanted)
    first = int((axis.low - origin) / step)
    values = [first + n for n in range(int((axis.high - axis.low) / step) + 2)]
    return tuple(
        Tick(axis.at(origin + value * step), f"{value * step:g} s")
        for value in values
        if axis.low <= origin + value * step <= axis.high
    )


def _spans(report: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield from report["phases"]
    yield from report["waits"]
    yield from report["steps"]


def timeline(report: Mapping[str, Any]) -> Chart | None:
    """Phases in one row, then a row for each wait and each step; ``None`` where nothing was ever begun."""
    spans = list(_spans(report))
    if not spans:
        return None
    origin = min(each["started"] for each in spans)
    end = max(each["ended"] or each["started"] for each in spans)
    axis = Axis(origin, end)
    bars, labels, y = list[Bar](), list[Tick](), float(TOP)
    if report["phases"]:
        labels.append(Tick(y + ROW / 2, "phases"))
        bars += [_bar(each, axis, y, f"phase{n % 2}", label=True) for n, each in enumerate(report["phases"])]
        y += ROW + 6
    for look, rows in (("wait", report["waits"]), ("step", report["steps"])):
        for each in rows:
            labels.append(Tick(y + ROW / 2, each["name"].replace("_", " ")))
            bars.append(_bar(each, axis, y, each.get("state", look) if look == "step" else look))
            y += ROW
    longest = ", ".join(f"{each['name']} {each['seconds']:.2f} s" for each in report["phases"] if each["seconds"])
    told = f"Timeline of {end - origin:.1f} s: {longest or f'{len(spans)} steps and waits'}"
    return Chart(y + 26, told, tuple(bars), tuple(labels), ticks(axis, origin))


def _bar(span: Mapping[str, Any], axis: Axis, y: float, look: str, label: bool = False) -> Bar:
    open_ended = span["ended"] is None
    x = axis.at(span["started"])
    width = max(3.0, axis.at(axis.high if open_ended else span["ended"]) - x)
    took = "no end on record" if open_ended else f"{span['seconds']:.2f} s"
    name = span["name"].replace("_", " ")
    shown = name if label and width > 7.5 * len(name) else ""
    return Bar(x, y + 3, width, ROW - 6, look, f"{name}: {took}", shown)


PLOT = 120.0  # height of what is plotted


def probe(seen: Mapping[str, Any] | None) -> Chart | None:
    """A bar for each slot of the series, as high as its slowest answer; below it who answered with which address."""
    series = (seen or {}).get("series")
    if not seen or not series or not series["slots"]:
        return None
    began, width = series["began"], series["width"]
    end = began + (series["slots"][-1][0] + 1) * width
    stretch = [at for at in (seen["first_success"], seen["ttl_tail_until"]) if at]
    answers = [each for each in seen["answers"] if each["addresses"]]
    axis = Axis(began, max([end, *stretch, *(each["last_seen"] for each in answers)]))
    slowest = max(slot[3] for slot in series["slots"]) or 0.001
    up = Axis(0.0, slowest, PLOT + TOP, TOP)
    bars = tuple(_slot(slot, began, width, axis, up) for slot in series["slots"])
    y, rows, labels = PLOT + TOP + 24, list[Bar](), [Tick(TOP + PLOT / 2, "slowest answer")]
    for each in answers:
        labels.append(Tick(y + ROW / 2, f"by {each['resolver']}"))
        rows.append(_answer(each, axis, y))
        y += ROW
    marks = [("first good answer", seen["first_success"]), ("last cached answer gone", seen["ttl_tail_until"])]
    return Chart(
        height=y + 26,
        told=f"{seen['samples']} requests, {seen['failures']} of them failed; the slowest answer took {slowest:.3f} s",
        bars=(*bars, *rows),
        labels=tuple(labels),
        ticks=ticks(axis, began),
        levels=tuple(Tick(up.at(value), f"{value:.3g} s") for value in (0.0, slowest)),
        marks=tuple(Tick(axis.at(at), name) for name, at in marks if at),
    )


def _slot(slot: Sequence[float], began: float, width: float, axis: Axis, up: Axis) -> Bar:
    index, good, failed, slowest = slot
    x = axis.at(began + index * width)
    top = min(up.at(slowest), up.start - 2)
    wide = max(2.0, axis.at(began + (index + 1) * width) - x - 0.5)
    look = "failed" if failed else "done"
    return Bar(x, top, wide, up.start - top, look, f"{good:g} good, {failed:g} failed, slowest {slowest:.3f} s")


def _answer(answer: Mapping[str, Any], axis: Axis, y: float) -> Bar:
    x = axis.at(answer["first_seen"])
    addresses = ", ".join(answer["addresses"])
    wide = max(3.0, axis.at(answer["last_seen"]) - x)
    shown = addresses if wide > 7.5 * len(addresses) else ""
    return Bar(x, y + 3, wide, ROW - 6, "phase0", f"{answer['resolver']} answered {addresses}", shown)


def trend(runs: Sequence[Mapping[str, Any]], figure: str) -> Chart | None:
    """One figure of the runs, the oldest first, against its objective; an unknown one has its place, and no height."""
    known = [run[figure]["seconds"] for run in runs if run[figure]["seconds"] is not None]
    if not known:
        return None
    oldest_first = list(reversed(runs))
    objectives = [run[figure]["objective"] for run in runs if run[figure]["objective"] is not None]
    # An objective far above would press all else to the ground.
    shown = [each for each in objectives if each <= 3 * max(known)]
    up = Axis(0.0, max([*known, *shown]) * 1.1 or 1.0, PLOT + TOP, TOP)
    across = Axis(0, max(len(runs), 1))
    bars = tuple(_point(run, figure, n, across, up) for n, run in enumerate(oldest_first))
    levels = {0.0: "0 s", max(known): f"{max(known):.4g} s"} | {each: f"objective {each:g} s" for each in shown}
    every = max(1, len(runs) // 8)
    return Chart(
        height=PLOT + TOP + 26,
        told=f"{figure} of {len(runs)} runs: {min(known):.2f} to {max(known):.2f} s; {len(runs) - len(known)} unknown",
        bars=bars,
        ticks=tuple(
            Tick(across.at(n + 0.5), day(run["opened_at"])) for n, run in enumerate(oldest_first) if n % every == 0
        ),
        levels=tuple(Tick(up.at(value), text) for value, text in levels.items()),
        lines=tuple(f"M{LEFT} {up.at(each)}H{WIDTH - RIGHT}" for each in sorted(set(shown))),
    )


def _point(run: Mapping[str, Any], figure: str, n: int, across: Axis, up: Axis) -> Bar:
    seconds, verdict = run[figure]["seconds"], run[figure]["verdict"]
    wide = max(2.0, min(40.0, across.at(n + 0.8) - across.at(n + 0.2)))
    x = across.at(n + 0.5) - wide / 2
    if seconds is None:
        return Bar(x, up.start - 4, wide, 4, "unknown", f"{run['id']}: unknown")
    top = min(up.at(seconds), up.start - 2)
    look = {"met": "done", "missed": "failed"}.get(verdict, "unsure")
    return Bar(x, top, wide, up.start - top, look, f"{run['id']}: {seconds:.2f} s, {verdict}")


def day(at: float) -> str:
    """The day of an epoch second, in UTC."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()
