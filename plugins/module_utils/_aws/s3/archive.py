# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that are kept as they are by object lock: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3.api import NOT_FOUND
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

EXISTS = ("PreconditionFailed", "412")


@dataclass(frozen=True)
class Kept:
    """An object as it reads now; ``locked_until`` in seconds since the epoch, ``None`` where nothing locks it."""

    content: bytes
    locked_until: float | None


@dataclass(frozen=True)
class Retention:
    """``mode`` GOVERNANCE or COMPLIANCE, ``until`` when, with its time zone."""

    mode: str
    until: datetime


def put_once(client: Any, bucket: str, key: str, content: bytes, content_type: str, lock: Retention) -> bool:
    """Write an object with its retention, unless there is one; say whether it was written.

    S3 takes a retention only with a checksum, which botocore computes.
    """
    try:
        client.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ContentType=content_type,
            IfNoneMatch="*",
            ChecksumAlgorithm="SHA256",
            ObjectLockMode=lock.mode,
            ObjectLockRetainUntilDate=lock.until,
        )
    except AWS_ERRORS as exc:
        if error_code(exc) in EXISTS:
            return False
        raise
    return True


def get_kept(client: Any, bucket: str, key: str) -> Kept | None:
    """The object with its retention; ``None`` where there is none."""
    try:
        found = client.get_object(Bucket=bucket, Key=key)
    except AWS_ERRORS as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise
    until = found.get("ObjectLockRetainUntilDate")
    return Kept(found["Body"].read(), until.timestamp() if until else None)
