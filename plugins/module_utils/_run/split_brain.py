# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking all at once: both databases for a write, AWS for the writer, the name servers for clients' way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import (
    again,
    find_cluster,
    find_global_cluster,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    GlobalCluster,
    cluster_id_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import RecordConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import (
    Accepts,
    ApiView,
    Sent,
    SplitBrainSeen,
    WriteTest,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sent import where_clients_are_sent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.write_test import Asked, write_test
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import database_target, read_credentials

AGAIN_FOR = 1.6  # seconds for another try of a read that met a passing fault
REFUSED = 0.25  # seconds of that for a Region that takes no connection, where it isn't required
AUTHORITATIVE = "the zone's name servers"


@dataclass(frozen=True)
class Question:
    """What is asked about which workload. Regions beside the ``required`` ones get ``patience`` seconds, no more."""

    regions: tuple[str, ...]
    database: Database
    record: RecordConfig | None
    resolvers: Sequence[str]
    required: Collection[str]
    patience: float

    def deadline(self, region: str, context: Context) -> Deadline:
        return context.deadline if region in self.required else context.deadline.sooner(context.clock, self.patience)


@dataclass(frozen=True)
class _Region:
    view: ApiView
    test: WriteTest


def look(question: Question, context: Context) -> SplitBrainSeen:
    """Everything at once, under one deadline. Raises only what is a bug: what gave no answer is unknown, with why."""
    jobs: dict[str, Callable[[], Any]] = {}
    for region in question.regions:
        limit = question.deadline(region, context)
        jobs[region] = partial(
            _within, f"Asking {region}", partial(_region, region, question, limit, context), limit, context
        )
    if question.record:
        jobs["clients"] = partial(
            where_clients_are_sent, question.record, question.resolvers, context.clock, context.deadline
        )
    outcomes = gather(jobs, context.deadline, context.clock)
    found = [_region_seen(region, outcomes[region]) for region in question.regions]
    sent = _sent_seen(outcomes["clients"]) if question.record else ()
    name = question.record.name if question.record else ""
    return SplitBrainSeen(tuple(each.test for each in found), tuple(each.view for each in found), name, sent)


def _within(what: str, job: Callable[[], Any], limit: Deadline, context: Context) -> Any:
    return within(job, limit, context.clock, what)


def _region(region: str, question: Question, limit: Deadline, context: Context) -> _Region:
    """A Region through itself only. What AWS says and what the database does are told apart where one is silent."""
    database, clients, clock = question.database, context.clients, context.clock
    # A little sooner than the whole: what is known of a Region must not be lost with what isn't.
    limit = limit.sooner(clock, 0.9 * limit.remaining(clock))
    soon = limit.sooner(clock, AGAIN_FOR)
    reach = soon if region in question.required else limit.sooner(clock, REFUSED)
    jobs: dict[str, Callable[[], Any]] = {
        "clusters": lambda: again(partial(_described, region, database, clients), clock, soon, reach),
        "secret": lambda: read_credentials(clients, database, region),
    }
    asked = gather(jobs, limit, clock)
    clusters, secret = asked["clusters"], asked["secret"]
    if clusters.error is not None:
        why = _why(f"Describing {database.global_cluster_id} through {region}", clusters)
        return _Region(
            ApiView(region, error=why),
            WriteTest(region, Accepts.UNKNOWN, f"AWS didn't say which database to ask: {why}"),
        )
    described: Any = clusters.value
    observed, cluster = described
    view = _view(region, observed)
    if secret.error is not None:
        why = _why(f"Reading the secret in {region}", secret)
        return _Region(view, WriteTest(region, Accepts.UNKNOWN, why, cluster.endpoint))
    login: Any = secret.value
    target = database_target(cluster, login, database, region)
    secondary = not observed.detached and view.writer not in ("", region) and not view.operation
    asking = Asked(target, cluster.reader_endpoint, secondary, context.check_mode)
    return _Region(view, write_test(asking, question.resolvers, clock, limit))


def _described(region: str, database: Database, clients: Clients) -> tuple[GlobalCluster, Cluster]:
    observed = find_global_cluster(clients, region, database.global_cluster_id)
    member = observed.member(region) if observed else None
    if observed is None or member is None:
        tried = f"Looking for the member of {database.global_cluster_id} in {region}"
        raise DrError(tried, "there is none", "Check global_cluster_id, the legs' Regions, and the account in use.")
    cluster = find_cluster(clients, region, cluster_id_of(member.arn))
    if cluster is None:
        raise DrError(f"Describing {member.arn}", "there is no such cluster", "Check the account in use.")
    return observed, cluster


def _view(region: str, observed: GlobalCluster) -> ApiView:
    writer = observed.writer.region if observed.writer else ""
    return ApiView(region, writer, observed.failover.status if observed.failover else "", observed.detached)


def _region_seen(region: str, outcome: Outcome[Any]) -> _Region:
    if isinstance(outcome.value, _Region):
        return outcome.value
    why = _why(f"Asking {region}", outcome)
    return _Region(ApiView(region, error=why), WriteTest(region, Accepts.UNKNOWN, why))


def _sent_seen(outcome: Outcome[Any]) -> tuple[Sent, ...]:
    if outcome.value is not None:
        return tuple(outcome.value)
    return (Sent(AUTHORITATIVE, error=_why("Asking the name servers", outcome)),)


def _why(job: str, outcome: Outcome[Any]) -> str:
    """Why a job gave nothing. Raises what isn't an answer of AWS's or a server's, nor the lack of one."""
    error = outcome.error
    if isinstance(error, TimedOut):
        return f"{job}: {error.seen}"
    if isinstance(error, DrError):
        return f"{error.tried}: {error.seen}"
    if error is None or not isinstance(error, CALL_ERRORS):
        raise error or DrError(job, "nothing was seen", "Run the task again.")
    failed = aws_error(error, job)
    return f"{failed.tried}: {failed.seen}"
