# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What couldn't be read, what the baseline says in its stead, and that a disaster never deadlocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import US_EAST_1
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    judged,
    severity,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.unread import (
    baseline_remarks,
    carried,
    told_once,
    unread_remarks,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness import CHECKS, _judge
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    HOME,
    NOW,
    PLANNED,
    STANDBY,
    THIRD,
    UNPLANNED,
    databases,
    latches,
    records,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop_layers import (
    HEALTHY,
    LAYERED,
)

FINDING = {"code": "resync_pending", "observed": "Behind.", "remedy": "Wait.", "topic": "database", "region": HOME}
BASELINE = Baseline(
    "shop",
    NOW - 7200,
    "cron",
    {"database": {HOME: {"role": "writer", "lag": None}}, "records": {US_EAST_1: {"zone": "shop.example."}}},
    (FINDING,),
)
GONE: dict[str, Sightings[Any]] = {
    "database": Sightings({}, {HOME: "no answer within 5 s."}),
    "latch": Sightings({}, {HOME: "refused"}),
    "records": Sightings({}, {US_EAST_1: "refused"}),
}


def by_code(case: Case) -> dict[str, Remark]:
    return {remark.code: remark for remark in unread_remarks(GONE, case)}


def test_a_region_that_is_gone_is_one_finding_that_names_all_it_was_asked() -> None:
    found = by_code(UNPLANNED)
    assert set(found) == {"region_unreadable", "us_east_1_unreadable"}
    assert (
        "eu-central-1 didn't answer about database and latch: no answer within 5 s."
        in found["region_unreadable"].observed
    )


def test_a_lost_region_refuses_a_switchover_once() -> None:
    """Not for its database, for its bucket and for what it didn't answer."""
    lost = replace(GONE["database"], seen={STANDBY: databases().seen[STANDBY]})
    found = _judge(PLANNED, {**GONE, "database": lost}, {topic: CHECKS[topic] for topic in GONE})
    refusals = [each.finding for each in found if each.region == HOME and each.finding.severity is Severity.REFUSE]
    assert [each.code for each in refusals] == ["source_unreachable"]
    assert "didn't answer about database and latch: no answer within 5 s." in refusals[0].observed
    assert "mode=unplanned" in refusals[0].remedy


def test_what_could_not_be_read_is_told_where_the_run_is_not_refused_for_it() -> None:
    unread = judged("reading", by_code(PLANNED)["region_unreadable"], PLANNED)
    bucket = judged("latch", Remark("latch_unknown", Weight.PLANNED, HOME, "Unknown.", "Look."), PLANNED)
    elsewhere = judged("database", Remark("source_unreachable", Weight.PLANNED, STANDBY, "Silent.", "Look."), PLANNED)
    assert list(told_once([unread, bucket, elsewhere])) == [unread, bucket, elsewhere]


def test_the_baseline_says_what_was_there_and_how_old_that_is() -> None:
    found = by_code(replace(UNPLANNED, baseline=BASELINE))
    assert "The baseline, 2 h old, saw database: role writer." in found["region_unreadable"].observed


def test_the_age_is_that_of_what_was_seen_and_not_of_the_preflight_that_kept_it() -> None:
    kept = replace(BASELINE, taken_at=NOW - 60, older={"database": {HOME: NOW - 7200}})
    assert "The baseline, 2 h old, saw" in by_code(replace(UNPLANNED, baseline=kept))["region_unreadable"].observed


OLDER = {"records": {US_EAST_1: NOW - 90_000}}


@pytest.mark.parametrize(
    ("baseline", "expected"),
    [
        (None, Severity.REFUSE),
        (BASELINE, Severity.WARN),
        (replace(BASELINE, taken_at=NOW - 90_000), Severity.REFUSE),
        (replace(BASELINE, older=OLDER), Severity.REFUSE),
    ],
)
def test_a_fresh_baseline_stands_in_for_us_east_1_in_a_planned_run(
    baseline: Baseline | None, expected: Severity
) -> None:
    case = replace(PLANNED, baseline=baseline)
    assert severity(by_code(case)["us_east_1_unreadable"], case) is expected


def test_what_the_baseline_had_found_there_is_a_warning_that_says_when() -> None:
    [found] = carried(GONE, replace(PLANNED, baseline=BASELINE))
    assert found.finding.severity is Severity.WARN
    assert found.finding.observed == "As of the baseline, 2 h ago: Behind."
    assert list(carried({"database": databases()}, replace(PLANNED, baseline=BASELINE))) == []


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        (PLANNED, ["no_baseline"]),
        (replace(PLANNED, baseline=BASELINE), []),
        (replace(PLANNED, baseline=replace(BASELINE, taken_at=NOW - 86_401)), ["baseline_old"]),
        (replace(PLANNED, preflight=True), []),
        (replace(PLANNED, workload=replace(PLANNED.workload, table="")), []),
    ],
)
def test_the_baseline_itself_is_looked_at(case: Case, codes: list[str]) -> None:
    assert [remark.code for remark in baseline_remarks(case)] == codes


@pytest.mark.parametrize("weight", list(Weight))
@pytest.mark.parametrize("region", [HOME, US_EAST_1])
def test_once_the_loss_is_accepted_nothing_elsewhere_refuses(weight: Weight, region: str) -> None:
    assert severity(Remark("x", weight, region, "", ""), UNPLANNED) is Severity.WARN


def test_a_target_in_us_east_1_is_a_target() -> None:
    case = replace(UNPLANNED, target=US_EAST_1)
    assert severity(Remark("x", Weight.ALWAYS, US_EAST_1, "", ""), case) is Severity.REFUSE


def test_what_is_found_carries_the_place_where_more_is_said() -> None:
    found = judged("latch", Remark("latch_unknown", Weight.NEVER, HOME, "o", "r"), UNPLANNED)
    assert found.as_dict()["runbook"] == "docs/runbooks/readiness.md#latch_unknown"


SEEN: dict[str, Sightings[Any]] = {"database": databases(), "latch": latches(), "records": records(), **HEALTHY}


@given(
    there=st.sets(st.sampled_from(sorted(CHECKS))),
    lag=st.booleans(),
    kept=st.sampled_from([None, BASELINE]),
    preflight=st.booleans(),
)
def test_with_the_old_region_and_us_east_1_gone_only_the_target_refuses(
    there: set[str], lag: bool, kept: Baseline | None, preflight: bool
) -> None:
    """Whatever of the target and of the third Region answers."""
    case = replace(UNPLANNED, workload=LAYERED, baseline=kept, preflight=preflight)
    sightings: dict[str, Sightings[Any]] = {}
    for topic in CHECKS:
        known = SEEN.get(topic, Sightings())
        if topic == "database" and not lag:
            known = databases(lag=None)
        alive = {region: seen for region, seen in known.seen.items() if region in (STANDBY, THIRD) and topic in there}
        asked = {*CHECKS[topic].regions(case), HOME, US_EAST_1}
        sightings[topic] = Sightings(alive, {region: "gone" for region in asked if region not in alive})
    found = _judge(case, sightings, CHECKS)
    refusing = {each.region for each in found if each.finding.severity is Severity.REFUSE}
    assert refusing <= {STANDBY}
    assert ("database" in there) == (not refusing)
    assert {"region_unreadable", "us_east_1_unreadable"} <= {each.finding.code for each in found}
