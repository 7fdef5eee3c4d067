# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import (
    Action,
    Automation,
    Policy,
    Surroundings,
    Window,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Reading,
    Ruling,
    Subject,
    Verdict,
    Witness,
    WitnessKind,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Testimony as Said
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger import decide

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
NOON = datetime(2026, 1, 7, 12, 0, tzinfo=UTC).timestamp()  # a Wednesday
NIGHT = Window((2,), 0, 6 * 60)
DAY = Window((2,), 6 * 60, 20 * 60)
PROBE = Said(Witness("probe", WitnessKind.PROBE, STANDBY), HOME, Reading.BAD, 0.0)
CANARY = Said(Witness("canary", WitnessKind.CANARY, THIRD, Subject.PLATFORM), HOME, Reading.BAD, 0.0)
AUTOMATIC = Policy(Automation.AUTOMATIC)


def verdict(**changed: Any) -> Verdict:
    lost = Verdict("shop", HOME, Ruling.REGION_LOST, (PROBE, CANARY), ("gone",), NOON - 40, 31.0, NOON - 1)
    return replace(lost, **changed)


def around(**changed: Any) -> Surroundings:
    return replace(Surroundings(NOON, HOME, True, False, False, math.inf), **changed)


def test_a_lost_region_is_failed_over_where_nothing_speaks_against_it() -> None:
    decision = decide(AUTOMATIC, verdict(), around())
    assert (decision.action, decision.reasons) == (Action.FAIL_OVER, ())


def test_automation_is_off_by_default() -> None:
    decision = decide(Policy(), verdict(), around())
    assert (decision.action, decision.codes) == (Action.NONE, ("automation_off",))


def test_a_recommendation_is_never_acted_on() -> None:
    assert decide(Policy(Automation.RECOMMEND), verdict(), around()).action is Action.RECOMMEND


def test_a_healthy_region_is_no_decision() -> None:
    decision = decide(AUTOMATIC, verdict(ruling=Ruling.HEALTHY), around(kill_switch=None))
    assert (decision.action, decision.reasons) == (Action.NONE, ())


@pytest.mark.parametrize(
    ("code", "policy", "ruled", "seen"),
    [
        ("region_suspected", {}, {"ruling": Ruling.SUSPECTED}, {}),
        ("application_failing", {}, {"ruling": Ruling.APPLICATION}, {}),
        ("watcher_isolated", {}, {"ruling": Ruling.ISOLATED}, {}),
        ("witnesses_unclear", {}, {"ruling": Ruling.UNCLEAR}, {}),
        ("too_few_witnesses", {"witnesses": 3}, {}, {}),
        ("too_few_witnesses", {"kinds": 3}, {}, {}),
        ("too_few_witnesses", {}, {"evidence": ()}, {}),
        ("too_few_witnesses", {}, {"evidence": (PROBE, replace(CANARY, region=STANDBY))}, {}),
        ("not_sustained", {"sustained": 60.0}, {}, {}),
        ("not_sustained", {}, {"sustained": math.nan}, {}),
        ("verdict_stale", {}, {"ruled_at": NOON - 61}, {}),
        ("verdict_stale", {}, {"ruled_at": NOON + 61}, {}),
        ("verdict_stale", {}, {"ruled_at": 0.0}, {}),
        ("automation_switched_off", {}, {}, {"kill_switch": True}),
        ("switch_unreadable", {}, {}, {"kill_switch": None}),
        ("lease_held", {}, {}, {"lease_held": True}),
        ("lease_unknown", {}, {}, {"lease_held": None}),
        ("writer_elsewhere", {}, {}, {"writer_region": STANDBY}),
        ("writer_unknown", {}, {}, {"writer_region": None}),
        ("cooling_down", {}, {}, {"since_last_run": 3599.0}),
        ("cooling_down", {}, {}, {"since_last_run": -5.0}),
        ("last_run_unknown", {}, {}, {"since_last_run": None}),
        ("in_maintenance", {"maintenance": (DAY,)}, {}, {}),
        ("outside_hours", {"allowed": (NIGHT,)}, {}, {}),
        ("target_unhealthy", {}, {}, {"target_healthy": False}),
        ("target_unknown", {}, {}, {"target_healthy": None}),
    ],
)
@pytest.mark.parametrize("mode", [Automation.AUTOMATIC, Automation.RECOMMEND])
def test_each_thing_alone_is_a_reason_to_hold(
    code: str, policy: dict[str, Any], ruled: dict[str, Any], seen: dict[str, Any], mode: Automation
) -> None:
    decision = decide(replace(AUTOMATIC, automation=mode, **policy), verdict(**ruled), around(**seen))
    assert (decision.action, decision.codes) == (Action.HOLD, (code,))
    [reason] = decision.reasons
    assert reason.observed and reason.remedy
    assert reason.runbook == f"docs/runbooks/automatic-failover.md#{code}"


def test_every_reason_is_said_at_once() -> None:
    seen = around(kill_switch=True, lease_held=None, target_healthy=False, since_last_run=1.0)
    decision = decide(AUTOMATIC, verdict(ruling=Ruling.UNCLEAR), seen)
    assert decision.codes == (
        "witnesses_unclear",
        "automation_switched_off",
        "lease_unknown",
        "cooling_down",
        "target_unhealthy",
    )


WINDOWS = st.lists(st.sampled_from([NIGHT, DAY, Window((0,), 0, 1440), Window(tuple(range(7)), 720, 721)]), max_size=2)
POLICIES = st.builds(
    Policy,
    automation=st.sampled_from(Automation),
    witnesses=st.integers(1, 3),
    kinds=st.integers(1, 3),
    sustained=st.sampled_from([0.0, 30.0, 60.0]),
    cooldown=st.sampled_from([0.0, 3600.0]),
    allowed=WINDOWS.map(tuple),
    maintenance=WINDOWS.map(tuple),
)
SAID = st.builds(
    Said,
    witness=st.builds(
        Witness,
        name=st.sampled_from(["a", "b", "c"]),
        kind=st.sampled_from(WitnessKind),
        place=st.sampled_from([HOME, STANDBY, THIRD]),
        subject=st.sampled_from(Subject),
    ),
    region=st.sampled_from([HOME, HOME, STANDBY]),
    reading=st.sampled_from([Reading.BAD, Reading.BAD, Reading.GOOD, Reading.UNKNOWN]),
    sampled_at=st.just(0.0),
)
EVIDENCE = st.one_of(st.just((PROBE, CANARY)), st.lists(SAID, max_size=6).map(tuple))
VERDICTS = st.builds(
    Verdict,
    workload=st.just("shop"),
    region=st.just(HOME),
    ruling=st.one_of(st.just(Ruling.REGION_LOST), st.sampled_from(Ruling)),
    evidence=EVIDENCE,
    reasons=st.just(("seen",)),
    first_failure=st.just(NOON - 40),
    sustained=st.sampled_from([0.0, 29.9, 30.0, 90.0]),
    ruled_at=st.sampled_from([NOON, NOON, NOON - 59, NOON - 61, NOON + 61]),
)
MOSTLY = st.sampled_from([True, True, True, False, None])
SURROUNDINGS = st.builds(
    Surroundings,
    wall=st.sampled_from([NOON, NOON, NOON + 30, NOON - 3 * 86_400]),
    writer_region=st.sampled_from([HOME, HOME, HOME, STANDBY, None]),
    target_healthy=MOSTLY,
    kill_switch=MOSTLY.map(lambda each: None if each is None else not each),
    lease_held=MOSTLY.map(lambda each: None if each is None else not each),
    since_last_run=st.sampled_from([math.inf, math.inf, 3600.0, 3599.9, -1.0, None]),
)


@st.composite
def nearly(draw: st.DrawFn, good: Any, other: st.SearchStrategy[Any]) -> Any:
    """What speaks for acting, but for a field or two: where it is decided."""
    drawn, names = draw(other), draw(st.sets(st.sampled_from(sorted(vars(good))), max_size=2))
    return replace(good, **{name: getattr(drawn, name) for name in names})


CASES = st.one_of(
    st.tuples(POLICIES, VERDICTS, SURROUNDINGS),
    st.tuples(nearly(AUTOMATIC, POLICIES), nearly(verdict(), VERDICTS), nearly(around(), SURROUNDINGS)),
    st.tuples(st.just(AUTOMATIC), st.just(verdict()), nearly(around(), SURROUNDINGS)),
)


def inside(window: Window, wall: float) -> bool:
    moment = datetime.fromtimestamp(wall, tz=UTC)
    minutes = moment.hour * 60 + moment.minute + moment.second / 60
    return moment.weekday() in window.days and window.start <= minutes < window.end


def may_fail_over(policy: Policy, ruled: Verdict, seen: Surroundings) -> bool:
    """Written without a look at how decide does it: every condition that the issue names."""
    said = [each for each in ruled.evidence if each.region == HOME and each.reading == "bad"]
    against = [each for each in said if each.witness.place != HOME]
    return (
        policy.automation == "automatic"
        and ruled.ruling == "region_lost"
        and len({each.witness.name for each in against}) >= policy.witnesses
        and len({each.witness.kind for each in against}) >= policy.kinds
        and len({each.witness.place for each in against}) > 1
        and {each.witness.subject for each in against} == {Subject.WORKLOAD, Subject.PLATFORM}
        and ruled.sustained >= policy.sustained
        and -60 <= seen.wall - ruled.ruled_at <= 60
        and seen.kill_switch is False
        and seen.lease_held is False
        and seen.writer_region == HOME
        and seen.since_last_run is not None
        and seen.since_last_run >= policy.cooldown
        and seen.target_healthy is True
        and not any(inside(window, seen.wall) for window in policy.maintenance)
        and (not policy.allowed or any(inside(window, seen.wall) for window in policy.allowed))
    )


@settings(max_examples=500, deadline=None)
@given(CASES)
def test_it_fails_over_exactly_where_every_condition_holds(case: tuple[Policy, Verdict, Surroundings]) -> None:
    policy, ruled, seen = case
    decision = decide(policy, ruled, seen)
    assert (decision.action is Action.FAIL_OVER) == may_fail_over(policy, ruled, seen)
    assert bool(decision.reasons) == (decision.action is Action.HOLD or "automation_off" in decision.codes)
    assert len(set(decision.codes)) == len(decision.codes)
    recommended = decide(replace(policy, automation=Automation.RECOMMEND), ruled, seen)
    automatic = decide(replace(policy, automation=Automation.AUTOMATIC), ruled, seen)
    assert (recommended.action is Action.RECOMMEND) == (automatic.action is Action.FAIL_OVER)


@settings(max_examples=200, deadline=None)
@given(CASES, st.sampled_from(["writer_region", "target_healthy", "kill_switch", "lease_held", "since_last_run"]))
def test_knowing_less_never_makes_it_act(case: tuple[Policy, Verdict, Surroundings], name: str) -> None:
    policy, ruled, seen = case
    unknown: dict[str, Any] = {name: None}
    if decide(policy, ruled, seen).action is not Action.FAIL_OVER:
        assert decide(policy, ruled, replace(seen, **unknown)).action is not Action.FAIL_OVER
