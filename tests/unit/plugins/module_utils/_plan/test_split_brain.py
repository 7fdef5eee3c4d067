# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of two Regions amount to, and what is said of it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import (
    Accepts,
    ApiView,
    Sent,
    SplitBrainSeen,
    Writers,
    WriteTest,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.split_brain import (
    judge,
    lines,
    unasked_findings,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"
YES, NO, UNKNOWN = Accepts.YES, Accepts.NO, Accepts.UNKNOWN


def answer(region: str, accepts: Accepts, server: str = "") -> WriteTest:
    known: dict[str, Any] = (
        {} if accepts is UNKNOWN else {"server_id": server or f"{region}-1", "server_id_source": "aurora_server_id"}
    )
    return WriteTest(region, accepts, f"seen in {region}", **known)


def seen(
    home: Accepts, standby: Accepts, views: tuple[str, str] = (HOME, HOME), sent: tuple[Sent, ...] = ()
) -> SplitBrainSeen:
    told = tuple(ApiView(region, writer) for region, writer in zip((HOME, STANDBY), views, strict=True))
    return SplitBrainSeen(
        (answer(HOME, home), answer(STANDBY, standby)), told, "api.shop.example" if sent else "", sent
    )


def codes(what: SplitBrainSeen) -> list[str]:
    return [finding.code for finding in judge(what).findings]


@pytest.mark.parametrize(("home", "standby"), list(itertools.product(Accepts, Accepts)))
def test_two_that_take_it_are_split_and_silence_is_never_a_no(home: Accepts, standby: Accepts) -> None:
    verdict = judge(seen(home, standby))
    answers = (home, standby)
    expected = Writers.UNKNOWN
    if answers.count(YES) == 2:
        expected = Writers.SPLIT
    elif UNKNOWN not in answers:
        expected = Writers.ONE if YES in answers else Writers.NONE
    assert verdict.state is expected
    assert len(verdict.unknown) == answers.count(UNKNOWN)
    refusing = [finding.code for finding in verdict.findings if finding.severity.value == "refuse"]
    assert refusing == (["two_writers"] if expected is Writers.SPLIT else [])


def test_one_writer_that_everybody_names_finds_nothing() -> None:
    here = Sent("192.0.2.53", ("192.0.2.1",), (HOME,))
    assert codes(seen(YES, NO, sent=(here,))) == []


@pytest.mark.parametrize("views", [(STANDBY, STANDBY), (HOME, STANDBY)])
def test_of_two_writers_the_promoted_one_is_kept(views: tuple[str, str]) -> None:
    what = seen(YES, YES, views)
    alone = SplitBrainSeen(what.tests, (what.views[0], ApiView(STANDBY, STANDBY, detached=True)))
    verdict = judge(alone if views[0] == HOME else what)
    assert verdict.keep == STANDBY
    [finding] = [each for each in verdict.findings if each.code == "two_writers"]
    assert f"region={HOME}" in finding.remedy and f"region={STANDBY}" not in finding.remedy


def test_which_of_two_writers_is_kept_is_a_persons_to_say_where_aws_contradicts_itself() -> None:
    verdict = judge(seen(YES, YES, (HOME, STANDBY)))
    [finding] = [each for each in verdict.findings if each.code == "two_writers"]
    assert verdict.keep == "" and finding.remedy.startswith("Decide now")


def test_a_server_that_answers_for_both_regions_is_one_writer() -> None:
    tests = (answer(HOME, YES, "shop-1"), answer(STANDBY, YES, "shop-1"))
    verdict = judge(SplitBrainSeen(tests, ()))
    assert (verdict.state, verdict.writers, verdict.unknown) == (Writers.UNKNOWN, (HOME,), (STANDBY,))


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (seen(NO, NO), "no_writer"),
        (seen(YES, UNKNOWN), "writer_unknown"),
        (seen(YES, NO, (HOME, STANDBY)), "aws_views_differ"),
        (seen(NO, YES), "aws_disagrees"),
        (seen(YES, NO, sent=(Sent("x", error="no answer"),)), "clients_unknown"),
        (seen(YES, NO, sent=(Sent("x", ("192.0.2.9",), (), ("192.0.2.9",)),)), "clients_elsewhere"),
        (seen(YES, NO, sent=(Sent("x", (), (HOME,)), Sent("y", (), (STANDBY,)))), "clients_in_two_regions"),
        (seen(YES, NO, sent=(Sent("x", (), (STANDBY,)),)), "clients_not_at_writer"),
    ],
)
def test_what_is_odd_is_a_warning_of_its_own(what: SplitBrainSeen, code: str) -> None:
    assert codes(what) == [code]


def test_clients_at_a_region_that_is_silent_are_not_said_to_be_misled() -> None:
    assert "clients_not_at_writer" not in codes(seen(YES, UNKNOWN, sent=(Sent("x", (), (STANDBY,)),)))


def test_every_finding_names_its_place_in_the_runbook() -> None:
    for finding in judge(seen(YES, YES, (HOME, STANDBY))).findings:
        assert finding.runbook == f"docs/runbooks/split-brain.md#{finding.code}"


def test_the_lines_say_it_loudly() -> None:
    what = seen(YES, YES)
    assert lines(what, judge(what))[-1] == f"SPLIT BRAIN: {HOME} and {STANDBY} take writes"
    silent = seen(UNKNOWN, YES)
    assert lines(silent, judge(silent))[-1] == f"writers known: {STANDBY}; unknown: {HOME}"


def test_a_task_that_failed_leaves_it_unknown() -> None:
    assert unasked_findings({"state": "one"}) == ()
    assert [each.code for each in unasked_findings({"msg": "no psycopg"})] == ["writers_not_asked"]
