# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.selection import (
    is_selected,
    region_findings,
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


@pytest.mark.parametrize(
    ("home", "standby", "target", "legs", "codes"),
    [
        ("a", "b", "b", ["a", "b"], []),
        ("a", "b", "a", ["a", "b"], []),
        ("a", "a", "a", ["a", "b"], ["same_region_twice"]),
        ("a", "b", "c", ["a", "b"], ["region_is_no_leg"]),
        ("a", "b", "b", ["b"], ["region_is_no_leg"]),
        ("a", "b", "b", ["a", "b", "b"], ["not_two_legs"]),
        ("a", "b", "b", ["a", "b", "c"], ["not_two_legs"]),
    ],
)
def test_a_workload_has_two_regions_and_goes_to_one_of_them(
    home: str, standby: str, target: str, legs: list[str], codes: list[str]
) -> None:
    assert [finding.code for finding in region_findings(home, standby, target, legs)] == codes
