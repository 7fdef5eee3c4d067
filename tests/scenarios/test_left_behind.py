# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an accepted run went on without: the same command again sees that it isn't done, does it, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from playing import LabUnderTest, Played

from lab.settings import HOME, STANDBY

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
LAYERS = {
    ("autoscaling", "UpdateAutoScalingGroup"): "scaling: ",
    ("elasticache", "FailoverGlobalReplicationGroup"): "cache: ",
    ("ssm", "PutParameter"): "parameters: ",
    ("secretsmanager", "StopReplicationToReplica"): "secret: ",
    ("lambda", "UpdateEventSourceMapping"): "sources on: ",
    ("cloudfront", "UpdateDistribution"): "CloudFront: ",
}
"""What is refused at first, and how the summary begins to say that it is owed."""


def given(**variables: Any) -> tuple[str, str]:
    return ("-e", json.dumps(variables))


def refuse(lab: LabUnderTest, service: str, action: str) -> None:
    fault = ("--service", service, "--action", action, "--status", "403", "--code", "AccessDenied")
    lab.run("fault", "api", "error", *fault)


def aws(lab: LabUnderTest, *words: str) -> str:
    return lab.run("exec", "--", "aws", *words, "--output", "text").stdout.strip()


def changing(played: Played) -> set[tuple[str, str]]:
    """The changing calls, but for the state table's and those of signing in."""
    return {(call["service"], call["action"]) for call in played.writes if call["service"] not in ("dynamodb", "sts")}


def owed(played: Played) -> set[str]:
    return {begins for begins in LAYERS.values() if any(each.startswith(begins) for each in played.summary["owed"])}


def kept(lab: LabUnderTest) -> str:
    """How many items the state table has: locks, runs, their events, and the history."""
    return aws(lab, "dynamodb", "scan", "--table-name", "aws-dr-state", "--region", STANDBY, "--query", "Count")


def test_every_layer_that_was_owed_is_carried_on_by_the_same_command(lab: LabUnderTest) -> None:
    found = aws(lab, "cloudfront", "list-distributions", "--query", "DistributionList.Items[0].Id")
    origins = {region: f"api-{region}" for region in (HOME, STANDBY)}
    edge = {"distribution_id": found, "origins": origins, "path_patterns": ["*"]}
    overrides = {STANDBY: {"/shop/endpoint": "https://other.shop.example"}}
    extra = given(
        aws_dr_cloudfront=edge,
        aws_dr_secrets_written=["shop/db"],
        aws_dr_parameters={"paths": ["/shop"], "key_id": "alias/shop", "overrides": overrides},
    )
    lab.run("fault", "region", HOME)
    for layer in LAYERS:
        refuse(lab, *layer)
    first = lab.failover(*extra, *UNPLANNED)
    assert first.status == 0, first.output
    assert owed(first) == set(LAYERS.values()), first.summary["owed"]
    lab.run("heal", "api")
    second = lab.failover(*extra, *UNPLANNED)
    assert second.status == 0, second.output
    assert "not as they should be yet: " in second.output
    assert changing(second) == set(LAYERS), "each of them, and neither database nor clients again"
    assert owed(second) == set(), second.summary["owed"]
    before = kept(lab)
    third = lab.failover(*extra, *UNPLANNED)
    assert (third.status, third.changed, third.writes) == (0, 0, []), third.output
    assert kept(lab) == before, "no run, and no history"


def test_what_still_does_not_work_is_owed_again(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME)
    refuse(lab, "autoscaling", "UpdateAutoScalingGroup")
    assert lab.failover(*UNPLANNED).status == 0
    again = lab.failover(*UNPLANNED)
    assert again.status == 0 and owed(again) == {"scaling: "}, again.output


def test_a_key_that_a_planned_run_left_is_moved_and_nothing_of_the_old_region_comes_along(lab: LabUnderTest) -> None:
    refuse(lab, "kms", "UpdatePrimaryRegion")
    first = lab.failover()
    assert first.status == 0 and any(each.startswith("key: ") for each in first.summary["owed"]), first.output
    lab.run("heal", "api")
    name = ("--name", "/shop/currency", "--region", STANDBY)
    aws(lab, "ssm", "put-parameter", *name, "--value", "CHF", "--overwrite")
    second = lab.failover()
    assert second.status == 0, second.output
    assert changing(second) == {("kms", "UpdatePrimaryRegion")}
    value = aws(lab, "ssm", "get-parameter", *name, "--query", "Parameter.Value")
    assert value == "CHF", "what the writer's Region has written since is its own"
