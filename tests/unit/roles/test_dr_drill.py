# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role dr_drill decides in its variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.multiregion.aws_dr.plugins.filter.selection import request_refusals

ROLE = Path(__file__).resolve().parents[3] / "roles" / "dr_drill"
HOME, STANDBY = "eu-central-1", "eu-west-1"
RECORD = {"name": "api.shop.example", "addresses": {HOME: ["192.0.2.1"], STANDBY: ["192.0.2.2"]}}
SHOP: dict[str, Any] = {
    "inventory_hostname": "Shop_1",
    "aws_dr_home_region": HOME,
    "aws_dr_standby_region": STANDBY,
    "aws_dr_legs": [{"region": HOME, "api_url": "http://home/healthz"}, {"region": STANDBY}],
    "aws_dr_record": RECORD,
    "aws_dr_latch": {"key": "k"},
    "dr_drill_type": "all",
    "dr_drill_target": STANDBY,
}


def decided(name: str, **known: Any) -> Any:
    """The variable's value of a workload, with what is ``known`` beside."""
    loader = DataLoader()
    variables = loader.load_from_file(str(ROLE / "vars" / "main.yml"), trusted_as_template=True)
    return Templar(loader, variables={**variables, **SHOP, **known}).template(variables[name])


@pytest.mark.parametrize("way", ["latch", "routing_control", "records"])
def test_a_workload_that_says_what_switches_its_clients_is_let_through(way: str) -> None:
    given = {"aws_dr_routing_control": {"endpoints": []}, "aws_dr_records": {"zone": "shop.example"}}
    request = decided("dr_drill__request", aws_dr_traffic=way, **given)
    assert request_refusals(request) == []


def test_which_record_is_the_primary_counts_unless_the_records_are_what_is_switched() -> None:
    assert decided("dr_drill__record") == RECORD
    assert decided("dr_drill__record", aws_dr_traffic="records") == {"name": "api.shop.example"}


@pytest.mark.parametrize(("api_url", "checkable"), [(True, True), (False, False)])
def test_only_a_leg_with_a_url_can_be_looked_at(api_url: bool, checkable: bool) -> None:
    home = {"region": HOME, **({"api_url": "http://home"} if api_url else {})}
    assert decided("dr_drill__checkable", aws_dr_legs=[home, {"region": STANDBY, "api_url": "x"}]) is checkable


def test_the_plan_on_record_is_what_an_unplanned_failover_would_do() -> None:
    names = [each["name"] for each in decided("dr_drill__plan", aws_dr_fence={}, aws_dr_cache={})]
    assert names == ["fence_region", "promote_database", "promote_cache", "switch_traffic"]
    assert decided("dr_drill__plan", dr_drill_type="data_consistency") == []


def test_what_was_not_drilled_leaves_nothing_to_judge() -> None:
    found = decided("dr_drill__results")
    assert (found["health"], found["failover"]["copy"], found["history"]) == ({}, {}, [])
    assert found["failover"]["removed"] == {} and found["failover"]["writer_before"] is None


def test_a_copy_is_named_as_rds_takes_it() -> None:
    assert decided("dr_drill__copy") == "aws-dr-drill-shop-1"
