# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each role's policy in docs/iam against the calls that the lab recorded: none outside it, and nothing in it unused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from allowing import ACCOUNT, allowing, documents, statements
from playing import LabUnderTest, Played, lab_under_test

from lab.settings import HOME

PREFLIGHT, OPERATOR, TRIGGER, CANARY, REPORTER = "preflight", "operator", "trigger", "canary", "reporter"
UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/operator"
AS_OPERATOR = ("-e", json.dumps({"aws_dr_controller": {"role": ROLE}}))
LOOK = ("ansible", "shop", "-i", "inventories/lab", "-c", "local", "-m", "multiregion.aws_dr.region_health_info", "-a")
HEALTH = {
    "legs": "{{ aws_dr_legs }}",
    "global_cluster_id": "{{ aws_dr_database.global_cluster_id }}",
    "global_replication_group_id": "{{ aws_dr_cache.global_replication_group_id }}",
    "buckets": "{{ aws_dr_buckets }}",
    "secrets": "{{ aws_dr_secrets }}",
    "keys": "{{ aws_dr_keys }}",
    "resolvers": "{{ aws_dr_resolvers }}",
}
MAKE_ROLE = """
import boto3, json, sys
iam = boto3.client("iam", region_name="us-east-1")
iam.create_role(RoleName="operator", AssumeRolePolicyDocument="{}")
for number, document in enumerate(json.loads(sys.argv[1])):
    made = iam.create_policy(PolicyName=f"operator-{number}", PolicyDocument=json.dumps(document))
    iam.attach_role_policy(RoleName="operator", PolicyArn=made["Policy"]["Arn"])
"""
MAKE_SUBNETS = """
import boto3
rds, ec2 = (boto3.client(service, region_name="eu-central-1") for service in ("rds", "ec2"))
(shop,) = rds.describe_db_subnet_groups(DBSubnetGroupName="shop")["DBSubnetGroups"]
subnet = ec2.create_subnet(VpcId=shop["VpcId"], CidrBlock="10.61.99.0/24")["Subnet"]["SubnetId"]
rds.create_db_subnet_group(DBSubnetGroupName="apart", DBSubnetGroupDescription="Not fenced", SubnetIds=[subnet])
"""

INSTEAD = "instead of the latch, which this workload has"
BY_HAND = "no playbook does it: an operator calls the module"
NO_ALIAS = "the lab's records have addresses: no load balancer is behind them"
NO_PROVISIONED = "no function of this workload has provisioned concurrency"
SECRET_KEY = "Secrets Manager needs it, where a secret has a key of the customer's"
DETACHED = "the way home after a detach, of which test_rejoin.py is"
NOBODY = "this workload has nobody to tell; test_notify.py is of that"
UNWATCHED = {"MetricsPublish": "this workload isn't watched; test_observability.py is of that"}
REJOIN = ("GlobalCluster", "AddSecondary", "GiveNameAway", "GiveInstanceNameAway", "Unmark")
UNTOLD = {f"Notify{each}": NOBODY for each in ("Secret", "Topic", "Mail")}
# By statement: why something in it isn't used here. A row goes as soon as all of its statement is.
NOT_EXERCISED: dict[str, dict[str, str]] = {
    PREFLIGHT: {
        **UNWATCHED,
        "BucketsList": "for the storage's metrics; test_observability.py is of that",
        "CostsRead": "no metrics are published of this workload",
        "StateRead": "dynamodb:Query finds the baseline, which is read where a Region can't tell",
        "DatabaseCredentialsKey": SECRET_KEY,
        "PermissionsAsk": "iam:GetRole is for a preflight that asks about the role it runs as",
        "DnsAliases": NO_ALIAS,
        "ComputeReadFunctions": NO_PROVISIONED,
        "ArcRead": INSTEAD,
        "ArcRules": INSTEAD,
    },
    OPERATOR: {
        **UNTOLD,
        **UNWATCHED,
        "DatabaseDetach": "the last resort, of which test_detach.py is",
        "DatabaseKeepLostPrimary": "CreateDBClusterSnapshot is for a primary that a detach left behind",
        "DatabaseCredentialsKey": SECRET_KEY,
        "DnsAliases": NO_ALIAS,
        "FenceStopFunctions": "this workload is fenced by its network ACLs",
        "ComputeReadLaunches": "a group is asked why its instances don't come, and here they do",
        "ComputeReadFunctions": NO_PROVISIONED,
        "ComputeScaleFunctions": NO_PROVISIONED,
        **{f"Rejoin{each}": DETACHED for each in REJOIN},
        "ComputeScaleServices": "the service runs in both Regions from the start",
        "ParametersSync": "GetParameter is for a write whose answer was lost, DeleteParameters for one gone at home",
        "ParametersKey": "SSM needs it, where a parameter is a SecureString with a key of the customer's",
        "SecretsReplicate": "the secret's replica is in sync already",
        "SecretsKey": SECRET_KEY,
        "RecordsFindZone": INSTEAD,
        "RecordsReadZone": INSTEAD,
        "RecordsSwitch": INSTEAD,
        "RecordsWait": INSTEAD,
        "ArcRead": INSTEAD,
        "ArcRules": INSTEAD,
        "ArcSwitch": INSTEAD,
        "EdgeSwitch": BY_HAND,
    },
    TRIGGER: {
        **UNTOLD,
        "NotifyOutbox": NOBODY,
        "WatchQueue": "DeleteMessage is for an alarm that changes meanwhile, and now and then one does",
    },
    CANARY: {
        "DatabaseCredentialsKey": SECRET_KEY,
        "CanaryLog": "dynamodb:DeleteItem is for what is older than the rows that are kept",
    },
    REPORTER: {
        "EvidenceKeep": "the retention's two actions are asked for by calls of other names",
    },
}


@dataclass
class Ran:
    """What was played, and the calls that each role's plays made."""

    preflight: Played
    calls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, played: Played, *roles: str) -> Played:
        for role in roles:
            self.calls.setdefault(role, []).extend(played.calls)
        return played


def playbook(name: str, *extra: str) -> tuple[str, ...]:
    return ("ansible-playbook", f"multiregion.aws_dr.{name}", "-i", "inventories/lab", *extra)


def played_on(lab: LabUnderTest) -> Ran:
    """Every playbook, there and back, planned and not, and one run that stops on its way."""
    lab.run("exec", "--", "python", "-c", MAKE_ROLE, json.dumps(documents(OPERATOR)))
    patient = ("-e", "dr_preflight_timeout=30", "-e", "canary=true")
    found = Ran(lab.play(*playbook("preflight", *patient, *AS_OPERATOR)))
    compared = found.add(lab.play(*playbook("consistency")), OPERATOR)
    assert compared.summary, compared.output  # a parameter differs from the start
    plays = [found.add(found.preflight, PREFLIGHT)]
    plays += [found.add(lab.play(*LOOK, json.dumps(HEALTH)), TRIGGER), found.add(lab.failover(), OPERATOR)]
    plays.append(found.add(lab.play(*playbook("health")), OPERATOR))
    found.add(lab.play("timeout", "40", "python", "tests/scenarios/witness.py", "inventories/lab"), TRIGGER)
    plays.append(found.add(lab.play(*playbook("canary", "-e", "create=true", "-e", "seconds=3")), CANARY))
    lab.wait_for_replica(HOME)
    plays.append(found.add(lab.failover("-e", f"target={HOME}"), OPERATOR))
    with TemporaryDirectory() as there:
        reports = [("report",), ("report", "-e", "kind=series"), ("report", "-e", "verify=true"), ("manual_runbook",)]
        plays += [found.add(lab.play(*playbook(*words, "-e", f"path={there}")), REPORTER) for words in reports]
    lab.run("fault", "api", "error", "--service", "s3", "--action", "PutObject")
    stopped = found.add(lab.failover(*UNPLANNED), OPERATOR)
    # A watcher has no credentials of the database: what it asks is above.
    plays.append(found.add(lab.play(*playbook("status", "-e", "health=false")), OPERATOR, TRIGGER))
    plays += [found.add(lab.play(*playbook(name, "-e", "reason=test")), OPERATOR) for name in ("unlock", "abort")]
    engage = ("automatic", "-e", "state=engaged", "-e", "reason=test")
    plays.append(found.add(lab.play(*playbook(*engage)), OPERATOR))
    lab.run("heal", "all")
    plays.append(found.add(lab.failover(*UNPLANNED), OPERATOR))
    plays += way_home(lab, found)
    assert stopped.status != 0
    assert [played.output for played in plays if played.status != 0] == []
    return found


def way_home(lab: LabUnderTest, found: Ran) -> list[Played]:
    """The lost Region returns, what it lost is found, and the workload goes home."""
    lab.wait_for_replica(HOME)
    plays = [found.add(lab.play(*playbook("region_return")), OPERATOR)]
    with TemporaryDirectory() as there:
        # The fence stands: what is restored has to be in subnets that it isn't before.
        lab.run("exec", "--", "python", "-c", MAKE_SUBNETS)
        words = ("-e", f"directory={there}", "-e", "dr_reconcile_poll_interval=0.5", "-e", "subnet_group=apart")
        plays.append(found.add(lab.play(*playbook("reconcile", *words)), OPERATOR))
    plays.append(found.add(lab.failback("-e", "accept_unreconciled=true", "-e", "reason=test"), OPERATOR))
    return plays


@pytest.fixture(scope="module")
def ran() -> Iterator[Ran]:
    with lab_under_test() as lab:
        yield played_on(lab)


@pytest.mark.parametrize("role", NOT_EXERCISED)
def test_no_call_is_outside_the_policy_of_its_role(ran: Ran, role: str) -> None:
    assert ran.calls[role]
    outside = {
        (action, call["region"], json.dumps(call["params"])[:200])
        for call in ran.calls[role]
        for action, found in allowing(call, role).items()
        if not found
    }
    assert outside == set()


@pytest.mark.parametrize("role", NOT_EXERCISED)
def test_nothing_is_in_a_policy_that_no_call_uses(ran: Ran, role: str) -> None:
    used = {pair for call in ran.calls[role] for found in allowing(call, role).values() for pair in found}
    granted = {(each["Sid"], action) for each in statements(role) for action in each["Action"]}
    unused = {sid for sid, _action in granted - used}
    assert unused - set(NOT_EXERCISED[role]) == set(), "take it out of the table, or say why it isn't exercised"
    sometimes = {"WatchQueue"} if role == TRIGGER else set()
    assert set(NOT_EXERCISED[role]) - unused <= sometimes, "it is used now: its row goes"


def test_a_preflight_finds_that_the_operators_policy_allows_what_is_planned(ran: Ran) -> None:
    codes = {each["code"] for each in ran.preflight.summary["findings"]}
    assert codes.isdisjoint({"permission_missing", "permissions_unknown"}), ran.preflight.output
