# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting a backfill of each bucket, and waiting for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3control import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.sts.api import get_caller_identity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.backfill import Job
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.backfill import has_ended, left_behind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

STEP = "backfill_storage"
READ = 10.0  # seconds that one look may take
POLL = 5.0  # seconds between two looks


@dataclass(frozen=True)
class Wanted:
    """``token`` is the same for the same run, so that a second attempt finds the first one's job."""

    sources: tuple[Bucket, ...]
    role: str
    token: str

    @property
    def partition(self) -> str:
        return self.role.split(":")[1]

    def calls(self) -> tuple[Call, ...]:
        return tuple(Call("s3control", "CreateJob", source.region) for source in self.sources)


def start(wanted: Wanted, guard: Guard) -> tuple[Job, ...]:
    """A job for each bucket. Raises ``DrError``; a job that was made before goes on by itself."""
    found = []
    for source in wanted.sources:
        with guard.step(STEP, (Call("s3control", "CreateJob", source.region),)) as step:
            job = _make(source, wanted, guard.context)
            step.saw(bucket=source.name, job=job.id)
        found.append(job)
    return tuple(found)


def _make(source: Bucket, wanted: Wanted, context: Context) -> Job:
    tried = f"s3:CreateJob for {source.name} in {source.region}"
    request = transform.request(source, wanted.role, wanted.partition, f"{wanted.token}-{source.name}"[-64:])
    try:
        account = _account(source.region, context)
        # The token makes asking again safe, whatever became of the first request.
        job_id = again(
            lambda: api.create_job(context.clients.get("s3control", source.region), account, request),
            context.clock,
            context.deadline.sooner(context.clock, READ),
        )
    except CALL_ERRORS as exc:
        raise aws_error(exc, tried) from exc
    return Job(job_id, source)


def _account(region: str, context: Context) -> str:
    return str(get_caller_identity(context.clients.get("sts", region))["Account"])


def finish(jobs: Sequence[Job], context: Context) -> tuple[Job, ...]:
    """Wait until all have ended. Raises ``DrError`` where versions are left behind, ``TimedOut`` in time."""
    seen = {job.id: job for job in jobs}

    def look() -> str:
        open_ones = [job for job in seen.values() if not has_ended(job)]
        reads: dict[str, Callable[[], Job]] = {job.id: partial(_read, job, context) for job in open_ones}
        for name, outcome in gather(reads, context.deadline.sooner(context.clock, READ), context.clock).items():
            if outcome.value is not None:
                seen[name] = outcome.value
            elif isinstance(outcome.error, CALL_ERRORS) and effect_of(outcome.error) is Effect.FINAL:
                raise aws_error(outcome.error, f"s3:DescribeJob of {name}")
            elif outcome.error is not None and not isinstance(outcome.error, (*CALL_ERRORS, TimedOut)):
                raise outcome.error
        return ", ".join(f"{job.bucket.name} {job.status or 'not read'}" for job in seen.values())

    wait_until(
        look,
        lambda _seen: all(has_ended(job) for job in seen.values()),
        what="the backfill of the buckets",
        interval=lambda waited: min(POLL, 0.5 + waited / 4),
        deadline=context.deadline,
        clock=context.clock,
        progress=context.progress,
    )
    troubles = [trouble for trouble in map(left_behind, seen.values()) if trouble]
    if troubles:
        values: dict[str, Any] = {"jobs": [job.as_dict() for job in seen.values()]}
        remedy = "See the job in the S3 console; mend what it names (role, key, rule), then run again."
        raise DrError("Filling up the buckets", "; ".join(troubles), remedy, values)
    return tuple(seen.values())


def _read(job: Job, context: Context) -> Job:
    region = job.bucket.region
    client = context.clients.get("s3control", region)
    return transform.job(api.describe_job(client, _account(region, context), job.id), job.bucket)
