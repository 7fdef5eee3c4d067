# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at for readiness, topic by topic: each asks one Region, and gives a record or raises.

Botocore's errors, ``DrError`` and ``Refused`` are reasons why a topic is unknown there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elbv2.observe import read_alias
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.iam.observe import policy_source, read_denied
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again, read_global_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.health_checks import list_health_checks
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.observe import all_zones, read_record_sets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.transform import absolute
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.sts.observe import read_identity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_dead
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import ApiSeen, DatabaseSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import HealthCheck
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import (
    US_EAST_1,
    AliasSeen,
    Identity,
    LatchSeen,
    PermissionsSeen,
    RecordsSeen,
    TableSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import RecordName, RecordSet, Zone
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.dependencies import (
    planned_calls,
    region_of_host,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.permissions import questions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.health import (
    Lookout,
    look_at_api,
    look_at_database,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.latch import Latch, read_latch

ANSWER = 2.0  # seconds that an API, a database or a load balancer may take to answer once


def lookout(case: Case, resolvers: Sequence[str], context: Context) -> Lookout:
    """What the looks at API and database need. Only a preflight asks the databases a query: it needs their secret."""
    database = case.workload.database if case.preflight else None
    return Lookout(context.clients, context.clock, context.deadline, resolvers, ANSWER, database, None)


def see_api(region: str, case: Case, context: Context, resolvers: Sequence[str]) -> ApiSeen:
    return look_at_api(case.workload.leg(region), lookout(case, resolvers, context))


def see_database(region: str, case: Case, context: Context, resolvers: Sequence[str]) -> DatabaseSeen:
    return look_at_database(case.workload.leg(region), lookout(case, resolvers, context))


def see_latch(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> LatchSeen:
    config = case.workload.latch
    objects = tuple(where for where in config.objects if where.region == region) if config else ()
    latch = Latch(objects, config.key if config else "", config.token if config else "")
    # A little sooner than the whole, so that a hung bucket is known as such.
    return LatchSeen(read_latch(latch, context, 0.9 * context.deadline.remaining(context.clock)))


def see_identity(region: str, _case: Case, context: Context, _resolvers: Sequence[str]) -> Identity:
    return read_identity(context.clients, region, context.clock, context.deadline)


def see_table(region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> TableSeen:
    workload = case.workload
    store = TableStore(context.clients, region, workload.table, context.clock)

    def fence_reader(of: str) -> Callable[[], Lock | FenceRecord | None]:
        return lambda: store.read_fence(workload.name, of)

    jobs: dict[str, Callable[[], Lock | FenceRecord | None]] = {"lock": lambda: store.read_lock(workload.lock)}
    jobs |= {of: fence_reader(of) for of in workload.regions}
    read = all_of(jobs, context.deadline, context.clock)
    lock = read["lock"]
    found = [read[of] for of in workload.regions]
    fences = tuple(each for each in found if isinstance(each, FenceRecord))
    if not isinstance(lock, Lock) or lock.free:
        return TableSeen(lock if isinstance(lock, Lock) else None, fences=fences)
    dead = lock.holder is not None and is_dead(lock.holder)
    return TableSeen(lock, store.read_run(lock.run_id), dead, fences)


def see_records(_region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> RecordsSeen:
    """Three calls of Route 53 where the account has few zones and health checks."""
    account = Account(context.clients, context.clock, context.deadline)
    name = absolute(case.workload.record.name if case.workload.record else "")
    zones = [zone for zone in all_zones(account) if not zone.private and f".{name}".endswith(f".{zone.name}")]
    if not zones:
        return RecordsSeen("")
    zone = max(zones, key=lambda each: len(each.name))
    sets = tuple(_records(account, zone, name))
    known = {check.id: check for check in list_health_checks(account)}
    aliases = tuple(_alias(each.alias.dns_name, context) for each in sets if each.alias)
    return RecordsSeen(zone.name, sets, tuple(_checks(sets, known)), aliases)


def _records(account: Account, zone: Zone, name: str) -> Sequence[RecordSet]:
    """Those of type A; of a name that has none of it, AAAA or CNAME."""
    for kind in ("A", "AAAA", "CNAME"):
        found = read_record_sets(account, zone, [RecordName(name, kind)])
        if found:
            return found
    return ()


def _checks(sets: Sequence[RecordSet], known: dict[str, HealthCheck]) -> Iterator[HealthCheck]:
    """The health checks of the record sets, and their children."""
    wanted = [each.health_check_id for each in sets if each.health_check_id]
    wanted += [child for each in wanted if each in known for child in known[each].settings.child_health_checks or ()]
    yield from (known[each] for each in dict.fromkeys(wanted) if each in known)


def _alias(dns_name: str, context: Context) -> AliasSeen:
    region = region_of_host(dns_name)
    if region is None or ".elb." not in dns_name:
        return AliasSeen(dns_name, why="it is no load balancer, whose targets could be asked for")
    client = context.clients.get("elbv2", region)
    try:
        return again(lambda: read_alias(client, dns_name, region), context.clock, context.deadline)
    except CALL_ERRORS as exc:
        return AliasSeen(dns_name, region, why=f"{type(exc).__name__}: {exc}")


def see_permissions(_region: str, case: Case, context: Context, _resolvers: Sequence[str]) -> PermissionsSeen:
    """Who we are and what the clusters are called is asked in the target's Region, the rest of IAM."""
    identity = read_identity(context.clients, case.target, context.clock, context.deadline)
    name = case.workload.database.global_cluster_id
    cluster = read_global_cluster(context.clients, case.target, name, context.clock, context.deadline)
    clusters = [member.arn for member in cluster.members] if cluster else []
    asked, actions = questions(planned_calls(case), case, identity.account, clusters)
    client: Any = context.clients.get("iam", US_EAST_1)
    operator = case.workload.controller.role if case.workload.controller else ""
    if not operator and identity.arn.endswith(":root"):
        return PermissionsSeen(identity.arn, why="it is the account's root user, whom no policy limits")
    try:
        principal = operator or policy_source(client, identity.arn)
        denied = again(lambda: read_denied(client, principal, asked), context.clock, context.deadline)
    except CALL_ERRORS as exc:
        return PermissionsSeen(operator or identity.arn, why=f"{type(exc).__name__}: {exc}")
    return PermissionsSeen(principal, actions, denied)
