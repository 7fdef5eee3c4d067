# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what was written to the source's buckets arrives in the target's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import BucketsSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair, PairSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import Limits, findings

WAY_BACK = ("replication_off", "versioning_off")
"""What counts of the other direction, which a failover needs only later."""


def judge_buckets(seen: Sightings[BucketsSeen], case: Case) -> Iterator[Remark]:
    for pair in case.workload.pairs:
        known = whole_pair(pair, seen)
        if known is None:
            continue
        found = findings((known,), Limits(), case.now, unplanned=case.accepted)
        towards = pair.destination.region == case.target
        for remark in adopted(found, pair.destination.region):
            if not towards or case.done:
                remark = replace(remark, weight=Weight.NEVER)
            if towards or remark.code in WAY_BACK:
                yield remark


def whole_pair(pair: Pair, seen: Sightings[BucketsSeen]) -> PairSeen | None:
    """A pair from what both its Regions know of it; ``None`` where the destination's didn't answer at all."""
    source, destination = _part(pair, pair.source.region, seen), _part(pair, pair.destination.region, seen)
    if destination is None:
        return None
    if source is None:
        return replace(destination, source_error="")
    return replace(source, backlog=destination.backlog, destination_versioning=destination.destination_versioning)


def _part(pair: Pair, region: str, seen: Sightings[BucketsSeen]) -> PairSeen | None:
    there = seen.of(region)
    return next((each for each in there.pairs if each.pair == pair), None) if there else None
