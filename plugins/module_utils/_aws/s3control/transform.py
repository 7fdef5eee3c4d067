# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a bucket to the job that replicates what it has left behind, and from S3's answer to a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.backfill import Job
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket

LEFT_BEHIND = ("NONE", "FAILED")
"""Versions that the replication never saw, and those that it gave up."""
PRIORITY = 10


def request(source: Bucket, role: str, partition: str, token: str) -> dict[str, Any]:
    """What CreateJob takes. S3 lists the versions itself; no manifest and no report is kept."""
    return {
        "ConfirmationRequired": False,
        "Operation": {"S3ReplicateObject": {}},
        "Report": {"Enabled": False},
        "ClientRequestToken": token,
        "Description": f"multiregion.aws_dr: what {source.name} has not replicated",
        "Priority": PRIORITY,
        "RoleArn": role,
        "ManifestGenerator": {
            "S3JobManifestGenerator": {
                "SourceBucket": f"arn:{partition}:s3:::{source.name}",
                "EnableManifestOutput": False,
                "Filter": {"EligibleForReplication": True, "ObjectReplicationStatuses": list(LEFT_BEHIND)},
            }
        },
    }


def job(raw: Mapping[str, Any], source: Bucket) -> Job:
    """A record from ``Job``."""
    progress = raw.get("ProgressSummary") or {}
    return Job(
        id=raw["JobId"],
        bucket=source,
        status=raw.get("Status", ""),
        total=progress.get("TotalNumberOfTasks"),
        succeeded=progress.get("NumberOfTasksSucceeded"),
        failed=progress.get("NumberOfTasksFailed"),
        reasons=tuple(
            f"{reason.get('FailureCode', '')} {reason.get('FailureReason', '')}".strip()
            for reason in raw.get("FailureReasons", [])
        ),
    )
