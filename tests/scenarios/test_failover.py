# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""failover.yml on the lab, under load and faults."""

from __future__ import annotations

import time

import pytest
from playing import LabUnderTest

from lab.settings import HOME, STANDBY

RATE = "50"  # writes a second: enough to lose some, and a busy machine keeps up with them
UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")


def test_a_planned_failover_loses_no_row_and_leaves_one_writer(lab: LabUnderTest) -> None:
    lab.run("load", "start", "--rate", RATE)
    time.sleep(1.0)
    played = lab.failover()
    lab.run("load", "stop")
    report = lab.report()
    assert played.status == 0, played.output
    assert played.summary["writer"] == STANDBY
    assert (report["lost_rows"], report["writers"], report["stale_acks"]) == (0, 1, 0)
    assert report["served_again"]
    # no outside probe has told when it began to fail
    assert (played.summary["rto_seconds"], played.summary["rpo_seconds"]) == (None, 0.0)
    assert "RTO unknown" in played.output and "Duration of this run" in played.output


def test_a_lost_region_is_failed_over_users_are_served_again_and_a_second_run_changes_nothing(
    lab: LabUnderTest,
) -> None:
    lab.run("load", "start", "--rate", RATE)
    time.sleep(1.0)
    lab.run("fault", "region", HOME)
    command = (*UNPLANNED, "-e", f"first_failure={time.time():.1f}")
    played = lab.failover(*command)
    time.sleep(1.5)
    lab.run("load", "stop")
    report, summary = lab.report(), played.summary
    assert played.status == 0, played.output
    assert report["served_again"] and report["writers"] == 1
    # the lag before the failure bounds what was lost
    assert summary["rpo_known_as"] == "bounded", played.output
    assert 60 <= summary["rpo_seconds"] - summary["rpo_lag_seconds"] < 121
    assert "objective 60 s: not proved" in played.output
    second = lab.failover(*command)
    assert second.status == 0, second.output
    assert played.changed > 0
    assert second.changed == 0
    assert [call for call in second.writes if call["service"] != "sts"] == []


def test_an_unplanned_failover_asks_nothing_of_the_lost_region_when_it_hangs(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME, "--mode", "hang")
    played = lab.failover(*UNPLANNED)
    assert played.status == 0, played.output
    assert played.summary["run_seconds"] < 25
    assert not [call for call in played.writes if call["region"] == HOME]


def test_check_mode_lists_the_calls_and_makes_none(lab: LabUnderTest) -> None:
    played = lab.failover("--check", *UNPLANNED)
    assert played.status == 0, played.output
    assert played.writes == []
    assert "FailoverGlobalCluster" in played.output and "PutObject" in played.output
    planned = {(call["service"], call["action"], call["region"]) for call in played.summary["calls"]}
    assert ("rds", "FailoverGlobalCluster", STANDBY) in planned
    assert {("s3", "PutObject", "eu-west-1"), ("s3", "PutObject", "eu-west-3")} <= planned


def test_a_planned_failover_of_a_lost_region_says_that_unplanned_is_needed(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME, "--mode", "hang")
    began = time.monotonic()
    played = lab.failover()
    assert played.status != 0
    assert "mode=unplanned" in played.output
    assert played.writes == []
    assert time.monotonic() - began < 30


@pytest.fixture(scope="module")
def untouched(running_lab: LabUnderTest) -> LabUnderTest:
    """A lab in its seeded state: one for all, as none of them changes it."""
    running_lab.run("reset")
    return running_lab


DATABASE = '{"aws_dr_database": {"global_cluster_id": "nope", "name": "shop", "secret_id": "shop/db"}}'


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["mode=unplanned"], ["accept_data_loss"]),
        (["mode=unplanned", "accept_data_loss=perhaps"], ["perhaps"]),
        (
            ["mode=sideways", "first_failure=yesterday"],
            [
                "[bad_value] mode is 'sideways'. Give one of: planned, unplanned.",
                "[bad_value] first_failure is 'yesterday'. Give a number.",
            ],
        ),
        (
            [
                f"traget={HOME}",
                f'{{"mod": "unplanned", "target": "{HOME}"}}',
                "@tests/scenarios/misspelt.yml",
                f"aws_dr_standby_regoin={HOME}",
            ],
            [f"Did you mean {name}?" for name in ("target", "mode", "accept_data_loss", "aws_dr_standby_region")],
        ),
        (["target=us-west-2"], ["us-west-2"]),
        (["workloads=blog"], ["No such workload", '"refusals": [{"code": "workload_unknown"']),
        ([DATABASE], ["nope"]),
        (["aws_dr_standby_region=eu-central-1", "target=eu-central-1"], ["same Region"]),
        (['{"aws_dr_legs": [{"region": "eu-west-1"}, {"region": "eu-west-1"}]}'], ["same Region"]),
        (['{"aws_dr_legs": "both"}'], ["both"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_bad_input_is_a_clear_error_and_changes_nothing(
    untouched: LabUnderTest, extra: list[str], said: list[str]
) -> None:
    played = untouched.failover(*(word for each in extra for word in ("-e", each)))
    assert [each for each in said if each not in played.output] == [], played.output
    assert played.writes == []
    assert played.status != 0


def test_a_play_without_a_workload_ends_badly_and_says_what_to_do(untouched: LabUnderTest) -> None:
    played = untouched.play("ansible-playbook", "multiregion.aws_dr.failover")
    assert played.status != 0
    assert "[no_workload]" in played.output and "-i" in played.output


def test_a_limit_that_matches_nothing_ends_badly(untouched: LabUnderTest) -> None:
    played = untouched.failover("--limit", "us_east_1")
    assert played.status != 0
    assert "no hosts to target" in played.output


def test_check_mode_on_a_healthy_lab_warns_of_nothing(untouched: LabUnderTest) -> None:
    played = untouched.failover("--check")
    assert played.status == 0, played.output
    assert "WARNING" not in played.output
    assert "no blocker is known" in played.output


def test_several_workloads_in_play_must_be_named(untouched: LabUnderTest) -> None:
    played = untouched.failover("-i", "tests/scenarios/second_workload.yml")
    assert played.status != 0
    assert "workloads_not_named" in played.output or "none was named" in played.output
    assert played.writes == []


def test_without_credentials_the_error_says_so(untouched: LabUnderTest) -> None:
    played = untouched.play(
        "env",
        "-u",
        "AWS_ACCESS_KEY_ID",
        "-u",
        "AWS_SECRET_ACCESS_KEY",
        *("ansible-playbook", "multiregion.aws_dr.failover", "-i", "inventories/lab"),
    )
    assert played.status != 0
    assert "credentials" in played.output
    assert played.writes == []
