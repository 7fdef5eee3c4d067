# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies: in the form that IAM takes, in few Regions, and of what each role needs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import IamRole
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.permissions import GRANTS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.policy import ROOM, policies, size

CHANGING = re.compile(r":(Put|Update|Delete|Create|Failover|Switchover|Replicate|Stop|Change|Disassociate|Tag|Untag)")


def statements(role: IamRole) -> list[dict[str, Any]]:
    return [each for document in policies(role) for each in document["Statement"]]


def actions(role: IamRole) -> set[str]:
    return {action for each in statements(role) for action in each["Action"]}


@pytest.mark.parametrize("role", IamRole)
def test_a_document_has_room_for_what_is_filled_in(role: IamRole) -> None:
    assert max(map(size, policies(role))) <= ROOM


@pytest.mark.parametrize("role", IamRole)
def test_a_layer_is_in_one_document(role: IamRole) -> None:
    layers = {grant.sid: grant.layer for grant in GRANTS}
    found = [{layers[each["Sid"]] for each in document["Statement"]} for document in policies(role)]
    assert sum(map(len, found)) == len(set().union(*found))


def test_a_statements_name_is_its_own_and_of_letters_and_digits() -> None:
    sids = [grant.sid for grant in GRANTS]
    assert len(sids) == len(set(sids))
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)


@pytest.mark.parametrize("role", IamRole)
def test_every_statement_names_its_regions(role: IamRole) -> None:
    assert all(each["Condition"]["StringEquals"]["aws:RequestedRegion"] for each in statements(role))


@pytest.mark.parametrize("role", IamRole)
def test_no_action_is_a_pattern_and_nothing_is_left_of_a_leg(role: IamRole) -> None:
    assert not [action for action in actions(role) if "*" in action]
    assert "${Leg" not in str(policies(role))


def test_a_promotion_is_granted_on_the_global_cluster_and_both_of_its_clusters() -> None:
    [promote] = [each for each in statements(IamRole.OPERATOR) if each["Sid"] == "DatabasePromote"]
    assert promote["Action"] == ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"]
    assert [arn.split(":")[5] for arn in promote["Resource"]] == ["global-cluster", "cluster", "cluster"]


def test_what_changes_something_is_never_granted_on_everything_but_where_aws_knows_no_resource() -> None:
    wide = {
        action
        for role in IamRole
        for each in statements(role)
        if each["Resource"] == "*"
        for action in each["Action"]
        if CHANGING.search(action)
    }
    cloudwatch = {"cloudwatch:PutMetricData", "cloudwatch:PutCompositeAlarm"}
    assert wide == {"route53:CreateHealthCheck", "kms:CreateKey", "s3:CreateJob"} | cloudwatch


def test_a_trigger_changes_what_the_watcher_needs_alone() -> None:
    writing = {each["Sid"] for each in statements(IamRole.TRIGGER) if any(map(CHANGING.search, each["Action"]))}
    assert writing == {"NotifyOutbox", "WatchQuorum", "WatchQueue"}


def test_a_preflight_writes_its_baseline_its_canary_and_metrics_alone() -> None:
    writing = {each["Sid"] for each in statements(IamRole.PREFLIGHT) if any(map(CHANGING.search, each["Action"]))}
    assert writing == {"StateWriteBaseline", "LatchCanary", "MetricsPublish"}


def test_a_trigger_may_nothing_that_an_operator_may_not_but_hear_of_alarms() -> None:
    alarms = {"cloudwatch:DescribeAlarms", "sqs:ReceiveMessage", "sqs:DeleteMessage"}
    assert actions(IamRole.TRIGGER) - alarms <= actions(IamRole.OPERATOR)
