# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/dashboards is what the dashboards' JSON gives, whole and without anything from outside."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import dashboards
import pytest
from dashboard_picture import picture

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import UNITS

WRITTEN = dict(dashboards.files())
SVG = "{http://www.w3.org/2000/svg}"


def test_the_files_are_those_that_the_dashboards_give() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in dashboards.DOCS.iterdir()}
    assert there == WRITTEN, "run make dashboards"
    assert len(there) == 2


@pytest.mark.parametrize("name", WRITTEN)
def test_a_picture_needs_nothing_from_outside(name: str) -> None:
    ElementTree.fromstring(WRITTEN[name])
    assert re.findall(r"(?:href|src|url|@import|<script|<foreignObject)", WRITTEN[name]) == []
    assert re.findall(r"https?://[^\"]*", WRITTEN[name]) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("made", dashboards.shown(), ids=lambda made: made.name)
def test_each_widget_and_line_and_alarm_is_in_it(made: dashboards.Dashboard) -> None:
    body = made.body()
    root = ElementTree.fromstring(picture(body, dashboards.sample, {}, "note"))
    words = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert len(list(root.iter(f"{SVG}g"))) == len(body["widgets"])
    for widget in body["widgets"]:
        properties = widget["properties"]
        assert properties.get("title", "") in words
        assert all(str(line[-1]["label"]) in words for line in properties.get("metrics", []))
        assert all(arn.rpartition("/")[2] in words for arn in properties.get("alarms", []))


def test_a_gap_is_a_gap_and_a_value_alone_a_dot() -> None:
    line = ["MultiRegion", "RTO", "Workload", "shop", {"label": "x"}]
    widget = {"x": 0, "y": 0, "width": 12, "height": 6, "type": "metric"}
    body = {"widgets": [{**widget, "properties": {"title": "t", "view": "timeSeries", "metrics": [line]}}]}

    def shapes(*points: float | None) -> tuple[int, int]:
        drawn = picture(body, lambda _line: points, {}, "")
        return len(re.findall(r'stroke-width="1.6"', drawn)), drawn.count("<circle")

    assert shapes(1.0, 2.0, 3.0) == (1, 0)
    assert shapes(1.0, 2.0, None, 3.0, 4.0) == (2, 0)
    assert shapes(None, 2.0, None) == (0, 1)
    assert shapes(None, None) == (0, 0)


def test_what_is_unknown_is_shown_as_that_and_not_as_zero() -> None:
    line = ["MultiRegion", "Availability", "Workload", "shop", {"label": "x"}]
    widget = {"x": 0, "y": 0, "width": 12, "height": 6, "type": "metric"}
    body = {"widgets": [{**widget, "properties": {"title": "t", "view": "singleValue", "metrics": [line]}}]}
    assert ">-<" in picture(body, lambda _line: [None, None], {}, "")


def test_the_page_of_metrics_has_each_with_its_unit() -> None:
    page = (dashboards.ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE))
    assert rows == {metric.value: unit for metric, unit in UNITS.items()}
