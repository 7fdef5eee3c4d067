# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/iam: each role's IAM policies and their README, from the table in plugins/module_utils/_plan/grants.

python tools/iam.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import IamRole
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.policy import granted, policies, size

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "iam"

ROLES = {
    IamRole.OPERATOR: (
        "whoever runs `failover.yml`, `failback.yml`, `region_return.yml`, `consistency.yml`, `reconcile.yml`, "
        "`health.yml`, `status.yml`, `unlock.yml`, `abort.yml`, `automatic.yml`, `automatic_failover.yml` and "
        "`notify_test.yml`",
        "changes what a failover moves: database, cache, compute, secrets, parameters, the latch, records, the lock",
    ),
    IamRole.PREFLIGHT: (
        "the schedules of `preflight.yml` and `metrics.yml`",
        "reads everything; writes the baseline, metrics, and the canary latch, which no client hangs on",
    ),
    IamRole.TRIGGER: (
        "what watches the workload and decides whether a failover has to start; the schedule of `notify.yml`",
        "reads health, lag and whether somebody holds the lock, and sends what a run couldn't. It changes nothing of "
        "the workload and holds no lock: what it starts, it starts through the controller, where the run signs in as "
        "the operator",
    ),
    IamRole.DRILL: (
        "the schedule of `drill.yml` and `operations.yml`; a live drill is the operator's",
        "reads what a preflight reads; makes and removes copies and health checks of its own, holds the lock, "
        "writes what came of it, and tells people",
    ),
    IamRole.CANARY: (
        "what keeps `canary.yml` running",
        "finds the databases and their secret, and writes the canary's log. It changes nothing else in AWS",
    ),
    IamRole.SETUP: (
        "whoever makes, beforehand, what a failover relies on",
        "makes and changes the state table, health checks, global datastores, key replicas, bucket replication, alarms "
        "and dashboards: no run needs it, so no operator has it",
    ),
    IamRole.REPORTER: (
        "whoever runs `report.yml` and `manual_runbook.yml`",
        "reads what is on record of the runs; writes into the evidence buckets, deletes nothing there, and can't end "
        "a retention before its time",
    ),
}
LAYERS = {
    "Database": "the Aurora global database: always",
    "Rejoin": "`rds_global_cluster_rejoin`: going home after a failover that had to detach its target",
    "Reconcile": "`reconcile.yml`: the lost primary's snapshot is restored beside its cluster, and removed again",
    "State": "lock, journal, history, baseline, kill switch, decisions: always",
    "Canary": "`database_canary`, and what a failover reads of its log",
    "Latch": "the latch in S3",
    "Fence": "`region_fence`",
    "Compute": "`compute_scale`, `region_fence` by compute",
    "EventSources": "`lambda_event_source`",
    "Cache": "an ElastiCache global datastore",
    "Parameters": "`ssm_parameter_sync`",
    "Secrets": "`secretsmanager_replica`",
    "Keys": "multi-Region keys: `kms_replica_key`",
    "Evidence": "the buckets of `aws_dr_evidence`",
    "Buckets": "S3 replication, waiting until it is drained, comparing both sides, `dr_health`'s canary objects",
    "Notify": "`notify`: whom `aws_dr_notify` names",
    "Watch": "the event source `region_witness`: what `aws_dr_watch` names",
    "Dns": "the public name's records and health checks, which a preflight looks at",
    "Records": "`route53_failover_records`, instead of the latch",
    "HealthChecks": "`route53_health_check`",
    "Arc": "`arc_routing_control`, instead of the latch",
    "Edge": "`cloudfront_origin`",
    "Permissions": "the preflight's question whether the operator may do what is planned",
    "Drill": "what a drill makes, and takes away again",
    "StateTable": "`dynamodb_global_table`",
    "Metrics": "`cloudwatch_metric_data`, where `aws_dr_observability` is given",
    "Costs": "`ce_cost_info`, for `metrics.yml` with `-e costs=true`",
    "Alarms": "`observability.yml`: `cloudwatch_metric_alarms`, `cloudwatch_composite_alarm`",
    "Dashboards": "`observability.yml`: `cloudwatch_dashboard`",
}
PLACEHOLDERS = {
    "Partition": "`aws`, `aws-cn` or `aws-us-gov`",
    "AccountId": "the account's twelve digits",
    "HomeRegion": "`aws_dr_home_region`",
    "StandbyRegion": "`aws_dr_standby_region`",
    "ThirdRegion": "of the latch's second bucket and the state table's witness",
    "Workload": "the inventory host's name",
    "Lock": "the global cluster's identifier",
    "GlobalCluster": "`aws_dr_database.global_cluster_id`",
    "HomeCluster": "its cluster in the home Region; `StandbyCluster` in the other",
    "LostSubnetGroup": "`reconcile.yml -e subnet_group=...`; drop what names it if there is none",
    "HomeSubnetGroup": "the DB subnet group of each cluster",
    "DatabaseSecret": "`aws_dr_database.secret_id`",
    "StateTable": "`aws_dr_state_table`",
    "HomeLatchBucket": "`aws_dr_latch.reverse`; `StandbyLatchBucket` and `ThirdLatchBucket` are `aws_dr_latch.forward`",
    "LatchKey": "`aws_dr_latch.key`",
    "CanaryKey": "`aws_dr_canary.key`",
    "HomeNetworkAcl": "the network ACL of each Region's database subnets",
    "AutoScalingGroup": "a group of `aws_dr_compute`",
    "EcsCluster": "a cluster of `aws_dr_compute`",
    "EcsService": "a service of `aws_dr_compute`",
    "Function": "a function of `aws_dr_compute` or `aws_dr_event_sources`",
    "GlobalReplicationGroup": "`aws_dr_cache.global_replication_group_id`",
    "HomeReplicationGroup": "its member in each Region",
    "CacheSecret": "`aws_dr_cache.prove.secret_id`",
    "ParameterPath": "`aws_dr_parameters.paths`, without the slash it begins with",
    "Secret": "`aws_dr_secrets`",
    "MultiRegionKey": "the id (`mrk-...`) that the key has in both Regions; drop what names it if there is none",
    "KeyAlias": "`aws_dr_keys`, without `alias/`",
    "HomeDataBucket": "`aws_dr_buckets`, that of each Region",
    "HomeEvidenceBucket": "`aws_dr_evidence.buckets`, that of each Region; `aws-dr` in it is its `prefix`",
    "SentinelKey": "`aws_dr_buckets.sentinel_key`",
    "HealthCanaryKey": "`aws_dr_health.bucket_canary_key`; drop what names it if there is none",
    "BackfillRole": "the role that S3 Batch Operations fills buckets up with",
    "ReplicationRole": "the role that S3 replicates with",
    "NotifySecret": "`secret_id` of a channel in `aws_dr_notify`",
    "NotifyTopic": "the name of an SNS topic in `aws_dr_notify`",
    "MailIdentity": "the address or domain that SES sends from",
    "HomeWitnessBucket": "`aws_dr_watch.canaries`, that of each Region",
    "WitnessKey": "the canaries' key",
    "WitnessQueue": "the name of the queue in `aws_dr_watch.queue_url`",
    "HostedZone": "the id of the public zone",
    "RecordName": "`aws_dr_record.name`, lower case, without a dot at its end",
    "HealthCheck": "the workload's health checks; `*` where they are yet to be made",
    "ControlPanel": "of the ARC routing controls",
    "Distribution": "the CloudFront distribution's id",
    "OperatorRole": "the name, with its path, of the role that has the operator's policies",
}
ABOUT = """\
<!--
SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
SPDX-License-Identifier: GPL-3.0-or-later
-->
<!-- Made by `make iam`, as are the policies; change plugins/module_utils/_plan/grants instead. -->

# IAM policies

What each role may do, and nothing more. A role that has several documents needs them all, as a managed policy
holds 6,144 characters.

{roles}

## Filling them in

1. Drop the statements of layers that the workload hasn't got: a `Sid` begins with its layer.
2. Replace the placeholders. Where there are several of a kind (functions, secrets, workloads), repeat the ARN.
   `envsubst` does the rest, as no policy here uses an IAM variable:

   ```shell
   export Partition=aws AccountId=123456789012 HomeRegion=eu-central-1 # and so on
   envsubst < docs/iam/trigger.json > trigger.json
   ```

3. Look for a placeholder that is left: no `${{` is. IAM Access Analyzer (`ValidatePolicy`) finds what else is amiss.

{placeholders}

A name that begins with `Home` is that of the home Region; there is one with `Standby` as well.

## Layers

{layers}

## Regions

Every statement names the Regions that it holds in (`aws:RequestedRegion`): the workload's two, the third one for the
latch and the witness, us-east-1 for Route 53, CloudFront and IAM, which are nowhere else, and ARC's five for its
routing controls. No other Region is ever asked. Where a call names resources of both Regions, as the promotion of a
database does, it needs them both, whichever Region it goes to.

## What isn't in them

- `sts:GetCallerIdentity` needs no permission. Who may assume the role is the role's trust policy.
- A customer's own key of a bucket or of the state table needs `kms:Decrypt` and `kms:GenerateDataKey` on it, through
  that service (`kms:ViaService`).
- A customer's own key of the database needs `kms:DescribeKey` and `kms:CreateGrant` on it in each Region, for the roles
  that make a cluster or copy a snapshot (operator, drill, setup), through `rds.<Region>.amazonaws.com`
  (`kms:ViaService`) and for AWS's resources only (`kms:GrantIsForAWSResource`): RDS acts for whoever calls it.
- Key policies and bucket policies are on the other side: they must let the role in, too.
- A preflight asks IAM about the role that it runs as. Name the operator's role in `aws_dr_controller.role`, so that it
  asks about that one.
"""


def main() -> None:
    """Write every file, and remove those that aren't made any more."""
    DOCS.mkdir(parents=True, exist_ok=True)
    wanted = dict(files())
    for old in DOCS.iterdir():
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (DOCS / name).write_text(text, encoding="utf-8")
    print(f"docs/iam: {len(wanted)} files")


def files() -> Iterator[tuple[str, str]]:
    """What docs/iam holds, by file name."""
    for role in IamRole:
        for name, document in _documents(role):
            yield name, json.dumps(document, indent=2) + "\n"
    yield (
        "README.md",
        ABOUT.format(roles=_table(_roles()), placeholders=_table(_placeholders()), layers=_table(_layers())),
    )


def _documents(role: IamRole) -> Iterator[tuple[str, dict[str, object]]]:
    for number, document in enumerate(policies(role), 1):
        yield f"{role.value}{f'-{number}' if number > 1 else ''}.json", document


def _roles() -> Iterator[tuple[str, ...]]:
    yield "role", "who has it", "what it does", "documents (characters)"
    for role, (who, does) in ROLES.items():
        links = ", ".join(f"[{name}]({name}) ({size(document):,})" for name, document in _documents(role))
        yield role.value, who, does, links


def _placeholders() -> Iterator[tuple[str, ...]]:
    yield "placeholder", "what it stands for"
    used = set(re.findall(r"\$\{(\w+)}", json.dumps([policies(role) for role in IamRole])))
    for name, meaning in PLACEHOLDERS.items():
        if name in used:
            yield f"`{name}`", meaning


def _layers() -> Iterator[tuple[str, ...]]:
    yield "layer", "of", *(role.value for role in IamRole)
    for layer, meaning in LAYERS.items():
        does = ([grant.does for grant in granted(role) if grant.layer == layer] for role in IamRole)
        yield layer, meaning, *(", ".join(each) for each in does)


def _table(rows: Iterator[tuple[str, ...]]) -> str:
    head, *rest = rows
    lines = [head, ("---",) * len(head), *rest]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


if __name__ == "__main__":
    main()
