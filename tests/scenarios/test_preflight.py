# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""preflight.yml on the lab: ready where nothing is wrong, and each thing that is broken is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playing import LabUnderTest, Played, lab_under_test

from lab.settings import HOME, STANDBY, THIRD

PREFLIGHT = ("ansible-playbook", "multiregion.aws_dr.preflight", "-i", "inventories/lab")
PATIENT = ("-e", "dr_preflight_timeout=30")
BREAK = """
import boto3, json, sys
def client(service, region="eu-west-1"):
    return boto3.client(service, region_name=region)
def check(kind):
    found = client("route53").list_health_checks()["HealthChecks"]
    return next(each["Id"] for each in found if each["CallerReference"] == "shop-" + kind)
def put(bucket_region):
    s3 = client("s3", bucket_region)
    s3.put_object(Bucket="shop-latch-" + bucket_region, Key="latch/shop", Body=b"aws-dr-latch:shop")
def deny():
    iam = client("iam")
    iam.create_user(UserName="moto")
    statement = {"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="moto", PolicyName="most", PolicyDocument=policy)
def owe():
    home = "eu-central-1"
    item = {"pk": f"fence#shop#{home}", "sk": "fence", "workload": "shop", "region": home, "state": "owed",
            "method": "", "run_id": "shop-0", "before_json": "{}"}
    table = {name: {"S": value} for name, value in item.items()} | {"at": {"N": "1790000000"}}
    client("dynamodb").put_item(TableName="aws-dr-state", Item=table)
def unreplicate():
    s3 = client("s3", "eu-central-1")
    found = s3.get_bucket_replication(Bucket="shop-assets-eu-central-1")["ReplicationConfiguration"]
    found["Rules"][0]["Status"] = "Disabled"
    s3.put_bucket_replication(Bucket="shop-assets-eu-central-1", ReplicationConfiguration=found)
def rewrite():
    secrets = client("secretsmanager", "eu-central-1")
    value = secrets.get_secret_value(SecretId="shop/db")["SecretString"]
    secrets.put_secret_value(SecretId="shop/db", SecretString=value)
{
    "headless": lambda: client("rds").delete_db_instance(DBInstanceIdentifier="shop-eu-west-1-1"),
    "disabled": lambda: client("route53").update_health_check(HealthCheckId=check("primary"), Disabled=True),
    "upright": lambda: client("route53").update_health_check(HealthCheckId=check("latch-eu-west-3"), Inverted=False),
    "latched": lambda: put("eu-west-3"),
    "denied": deny,
    "owed": owe,
    "unreplicated": unreplicate,
    "rewritten": rewrite,
}[sys.argv[1]]()
"""


@pytest.fixture(scope="module")
def started() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lab13(started: LabUnderTest) -> LabUnderTest:
    started.run("reset")
    return started


def preflight(lab: LabUnderTest, *extra: str) -> tuple[Played, dict[str, Any]]:
    played = lab.play(*PREFLIGHT, *PATIENT, *extra)
    assert played.summary, played.output
    return played, played.summary


def test_a_lab_with_nothing_wrong_is_ready_and_is_kept_as_the_baseline(lab13: LabUnderTest) -> None:
    played, summary = preflight(lab13, "-e", "canary=true")
    assert (played.status, summary["ready"], summary["refusals"]) == (0, True, []), played.output
    said = {each["code"] for each in summary["findings"]}
    assert said <= {"latch_unproved", "capacity_below_wanted"}, played.output
    assert summary["baseline_kept"] and summary["canary"]["there_seconds"] > 0
    assert {call["service"] for call in played.writes} <= {"dynamodb", "s3"}
    lab13.run("fault", "region", HOME, "--mode", "hang")
    lab13.run("fault", "api", "black_hole", "--region", "us-east-1")
    played, summary = preflight(lab13, "-e", "mode=unplanned", "-e", "dr_preflight_timeout=5")
    assert (played.status, summary["refusals"]) == (0, []), played.output
    assert {"region_unreadable", "us_east_1_unreadable"} <= {each["code"] for each in summary["findings"]}
    assert f"(of {HOME} and us-east-1 partly as an earlier preflight saw it)" in summary["lines"][-1]
    foretold = lab13.failover("-e", "mode=unplanned", "-e", "accept_data_loss=true", "--check")
    assert "saw database: cluster_id shop-eu-central-1" in foretold.output, foretold.output


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("headless", "target_headless"),
        ("disabled", "health_check_disabled"),
        ("upright", "health_check_inverted"),
        ("latched", "latch_partial"),
        ("denied", "permission_missing"),
        ("owed", "fence_owed"),
        ("unreplicated", "replication_off"),
    ],
)
def test_what_is_broken_is_named_and_ends_the_preflight(lab13: LabUnderTest, broken: str, code: str) -> None:
    lab13.run("exec", "--", "python", "-c", BREAK, broken)
    played, summary = preflight(lab13, "-e", "mode=planned")
    assert played.status != 0
    assert code in [each["code"] for each in summary["refusals"]], played.output
    assert code in played.output and STANDBY in played.output


def test_a_bucket_in_a_black_hole_is_named(lab13: LabUnderTest) -> None:
    lab13.run("fault", "api", "refuse", "--service", "s3", "--region", THIRD)
    played, summary = preflight(lab13, "-e", "mode=planned", "-e", "dr_preflight_timeout=10")
    assert played.status != 0 and "latch_unknown" in [each["code"] for each in summary["refusals"]], played.output


def test_a_secret_that_is_not_in_sync_is_named(lab13: LabUnderTest) -> None:
    lab13.run("fault", "partition")
    lab13.run("exec", "--", "python", "-c", BREAK, "rewritten")
    played, summary = preflight(lab13)
    found = {each["code"]: each for each in summary["findings"]}
    assert played.status != 0 and "secret_not_in_sync" in [each["code"] for each in summary["refusals"]], played.output
    assert found["secret_not_in_sync"]["region"] == STANDBY
