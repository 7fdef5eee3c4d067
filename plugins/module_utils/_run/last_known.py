# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a lost primary that somebody took out of the global cluster: by what is on record of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api, copies, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, first, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import GlobalCluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import ClusterSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import last_known as plan

READ = 5.0  # seconds: the Region has answered by now, and so has the table
REMEDY = (
    "If the old primary was taken out of it, it may write by itself: end its clients' access (network ACL, compute),"
    " take a snapshot of it, or see that it is deleted."
)


class NoMember(DrError):
    """The Region answers, and has no cluster in the global cluster, nor one that is known to have been in it."""


@dataclass(frozen=True)
class Search:
    """Where it is on record which cluster was lost. ``run_id`` is the run that lost it, empty where none is known."""

    workload: str
    region: str
    global_cluster_id: str
    run_id: str
    table: str
    table_regions: tuple[str, ...]


def find_outside(search: Search, context: Context) -> tuple[GlobalCluster, str]:
    """The lost primary where it stands alone, as what is left there of the global cluster, and how it was known.

    Raises ``NoMember`` where no cluster there can be it, ``DrError`` where that can't be seen.
    """
    clock, deadline = context.clock, context.deadline.sooner(context.clock, READ)
    jobs: dict[str, Callable[[], Any]] = {
        "clusters": lambda: again(lambda: _clusters(search.region, context), clock, deadline),
        "record": lambda: _record(search, context),
    }
    found = gather(jobs, deadline, clock)
    tried = f"Looking for the database of {search.global_cluster_id} in {search.region}"
    clusters, (events, baseline) = (_value(found[name], tried) for name in jobs)
    known = plan.last_known(search.region, search.run_id, events, baseline)
    match = plan.stands_alone(clusters, known)
    if match is None:
        raise NoMember(tried, plan.not_found(clusters, known), REMEDY)
    cluster, named = match
    return replace(transform.detached(cluster.cluster), id=search.global_cluster_id), named.how


def _value(outcome: Outcome[Any], tried: str) -> Any:
    if outcome.error is None:
        return outcome.value
    known = isinstance(outcome.error, DrError) or not isinstance(outcome.error, CALL_ERRORS)
    raise outcome.error if known else aws_error(outcome.error, tried)


def _clusters(region: str, context: Context) -> tuple[ClusterSeen, ...]:
    return tuple(map(copies.cluster_seen, api.describe_all_db_clusters(context.clients.get("rds", region))))


def _record(search: Search, context: Context) -> tuple[tuple[Event, ...], Baseline | None]:
    def reader(region: str) -> Callable[[], tuple[tuple[Event, ...], Baseline | None]]:
        store = TableStore(context.clients, region, search.table, context.clock)
        return lambda: (
            store.read_events(search.run_id) if search.run_id else (),
            store.read_baseline(search.workload),
        )

    return first({region: reader(region) for region in search.table_regions}, context.deadline, context.clock)
