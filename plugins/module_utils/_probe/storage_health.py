# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A leg's buckets: whether they are there, whether a canary object can be written and read, what replicates."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_layers import (
    BucketSeen,
    CanarySeen,
    StorageSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import PairSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import DENIED, Lookout, must_tell, said
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.storage import look_at_pairs

REPLICATION = "replication of all"  # no bucket has a space in its name
MOST_READ = 64  # bytes of a canary object


def canary_key(prefix: str, region: str) -> str:
    """A Region's own: written in both under one key, each would replicate over the other."""
    return f"{prefix}/{region}"


def look_at_storage(leg: Leg, lookout: Lookout) -> StorageSeen:
    """The leg's buckets, and of their replication what its Region tells. Raises where no bucket could be asked for."""
    limit = lookout.sooner(0.8)

    def replication() -> tuple[PairSeen, ...]:
        return look_at_pairs(leg.pairs, lookout.clients, lookout.clock, limit, only=leg.region)

    jobs: dict[str, Callable[[], Any]] = {name: partial(_look_at_bucket, name, leg, lookout) for name in leg.buckets}
    outcomes = gather({**jobs, REPLICATION: replication}, lookout.sooner(), lookout.clock)
    pairs = outcomes.pop(REPLICATION)
    must_tell(outcomes.values())
    if pairs.error is not None:
        raise pairs.error
    buckets = (outcome.value or BucketSeen(name, error=said(outcome)) for name, outcome in outcomes.items())
    return StorageSeen(leg.region, tuple(buckets), pairs.value or ())


def _look_at_bucket(name: str, leg: Leg, lookout: Lookout) -> BucketSeen:
    client = lookout.clients.get("s3", leg.region)
    there, took = lookout.timed(lambda: api.head_bucket(client, name))
    canary = _canary(name, leg, lookout) if there and lookout.canary_key else None
    return BucketSeen(name, there, took, "" if there else "there is none", canary)


def _canary(name: str, leg: Leg, lookout: Lookout) -> CanarySeen:
    """Writes the moment, and reads it again: or a later one, where another look wrote it meanwhile."""
    client, key = lookout.clients.get("s3", leg.region), canary_key(lookout.canary_key, leg.region)
    written = f"{lookout.clock.wall():.3f}".encode()
    doing = "writing it"
    try:
        _none, to_write = lookout.timed(lambda: api.write_object(client, name, key, written))
        doing = "reading it"
        read, to_read = lookout.timed(lambda: api.get_object(client, name, key, MOST_READ))
    except CALL_ERRORS as exc:
        # That this task may not says nothing of those who may.
        good = None if error_code(exc).startswith(DENIED) else False
        return CanarySeen(key, good, error=f"{doing}: {aws_error(exc, doing).seen}")
    if read is None or read < written:
        return CanarySeen(key, False, error="reading it: it isn't what was written")
    return CanarySeen(key, True, to_write + to_read)
