# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon S3 Batch Operations: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def create_job(client: Any, account: str, request: Mapping[str, Any]) -> str:
    """Make a job; its id. The same ``ClientRequestToken`` again gives the same job."""
    return client.create_job(AccountId=account, **request)["JobId"]


def describe_job(client: Any, account: str, job_id: str) -> dict[str, Any]:
    """The job of that id."""
    return client.describe_job(AccountId=account, JobId=job_id)["Job"]
