# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing two buckets' replication to what is wanted: both are judged before either is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api, replication
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket, BucketSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.bucket_replication import (
    Act,
    Direction,
    Plan,
    State,
    plan,
    refusals,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.converge import converge
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

STEP = "replicate_bucket"


@dataclass(frozen=True)
class Done:
    """What was planned for a direction, and whether it was changed."""

    plan: Plan
    changed: bool


def plan_both(directions: Sequence[Direction], state: State, context: Context) -> tuple[Plan, ...]:
    """Read both buckets at once and plan both directions. Raises ``Refused``, ``DrError``."""
    seen = _read([direction.source for direction in directions], context)
    found = [
        finding
        for direction in directions
        for finding in refusals(direction, state, seen[direction.source.name], seen[direction.destination.name])
    ]
    if found:
        raise Refused(tuple(dict.fromkeys(found)))
    return tuple(plan(direction, state, seen[direction.source.name]) for direction in directions)


def carry_out(plans: Sequence[Plan], state: State, guard: Guard) -> tuple[Done, ...]:
    """Make the planned changes, each a step of its own. Raises ``Refused``, ``DrError``."""
    return tuple(_carry_out(each, state, guard) for each in plans)


def calls_of(each: Plan) -> tuple[Call, ...]:
    """The changing call of a plan."""
    return (Call("s3", each.act.value, each.direction.source.region),) if each.act else ()


def _carry_out(planned: Plan, state: State, guard: Guard) -> Done:
    bucket, context = planned.direction.source, guard.context
    if planned.act is None:
        guard.already(STEP, bucket=bucket.name, state=state.value)
        return Done(planned, changed=False)
    with guard.step(STEP, calls_of(planned)) as step:
        latest = [planned]

        def decide(seen: BucketSeen) -> Plan | None:
            latest[0] = plan(planned.direction, state, seen)
            return latest[0] if latest[0].act else None

        converged = converge(
            lambda: _look(bucket, context),
            decide,
            lambda act: _change(act, context),
            f"Changing the replication of {bucket.name} (s3:PutReplicationConfiguration in {bucket.region})",
            context,
        )
        step.saw(bucket=bucket.name, state=state.value, changed=converged.changed)
    return Done(latest[0] if latest[0].act else planned, converged.changed)


def _change(planned: Plan, context: Context) -> None:
    bucket = planned.direction.source
    client = context.clients.get("s3", bucket.region)
    if planned.act is Act.PUT and planned.after is not None:
        api.put_bucket_replication(client, bucket.name, replication.config_to_api(planned.after))
    else:
        api.delete_bucket_replication(client, bucket.name)


def _read(buckets: Sequence[Bucket], context: Context) -> dict[str, BucketSeen]:
    def reader(bucket: Bucket) -> Callable[[], BucketSeen]:
        return lambda: again(lambda: _look(bucket, context), context.clock, context.deadline)

    outcomes = gather({bucket.name: reader(bucket) for bucket in buckets}, context.deadline, context.clock)
    found = {}
    for bucket in buckets:
        outcome = outcomes[bucket.name]
        if outcome.error is not None and isinstance(outcome.error, CALL_ERRORS):
            tried = f"Reading {bucket.name} (s3:GetReplicationConfiguration, s3:GetBucketVersioning in {bucket.region})"
            raise aws_error(outcome.error, tried) from outcome.error
        if outcome.value is None:
            raise outcome.error or AssertionError("a job without error has a value")
        found[bucket.name] = outcome.value
    return found


def _look(bucket: Bucket, context: Context) -> BucketSeen:
    client = context.clients.get("s3", bucket.region)
    try:
        versioning = replication.versioning(api.get_bucket_versioning(client, bucket.name))
        return BucketSeen(bucket, True, versioning, replication.config(api.get_bucket_replication(client, bucket.name)))
    except CALL_ERRORS as exc:
        if error_code(exc) == api.NO_BUCKET:
            return BucketSeen(bucket, exists=False)
        raise
