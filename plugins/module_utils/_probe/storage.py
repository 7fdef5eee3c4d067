# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking at any number of bucket pairs at once: backlogs from the destinations' Regions, rules from the sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.api import get_metric_data
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.replication import (
    backlog_queries,
    backlogs,
    chunks,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.transform import PERIOD, WINDOW
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api, replication
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    Backlog,
    Bucket,
    Pair,
    PairSeen,
    ReplicationConfig,
    RuleStatus,
    Versioning,
)

AGAIN_FOR = 1.6  # seconds for another try of a read that met a passing fault


@dataclass(frozen=True)
class _BucketFace:
    versioning: Versioning
    replication: ReplicationConfig | None


def look_at_pairs(
    pairs: Sequence[Pair],
    clients: Clients,
    clock: Clock,
    deadline: Deadline,
    required: Collection[str] | None = None,
    only: str | None = None,
) -> tuple[PairSeen, ...]:
    """See all pairs. Each bucket, and each Region's metrics, is asked through its own Region.

    Returns once the ``required`` Regions (default: all) have answered or ``deadline`` has passed; what isn't there by
    then is unknown, as is what others than the Region ``only`` would say. Raises only what is a bug.
    """
    buckets = {bucket.name: bucket for pair in pairs for bucket in (pair.source, pair.destination)}
    jobs: dict[str, Callable[[], Any]] = {}
    regions: dict[str, str] = {}
    for bucket in buckets.values():
        jobs[f"bucket {bucket.name}"] = _bucket_reader(bucket, clients, clock, deadline)
        regions[f"bucket {bucket.name}"] = bucket.region
    lots: dict[str, Sequence[Pair]] = {}
    for region in dict.fromkeys(pair.destination.region for pair in pairs):
        there = [pair for pair in pairs if pair.destination.region == region]
        for number, some in enumerate(chunks(there)):
            name = f"backlog {region} {number}"
            jobs[name] = _backlog_reader(some, region, clients, clock, deadline)
            regions[name], lots[name] = region, some
    waited_for = [name for name, region in regions.items() if required is None or region in required]
    asked = {name: job for name, job in jobs.items() if only in (None, regions[name])}
    outcomes: dict[str, Outcome[Any]] = {
        name: Outcome(None, DrError(name, "it wasn't asked", ""), 0.0) for name in jobs
    }
    outcomes |= gather(asked, deadline, clock, waited_for)
    found: dict[Pair, Backlog] = {}
    for name, lot in lots.items():
        answer = outcomes[name]
        found |= answer.value if answer.value is not None else {pair: Backlog(error=_why(answer)) for pair in lot}
    return tuple(_seen(pair, found[pair], outcomes) for pair in pairs)


def _bucket_reader(bucket: Bucket, clients: Clients, clock: Clock, deadline: Deadline) -> Callable[[], _BucketFace]:
    def read() -> _BucketFace:
        client = clients.get("s3", bucket.region)
        return _BucketFace(
            replication.versioning(api.get_bucket_versioning(client, bucket.name)),
            replication.config(api.get_bucket_replication(client, bucket.name)),
        )

    return lambda: again(read, clock, deadline.sooner(clock, AGAIN_FOR))


def _backlog_reader(
    lot: Sequence[Pair], region: str, clients: Clients, clock: Clock, deadline: Deadline
) -> Callable[[], dict[Pair, Backlog]]:
    def read() -> dict[Pair, Backlog]:
        minute = clock.wall() // PERIOD * PERIOD  # on whole minutes, as CloudWatch keeps them
        queries = backlog_queries(lot)
        # Until after this one: the machine's clock may be behind.
        cloudwatch = clients.get("cloudwatch", region)
        return backlogs(lot, get_metric_data(cloudwatch, queries, minute - WINDOW, minute + 2 * PERIOD))

    return lambda: again(read, clock, deadline.sooner(clock, AGAIN_FOR))


def _seen(pair: Pair, backlog: Backlog, outcomes: dict[str, Outcome[Any]]) -> PairSeen:
    source, destination = (outcomes[f"bucket {bucket.name}"] for bucket in (pair.source, pair.destination))
    unknown = PairSeen(pair, backlog, dict.fromkeys(pair.rule_ids, RuleStatus.UNKNOWN))
    if destination.value is not None:
        unknown = replace(unknown, destination_versioning=destination.value.versioning)
    if source.value is None:
        return replace(unknown, source_error=_why(source))
    config: ReplicationConfig | None = source.value.replication
    rules = [rule for rule in config.rules if rule.destination == pair.destination.name] if config else []
    statuses = {rule.id: RuleStatus.ENABLED if rule.enabled else RuleStatus.DISABLED for rule in rules}
    return replace(
        unknown,
        rules={rule_id: statuses.get(rule_id, RuleStatus.MISSING) for rule_id in pair.rule_ids},
        source_versioning=source.value.versioning,
        unwatched=tuple(rule.id for rule in rules if rule.enabled and rule.id not in pair.rule_ids),
    )


def _why(outcome: Outcome[Any]) -> str:
    """Why a job gave nothing. Raises what isn't an answer of AWS's, nor the lack of one."""
    error = outcome.error
    if isinstance(error, DrError):
        return error.seen
    if error is not None and not isinstance(error, CALL_ERRORS):
        raise error
    return f"{type(error).__name__}: {error}"
