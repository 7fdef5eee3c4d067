# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual runbook's sections on the lock, the fence, the database and the cache."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.fence import EVERYWHERE, TCP
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.case import (
    Case,
    Section,
    ask,
    aws,
    each,
    or_say,
    wait,
)

MEMBER = "GlobalClusters[0].GlobalClusterMembers"
SILENT = {"cli_connect_timeout": 5, "cli_read_timeout": 10}
"""For a Region that may be dead: a minute of silence is too long to wait for it."""
DEFAULT_RULE = 1
WAYS = (False, True)  # in, then out


def begin(case: Case) -> Section:
    """The shell's settings, and who is asked."""
    return Section(
        "Open a shell",
        "In a shell of its own (bash), an error ends that shell and not your session. The credentials are those of the"
        f" operator (docs/iam), and must not come from {case.source} or us-east-1 alone. What is done already is left"
        " out: a step that was done says so by an error.",
        (
            "set -eu",
            "export AWS_STS_REGIONAL_ENDPOINTS=regional AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=3 AWS_PAGER=",
            aws("sts", "get-caller-identity", region=case.target),
        ),
        "That is you, in the right account.",
    )


def keep_out(case: Case) -> Section:
    """What the automation holds is taken from it."""
    key = f'{{"pk": {{"S": "lock#{case.layers["database"]["global_cluster_id"]}"}}, "sk": {{"S": "lock"}}}}'
    table = {"table_name": case.layers["state_table"], "key": key}
    update = aws(
        "dynamodb",
        "update-item",
        region=case.target,
        **table,
        update_expression="ADD #f :one, #v :one",
        condition_expression="attribute_exists(pk)",
        expression_attribute_names='{"#f": "fence", "#v": "version"}',
        expression_attribute_values='{":one": {"N": "1"}}',
    )
    return Section(
        "Keep the automation out",
        "A run that is at it, or was left behind, can't do anything from here on: its fence isn't the lock's any more."
        " Ask whoever holds the lock all the same.",
        (
            or_say(aws("dynamodb", "get-item", region=case.target, **table, consistent_read=True), "not read: go on"),
            or_say(update, "nobody ever held the lock, or the state table gives no answer: go on"),
        ),
    )


def look(case: Case) -> Section:
    """Who writes now, and who is to."""
    cluster = {"global_cluster_identifier": case.layers["database"]["global_cluster_id"]}
    member = f"{MEMBER}[?contains(DBClusterArn, ':{case.target}:')].DBClusterArn | [0]"
    shown = f"{MEMBER}[].[DBClusterArn, IsWriter, SynchronizationStatus]"
    return Section(
        "Look at the database",
        "Each member of the global cluster, whether it is the writer, and whether it is in sync.",
        (
            aws("rds", "describe-global-clusters", region=case.target, **cluster, query=shown, output="text"),
            f"TARGET=$({ask('rds', 'describe-global-clusters', region=case.target, query=member, **cluster)})",
            'echo "$TARGET"',
        ),
        f"The last line is the cluster in {case.target}. If it is the writer already, leave its promotion out."
        + (" Every member is in sync; else this is no planned move." if case.planned else ""),
    )


def fence(case: Case) -> Section | None:
    """Keep the old Region from acknowledging writes, if it answers."""
    wanted = case.layers.get("fence")
    if not wanted or case.planned:
        return None
    methods = wanted.get("methods") or ["network_acl"]
    commands = [
        *(_acl_fence(case, wanted.get("first_rule", DEFAULT_RULE)) if "network_acl" in methods else ()),
        *(_compute_fence(case) if "compute" in methods else ()),
    ]
    hook = f" Run your own command as well: {' '.join(wanted['hook']['command'])}." if wanted.get("hook") else ""
    return Section(
        f"Fence {case.source}, if it answers",
        "So that it acknowledges no write that will be lost. Where it gives no answer go on: it stays unfenced, and"
        " must be fenced as soon as it is back. Where the ACLs let IPv6 through, make both entries for ::/0 as"
        f" well.{hook}",
        tuple(commands),
    )


def _acl_fence(case: Case, rule: int) -> tuple[str, ...]:
    """The entries that region_fence makes, so that it takes them away as well when the Region is to serve again."""
    cluster = {"global_cluster_identifier": case.layers["database"]["global_cluster_id"]}
    member = f"{MEMBER}[?contains(DBClusterArn, ':{case.source}:')].DBClusterArn | [0]"
    found = ask("rds", "describe-global-clusters", region=case.target, query=member, **cluster)
    told = f"{case.source} gives no answer: it stays unfenced"
    there: dict[str, Any] = {"region": case.source, **SILENT}
    database = {"db_cluster_identifier": "$SOURCE"}
    port = ask("rds", "describe-db-clusters", query="DBClusters[0].Port", **there, **database)
    group = ask("rds", "describe-db-clusters", query="DBClusters[0].DBSubnetGroup", **there, **database)
    names = "join(',', DBSubnetGroups[0].Subnets[].SubnetIdentifier)"
    subnets = ask("rds", "describe-db-subnet-groups", query=names, **there, db_subnet_group_name="$GROUP")
    acls = ask(
        "ec2",
        "describe-network-acls",
        query="NetworkAcls[].NetworkAclId",
        **there,
        filters="Name=association.subnet-id,Values=$SUBNETS",
    )
    made = [
        or_say(_entry(case.source, rule, egress), "not made: it is there, or its number is taken") for egress in WAYS
    ]
    return (
        f"SOURCE=$({found})",
        or_say(f"PORT=$({port})", told),
        or_say(f"GROUP=$({group})", told),
        or_say(f"SUBNETS=$({subnets})", told),
        each("ACL", f'[ -n "$SUBNETS" ] && {acls}', made),  # without the subnets it would be every ACL there is
    )


def _entry(region: str, rule: int, egress: bool) -> str:
    ports = "From=0,To=65535" if egress else '"From=$PORT,To=$PORT"'
    entry = {"network_acl_id": "$ACL", "rule_number": rule, "protocol": TCP, "rule_action": "deny"}
    command = aws("ec2", "create-network-acl-entry", region=region, **entry, cidr_block=EVERYWHERE[False])
    return f"{command} --port-range {ports} {'--egress' if egress else '--ingress'}"


def _compute_fence(case: Case) -> tuple[str, ...]:
    wanted = case.layers["fence"].get("compute") or {}
    silent = "no answer: it runs on"
    found = [
        aws("ecs", "update-service", region=case.source, **SILENT, **each_, desired_count=0)
        for each_ in wanted.get("ecs_services", ())
    ]
    sizes = {"min_size": 0, "max_size": 0, "desired_capacity": 0}
    found += [
        aws(
            "autoscaling",
            "update-auto-scaling-group",
            region=case.source,
            **SILENT,
            auto_scaling_group_name=group,
            **sizes,
        )
        for group in wanted.get("auto_scaling_groups", ())
    ]
    stopped = {"reserved_concurrent_executions": 0}
    found += [
        aws("lambda", "put-function-concurrency", region=case.source, **SILENT, function_name=name, **stopped)
        for name in wanted.get("functions", ())
    ]
    return tuple(or_say(command, silent) for command in found)


def promote(case: Case) -> Section:
    """The point of no return."""
    cluster = {"global_cluster_identifier": case.layers["database"]["global_cluster_id"]}
    given = {**cluster, "target_db_cluster_identifier": "$TARGET"}
    detach = f'aws rds remove-from-global-cluster --region {case.target} --db-cluster-identifier "$TARGET"'
    if case.planned:
        command = aws("rds", "switchover-global-cluster", region=case.source, **given)
        why = f"A switchover: no row is lost. It goes through {case.source}, which must answer."
    else:
        command = aws("rds", "failover-global-cluster", region=case.target, **given, allow_data_loss=True)
        why = (
            "A failover: what was not replicated yet is lost. Have it approved, and write down by whom. Only if AWS"
            f" refuses it again and again, as a last resort, detach the cluster: {detach}"
        )
    return Section("Promote the database", why, (command,), "RDS has taken it in.", no_return=not case.planned)


def proved(case: Case) -> Section:
    """Nothing sends clients to a Region before its database is the writer."""
    cluster = {"global_cluster_identifier": case.layers["database"]["global_cluster_id"]}
    writer = ask(
        "rds",
        "describe-global-clusters",
        region=case.target,
        query=f"{MEMBER}[?IsWriter].DBClusterArn | [0]",
        **cluster,
    )
    itself = {"region": case.target, "db_cluster_identifier": "$TARGET"}
    return Section(
        "Wait until it writes",
        f"Clients are sent to {case.target} only once its database is the writer. Interrupt it after 15 minutes.",
        (
            wait(writer, "$TARGET"),
            wait(ask("rds", "describe-db-clusters", query="DBClusters[0].Status", **itself), "available"),
            ask("rds", "describe-db-clusters", query="DBClusters[0].Endpoint", **itself),
        ),
        "Write a row through the endpoint that was printed, with psql, if you can: only a committed write proves it."
        f" The credentials are in the secret {case.layers['database']['secret_id']} in {case.target}.",
    )


def cache(case: Case) -> Section | None:
    """The cache follows, and holds nobody up."""
    wanted = case.layers.get("cache")
    if not wanted:
        return None
    store = {"global_replication_group_id": wanted["global_replication_group_id"]}
    member = f"GlobalReplicationGroups[0].Members[?ReplicationGroupRegion=='{case.target}'].ReplicationGroupId | [0]"
    found = ask(
        "elasticache",
        "describe-global-replication-groups",
        region=case.target,
        query=member,
        **store,
        show_member_info=True,
    )
    promotion = aws(
        "elasticache",
        "failover-global-replication-group",
        region=case.target,
        **store,
        primary_region=case.target,
        primary_replication_group_id="$GROUP_ID",
    )
    return Section(
        "Promote the cache",
        "It loses what was not replicated. Without it the database serves alone: don't wait for it.",
        (f"GROUP_ID=$({found}) || GROUP_ID=unknown", or_say(promotion, "not promoted: go on, and come back to it")),
    )
