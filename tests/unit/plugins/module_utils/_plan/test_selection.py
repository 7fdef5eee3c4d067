# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.selection import (
    Request,
    is_selected,
    request_findings,
    selection_findings,
)


@pytest.mark.parametrize(
    ("wanted", "in_play", "codes"),
    [
        ("", ["shop"], []),
        ("", ["shop", "blog"], ["workloads_not_named"]),
        (" , ", ["shop", "blog"], ["workloads_not_named"]),
        ("all", ["shop", "blog"], []),
        ("shop", ["shop", "blog"], []),
        ("shop, blog", ["shop", "blog"], []),
        ("shpo", ["shop", "blog"], ["workload_unknown"]),
        ("shpo", ["shop"], ["workload_unknown"]),
    ],
)
def test_several_workloads_must_be_named_and_a_name_must_be_in_play(
    wanted: str, in_play: list[str], codes: list[str]
) -> None:
    assert [finding.code for finding in selection_findings(wanted, in_play)] == codes


@pytest.mark.parametrize(
    ("wanted", "selected"), [("", True), ("all", True), ("shop", True), ("blog", False), ("blog,shop", True)]
)
def test_a_workload_is_selected_by_name_by_all_or_alone(wanted: str, selected: bool) -> None:
    assert is_selected(wanted, "shop") is selected


REQUEST = Request(
    target="b",
    mode="planned",
    home="a",
    standby="b",
    legs=("a", "b"),
    addresses={"a": ["192.0.2.1"], "b": ["192.0.2.2"]},
    first_failure=0.0,
    now=1_000_000.0,
)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"target": "a"}, []),
        ({"accept_detach": True}, ["detach_not_unplanned"]),
        ({"accept_detach": True, "mode": "unplanned"}, []),
        ({"configured": ()}, ["traffic_not_configured"]),
        ({"traffic": "records"}, ["traffic_not_configured"]),
        ({"traffic": "records", "configured": ("aws_dr_records",)}, []),
        ({"traffic": "routing_control", "configured": ("aws_dr_routing_control",)}, []),
        ({"traffic": "pigeons"}, ["bad_value"]),
        ({"origins": ("a",)}, ["no_origin"]),
        ({"origins": ("a", "b")}, []),
        # Only the latch's objects are in the Region that an unplanned way home would leave.
        ({"mode": "unplanned", "target": "a", "traffic": "records", "configured": ("aws_dr_records",)}, []),
        ({"standby": "a", "target": "a"}, ["same_region_twice"]),
        ({"target": "c"}, ["region_is_no_leg"]),
        ({"legs": ("b", "b")}, ["region_is_no_leg"]),
        ({"legs": ("a", "b", "b")}, ["not_two_legs"]),
        ({"mode": "unplanned"}, []),
        ({"mode": "unplanned", "target": "a"}, []),
        ({"addresses": {"a": ["192.0.2.1"], "b": []}}, ["no_address"]),
        ({"first_failure": 999_990.0}, []),
        ({"first_failure": 1_000_003.0}, []),
        ({"first_failure": 999_990_000.0}, ["implausible_first_failure"]),
        ({"first_failure": 900_000.0}, ["implausible_first_failure"]),
    ],
)
def test_a_request_that_cannot_end_well_is_refused(changes: dict[str, Any], codes: list[str]) -> None:
    assert [finding.code for finding in request_findings(replace(REQUEST, **changes))] == codes
