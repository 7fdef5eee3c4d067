# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workload `shop` with routing controls instead of a latch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_routing import (
    RoutingConfig,
    RoutingSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    Control,
    ControlState,
    Endpoint,
    SafetyRule,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case, Sightings
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    HOME,
    PLANNED,
    STANDBY,
    UNPLANNED,
    WORKLOAD,
)

ON, OFF = ControlState.ON, ControlState.OFF
PANEL = "arn:aws:route53-recovery-control::1:controlpanel/p"
CONTROLS = tuple(Control(f"{PANEL}/routingcontrol/{region}", region) for region in (HOME, STANDBY))
FIVE = tuple(
    Endpoint(region, f"https://one.{region}/v1")
    for region in ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")
)
CONFIG = RoutingConfig(FIVE, CONTROLS)
REGIONS = tuple(endpoint.region for endpoint in FIVE)
RULE = SafetyRule("arn:rule", "one-on", "ATLEAST", 1, False, tuple(control.arn for control in CONTROLS))
MODES = {"planned": PLANNED, "unplanned": UNPLANNED}


def case_of(mode: str, config: RoutingConfig = CONFIG, **changed: Any) -> Case:
    return replace(MODES[mode], workload=replace(WORKLOAD, latch=None, routing=config), **changed)


def states(home: ControlState | None, standby: ControlState | None, **changed: Any) -> Sightings[RoutingSeen]:
    return Sightings({STANDBY: RoutingSeen(dict(zip(CONTROLS, (home, standby), strict=True)), REGIONS, **changed)})
