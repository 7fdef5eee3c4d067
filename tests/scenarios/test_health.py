# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""health.yml and status.yml on the lab: all that a workload needs, and what is told where some of it isn't well."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from playing import LabUnderTest, Played

from lab.settings import DATABASE_PASSWORD, HOME, REGIONS, STANDBY

HEALTH = ("ansible-playbook", "multiregion.aws_dr.health", "-i", "inventories/lab")
STATUS = ("ansible-playbook", "multiregion.aws_dr.status", "-i", "inventories/lab")
STRICT = ("-e", "strict=true")
SERVICES = ("api", "database", "cache", "storage", "secrets")
START_UP = 25.0  # seconds that ansible-playbook itself may take on a busy machine
SLOW = {service: {"max_response_ms": 30_000} for service in SERVICES}  # nor is it the lab's fault
FAIL = """
import boto3
home, standby = (boto3.client("secretsmanager", region_name=each) for each in ("eu-central-1", "eu-west-1"))
home.remove_regions_from_replication(SecretId="shop/db", RemoveReplicaRegions=["eu-west-1"])
standby.create_secret(Name="shop/db", SecretString="another")
home.replicate_secret_to_regions(SecretId="shop/db", AddReplicaRegions=[{"Region": "eu-west-1"}])
"""
LIST = """
import boto3, json
s3 = boto3.client("s3", region_name="eu-west-1")
print(json.dumps([each["Key"] for each in s3.list_objects_v2(Bucket="shop-assets-eu-west-1").get("Contents", [])]))
"""


def health(lab: LabUnderTest, *extra: str, thresholds: dict[str, Any] | None = None) -> tuple[Played, dict[str, Any]]:
    asked = {"bucket_canary_key": "aws-dr/health", "ping_cache": True, "thresholds": SLOW | (thresholds or {})}
    played = lab.play(*HEALTH, *extra, "-e", json.dumps({"aws_dr_health": asked}))
    assert played.summary, played.output
    return played, played.summary


def settled(lab: LabUnderTest, *extra: str) -> tuple[Played, dict[str, Any]]:
    """Once the first samples of every lag are there."""
    for _attempt in range(5):
        played, summary = health(lab, *extra)
        if "unknown" not in str(summary["services"].values()):
            break
    return played, summary


def refusal(summary: dict[str, Any]) -> list[str]:
    return [each["code"] for each in summary["refusals"]]


def keys(lab: LabUnderTest) -> list[str]:
    return list(json.loads(lab.run("exec", "--", "python", "-c", LIST).stdout))


def test_a_lab_with_nothing_wrong_is_well_in_every_service(lab: LabUnderTest) -> None:
    checked = lab.play(*HEALTH, "--check")
    assert checked.writes == [] and keys(lab) == []
    settled(lab)
    played, summary = health(lab, *STRICT, "-e", "dr_health_read_secrets=true", "-vvv")
    assert (played.status, summary["verdict"], summary["serving_region"]) == (0, "ok", HOME), played.output
    assert summary["services"] == {region: dict.fromkeys(SERVICES, "healthy") for region in REGIONS}
    assert (summary["checks"], summary["success_percent"]) == (10, 100.0)
    assert summary["slowest"]["response_ms"] > 0
    assert {(call["service"], call["action"]) for call in played.writes} == {("s3", "PutObject")}
    assert f"aws-dr/health/{STANDBY}" in keys(lab)
    assert "secretsmanager GetSecretValue" in {f"{call['service']} {call['action']}" for call in played.calls}
    assert DATABASE_PASSWORD not in played.output
    shown = lab.play(*STATUS)
    assert shown.status == 0 and shown.writes == [], shown.output
    assert "shop: well; users are served from eu-central-1" in shown.output
    assert "nobody has the lease" in shown.output and "AuroraGlobalDBRPOLag" in shown.output


@pytest.mark.parametrize("mode", ["refuse", "hang"])
def test_a_lost_region_that_served_users_ends_the_play_and_holds_nobody_up(lab: LabUnderTest, mode: str) -> None:
    settled(lab)
    lab.run("fault", "region", HOME, "--mode", mode)
    began = time.monotonic()
    played, summary = health(lab)
    assert time.monotonic() - began < 10 + START_UP
    assert played.status != 0 and refusal(summary) == ["users_not_served"], played.output
    assert (summary["verdict"], summary["serving_region"]) == ("critical", HOME)
    assert summary["services"][HOME]["api"] == "unhealthy" and summary["services"][HOME]["database"] == "unknown"
    assert summary["services"][STANDBY]["api"] == "healthy"
    began = time.monotonic()
    shown = lab.play(*STATUS)
    assert time.monotonic() - began < 8 + START_UP
    assert shown.status == 0 and "what serves users from eu-central-1 is unhealthy" in shown.output, shown.output
    assert "no run yet" in shown.output


def test_a_lost_standby_is_told_and_users_are_served(lab: LabUnderTest) -> None:
    settled(lab)
    lab.run("fault", "region", STANDBY, "--mode", "hang")
    began = time.monotonic()
    shown = lab.play(*STATUS)
    assert time.monotonic() - began < 8 + START_UP
    assert shown.status == 0 and "users are served from eu-central-1, but not everything is well" in shown.output
    played, summary = health(lab)
    assert (played.status, summary["verdict"], refusal(summary)) == (0, "degraded", []), played.output


def test_a_database_that_falls_behind_is_degraded_by_its_own_threshold(lab: LabUnderTest) -> None:
    settled(lab)
    lab.run("fault", "wan", "--delay", "2")
    lab.run("load", "start", "--seconds", "60")
    for _attempt in range(6):
        played, summary = health(lab, thresholds={"database": {"max_lag_ms": 700, "max_response_ms": 30_000}})
        if summary["services"][STANDBY]["database"] == "degraded":
            break
    lab.run("load", "stop")
    assert summary["services"][STANDBY]["database"] == "degraded", played.output
    assert (played.status, summary["verdict"]) == (0, "degraded") and "more than 700" in played.output


def test_a_secret_whose_replica_failed_is_told_and_ends_a_strict_play(lab: LabUnderTest) -> None:
    settled(lab)
    lab.run("exec", "--", "python", "-c", FAIL)
    played, summary = health(lab)
    assert (played.status, summary["verdict"]) == (0, "degraded"), played.output
    assert summary["services"][STANDBY]["secrets"] == "degraded" and "already exists in region" in played.output
    played, summary = health(lab, *STRICT)
    assert played.status != 0 and refusal(summary) == ["not_well"]


def test_objects_that_do_not_arrive_are_told_by_the_destination(lab: LabUnderTest) -> None:
    settled(lab)
    lab.run("fault", "partition")
    for _attempt in range(5):
        played, summary = health(lab, thresholds={"storage": {"max_pending": 0, "max_response_ms": 30_000}})
        if summary["services"][STANDBY]["storage"] == "degraded":
            break
    assert summary["services"][STANDBY]["storage"] == "degraded", played.output
    assert "operations pending, more than 0" in played.output
