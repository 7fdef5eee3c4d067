# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.last_known import last_known

HOME, STANDBY = "eu-central-1", "eu-west-1"
BASELINE = Baseline("shop", 1.0, observed={"database": {HOME: {"cluster_id": "shop-a"}}})


def event(*arns: str) -> Event:
    return Event("run-1", 1, 1.0, "promote_database", EventState.STARTED, seen={"before": {"members": list(arns)}})


def arn(region: str, name: str) -> str:
    return f"arn:aws:rds:{region}:123456789012:cluster:{name}"


def test_the_journal_comes_before_the_baseline_and_each_cluster_once() -> None:
    found = last_known(HOME, "run-1", [event(arn(STANDBY, "shop-b"), arn(HOME, "shop-c"))] * 2, BASELINE)
    assert [(each.cluster, each.how) for each in found] == [
        ("shop-c", "the journal of run run-1"),
        ("shop-a", "the workload's baseline"),
    ]


def test_what_both_have_is_known_by_the_journal() -> None:
    found = last_known(HOME, "run-1", [event(arn(HOME, "shop-a"))], BASELINE)
    assert [each.how for each in found] == ["the journal of run run-1"]


def test_other_events_and_other_regions_tell_nothing() -> None:
    fenced = Event("run-1", 1, 1.0, "fence_network_acl", EventState.STARTED, seen={"before": {"network_acls": {}}})
    assert last_known(HOME, "run-1", [fenced, event(arn(STANDBY, "shop-b"))], None) == ()
