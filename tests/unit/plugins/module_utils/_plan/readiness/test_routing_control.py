# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routing controls before a run: reachable, known, where they should be, and free to be switched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck, Kind, Settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_routing import (
    RoutingConfig,
    RoutingSeen,
    RulesSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Role as Part
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    ControlState,
    Endpoint,
    SafetyRule,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Sightings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.dependencies import (
    judge_identity,
    planned_calls,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.records import judge_records
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.routing_control import (
    judge_routing_control,
    judge_safety_rules,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness import CHECKS
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    HOME,
    PLANNED,
    STANDBY,
    found,
    record,
    records,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop_routing import (
    CONFIG,
    CONTROLS,
    FIVE,
    MODES,
    OFF,
    ON,
    REGIONS,
    RULE,
    case_of,
    states,
)

AS_IT_SHOULD_BE = states(ON, OFF)
SILENT = Sightings({STANDBY: RoutingSeen({}, silent=dict.fromkeys(REGIONS, "no answer"))})


@pytest.mark.parametrize(
    ("seen", "code", "planned", "unplanned"),
    [
        (AS_IT_SHOULD_BE, None, "", ""),
        (SILENT, "routing_control_unreachable", "refuse", "warn"),
        (Sightings({}, {STANDBY: "no answer"}), "routing_control_unreachable", "refuse", "warn"),
        (states(ON, OFF, silent={"us-east-1": "refused"}), "routing_control_endpoint_silent", "warn", "warn"),
        (states(ON, None), "routing_control_missing", "refuse", "refuse"),
        (states(ON, ON), "routing_controls_several_on", "refuse", "warn"),
        (states(OFF, OFF), "routing_controls_all_off", "refuse", "warn"),
        (states(OFF, ON), "routing_control_already_on", "refuse", "warn"),
    ],
)
def test_what_is_wrong_with_the_controls_is_found_as_heavy_as_the_mode_makes_it(
    seen: Sightings[Any], code: str | None, planned: str, unplanned: str
) -> None:
    for mode, word in (("planned", planned), ("unplanned", unplanned)):
        codes = found(judge_routing_control, seen, case_of(mode))
        assert codes == ({code: word} if code else {}), mode


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        (states(OFF, ON), {}),
        (states(ON, ON), {"routing_controls_several_on": "warn"}),
        (states(OFF, OFF), {"routing_controls_all_off": "warn"}),
    ],
)
def test_once_the_target_writes_its_control_is_to_be_on_and_nothing_refuses(
    seen: Sightings[Any], codes: Mapping[str, str]
) -> None:
    assert found(judge_routing_control, seen, case_of("planned", writer=STANDBY)) == codes


def test_a_target_without_a_control_and_endpoints_that_are_left_out_are_said() -> None:
    config = RoutingConfig(FIVE[:2], CONTROLS[:1])
    seen = Sightings({STANDBY: RoutingSeen({CONTROLS[0]: ON}, REGIONS[:2])})
    codes = found(judge_routing_control, seen, case_of("unplanned", config))
    assert codes == {"routing_control_missing": "refuse", "routing_control_endpoints_few": "warn"}


@pytest.mark.parametrize(
    ("regions", "needed"),
    [
        (REGIONS, set()),
        (("us-east-1",), {"us_east_1_needed"}),
        ((HOME,), {"impaired_region_needed"}),
        (("us-east-1", STANDBY), set()),
    ],
)
def test_us_east_1_and_the_lost_region_are_needed_only_where_no_other_endpoint_is_given(
    regions: tuple[str, ...], needed: set[str]
) -> None:
    config = RoutingConfig(tuple(Endpoint(region, "https://x/v1") for region in regions), CONTROLS)
    case = case_of("unplanned", config)
    asked = {call.region for call in planned_calls(case) if call.service == "route53-recovery-cluster"}
    assert asked <= set(regions)
    assert set(found(judge_identity, Sightings(), case)) == needed


@pytest.mark.parametrize(
    ("rule", "states_before", "forbids"),
    [
        (RULE, (ON, OFF), False),
        (replace(RULE, threshold=2), (ON, OFF), True),
        (replace(RULE, kind="AND"), (ON, OFF), True),
        (replace(RULE, kind="OR"), (ON, OFF), False),
        (replace(RULE, inverted=True), (ON, OFF), True),
        (replace(RULE, threshold=2), (OFF, ON), False),  # nothing changes
        (replace(RULE, asserted=("arn:switch",), targets=RULE.asserted), (ON, OFF), True),
        (replace(RULE, asserted=("arn:switch",), targets=RULE.asserted, inverted=True), (ON, OFF), False),
        (replace(RULE, asserted=("arn:switch",), targets=("arn:other",)), (ON, OFF), False),
    ],
)
def test_a_rule_that_would_forbid_the_switch_is_said_beforehand_in_both_modes(
    rule: SafetyRule, states_before: tuple[ControlState, ControlState], forbids: bool
) -> None:
    before = dict(zip((control.arn for control in CONTROLS), states_before, strict=True))
    seen = Sightings({"us-west-2": RulesSeen((rule,), {**before, "arn:switch": OFF})})
    for mode in MODES:
        codes = found(judge_safety_rules, seen, case_of(mode, preflight=True))
        assert codes == ({"safety_rule_refuses": "refuse"} if forbids else {})
        config = replace(CONFIG, overridden=(rule.arn,))
        assert found(judge_safety_rules, seen, case_of(mode, config, preflight=True)) == {}


def test_rules_that_are_not_told_warn() -> None:
    seen = Sightings({"us-west-2": RulesSeen(why="AccessDenied.")})
    assert found(judge_safety_rules, seen, case_of("planned")) == {"safety_rules_unknown": "warn"}


def test_the_control_plane_is_not_asked_once_it_burns() -> None:
    asks = CHECKS["safety rules"].regions
    assert list(asks(case_of("unplanned"))) == []
    assert list(asks(case_of("unplanned", preflight=True))) == list(asks(case_of("planned"))) == ["us-west-2"]


@pytest.mark.parametrize("topic", ["routing control", "safety rules"])
def test_a_workload_that_has_none_is_asked_nothing(topic: str) -> None:
    assert list(CHECKS[topic].regions(PLANNED)) == []
    assert list(CHECKS[topic].judge(Sightings(), PLANNED)) == []


def follows(region: str, arn: str) -> HealthCheck:
    return HealthCheck(region, region, 1, Settings(kind=Kind.RECOVERY_CONTROL, routing_control_arn=arn, disabled=False))


PAIR = (record(Part.PRIMARY, health_check_id=HOME), record(Part.SECONDARY, health_check_id=STANDBY))


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, set()),
        (
            {"checks": (follows(HOME, CONTROLS[1].arn), follows(STANDBY, CONTROLS[1].arn))},
            {"health_check_watches_other"},
        ),
        ({"record_sets": (replace(PAIR[0], health_check_id=None), PAIR[1])}, {"health_check_missing"}),
    ],
)
def test_each_record_follows_the_control_of_its_region(changed: dict[str, Any], codes: set[str]) -> None:
    checks = tuple(follows(control.region, control.arn) for control in CONTROLS)
    seen = records(**{"record_sets": PAIR, "checks": checks, **changed})
    assert set(found(judge_records, seen, case_of("planned"))) == codes
