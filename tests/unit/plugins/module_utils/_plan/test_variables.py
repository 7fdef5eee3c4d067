# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.variables import (
    inventory_findings,
    misspelt,
    name_findings,
    play_findings,
    tag_findings,
    value_finding,
)

NAMES = ("mode", "accept_data_loss", "target", "workloads", "first_failure")
OPTIONS = ("dr_failover_mode", "aws_dr_standby_region", "aws_dr_legs")


@pytest.mark.parametrize(
    "name",
    [*NAMES, *OPTIONS, "ansible_check_mode", "awx_job_id", "tower_user_name", "aws_dr_lab_network", "dr_failback_wait"],
)
def test_a_name_that_somebody_reads_is_let_through(name: str) -> None:
    assert name_findings([name], NAMES, OPTIONS) == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("traget", "target"),
        ("mod", "mode"),
        ("accept_dataloss", "accept_data_loss"),
        ("aws_dr_standby_regoin", "aws_dr_standby_region"),
        ("dr_failover_mod", "dr_failover_mode"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(name: str, meant: str) -> None:
    [finding] = name_findings([name], NAMES, OPTIONS)
    assert finding.code == "unknown_variable"
    assert name in finding.observed
    assert f"Did you mean {meant}?" in finding.remedy


def test_a_name_like_no_other_is_refused_with_those_that_are_read() -> None:
    [finding] = name_findings(["env"], NAMES, OPTIONS)
    assert "Did you mean" not in finding.remedy
    assert "mode, accept_data_loss, target, workloads, first_failure" in finding.remedy


LAYERS = ("aws_dr_cache", "aws_dr_keys", "aws_dr_latch", "aws_dr_record", "aws_dr_stable_for", "dr_failover_mode")


@pytest.mark.parametrize(
    ("found", "near"),
    [
        (["aws_dr_cahce", "aws_dr_keys"], {"aws_dr_cahce": "aws_dr_cache"}),
        (["aws_dr_key"], {"aws_dr_key": "aws_dr_keys"}),
        (["aws_dr_key", "aws_dr_keys"], {}),  # one's own, beside the one that is read
        (["aws_dr_drill_stable_for", "aws_dr_home_stable_for", "dr_failover_mod", "cahce"], {}),
        (["aws_dr_cache"], {}),
    ],
)
def test_a_name_is_misspelt_that_is_nearly_one_which_is_missing(found: list[str], near: dict[str, str]) -> None:
    assert misspelt(found, LAYERS) == near


def test_a_misspelt_layer_is_refused_unless_something_else_reads_it() -> None:
    near = misspelt(["aws_dr_cahce", "aws_dr_watch", "aws_dr_records"], LAYERS)
    assert len(near) == 3
    [finding] = inventory_findings(near, {"aws_dr_watch", "aws_dr_records"})
    assert (finding.code, finding.remedy) == ("misspelt_variable", "Did you mean aws_dr_cache? Correct it.")


def test_a_bad_value_is_told_with_what_may_be_given() -> None:
    assert value_finding("mode", "'x'", "str", ("planned", "unplanned")).remedy == "Give one of: planned, unplanned."
    assert value_finding("first_failure", "'x'", "float", ()).remedy == "Give a number."


def test_a_play_without_a_workload_is_refused() -> None:
    assert [finding.code for finding in play_findings([])] == ["no_workload"]
    assert play_findings(["shop"]) == ()


@pytest.mark.parametrize(
    ("run", "skip", "refused"),
    [
        (["all"], [], 0),
        (["promote"], [], 1),
        (["all"], ["notest"], 0),
        (["all"], ["untagged"], 1),
        (["all"], ["all"], 1),
    ],
)
def test_parts_that_are_picked_by_tags_are_refused(run: list[str], skip: list[str], refused: int) -> None:
    assert [each.code for each in tag_findings(run, skip)] == ["tags_given"] * refused
