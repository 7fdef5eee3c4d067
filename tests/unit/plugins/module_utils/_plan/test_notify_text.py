# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    EventKind,
    Happening,
    Level,
    Notice,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify_text as plan

NOTICE = Notice(
    id="1#shop-1#ended",
    workload="shop",
    run_id="shop-1",
    at=1.0,
    events=(Happening(EventKind.DONE, Level.WARNING),),
    title="shop: done",
    happened=("eu-west-1 writes now.",),
    figures=("RTO 10 s",),
    next_steps=("Owed: a fence",),
    runbook="https://wiki.example.com/dr",
)
HOSTILE = replace(
    NOTICE,
    title="shop\r\nBcc: everybody@example.com\r\n\r\n" + "é" * 5000,
    happened=tuple(
        f"<script>alert({number})</script> <!channel> <https://evil|here> & " + "x" * 9000 for number in range(500)
    ),
    next_steps=("javascript:alert(1)", 'https://example.com/"onmouseover=alert(1)'),
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _value in attrs}


@pytest.mark.parametrize("shown", [plan.plain, plan.as_html, plan.slack, plan.payload])
def test_every_form_says_what_happened_so_far_what_next_and_where_to_read(shown: object) -> None:
    text = shown(NOTICE)  # type: ignore[operator]
    for said in ("eu-west-1 writes now.", "RTO 10 s", "Owed: a fence", "https://wiki.example.com/dr", "shop-1"):
        assert said in text


@pytest.mark.parametrize("shown", [plan.plain, plan.as_html, plan.slack, plan.payload])
def test_every_form_is_bounded_whatever_came_in(shown: object) -> None:
    assert len(shown(HOSTILE)) < 16_000  # type: ignore[operator]


def test_a_subject_is_one_line_of_ascii_that_sns_takes() -> None:
    subject = plan.subject(HOSTILE)
    assert len(subject) == 100 and subject.isascii() and "\n" not in subject and "\r" not in subject


def test_a_title_is_one_line() -> None:
    assert "\n" not in plan.title(HOSTILE) and len(plan.title(HOSTILE)) <= plan.TITLE


def test_html_holds_only_our_own_tags() -> None:
    tags = Tags()
    tags.feed(plan.as_html(HOSTILE))
    assert tags.seen <= {"html", "body", "h2", "h3", "ul", "li", "a", "p", "small"}
    assert tags.attributes <= {"href", "style"}


def test_slack_mentions_nobody() -> None:
    text = plan.slack(HOSTILE)
    assert "<" not in text and ">" not in text


def test_what_is_left_out_is_counted() -> None:
    assert "... and 489 more" in plan.plain(HOSTILE)


def test_a_section_without_lines_has_no_heading() -> None:
    assert "Runbook" not in plan.plain(replace(NOTICE, runbook=""))


def test_a_webhooks_body_is_json_and_always_the_same() -> None:
    assert plan.payload(NOTICE) == plan.payload(NOTICE)
    assert json.loads(plan.payload(NOTICE))["events"] == [{"kind": "done", "level": "warning"}]
