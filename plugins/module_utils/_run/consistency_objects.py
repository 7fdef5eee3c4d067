# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing two buckets by their listings, and asking S3 how far the replication of what differs is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3.listing import latest_objects
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer, LayerName, Line
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.objects import ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.consistency import (
    ObjectDifference,
    merged,
    object_difference,
)

AGAIN_FOR = 5.0
PENDING, FAILED = "PENDING", "FAILED"


@dataclass
class _Tally:
    """What a pass over both listings found; at most ``most`` differences are kept, all are counted."""

    most: int
    counts: list[int]
    differing: list[ObjectDifference]
    total: int = 0

    def add(self, one: ObjectState | None, two: ObjectState | None) -> None:
        for number, state in enumerate((one, two)):
            self.counts[number] += state is not None and not state.deleted
        found = object_difference(one, two)
        if found:
            self.total += 1
            if len(self.differing) < self.most:
                self.differing.append(found)


def compare_buckets(
    pairs: Sequence[tuple[Bucket, Bucket]], prefix: str, most: int, shown: int, context: Context
) -> Layer:
    """One line a pair, all at once."""
    began = context.clock.monotonic()
    jobs = {
        f"{first.name} and {second.name}": partial(_pair, (first, second), prefix, most, shown, context)
        for first, second in pairs
    }
    outcomes = gather(jobs, context.deadline, context.clock)
    lines = []
    for name, outcome in outcomes.items():
        if outcome.value is not None:
            lines.append(outcome.value)
        elif isinstance(outcome.error, CALL_ERRORS):
            lines.append(Line(name, Status.UNKNOWN, note=aws_error(outcome.error, f"Listing {name}").seen))
        else:
            raise outcome.error or AssertionError(name)
    return Layer(LayerName.BUCKETS, tuple(lines), "as listed", context.clock.monotonic() - began)


def _pair(buckets: tuple[Bucket, Bucket], prefix: str, most: int, shown: int, context: Context) -> Line:
    name = f"{buckets[0].name} and {buckets[1].name}"
    clients = [context.clients.get("s3", bucket.region) for bucket in buckets]
    tally = _Tally(most, [0, 0], [])
    listings = [latest_objects(client, bucket.name, prefix) for client, bucket in zip(clients, buckets, strict=True)]
    for one, two in merged(*listings):
        tally.add(one, two)
    # While the listings ran, objects came and went: what differs is looked at once more.
    still = _again(tally.differing, buckets, clients, context)
    statuses = _replication(still, buckets, clients, context)
    total = tally.total - (len(tally.differing) - len(still))
    examples = [
        f"{each.key} ({each.how}{f', {statuses[each.key]}' if statuses.get(each.key) else ''})" for each in still
    ]
    counted = Counter(status for status in statuses.values() if status)
    note = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    return Line(
        name,
        Status.DIFFERS if total else Status.SAME,
        (tally.counts[0], tally.counts[1]),
        total,
        tuple(examples[:shown]),
        f"replication: {note}" if note else "",
        {"replication": dict(counted), "how": dict(Counter(each.how for each in still))},
    )


def _again(
    found: Sequence[ObjectDifference], buckets: tuple[Bucket, Bucket], clients: Sequence[Any], context: Context
) -> list[ObjectDifference]:
    still = []
    for each in found:
        states = []
        for client, bucket in zip(clients, buckets, strict=True):
            # The key itself comes first of all keys that begin with it.
            listed = partial(_first, client, bucket.name, each.key)
            states.append(again(listed, context.clock, context.deadline.sooner(context.clock, AGAIN_FOR)))
        now = object_difference(states[0], states[1])
        if now:
            still.append(now)
    return still


def _first(client: Any, bucket: str, key: str) -> ObjectState | None:
    first = next(latest_objects(client, bucket, key), None)
    return first if first is not None and first.key == key else None


def _replication(
    found: Sequence[ObjectDifference], buckets: tuple[Bucket, Bucket], clients: Sequence[Any], context: Context
) -> dict[str, str]:
    """By key, what the side that is ahead says of its replication; empty where it says nothing."""
    statuses = {}
    for each in found:
        order = (1, 0) if each.how == "only_second" else (0, 1)
        said = ""
        for side in order:
            limit = context.deadline.sooner(context.clock, AGAIN_FOR)
            head = again(partial(api.head_object, clients[side], buckets[side].name, each.key), context.clock, limit)
            said = said or (head or {}).get("ReplicationStatus", "")
        statuses[each.key] = said.lower()
    return statuses
