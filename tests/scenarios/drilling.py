# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What drills are played with, and what must not be left of them."""

from __future__ import annotations

import json
from typing import Any

from allowing import allowing
from playing import LabUnderTest, Played

from lab.load.report import writers
from lab.settings import HOME, REGIONS, STANDBY

DRILL = ("ansible-playbook", "multiregion.aws_dr.drill", "-i", "inventories/lab")
OWN = {
    ("rds", "RestoreDBClusterToPointInTime"),
    ("rds", "CreateDBInstance"),
    ("rds", "DeleteDBInstance"),
    ("rds", "DeleteDBCluster"),
    ("route53", "CreateHealthCheck"),
    ("route53", "UpdateHealthCheck"),
    ("route53", "DeleteHealthCheck"),
    ("route53", "ChangeTagsForResource"),
}
"""Calls that change only what is a drill's own."""


def sync_parameters(lab: LabUnderTest) -> None:
    """A fresh lab has one that was changed at home and not copied yet: the data are not the same."""
    given = ("--name", "/shop/payment/limit", "--type", "String", "--value", "500")
    lab.run("exec", "--", "aws", "ssm", "put-parameter", "--region", STANDBY, *given)


def drill(lab: LabUnderTest, *extra: str) -> Played:
    return lab.play(*DRILL, *extra)


def verdicts(played: Played) -> dict[str, str]:
    return {each["type"]: each["verdict"] for each in played.summary["drills"]}


def left(lab: LabUnderTest) -> list[str]:
    """Clusters and instances that aren't production's, and health checks of drills."""
    found: list[str] = []
    for region in REGIONS:
        clusters = ask(lab, "rds", "describe-db-clusters", region)["DBClusters"]
        instances = ask(lab, "rds", "describe-db-instances", region)["DBInstances"]
        found += [each["DBClusterIdentifier"] for each in clusters if each["DBClusterIdentifier"] != f"shop-{region}"]
        names = [each["DBInstanceIdentifier"] for each in instances]
        found += [name for name in names if name != f"shop-{region}-1"]
    checks = ask(lab, "route53", "list-health-checks", HOME)["HealthChecks"]
    return found + [each["Id"] for each in checks if each["CallerReference"].startswith("aws-dr:")]


def ask(lab: LabUnderTest, service: str, action: str, region: str) -> dict[str, Any]:
    done = lab.run("exec", "--", "aws", service, action, "--region", region, "--output", "json")
    return dict(json.loads(done.stdout))


def untouched(lab: LabUnderTest, played: Played) -> bool:
    """Whether production writes where it did, and only what is the drill's own was changed, or the state table."""
    changed = {(call["service"], call["action"]) for call in played.writes if call["service"] != "dynamodb"}
    return writers(lab.instance) == [HOME] and changed <= OWN


def outside(played: Played, role: str) -> set[tuple[str, str, str]]:
    """Calls that the policies of the role don't allow.

    IAM's are left out: it is asked about the role of ``aws_dr_controller``, which this inventory doesn't name.
    """
    return {
        (action, call["region"], json.dumps(call["params"])[:200])
        for call in played.calls
        if call["service"] != "iam"
        for action, found in allowing(call, role).items()
        if not found
    }
