# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a backfill has ended, and well. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.backfill import Job
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket

ENDED = ("Complete", "Failed", "Cancelled")
STUCK = ("Suspended", "Paused")
"""A person has to let it go on."""


def check_request(sources: Sequence[Bucket], role: str) -> tuple[Finding, ...]:
    """What is wrong with the request itself."""
    findings = []
    names = [source.name for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        findings.append(refusal("same_bucket_twice", f"sources names {', '.join(twice)} twice.", "Name each once."))
    if not role.startswith("arn:") or ":role/" not in role:
        seen = f"role is {role or 'empty'}, which is no ARN of a role."
        findings.append(refusal("no_role", seen, "Give the role that S3 Batch Operations replicates with."))
    return tuple(findings)


def has_ended(job: Job) -> bool:
    """Whether waiting tells anything more."""
    return job.status in ENDED or job.status in STUCK


def left_behind(job: Job) -> str:
    """Why the bucket isn't filled up, empty where it is. A job that found no version had nothing to do."""
    where = f"{job.bucket.name} in {job.bucket.region}"
    if job.status == "Complete":
        if job.failed:
            return f"{where}: {job.failed} of {job.total} versions could not be replicated"
        return ""
    if job.status == "Failed" and job.total == 0 and not job.failed and _found_nothing(job):
        return ""
    told = "; ".join(job.reasons) or "no reason is given"
    return f"{where}: the job {job.id} is {job.status or 'of unknown status'}: {told}"


def _found_nothing(job: Job) -> bool:
    """S3 may fail a job whose list of versions is empty."""
    words = " ".join(job.reasons).lower()
    return "empty" in words or "no objects" in words
