# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon S3: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

NOT_FOUND = ("NoSuchKey", "404")


def get_object(client: Any, bucket: str, key: str, limit: int) -> bytes | None:
    """The first ``limit`` bytes of an object; ``None`` where there is none.

    Without the permission s3:ListBucket, S3 answers AccessDenied for an object that isn't there: that is raised.
    """
    try:
        return client.get_object(Bucket=bucket, Key=key)["Body"].read(limit)
    except AWS_ERRORS as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise


def put_object(client: Any, bucket: str, key: str, content: bytes) -> None:
    """Write an object that anonymous readers can be given: encrypted with S3's own key, never with one of KMS."""
    client.put_object(Bucket=bucket, Key=key, Body=content, ContentType="text/plain", ServerSideEncryption="AES256")


def delete_object(client: Any, bucket: str, key: str) -> None:
    """Delete an object. One that isn't there is no error."""
    client.delete_object(Bucket=bucket, Key=key)
